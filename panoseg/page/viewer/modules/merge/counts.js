/** How many pixels each query has at each mask level, and how they change hands when queries join. */

import { LEVELS } from "./levels.js";

/**
 * Pixels, which may be fractions where few stand for many; each a table of rows of LEVELS entries.
 *
 * @typedef {object} Counts
 * @property {Float32Array} original of each query, its own mask
 * @property {Float32Array} gained of each query, what it takes when it joins
 * @property {Float32Array} lost what a query that joins takes from each one before it, by their levels:
 *   `lostFrom`
 */

/**
 * @param {number} count of queries
 * @returns {Counts}
 */
export function emptyCounts(count) {
  return {
    original: new Float32Array(count * LEVELS),
    gained: new Float32Array(count * LEVELS),
    lost: new Float32Array(lostFrom(count, 0)),
  };
}

/**
 * Where in `lost` the row is of what query `from` loses when `by` joins.
 *
 * @param {number} by
 * @param {number} from an earlier one
 */
export function lostFrom(by, from) {
  return ((by * (by - 1)) / 2 + from) * LEVELS;
}

/**
 * Make entry i of each row those at level i or above. What lies at level 0 is counted in a coarser map.
 *
 * @param {Counts} counts single levels; changed in place
 * @param {Counts} coarse the same of a coarser map
 * @param {number} scale pixels of the map for one of the coarser
 */
export function accumulate(counts, coarse, scale) {
  for (const which of /** @type {const} */ (["original", "gained", "lost"])) {
    const rows = counts[which];
    for (let first = 0; first < rows.length; first += LEVELS) {
      if (which !== "original") rows[first] = scale * coarse[which][first];
      for (let level = LEVELS - 2; level >= 0; level--) rows[first + level] += rows[first + level + 1];
    }
  }
}
