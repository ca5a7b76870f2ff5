/** Which kept queries become segments, given how many pixels each has: as panoseg/merging/segment_rules.py. */

/** Why a query is, or is not, a segment: the words that Python has for it. */
export const FATES = /** @type {const} */ ({
  segment: "segment",
  merged: "merged into a stuff segment",
  lowScore: "below the score threshold",
  empty: "no pixels left",
  occluded: "below the overlap threshold",
});

/** @typedef {(typeof FATES)[keyof typeof FATES]} Fate */

/**
 * @typedef {object} Query
 * @property {number} query its index among the network's
 * @property {number} class_id
 * @property {string} label
 * @property {"thing" | "stuff"} kind
 * @property {number} score
 * @property {[number, number, number]} color
 * @property {[number, number, number]} label_color
 */

/**
 * The segment of each query, 0 if none; and how many segments there are.
 *
 * @param {Query[]} queries by descending score
 * @param {ArrayLike<number>} inOrder places of the queries in the network's order
 * @param {number} kept how many of `queries` are
 * @param {{owned: ArrayLike<number>, original: ArrayLike<number>, final: ArrayLike<number>}} pixels of each
 *   query
 * @param {number} overlap
 * @param {Uint16Array} segmentOf to fill, by place
 * @returns {number}
 */
export function settle(queries, inOrder, kept, { owned, original, final }, overlap, segmentOf) {
  /** @type {Map<number, number>} */
  const stuff = new Map();
  let count = 0;
  segmentOf.fill(0);
  for (let n = 0; n < inOrder.length; n++) {
    const place = inOrder[n];
    if (place >= kept || fateOf(owned[place], original[place], final[place], overlap)) continue;
    const { kind, class_id } = queries[place];
    const shared = kind === "stuff" ? stuff.get(class_id) : undefined;
    segmentOf[place] = shared ?? ++count;
    if (kind === "stuff" && shared === undefined) stuff.set(class_id, count);
  }
  return count;
}

/**
 * Why a kept query paints nothing, or null if it does.
 *
 * @param {number} owned
 * @param {number} original
 * @param {number} final
 * @param {number} overlap
 * @returns {Fate | null}
 */
export function fateOf(owned, original, final, overlap) {
  if (!owned || !original || !final) return FATES.empty;
  return owned / original < overlap ? FATES.occluded : null;
}
