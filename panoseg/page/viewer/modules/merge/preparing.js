/**
 * What is found once per prediction, for panoptic segments at any thresholds.
 *
 * Where nobody's probability reaches half a hundredth no mask threshold but 0 shows anything, and who owns
 * such a pixel matters for the overlap alone, as a count. So layers are found twice: for each pixel where
 * somebody is seen, and, all of them, on a coarser map.
 */

import { accumulate } from "./counts.js";
import { findLayers } from "./layers.js";
import { TOP_LEVEL } from "./levels.js";

const COARSE_PIXELS = 320_000;
// A query below this takes no pixel at level 1 or above from anyone with a score of 0.05.
const FAINT = 0.05 / TOP_LEVEL;
// 2 bytes each. No photo comes close: it would need twenty owners for each of its pixels.
const MOST_VALUES = 40_000_000;

/**
 * @typedef {object} Prepared
 * @property {import("./layers.js").Layers} fine
 * @property {import("./layers.js").Layers} coarse
 * @property {import("./counts.js").Counts} counts in pixels of the fine map, cumulative
 */

/**
 * @param {import("./surfaces.js").Geometry} geometry
 * @param {Float32Array} logits queries × grid, by descending score
 * @param {ArrayLike<number>} scores theirs
 * @returns {Generator<void, Prepared>} yields every few milliseconds
 * @throws {RangeError} more pixels change hands than there is memory for
 */
export function* prepare(geometry, logits, scores) {
  const limits = { least: FAINT, budget: MOST_VALUES };
  const fine = yield* findLayers(geometry, logits, scores, limits);
  const coarse = yield* findLayers(coarsened(geometry), logits, scores, { ...limits, least: -1 });
  accumulate(fine.counts, coarse.counts, fine.map.length / coarse.map.length);
  return { fine, coarse, counts: fine.counts };
}

/**
 * A smaller picture of the same; the same one if it is small. In a smaller one every pixel is a node: the
 * network's input is left out.
 *
 * @param {import("./surfaces.js").Geometry} geometry
 * @returns {import("./surfaces.js").Geometry}
 */
function coarsened(geometry) {
  const [height, width] = geometry.shown;
  const step = Math.ceil(Math.sqrt((height * width) / COARSE_PIXELS));
  if (step === 1) return geometry;
  /** @type {[number, number]} */
  const shown = [Math.ceil(height / step), Math.ceil(width / step)];
  const { grid, input, content } = geometry;
  return {
    grid,
    input: [(shown[0] * input[0]) / content[0], (shown[1] * input[1]) / content[1]],
    content: shown,
    photo: shown,
    shown,
  };
}
