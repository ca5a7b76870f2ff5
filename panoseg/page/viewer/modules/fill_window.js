/**
 * The viewer reaches to the bottom of the window, whatever stands above it: so no page scrolls.
 *
 * What stands above may grow (a notice comes) without the viewer hearing of it; so it looks at the page's own
 * elements that hold both, up to the one that scrolls.
 */

/** What was measured last: where a viewer begins again, it does so at the height that it had. */
let lastAbove = "";

/**
 * Keep a custom property of the host, `--above`, at the pixels between the page's top and the host's.
 *
 * @param {HTMLElement} host
 * @returns {() => void} how to stop
 */
export function fillWindow(host) {
  const root = host.getRootNode();
  const outside = root instanceof ShadowRoot ? root.host : host;
  let last = lastAbove;
  if (last) host.style.setProperty("--above", last);
  function measure() {
    const scroller = scrollerOf(outside);
    const box = host.getBoundingClientRect();
    if (!box.width) return; // it is not on the page yet
    const above = box.top + (scroller?.scrollTop ?? 0);
    const words = `${Math.max(0, Math.round(above))}px`;
    if (words !== last) host.style.setProperty("--above", words);
    last = lastAbove = words;
  }
  const watcher = new ResizeObserver(measure);
  for (let node = outside.parentElement; node; node = node.parentElement) watcher.observe(node);
  watcher.observe(host);
  measure();
  return () => watcher.disconnect();
}

/** @param {Element} element */
function scrollerOf(element) {
  for (let node = element.parentElement; node; node = node.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(node).overflowY)) return node;
  }
  return document.scrollingElement;
}
