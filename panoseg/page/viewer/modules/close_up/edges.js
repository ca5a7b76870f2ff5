/**
 * The lines between pixels of different segments: pure, no browser.
 *
 * @import { Ids } from "../state.js"
 *
 * @typedef {object} IdTile ids of a tile and, where the photo goes on, one column and row more
 * @property {Ids} ids row by row
 * @property {number} columns of `ids`
 * @property {number} rows
 * @property {number} width of the tile
 * @property {number} height
 */

/**
 * Where neighbours have different names: x and y of both ends of each line, in pixels of the tile.
 *
 * @param {IdTile} tile
 * @param {ArrayLike<number>} nameOf by id
 * @returns {number[]}
 */
export function edgesOf({ ids, columns, rows, width, height }, nameOf) {
  /** @type {number[]} */
  const lines = [];
  for (let y = 0; y < rows - 1; y++) {
    for (let x = 0, at = y * columns, start = -1; x <= width; x++, at++) {
      const differs = x < width && nameOf[ids[at]] !== nameOf[ids[at + columns]];
      if (differs && start < 0) start = x;
      if (differs || start < 0) continue;
      lines.push(start, y + 1, x, y + 1);
      start = -1;
    }
  }
  for (let x = 0; x < columns - 1; x++) {
    for (let y = 0, at = x, start = -1; y <= height; y++, at += columns) {
      const differs = y < height && nameOf[ids[at]] !== nameOf[ids[at + 1]];
      if (differs && start < 0) start = y;
      if (differs || start < 0) continue;
      lines.push(x + 1, start, x + 1, y);
      start = -1;
    }
  }
  return lines;
}
