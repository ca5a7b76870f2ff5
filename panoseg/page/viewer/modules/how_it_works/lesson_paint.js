/**
 * Pixels of the lesson's pictures: a query's mask, a map, and the way from one map to the next.
 *
 * @import { Color } from "../inbox.js"
 * @import { Ids } from "../state.js"
 */

import { TOP_LEVEL } from "../merge/levels.js";
import { pixelOf } from "../palette.js";

const INSIDE = 0.85;
const OUTSIDE = 0.3; // of the probability: what is not inside is only just seen
const PAINTED = 0.72;

/**
 * A query's own mask: full colour inside, and faint, by probability, outside.
 *
 * @param {Uint32Array} pixels to fill
 * @param {Uint8Array} levels probability × 200 of each pixel
 * @param {number} least the level from which on a pixel is inside
 * @param {Color} color
 */
export function fillQuery(pixels, levels, least, color) {
  const table = Uint32Array.from({ length: 256 }, (_, level) =>
    pixelOf(color, level >= least ? INSIDE : (OUTSIDE * level) / TOP_LEVEL),
  );
  for (let i = 0; i < pixels.length; i++) pixels[i] = table[levels[i]];
}

/**
 * The colour of each id of a map; void is clear.
 *
 * @param {Color[]} colors of the ids 1, 2, …
 */
export function colorTable(colors) {
  return Uint32Array.from([0, ...colors.map((color) => pixelOf(color, PAINTED))]);
}

/**
 * @typedef {{ ids: Ids, colors: Color[] }} Painted
 */

/**
 * Between two maps of one size: `share` of the way from one to the other.
 *
 * @param {Uint32Array} pixels to fill
 * @param {Painted | null} from null for the photo alone
 * @param {Painted | null} to
 * @param {number} share 0–1
 */
export function fillBetween(pixels, from, to, share) {
  const before = colorTable(from?.colors ?? []);
  const after = colorTable(to?.colors ?? []);
  // Mixed once for each pair of ids, of which there are few.
  const mixed = new Uint32Array(before.length * after.length);
  for (let a = 0, at = 0; a < before.length; a++) {
    for (let b = 0; b < after.length; b++) mixed[at++] = between(before[a], after[b], share);
  }
  const { length } = after;
  for (let i = 0; i < pixels.length; i++) {
    pixels[i] = mixed[(from ? from.ids[i] : 0) * length + (to ? to.ids[i] : 0)];
  }
}

/**
 * A pixel between two: opacity goes evenly, and the colour as if both lay over one another.
 *
 * @param {number} from
 * @param {number} to
 * @param {number} share 0–1
 */
export function between(from, to, share) {
  if (from === to || share <= 0) return from;
  if (share >= 1) return to;
  const [fromAlpha, toAlpha] = [(from >>> 24) * (1 - share), (to >>> 24) * share];
  const alpha = fromAlpha + toAlpha;
  if (!alpha) return 0;
  let pixel = Math.round(alpha) << 24;
  for (const shift of [0, 8, 16]) {
    const value = (((from >>> shift) & 255) * fromAlpha + ((to >>> shift) & 255) * toAlpha) / alpha;
    pixel |= Math.round(value) << shift;
  }
  return pixel >>> 0;
}
