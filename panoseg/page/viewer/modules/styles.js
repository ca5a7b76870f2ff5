/** The viewer's style sheets, one a part; where two of them set the same, the later one wins. */

const PARTS = ["base", "controls", "toolbar", "stage", "segment_list", "help_sheet", "narrow"];
const sheets = await Promise.all(PARTS.map(load));

/** Style what is inside a shadow root. */
export function applyStyles(root) {
  root.adoptedStyleSheets = sheets;
}

async function load(part) {
  const answer = await fetch(new URL(`./styles/${part}.css`, import.meta.url));
  if (!answer.ok) throw new Error(`The style sheet ${part}.css: wanted status 200, got ${answer.status}.`);
  return new CSSStyleSheet().replace(await answer.text());
}
