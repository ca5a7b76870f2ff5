/**
 * Panoptic owners for every score threshold at once.
 *
 * Queries join by descending score. One that joins takes pixels from those before it and loses none, so what it
 * takes is found once: runs of pixels, with what is written there. Applied one after the other, these *layers* lead
 * from an empty map to the owners of any score threshold, and back: a layer holds what lies beneath while it is on
 * the map, and what lies on top while it is not.
 */

import { emptyCounts, lostFrom } from "./counts.js";
import { LEVELS, levelOf, logitOf, sigmoid } from "./levels.js";
import { surfacesOf, TILE_HEIGHT, TILE_WIDTH } from "./surfaces.js";

/** @typedef {import("./counts.js").Counts} Counts */

/** A pixel of the map holds owner × 256 + level; this is one that nobody has. */
export const NOBODY = 255;
/** A run is its first pixel × 4096 + its length, counted within a band. */
const LENGTH_BITS = 12;
const LENGTH_MASK = (1 << LENGTH_BITS) - 1;

/**
 * The layers of some rows of the map.
 *
 * @typedef {object} Band
 * @property {number} first its first pixel
 * @property {Uint32Array} runs of all layers
 * @property {Uint16Array} values of all layers: the other side of each pixel
 * @property {Uint32Array} runStart of each layer and one beyond: its first run
 * @property {Uint32Array} valueStart of each layer and one beyond: its first value
 */

/**
 * @typedef {object} Layers
 * @property {number} count of queries
 * @property {[number, number]} size of the map, height and width
 * @property {Uint16Array} map owner and level of each pixel, after as many layers as are on it
 * @property {Band[]} bands
 * @property {Counts} counts of pixels at each single level
 */

/**
 * Find all layers; afterwards all are on the map. Yields after each band.
 *
 * @param {import("./surfaces.js").Geometry} geometry
 * @param {Float32Array} logits queries × grid, by descending score
 * @param {ArrayLike<number>} scores theirs
 * @param {{least: number, budget: number}} limits the score × probability that a pixel's first owner must exceed,
 *   and the most values to keep
 * @returns {Generator<void, Layers>}
 */
export function* findLayers(geometry, logits, scores, { least, budget }) {
  const count = scores.length;
  const surfaces = surfacesOf(geometry, logits);
  const { height, width, tileRows } = surfaces;
  /** @type {Layers} */
  const layers = {
    count,
    size: [height, width],
    map: new Uint16Array(height * width).fill(NOBODY),
    bands: [],
    counts: emptyCounts(count),
  };
  const joining = createJoining(surfaces, layers, scores, least);
  let kept = 0;
  for (let tileRow = 0; tileRow < tileRows; tileRow++) {
    const band = joining.band(tileRow);
    kept += band.values.length;
    if (kept > budget) throw new RangeError(`More than ${budget} pixels change hands.`);
    layers.bands.push(band);
    yield;
  }
  return layers;
}

/**
 * Put a layer on the map, or take it off again: it and the map change places.
 *
 * @param {Layers} layers
 * @param {number} layer all before it must be on the map, and none behind it
 */
export function swapLayer({ map, bands }, layer) {
  for (const { first, runs, values, runStart, valueStart } of bands) {
    let value = valueStart[layer];
    const end = runStart[layer + 1];
    for (let r = runStart[layer]; r < end; r++) {
      const run = runs[r];
      const start = first + (run >>> LENGTH_BITS);
      const stop = start + (run & LENGTH_MASK);
      for (let i = start; i < stop; i++, value++) {
        const other = values[value];
        values[value] = map[i];
        map[i] = other;
      }
    }
  }
}

/**
 * @param {import("./surfaces.js").Surfaces} surfaces
 * @param {Layers} layers
 * @param {ArrayLike<number>} scores
 * @param {number} floor
 */
