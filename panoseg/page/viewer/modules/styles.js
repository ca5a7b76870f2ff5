/** The viewer's style sheets, one a part; where two of them set the same, the later one wins. */

const PARTS = [
  "base",
  "controls",
  "toolbar",
  "stage",
  "threshold_panel",
  "segment_list",
  "help_sheet",
  "narrow",
];
const sheets = await Promise.all(PARTS.map(load));

/**
 * Style the shadow root that a node is in.
 *
 * @param {Node} node
 */
export function applyStyles(node) {
  const root = node.getRootNode();
  if (root instanceof ShadowRoot) root.adoptedStyleSheets = sheets;
}

/** @param {string} part */
async function load(part) {
  const answer = await fetch(new URL(`./styles/${part}.css`, import.meta.url));
  if (!answer.ok) throw new Error(`The style sheet ${part}.css: wanted status 200, got ${answer.status}.`);
  return new CSSStyleSheet().replace(await answer.text());
}
