/**
 * The mask of the pinned segment before any competition, or how probable it is where.
 *
 * @import { Surface } from "../paint.js"
 *
 * @typedef {[red: number, green: number, blue: number]} Color
 */

import { TOP_LEVEL } from "../merge/levels.js";
import { pixelOf } from "../palette.js";

const WHITE = 0xffffffff;
const MASK_OPACITY = 0.72;

/** From improbable to sure: lightness rises evenly, and every kind of eye tells them apart. */
const RAMP = [
  [0, 32, 77],
  [124, 123, 120],
  [255, 233, 69],
];

/**
 * The colour of a probability 0–1.
 *
 * @param {number} probability
 * @returns {Color}
 */
export function heatColor(probability) {
  const start = probability < 0.5 ? 0 : 1;
  const share = 2 * probability - start;
  const [red, green, blue] = RAMP[start].map((value, i) =>
    Math.round((1 - share) * value + share * RAMP[start + 1][i]),
  );
  return [red, green, blue];
}

/** By level; what is hardly probable is hardly seen. */
const HEAT = Uint32Array.from({ length: 256 }, (_, level) => {
  const probability = Math.min(1, level / TOP_LEVEL);
  return pixelOf(heatColor(probability), Math.min(0.88, 4 * probability));
});

/**
 * @param {Surface} surface
 * @param {{ width: number, height: number }} map
 * @param {Uint8Array} levels of each pixel
 * @param {number} least the level from which on a pixel is inside
 * @param {{ way: "mask" | "heat", color: Color }} pin
 */
export function paintPin(surface, { width, height }, levels, least, { way, color }) {
  const pixels = surface.all(width, height);
  fillPin(pixels, { width, height }, levels, least, way === "heat" ? HEAT : insideOf(color, least));
  surface.show();
}

/**
 * @param {Color} color
 * @param {number} least
 */
function insideOf(color, least) {
  const inside = pixelOf(color, MASK_OPACITY);
  return Uint32Array.from({ length: 256 }, (_, level) => (level >= least ? inside : 0));
}

/**
 * Each pixel in the colour of its level, with a line inside the edge of the mask.
 *
 * @param {Uint32Array} pixels to fill
 * @param {{ width: number, height: number }} size
 * @param {Uint8Array} levels
 * @param {number} least
 * @param {Uint32Array} colors by level
 */
export function fillPin(pixels, { width, height }, levels, least, colors) {
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const inside = levels[i] >= least;
      const edge =
        inside &&
        ((x > 0 && levels[i - 1] < least) ||
          (x + 1 < width && levels[i + 1] < least) ||
          (y > 0 && levels[i - width] < least) ||
          (y + 1 < height && levels[i + width] < least));
      pixels[i] = edge ? WHITE : colors[levels[i]];
    }
  }
}