function createJoining(surfaces, layers, scores, floor) {
  const { width, height, tileColumns } = surfaces;
  const { count, map } = layers;
  const { original, gained, lost } = layers.counts;
  const logits = new Float64Array(TILE_HEIGHT * TILE_WIDTH);
  const bounds = new Float64Array(2 * tileColumns);
  // Of each pixel of a band the owner's logit and score × probability, and the least of the latter in each tile.
  const held = new Float64Array(TILE_HEIGHT * width);
  const weights = new Float64Array(TILE_HEIGHT * width);
  const least = new Float64Array(tileColumns);
  let values = new Uint16Array(1 << 16);
  let runs = new Uint32Array(1 << 12);
  let valueCount = 0;
  let runCount = 0;

  /**
   * @param {number} tileRow
   * @returns {Band}
   */
  function band(tileRow) {
    const top = tileRow * TILE_HEIGHT;
    const bottom = Math.min(height, top + TILE_HEIGHT);
    const runStart = new Uint32Array(count + 1);
    const valueStart = new Uint32Array(count + 1);
    held.fill(logitOf(floor));
    weights.fill(floor);
    least.fill(floor);
    valueCount = runCount = 0;
    for (let query = 0; query < count; query++) {
      runStart[query] = runCount;
      valueStart[query] = valueCount;
      surfaces.boundRow(query, tileRow, bounds);
      for (let tile = 0; tile < tileColumns; tile++) visit(query, top, bottom, tile);
    }
    runStart[count] = runCount;
    valueStart[count] = valueCount;
    return {
      first: top * width,
      runs: runs.slice(0, runCount),
      values: values.slice(0, valueCount),
      runStart,
      valueStart,
    };
  }

  /**
   * @param {number} query
   * @param {number} top
   * @param {number} bottom
   * @param {number} tile
   */
  function visit(query, top, bottom, tile) {
    const left = tile * TILE_WIDTH;
    const right = Math.min(width, left + TILE_WIDTH);
    const pixels = (bottom - top) * (right - left);
    const level = levelOf(bounds[2 * tile]);
    const flat = level === levelOf(bounds[2 * tile + 1]);
    const mayWin = scores[query] * sigmoid(bounds[2 * tile + 1]) > least[tile];
    if (flat) original[query * LEVELS + level] += pixels;
    if (flat && !mayWin) return;
    surfaces.evaluate(query, top, bottom, left, right, logits);
    if (!flat) for (let i = 0; i < pixels; i++) original[query * LEVELS + levelOf(logits[i])]++;
    if (mayWin && join(query, top, bottom, left, right)) least[tile] = leastWeight(bottom - top, left, right);
  }

  /**
   * Give a query those pixels of a tile that it wins; says whether there are any.
   *
   * @param {number} query
   * @param {number} top
   * @param {number} bottom
   * @param {number} left
   * @param {number} right
   */
  function join(query, top, bottom, left, right) {
    reserve((bottom - top) * (right - left));
    const score = scores[query];
    const gainedFrom = query * LEVELS;
    const before = valueCount;
    for (let y = top, at = 0; y < bottom; y++) {
      const row = (y - top) * width;
      let last = -2;
      for (let x = left, i = row + left; x < right; x++, i++, at++) {
        const logit = logits[at];
        // Whoever scores less needs a larger logit.
        if (logit <= held[i]) continue;
        const weight = score / (1 + Math.exp(-logit));
        if (weight <= weights[i]) continue;
        held[i] = logit;
        weights[i] = weight;
        const level = levelOf(logit);
        const pixel = top * width + i;
        const old = map[pixel];
        map[pixel] = (query << 8) | level;
        values[valueCount++] = old;
        gained[gainedFrom + level]++;
        if (old !== NOBODY) lost[lostFrom(query, old >> 8) + (old & 255)]++;
        if (i === last + 1) {
          runs[runCount - 1]++;
        } else {
          runs[runCount++] = (i << LENGTH_BITS) + 1;
        }
        last = i;
      }
    }
    return valueCount > before;
  }

  /**
   * @param {number} rows
   * @param {number} left
   * @param {number} right
   */
  function leastWeight(rows, left, right) {
    let found = Number.POSITIVE_INFINITY;
    for (let y = 0; y < rows; y++) {
      for (let i = y * width + left; i < y * width + right; i++) {
        if (weights[i] < found) found = weights[i];
      }
    }
    return found;
  }

  /** @param {number} pixels */
  function reserve(pixels) {
    if (valueCount + pixels > values.length) {
      const longer = new Uint16Array(2 * values.length);
      longer.set(values);
      values = longer;
    }
    if (runCount + pixels > runs.length) {
      const longer = new Uint32Array(2 * runs.length);
      longer.set(runs);
      runs = longer;
    }
  }

  return { band };
}
