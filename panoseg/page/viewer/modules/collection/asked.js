/**
 * How a run is looked at, and how that is said to the server.
 *
 * @import { Thresholds } from "../thresholds.js"
 *
 * @typedef {object} Asked
 * @property {Thresholds} thresholds
 * @property {string} task
 * @property {string[]} conditions
 * @property {string} sort
 * @property {boolean} backward
 * @property {string} [tab] that is seen; the one of the evaluation has it made
 *
 * @typedef {object} Lit which segments stand out in tiles
 * @property {number[]} lit class ids; none: all alike
 * @property {string} lost of which evaluation those that were lost, in place of those; empty: of none
 */

/**
 * @param {Asked} asked
 * @returns {URLSearchParams}
 */
export function parameters({ thresholds, task, conditions, sort, backward, tab }) {
  const query = new URLSearchParams({ ...asTexts(thresholds), task, sort });
  if (conditions.length) query.set("q", conditions.join(", "));
  if (backward) query.set("back", "1");
  if (tab === "evaluation") query.set("evaluate", "1");
  return query;
}

/**
 * What a picture's map depends on.
 *
 * @param {Asked} asked
 * @param {Lit | null} view
 * @returns {URLSearchParams}
 */
export function mapParameters({ thresholds, task, conditions }, view) {
  const query = new URLSearchParams({ ...asTexts(thresholds), task });
  if (view?.lit.length) query.set("lit", view.lit.join("."));
  if (view?.lost) {
    query.set("lost", view.lost);
    query.set("q", conditions.join(", "));
  }
  return query;
}

/** @param {Thresholds} thresholds */
function asTexts({ score, mask, overlap }) {
  return { score: String(score), mask: String(mask), overlap: String(overlap) };
}
