/**
 * How the picture is looked at, in the page's address: in place of what stood there, so that Back moves between
 * pictures and not between positions of a slider.
 */

/**
 * @param {Record<string, string | null>} parameters null for what is not to stand there
 */
export function writeAddress(parameters) {
  const url = withParameters(location.href, parameters);
  if (url !== location.href) history.replaceState(history.state, "", url);
}

/**
 * @param {string} address
 * @param {Record<string, string | null>} parameters
 */
export function withParameters(address, parameters) {
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters)) {
    if (value === null) url.searchParams.delete(name);
    else if (url.searchParams.get(name) !== value) url.searchParams.set(name, value);
  }
  return url.href;
}
