/** Instances, which may overlap, flattened with the best on top; of the thresholds only the score applies. */

import { bandsIn, markRows } from "./bands.js";
import { idsOf } from "./ids.js";
import { sigmoid } from "./levels.js";
import { Surfaces, TILE_HEIGHT, TILE_WIDTH } from "./surfaces.js";

/**
 * A query and a class that it might be.
 *
 * @typedef {object} Pair
 * @property {number} mask place of the query's logits
 * @property {number} query its index among the network's
 * @property {number} class_id
 * @property {string} label
 * @property {number} probability of the class
 * @property {[number, number, number]} color
 * @property {[number, number, number]} label_color
 */

/**
 * The pixels of a mask.
 *
 * @typedef {object} Mask
 * @property {Uint32Array} runs first pixel and length of each run, in turn
 * @property {number} area
 * @property {number} probability sum over its pixels
 * @property {[number, number, number, number]} box [left, top, width, height]
 */

/** @typedef {Pair & {score: number, quality: number, area: number, box: Mask["box"]}} Instance */

/**
 * @typedef {object} Found
 * @property {Instance[]} instances by descending score
 * @property {Uint8Array | Uint16Array} ranks of each pixel, the place (from 1) of the best instance there, 0
 *   if none
 * @property {number} height of the map
 */

/**
 * Find all instances. Yields between masks.
 *
 * @param {import("./surfaces.js").Geometry} geometry
 * @param {Float32Array} logits
 * @param {Pair[]} pairs by descending class probability
 * @returns {Generator<void, Found>}
 */
export function* findInstances(geometry, logits, pairs) {
  const surfaces = new Surfaces(geometry, logits);
  const [height, width] = geometry.shown;
  /** @type {Map<number, Mask>} */
  const masks = new Map();
  for (const { mask } of pairs) {
    if (masks.has(mask)) continue;
    masks.set(mask, maskOf(surfaces, mask));
    yield;
  }
  const scale = (geometry.photo[0] * geometry.photo[1]) / (height * width);
  const instances = pairs
    .map((pair) => {
      const { area, probability, box } = /** @type {Mask} */ (masks.get(pair.mask));
      const quality = Math.min(1, probability / Math.max(1, area));
      const score = pair.probability * quality;
      return { ...pair, score, quality, area: Math.round(area * scale), box };
    })
    .filter(({ area }) => area)
    .sort((a, b) => b.score - a.score);
  const ranks = instances.length < 256 ? new Uint8Array(height * width) : new Uint16Array(height * width);
  for (let rank = instances.length; rank > 0; rank--) {
    const { runs } = /** @type {Mask} */ (masks.get(instances[rank - 1].mask));
    for (let r = 0; r < runs.length; r += 2) ranks.fill(rank, runs[r], runs[r] + runs[r + 1]);
  }
  return { instances, ranks, height };
}

/**
 * The pixels where a query's logit is above 0.
 *
 * @param {import("./surfaces.js").Surfaces} surfaces
 * @param {number} query
 * @returns {Mask}
 */
function maskOf(surfaces, query) {
  const { width, height, tileRows, tileColumns } = surfaces;
  const logits = new Float64Array(TILE_HEIGHT * TILE_WIDTH);
  const bounds = new Float64Array(2 * tileColumns);
  const runs = [];
  let area = 0;
  let probability = 0;
  let [left, right, upper, lower] = [width, 0, height, 0];
  for (let tileRow = 0; tileRow < tileRows; tileRow++) {
    const top = tileRow * TILE_HEIGHT;
    const bottom = Math.min(height, top + TILE_HEIGHT);
    surfaces.boundRow(query, tileRow, bounds);
    for (let tile = 0; tile < tileColumns; tile++) {
      if (bounds[2 * tile + 1] <= 0) continue;
      const first = tile * TILE_WIDTH;
      const end = Math.min(width, first + TILE_WIDTH);
      surfaces.evaluate(query, top, bottom, first, end, logits);
      for (let y = top, at = 0; y < bottom; y++) {
        let start = -1;
        for (let x = first; x < end; x++, at++) {
          const inside = logits[at] > 0;
          if (inside) probability += sigmoid(logits[at]);
          if (inside && start < 0) start = x;
          if (start < 0 || (inside && x + 1 < end)) continue;
          const stop = inside ? end : x;
          runs.push(y * width + start, stop - start);
          area += stop - start;
          left = Math.min(left, start);
          right = Math.max(right, stop);
          upper = Math.min(upper, y);
          lower = Math.max(lower, y + 1);
          start = -1;
        }
      }
    }
  }
  return { runs: Uint32Array.from(runs), area, probability, box: [left, upper, right - left, lower - upper] };
}

/** Moves between score thresholds. */
export class Instances {
  /**
   * @param {Found} found
   * @param {(score: number) => [number, number, number]} colorOfScore
   */
  constructor({ instances, ranks, height }, colorOfScore) {
    this.instances = instances;
    this.ranks = ranks;
    this.colorOfScore = colorOfScore;
    this.kept = -1; // nothing was painted yet
    /** The bands of rows in which instances meet at other places than before the last move. */
    this.changed = new Uint8Array(bandsIn(height));
    this.onTop = new Uint32Array(instances.length + 1); // pixels of each rank
    for (let i = 0; i < ranks.length; i++) this.onTop[ranks[i]]++;
  }

  /** @param {{score: number}} thresholds */
  move({ score }) {
    const { instances, kept } = this;
    const below = instances.findIndex((instance) => instance.score <= score);
    this.kept = below < 0 ? instances.length : below;
    this.changed.fill(kept < 0 ? 1 : 0);
    for (const { box } of instances.slice(Math.min(kept, this.kept), Math.max(kept, this.kept))) {
      markRows(this.changed, box[1], box[3]);
    }
  }

  /** @param {ArrayBuffer} [used] is overwritten, if it fits */
  paint(used) {
    const { ranks, kept } = this;
    const ids = idsOf(ranks.length, kept, used);
    for (let i = 0; i < ranks.length; i++) ids[i] = ranks[i] <= kept ? ranks[i] : 0;
    return ids;
  }

  /** @returns {import("./panoptic.js").Segment[]} */
  segments() {
    return this.instances.slice(0, this.kept).map((instance, n) => {
      const { query, class_id, label, quality, area, color, label_color, box } = instance;
      const score = Math.min(1, instance.score);
      return {
        id: n + 1,
        key: `query-${query}-${class_id}`,
        class_id,
        label,
        kind: "thing",
        score,
        quality,
        area,
        queries: [query],
        color,
        colors: { label: label_color, score: this.colorOfScore(score) },
        box,
      };
    });
  }

  /** Share of the shown picture that is in instances, 0–1. */
  coverage() {
    let covered = 0;
    for (let rank = 1; rank <= this.kept; rank++) covered += this.onTop[rank];
    return covered / this.ranks.length;
  }
}
