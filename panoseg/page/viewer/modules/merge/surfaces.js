/** Mask logits as surfaces over the shown pixels: bounds over tiles, and the pixels of a tile. */

import { axisOf } from "./axis.js";
import { BAND_ROWS } from "./bands.js";

/** Sides of a tile in pixels. */
export const TILE_HEIGHT = BAND_ROWS;
export const TILE_WIDTH = 32;

/**
 * The size of everything a prediction is about, as [height, width].
 *
 * @typedef {object} Geometry
 * @property {[number, number]} grid the masks' own
 * @property {[number, number]} input the padded input of the network
 * @property {[number, number]} content the part of it that the photo fills
 * @property {[number, number]} photo
 * @property {[number, number]} shown the picture in which segments are looked at
 */

/** The logits of all queries over the shown picture. */
export class Surfaces {
  /**
   * @param {Geometry} geometry
   * @param {Float32Array} logits queries × grid
   */
  constructor(geometry, logits) {
    const [rows, columns] = [0, 1].map((side) =>
      axisOf({
        mask: geometry.grid[side],
        padded: geometry.input[side],
        content: geometry.content[side],
        photo: geometry.photo[side],
        shown: geometry.shown[side],
      }),
    );
    this.height = rows.count;
    this.width = columns.count;
    this.rowSpans = spansOf(rows, TILE_HEIGHT);
    this.columnSpans = spansOf(columns, TILE_WIDTH);
    this.tileRows = this.rowSpans.length;
    this.tileColumns = this.columnSpans.length;
    this.rows = rows;
    this.columns = columns;
    this.logits = logits;
    this.gridWidth = geometry.grid[1];
    this.gridSize = geometry.grid[0] * this.gridWidth;
    // Scratch: along the mask grid, and along the nodes of a tile.
    this.least = new Float32Array(this.gridWidth);
    this.most = new Float32Array(this.gridWidth);
    this.line = new Float64Array(this.gridWidth);
    this.above = new Float64Array(2 * TILE_WIDTH);
    this.below = new Float64Array(2 * TILE_WIDTH);
    this.edge = new Float64Array(2 * TILE_WIDTH);
  }

  /**
   * The smallest and the largest logit that the pixels of each tile of a row lie between.
   *
   * @param {number} query
   * @param {number} tileRow
   * @param {Float64Array} bounds to fill, two for each tile
   */
  boundRow(query, tileRow, bounds) {
    const { logits, gridWidth, least, most, columnSpans } = this;
    const [top, bottom] = this.rowSpans[tileRow];
    let at = query * this.gridSize + top * gridWidth;
    for (let x = 0; x < gridWidth; x++) least[x] = most[x] = logits[at + x];
    for (let y = top + 1; y <= bottom; y++) {
      at += gridWidth;
      for (let x = 0; x < gridWidth; x++) {
        const value = logits[at + x];
        if (value < least[x]) least[x] = value;
        if (value > most[x]) most[x] = value;
      }
    }
    for (let tile = 0; tile < columnSpans.length; tile++) {
      const [left, right] = columnSpans[tile];
      let low = least[left];
      let high = most[left];
      for (let x = left + 1; x <= right; x++) {
        if (least[x] < low) low = least[x];
        if (most[x] > high) high = most[x];
      }
      bounds[2 * tile] = low;
      bounds[2 * tile + 1] = high;
    }
  }

  /**
   * The logits of a tile's pixels, in the order of the two resizes: rows, then columns.
   *
   * @param {number} query
   * @param {number} top
   * @param {number} bottom
   * @param {number} left
   * @param {number} right
   * @param {Float64Array} out to fill, row by row
   */
  evaluate(query, top, bottom, left, right, out) {
    const { rows, edge } = this;
    const { cell, part } = this.columns;
    const first = cell[left];
    const last = cell[right - 1] + 1;
    let { above, below } = this;
    let row = -2;
    let at = 0;
    for (let y = top; y < bottom; y++) {
      const its = rows.cell[y];
      if (its !== row) {
        if (its === row + 1) [above, below] = [below, above];
        else this.#nodes(query, its, first, last, above);
        this.#nodes(query, its + 1, first, last, below);
        row = its;
      }
      const down = rows.part[y];
      for (let node = last - first; node >= 0; node--) {
        edge[node] = above[node] * (1 - down) + below[node] * down;
      }
      for (let x = left; x < right; x++) {
        const node = cell[x] - first;
        const toward = part[x];
        out[at++] = edge[node] * (1 - toward) + edge[node + 1] * toward;
      }
    }
  }

  /**
   * The surface along one row of nodes.
   *
   * @param {number} query
   * @param {number} row
   * @param {number} first
   * @param {number} last
   * @param {Float64Array} out
   */
  #nodes(query, row, first, last, out) {
    const { logits, rows, columns, line } = this;
    const start = columns.low[first];
    const end = columns.high[last];
    const up = query * this.gridSize + rows.low[row] * this.gridWidth;
    const down = query * this.gridSize + rows.high[row] * this.gridWidth;
    const along = rows.toward[row];
    for (let x = start; x <= end; x++) line[x] = logits[up + x] * (1 - along) + logits[down + x] * along;
    for (let node = first; node <= last; node++) {
      const toward = columns.toward[node];
      out[node - first] = line[columns.low[node]] * (1 - toward) + line[columns.high[node]] * toward;
    }
  }
}

/**
 * First and last mask sample that the pixels of each tile look at.
 *
 * @param {import("./axis.js").Axis} axis
 * @param {number} side of a tile
 */
function spansOf(axis, side) {
  return Array.from({ length: Math.ceil(axis.count / side) }, (_, tile) => {
    const end = Math.min(axis.count, (tile + 1) * side);
    return [axis.low[axis.cell[tile * side]], axis.high[axis.cell[end - 1] + 1]];
  });
}
