/**
 * Panoptic owners for every score threshold at once.
 *
 * Queries join by descending score. One that joins takes pixels from those before it and loses none, so what
 * it takes is found once: runs of pixels, with what is written there. Applied one after the other, these
 * *layers* lead from an empty map to the owners of any score threshold, and back: a layer holds what lies
 * beneath while it is on the map, and what lies on top while it is not.
 */

import { emptyCounts } from "./counts.js";
import { LayerFinder } from "./layer_finder.js";
import { LENGTH_BITS, LENGTH_MASK, NOBODY } from "./runs.js";
import { Surfaces } from "./surfaces.js";

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
 * @property {import("./counts.js").Counts} counts of pixels at each single level
 */

/**
 * Find all layers; afterwards all are on the map. Yields after each band.
 *
 * @param {import("./surfaces.js").Geometry} geometry
 * @param {Float32Array} logits queries × grid, by descending score
 * @param {ArrayLike<number>} scores theirs
 * @param {{least: number, budget: number}} limits the score × probability that a pixel's first owner must
 *   exceed, and the most values to keep
 * @returns {Generator<void, Layers>}
 */
export function* findLayers(geometry, logits, scores, { least, budget }) {
  const count = scores.length;
  const surfaces = new Surfaces(geometry, logits);
  const { height, width, tileRows } = surfaces;
  /** @type {Layers} */
  const layers = {
    count,
    size: [height, width],
    map: new Uint16Array(height * width).fill(NOBODY),
    bands: [],
    counts: emptyCounts(count),
  };
  const finder = new LayerFinder(surfaces, layers, scores, least);
  let kept = 0;
  for (let tileRow = 0; tileRow < tileRows; tileRow++) {
    const band = finder.band(tileRow);
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
