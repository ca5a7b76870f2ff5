/** The collection's style sheet. */

const sheet = await load();

/**
 * Style the shadow root that a node is in.
 *
 * @param {Node} node
 */
export function applyCollectionStyles(node) {
  const root = node.getRootNode();
  if (root instanceof ShadowRoot) root.adoptedStyleSheets = [sheet];
}

async function load() {
  const answer = await fetch(new URL("./collection_styles.css", import.meta.url));
  if (!answer.ok) throw new Error(`The style sheet: wanted status 200, got ${answer.status}.`);
  return new CSSStyleSheet().replace(await answer.text());
}
