/**
 * Panoptic owners for every score threshold at once.
 *
 * Queries join by descending score. One that joins takes pixels from those before it and loses none, so what it
 * takes is found once: runs of pixels, with what is written there. Applied one after the other, these *layers* lead
 * from an empty map to the owners of any score threshold, and back: a layer holds what lies beneath while it is on
 * the map, and what lies on top while it is not.
 */

import { LEVELS, levelOf, sigmoid } from "./levels.js";
import { surfacesOf, TILE_HEIGHT, TILE_WIDTH } from "./surfaces.js";

/** A pixel of the map holds owner × 256 + level; this is one that nobody has. */
export const NOBODY = 255;
/** A run is its first pixel × 4096 + its length, counted within a band. */
const LENGTH_BITS = 12;
const LENGTH_MASK = (1 << LENGTH_BITS) - 1;

export const MOST_QUERIES = 256;

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
 * Counts of pixels are by level and cumulative: entry i is those whose level is i or more.
 *
 * @typedef {object} Layers
 * @property {number} count of queries
 * @property {Uint16Array} map owner and level of each pixel, after as many layers as are on it
 * @property {Band[]} bands
 * @property {Uint32Array} original count × LEVELS, of each query's own mask
 * @property {Uint32Array} gained count × LEVELS, what a query takes when it joins
 * @property {Uint32Array} lost what it takes from each query before it: see `lostFrom`
 */

/**
 * Where in `lost` the counts begin that query `from` loses when `by` joins.
 *
 * @param {number} by
 * @param {number} from an earlier one
 */
export function lostFrom(by, from) {
  return ((by * (by - 1)) / 2 + from) * LEVELS;
}

/**
 * Find all layers; afterwards all are on the map. Yields after each band.
 *
 * @param {import("./surfaces.js").Geometry} geometry
 * @param {Float32Array} logits queries × grid, by descending score
 * @param {ArrayLike<number>} scores theirs
 * @param {number} budget most values to keep
 * @returns {Generator<number, Layers>}
 */
export function* findLayers(geometry, logits, scores, budget) {
  const count = scores.length;
  const surfaces = surfacesOf(geometry, logits);
  const { height, width, tileRows } = surfaces;
  const layers = {
    count,
    map: new Uint16Array(height * width).fill(NOBODY),
    bands: /** @type {Band[]} */ ([]),
    original: new Uint32Array(count * LEVELS),
    gained: new Uint32Array(count * LEVELS),
    lost: new Uint32Array(lostFrom(count, 0)),
  };
  const joining = createJoining(surfaces, layers, scores);
  let kept = 0;
  for (let tileRow = 0; tileRow < tileRows; tileRow++) {
    const band = joining.band(tileRow);
    kept += band.values.length;
    if (kept > budget) throw new RangeError(`more than ${budget} pixels change hands`);
    layers.bands.push(band);
    yield (tileRow + 1) / tileRows;
  }
  for (const counts of [layers.original, layers.gained, layers.lost]) accumulate(counts);
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
 */
function createJoining(surfaces, layers, scores) {
  const { width, height, tileColumns } = surfaces;
  const { count, map, original, gained, lost } = layers;
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
    held.fill(Number.NEGATIVE_INFINITY);
    weights.fill(-1);
    least.fill(-1);
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
      let start = -1;
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
        if (query > 0) lost[lostFrom(query, old >> 8) + (old & 255)]++;
        if (i === last + 1) {
          runs[runCount - 1]++;
        } else {
          start = i;
          runs[runCount++] = (start << LENGTH_BITS) + 1;
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

/**
 * Make counts by level cumulative, from the highest level down.
 *
 * @param {Uint32Array} counts
 */
function accumulate(counts) {
  for (let first = 0; first < counts.length; first += LEVELS) {
    for (let level = LEVELS - 2; level >= 0; level--) counts[first + level] += counts[first + level + 1];
  }
}
