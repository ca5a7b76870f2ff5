/**
 * A map in bands of rows: most moves of a threshold change some of them, and only those are looked at and painted
 * again.
 */

/** Rows of a band; the last may have fewer. Layers are found by the same (surfaces.js). */
export const BAND_ROWS = 16;

/** @param {number} height of a map */
export function bandsIn(height) {
  return Math.ceil(height / BAND_ROWS);
}

/**
 * Mark the bands of some rows.
 *
 * @param {Uint8Array} bands
 * @param {number} top
 * @param {number} height
 */
export function markRows(bands, top, height) {
  if (height > 0) bands.fill(1, Math.floor(top / BAND_ROWS), bandsIn(top + height));
}

/**
 * The rows of marked bands, with some more above and below each.
 *
 * @param {ArrayLike<number | boolean>} marked by band
 * @param {number} height of the map
 * @param {number} margin
 * @returns {[from: number, to: number][]} ascending, apart
 */
export function rowsOf(marked, height, margin) {
  /** @type {[number, number][]} */
  const all = [];
  for (let band = 0; band < marked.length; band++) {
    if (!marked[band]) continue;
    const from = Math.max(0, band * BAND_ROWS - margin);
    const to = Math.min(height, (band + 1) * BAND_ROWS + margin);
    const last = all.at(-1);
    if (last && last[1] >= from) last[1] = to;
    else all.push([from, to]);
  }
  return all;
}
