/** What every score threshold would give, the other two being fixed: as panoseg/merging/landscape.py. */

import { lostFrom } from "./counts.js";
import { LEVELS } from "./levels.js";
import { settle } from "./segment_rules.js";

/**
 * Step functions of the score threshold: value i holds from scores[i] up to, but not including, scores[i +
 * 1].
 *
 * @typedef {object} Landscape
 * @property {Float64Array} scores ascending from 0
 * @property {Uint16Array} things
 * @property {Uint16Array} stuff
 * @property {Float64Array} coverage share of the shown picture that is in segments, 0–1
 */

/**
 * @param {import("./segment_rules.js").Query[]} queries by descending score
 * @param {ArrayLike<number>} inOrder places of the queries in the network's order
 * @param {import("./counts.js").Counts} counts cumulative
 * @param {number} pixels of the shown picture
 * @param {number} level the lowest that is inside a mask
 * @param {number} overlap
 * @returns {Landscape}
 */
export function landscapeOf(queries, inOrder, { original, gained, lost }, pixels, level, overlap) {
  const count = queries.length;
  const scores = Float64Array.from(new Set([0, ...queries.map((query) => query.score)])).sort();
  const things = new Uint16Array(scores.length);
  const stuff = new Uint16Array(scores.length);
  const coverage = new Float64Array(scores.length);
  const then = {
    owned: new Float64Array(count),
    original: Float64Array.from(queries, (_, k) => original[k * LEVELS + level]),
    final: new Float64Array(count),
  };
  const segmentOf = new Uint16Array(count);
  let kept = 0;
  for (let step = scores.length - 1; step >= 0; step--) {
    for (; kept < count && queries[kept].score > scores[step]; kept++) {
      then.owned[kept] = gained[kept * LEVELS];
      then.final[kept] = gained[kept * LEVELS + level];
      for (let from = 0, at = lostFrom(kept, 0); from < kept; from++, at += LEVELS) {
        then.owned[from] -= lost[at];
        then.final[from] -= lost[at + level];
      }
    }
    const segments = settle(queries, inOrder, kept, then, overlap, segmentOf);
    let covered = 0;
    for (let k = 0; k < kept; k++) {
      if (!segmentOf[k]) continue;
      covered += then.final[k];
      if (queries[k].kind === "thing") things[step]++;
    }
    stuff[step] = segments - things[step];
    coverage[step] = Math.min(1, covered / pixels);
  }
  return { scores, things, stuff, coverage };
}
