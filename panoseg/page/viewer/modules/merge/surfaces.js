/** Mask logits as surfaces over the shown pixels: bounds over tiles, and the pixels of a tile. */

import { axisOf } from "./axis.js";

/** Sides of a tile in pixels. */
export const TILE_HEIGHT = 16;
export const TILE_WIDTH = 32;

/** @typedef {import("./axis.js").Axis} Axis */

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

/**
 * @typedef {object} Surfaces
 * @property {number} height of the shown picture
 * @property {number} width
 * @property {number} tileRows
 * @property {number} tileColumns
 * @property {(query: number, tileRow: number, bounds: Float64Array) => void} boundRow for each tile of a row the
 *   smallest and the largest logit that its pixels lie between
 * @property {(query: number, top: number, bottom: number, left: number, right: number, out: Float64Array) => void}
 *   evaluate the logits of a tile's pixels, row by row
 */

/**
 * @param {Geometry} geometry
 * @param {Float32Array} logits queries × grid
 * @returns {Surfaces}
 */
export function surfacesOf(geometry, logits) {
  const [rows, columns] = [0, 1].map((side) =>
    axisOf({
      mask: geometry.grid[side],
      padded: geometry.input[side],
      content: geometry.content[side],
      photo: geometry.photo[side],
      shown: geometry.shown[side],
    }),
  );
  const gridWidth = geometry.grid[1];
  const gridSize = geometry.grid[0] * gridWidth;
  const tileRows = Math.ceil(rows.count / TILE_HEIGHT);
  const tileColumns = Math.ceil(columns.count / TILE_WIDTH);
  const across = Array.from({ length: tileColumns }, (_, tile) =>
    samplesOf(columns, tile * TILE_WIDTH, Math.min(columns.count, (tile + 1) * TILE_WIDTH)),
  );
  const least = new Float32Array(gridWidth);
  const most = new Float32Array(gridWidth);
  const line = new Float64Array(gridWidth);
  let above = new Float64Array(2 * TILE_WIDTH);
  let below = new Float64Array(2 * TILE_WIDTH);
  const edge = new Float64Array(2 * TILE_WIDTH);

  /**
   * @param {number} query
   * @param {number} tileRow
   * @param {Float64Array} bounds
   */
  function boundRow(query, tileRow, bounds) {
    const [top, bottom] = samplesOf(
      rows,
      tileRow * TILE_HEIGHT,
      Math.min(rows.count, (tileRow + 1) * TILE_HEIGHT),
    );
    let at = query * gridSize + top * gridWidth;
    for (let x = 0; x < gridWidth; x++) least[x] = most[x] = logits[at + x];
    for (let y = top + 1; y <= bottom; y++) {
      at += gridWidth;
      for (let x = 0; x < gridWidth; x++) {
        const value = logits[at + x];
        if (value < least[x]) least[x] = value;
        if (value > most[x]) most[x] = value;
      }
    }
    for (let tile = 0; tile < tileColumns; tile++) {
      const [left, right] = across[tile];
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
   * The surface along one row of nodes.
   *
   * @param {number} query
   * @param {number} row
   * @param {number} first
   * @param {number} last
   * @param {Float64Array} out
   */
  function nodesOf(query, row, first, last, out) {
    const start = columns.low[first];
    const end = columns.high[last];
    const up = query * gridSize + rows.low[row] * gridWidth;
    const down = query * gridSize + rows.high[row] * gridWidth;
    const along = rows.toward[row];
    for (let x = start; x <= end; x++) line[x] = logits[up + x] * (1 - along) + logits[down + x] * along;
    for (let node = first; node <= last; node++) {
      const toward = columns.toward[node];
      out[node - first] = line[columns.low[node]] * (1 - toward) + line[columns.high[node]] * toward;
    }
  }

  /**
   * @param {number} query
   * @param {number} top
   * @param {number} bottom
   * @param {number} left
   * @param {number} right
   * @param {Float64Array} out
   */
  function evaluate(query, top, bottom, left, right, out) {
    const { cell, part } = columns;
    const first = cell[left];
    const last = cell[right - 1] + 1;
    let row = -2;
    let at = 0;
    for (let y = top; y < bottom; y++) {
      const its = rows.cell[y];
      if (its !== row) {
        if (its === row + 1) [above, below] = [below, above];
        else nodesOf(query, its, first, last, above);
        nodesOf(query, its + 1, first, last, below);
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

  return { height: rows.count, width: columns.count, tileRows, tileColumns, boundRow, evaluate };
}

/**
 * First and last mask sample that some pixels look at.
 *
 * @param {Axis} axis
 * @param {number} first
 * @param {number} end
 */
function samplesOf(axis, first, end) {
  return [axis.low[axis.cell[first]], axis.high[axis.cell[end - 1] + 1]];
}
