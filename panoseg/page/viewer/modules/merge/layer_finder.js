/** How layers are found: queries join by descending score, in a band of the map after the other. */

import { lostFrom } from "./counts.js";
import { LEVELS, levelOf, logitOf, sigmoid } from "./levels.js";
import { LENGTH_BITS, NOBODY } from "./runs.js";
import { TILE_HEIGHT, TILE_WIDTH } from "./surfaces.js";

export class LayerFinder {
  /**
   * @param {import("./surfaces.js").Surfaces} surfaces
   * @param {import("./layers.js").Layers} layers whose map and counts are filled
   * @param {ArrayLike<number>} scores
   * @param {number} floor the score × probability that a pixel's first owner must exceed
   */
  constructor(surfaces, layers, scores, floor) {
    const { width, tileColumns } = surfaces;
    this.surfaces = surfaces;
    this.layers = layers;
    this.scores = scores;
    this.floor = floor;
    this.logits = new Float64Array(TILE_HEIGHT * TILE_WIDTH);
    this.bounds = new Float64Array(2 * tileColumns);
    // Of each pixel of a band the owner's logit and score × probability, and the least of the latter in each
    // tile.
    this.held = new Float64Array(TILE_HEIGHT * width);
    this.weights = new Float64Array(TILE_HEIGHT * width);
    this.least = new Float64Array(tileColumns);
    this.values = new Uint16Array(1 << 16);
    this.runs = new Uint32Array(1 << 12);
    this.valueCount = 0;
    this.runCount = 0;
  }

  /**
   * @param {number} tileRow
   * @returns {import("./layers.js").Band}
   */
  band(tileRow) {
    const { surfaces, layers, bounds } = this;
    const top = tileRow * TILE_HEIGHT;
    const bottom = Math.min(surfaces.height, top + TILE_HEIGHT);
    const runStart = new Uint32Array(layers.count + 1);
    const valueStart = new Uint32Array(layers.count + 1);
    this.held.fill(logitOf(this.floor));
    this.weights.fill(this.floor);
    this.least.fill(this.floor);
    this.valueCount = this.runCount = 0;
    for (let query = 0; query < layers.count; query++) {
      surfaces.boundRow(query, tileRow, bounds);
      for (let tile = 0; tile < surfaces.tileColumns; tile++) this.#visit(query, top, bottom, tile);
      runStart[query + 1] = this.runCount;
      valueStart[query + 1] = this.valueCount;
    }
    return {
      first: top * surfaces.width,
      runs: this.runs.slice(0, this.runCount),
      values: this.values.slice(0, this.valueCount),
      runStart,
      valueStart,
    };
  }

  /**
   * Count the levels of a query in a tile, and let it join; mostly its bounds say enough.
   *
   * @param {number} query
   * @param {number} top
   * @param {number} bottom
   * @param {number} tile
   */
  #visit(query, top, bottom, tile) {
    const { surfaces, logits, bounds, least } = this;
    const { original } = this.layers.counts;
    const left = tile * TILE_WIDTH;
    const right = Math.min(surfaces.width, left + TILE_WIDTH);
    const pixels = (bottom - top) * (right - left);
    const level = levelOf(bounds[2 * tile]);
    const flat = level === levelOf(bounds[2 * tile + 1]);
    const mayWin = this.scores[query] * sigmoid(bounds[2 * tile + 1]) > least[tile];
    if (flat) original[query * LEVELS + level] += pixels;
    if (flat && !mayWin) return;
    surfaces.evaluate(query, top, bottom, left, right, logits);
    if (!flat) for (let i = 0; i < pixels; i++) original[query * LEVELS + levelOf(logits[i])]++;
    if (mayWin && this.#join(query, top, bottom, left, right)) {
      least[tile] = this.#leastWeight(bottom - top, left, right);
    }
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
  #join(query, top, bottom, left, right) {
    this.#reserve((bottom - top) * (right - left));
    const { logits, held, weights, values, runs } = this;
    const { map, counts } = this.layers;
    const { gained, lost } = counts;
    const width = this.surfaces.width;
    const score = this.scores[query];
    let { valueCount, runCount } = this;
    for (let y = top, at = 0; y < bottom; y++) {
      let last = -2;
      for (let x = left, i = (y - top) * width + left; x < right; x++, i++, at++) {
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
        gained[query * LEVELS + level]++;
        if (old !== NOBODY) lost[lostFrom(query, old >> 8) + (old & 255)]++;
        if (i === last + 1) runs[runCount - 1]++;
        else runs[runCount++] = (i << LENGTH_BITS) + 1;
        last = i;
      }
    }
    const any = valueCount > this.valueCount;
    this.valueCount = valueCount;
    this.runCount = runCount;
    return any;
  }

  /**
   * @param {number} rows
   * @param {number} left
   * @param {number} right
   */
  #leastWeight(rows, left, right) {
    const { weights } = this;
    const width = this.surfaces.width;
    let found = Number.POSITIVE_INFINITY;
    for (let y = 0; y < rows; y++) {
      for (let i = y * width + left; i < y * width + right; i++) {
        if (weights[i] < found) found = weights[i];
      }
    }
    return found;
  }

  /**
   * Make room for a tile.
   *
   * @param {number} pixels
   */
  #reserve(pixels) {
    if (this.valueCount + pixels > this.values.length) {
      const longer = new Uint16Array(2 * this.values.length);
      longer.set(this.values);
      this.values = longer;
    }
    if (this.runCount + pixels > this.runs.length) {
      const longer = new Uint32Array(2 * this.runs.length);
      longer.set(this.runs);
      this.runs = longer;
    }
  }
}
