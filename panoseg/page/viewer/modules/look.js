/**
 * How the visitor looks at the picture: thresholds, which segments are hidden and selected, and the style.
 *
 * Browser and server both change it: a click selects here, a row of the table there. Each report to the
 * server has a number, and the server says with each look of its own which report it has heard. One that
 * has not heard the last report is out of date: its successor is on the way, and taking it would undo a click.
 *
 * @import { LookPayload, Rules } from "./inbox.js"
 * @import { Thresholds } from "./thresholds.js"
 *
 * @typedef {object} Style
 * @property {number} opacity 0–1
 * @property {boolean} outlines
 * @property {number} outline_width in pixels of the map
 * @property {boolean} labels
 * @property {string} color_by a key of `Rules.color_by`
 * @property {boolean} cutout
 * @property {boolean} doubt how sure each pixel is of its owner, in place of the colours
 *
 * @typedef {object} Look
 * @property {Set<string>} hidden keys of segments; never changed, but replaced
 * @property {Set<string>} selected the same, in the order in which they were selected
 * @property {Style} style
 * @property {Thresholds} thresholds never changed, but replaced
 * @property {number} number of the last report, or of the next one where something has changed since
 * @property {string | null} source of the segments
 *
 * @typedef {object} Report
 * @property {number} number
 * @property {string | null} source
 * @property {string[]} hidden
 * @property {string[]} selected
 * @property {Style} style
 * @property {Thresholds} thresholds
 */

/** A step of the opacity, of keys and slider. */
export const OPACITY_STEP = 0.05;

/**
 * @param {Rules} rules
 * @returns {Look}
 */
export function createLook(rules) {
  const style = { ...rules.style };
  return {
    hidden: new Set(),
    selected: new Set(),
    style,
    thresholds: paperThresholds(rules),
    number: 0,
    source: null,
  };
}

/**
 * The values of the paper.
 *
 * @param {Rules} rules
 */
export function paperThresholds({ thresholds }) {
  /** @type {Record<string, number>} */
  const values = Object.fromEntries(thresholds.map(({ name, paper }) => [name, paper]));
  return /** @type {Thresholds} */ (values);
}

/**
 * What the server is told.
 *
 * @param {Look} look
 * @returns {Report}
 */
export function reportOf(look) {
  const { number, source, style, thresholds } = look;
  const keys = { hidden: [...look.hidden], selected: [...look.selected] };
  return { number, source, ...keys, style, thresholds };
}

/**
 * Something has changed here: what the server says before it has heard of it is out of date.
 *
 * @param {Look} look
 */
export function outdateServer(look) {
  look.number += 1;
}

/**
 * Take over the server's look, unless it is out of date; whether anything was taken.
 *
 * @param {Look} look
 * @param {LookPayload} sent
 */
export function takeServerLook(look, sent) {
  if (!sent || sent.heard < look.number) return false;
  if (sent.style) look.style = { ...sent.style };
  if (sent.thresholds) look.thresholds = { ...sent.thresholds };
  if (sent.source === look.source) {
    look.hidden = new Set(sent.hidden);
    look.selected = new Set(sent.selected);
  }
  return true;
}

/**
 * Another photo or model: nothing of it is hidden or selected but what the server says.
 *
 * @param {Look} look
 * @param {string} source
 * @param {LookPayload | undefined} sent
 */
export function changeSource(look, source, sent) {
  if (look.source === source) return;
  const known = sent?.source === source ? sent : { hidden: [], selected: [] };
  look.source = source;
  look.hidden = new Set(known.hidden);
  look.selected = new Set(known.selected);
}

/**
 * The selection after a click: a segment alone or, once more, none; `add` leaves the others.
 *
 * @param {Set<string>} selected
 * @param {string | null} key of the segment that was clicked, null for void
 * @returns {Set<string>}
 */
export function selectionAfterClick(selected, key, add = false) {
  if (key === null) return add ? new Set(selected) : new Set();
  const next = add ? new Set(selected) : new Set();
  if (!(selected.has(key) && (add || selected.size === 1))) next.add(key);
  else next.delete(key);
  return next;
}
