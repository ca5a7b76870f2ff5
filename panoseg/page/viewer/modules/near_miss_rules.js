/**
 * What the model saw but a threshold filtered away, and which threshold brings it back: pure, no browser.
 *
 * @import { SegmentMap } from "./state.js"
 * @import { Thresholds } from "./thresholds.js"
 *
 * @typedef {object} Seen what became of a query, as far as a near miss needs it
 * @property {number} query
 * @property {number} class_id
 * @property {string} label
 * @property {number} score
 * @property {string} fate one of FATES
 * @property {number} original pixels of its own mask
 * @property {number | null} overlap share of its own mask that others leave it; null if it took no part
 * @property {string} [under] name of the segment that lies over most of it, where that is known
 */

import { FATES } from "./merge/segment_rules.js";

export const MOST = 20;
/** @type {Set<string>} */
const MISSED = new Set([FATES.lowScore, FATES.occluded, FATES.empty]);

/**
 * Queries that could be segments at other thresholds, the likeliest first.
 *
 * @template {Seen} Query
 * @param {Query[]} queries
 * @param {number} leastScore
 */
export function nearMisses(queries, leastScore) {
  return queries
    .filter((query) => isMissed(query) && query.score >= leastScore && query.original > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST);
}

/**
 * Why a map has no near misses, in a sentence.
 *
 * @param {Pick<SegmentMap, "missed" | "thresholds">} map
 */
export function withoutNearMisses({ missed, thresholds }) {
  if (missed) return "Nothing that the model saw was filtered away.";
  return thresholds
    ? "Only panoptic segmentations have near misses."
    : "No thresholds made this map, so none took anything away.";
}

/**
 * Whether a query is missing for a reason that a near miss has: one that was brought back is none any more.
 *
 * @param {Pick<Seen, "fate">} query
 */
export function isMissed({ fate }) {
  return MISSED.has(fate);
}

/**
 * The thresholds at which the rule that took a query away no longer does; null where no threshold brings it back.
 *
 * @param {Pick<Seen, "fate" | "score" | "overlap">} miss
 * @param {Thresholds} thresholds
 * @returns {Thresholds | null}
 */
export function broughtBack({ fate, score, overlap }, thresholds) {
  if (fate === FATES.lowScore) return score > 0 ? { ...thresholds, score: belowInHundredths(score) } : null;
  if (fate === FATES.occluded && overlap) return { ...thresholds, overlap: Math.floor(100 * overlap) / 100 };
  return null;
}

/**
 * What bringing it back does, in words; empty where no threshold brings it back.
 *
 * @param {Pick<Seen, "fate" | "score" | "overlap">} miss
 * @param {Thresholds} now
 */
export function backWords(miss, now) {
  const back = broughtBack(miss, now);
  if (!back) return "";
  return back.score !== now.score
    ? `sets the score to ${back.score.toFixed(2)}`
    : `sets the overlap to ${back.overlap.toFixed(2)}`;
}

/**
 * The largest hundredth that is below a score: one that equals the threshold is not kept.
 *
 * @param {number} score
 */
function belowInHundredths(score) {
  return Math.max(0, Math.ceil(100 * score) - 1) / 100;
}

/**
 * Why it is not there, in a sentence.
 *
 * @param {Seen} miss
 * @param {Thresholds} thresholds
 */
export function reasonOf({ fate, score, overlap, under }, thresholds) {
  if (fate === FATES.lowScore) {
    return `Its score of ${roundedDown(score)} is not above ${thresholds.score.toFixed(2)}.`;
  }
  const over = under ? `${under} lies over it` : "Others lie over it";
  if (fate === FATES.occluded) {
    return `${over}: ${percent(overlap ?? 0)} of its mask is left, ${percent(thresholds.overlap)} is wanted.`;
  }
  return `${over} and wins every pixel that counts.`;
}

/** @param {number} share */
function percent(share) {
  return `${(Math.floor(1000 * share) / 10).toFixed(1).replace(/\.0$/, "")} %`;
}

/**
 * Three decimals, rounded down: what is not above a threshold must not look as if it were.
 *
 * @param {number} score
 */
export function roundedDown(score) {
  return (Math.floor(1000 * score) / 1000).toFixed(3);
}
