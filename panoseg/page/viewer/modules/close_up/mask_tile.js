/**
 * A tile of the id map, with what was last painted of it.
 *
 * @import { IdTile } from "./edges.js"
 *
 * @typedef {IdTile & Painted} MaskTile
 *
 * @typedef {object} Painted
 * @property {HTMLCanvasElement | null} canvas
 * @property {number} canvasTurn of the tables that it was painted with
 * @property {Path2D | null} path the borders of what is shown
 * @property {number} pathTurn
 * @property {Path2D | null} hover the outline of one segment
 * @property {number} hoverId
 */

import { CHECKER, CHECKER_PIXELS } from "../mask_pixels.js";
import { edgesOf } from "./edges.js";

/**
 * @param {IdTile} tile
 * @returns {MaskTile}
 */
export function createMaskTile(tile) {
  return { ...tile, canvas: null, canvasTurn: -1, path: null, pathTurn: -1, hover: null, hoverId: 0 };
}

/**
 * @param {MaskTile} tile
 * @param {{ colors: Uint32Array, outside: Uint8Array }} tables by id
 * @param {boolean} cutout
 * @param {number} turn tells these tables from others
 */
export function paintedTile(tile, { colors, outside }, cutout, turn) {
  const { ids, columns, width, height } = tile;
  tile.canvas ??= Object.assign(document.createElement("canvas"), { width, height });
  if (tile.canvasTurn === turn) return tile.canvas;
  tile.canvasTurn = turn;
  const context = tile.canvas.getContext("2d");
  if (!context) return tile.canvas;
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0, at = y * columns; x < width; x++, i++, at++) {
      const id = ids[at];
      pixels[i] =
        cutout && outside[id] ? CHECKER[((x >> CHECKER_PIXELS) + (y >> CHECKER_PIXELS)) & 1] : colors[id];
    }
  }
  context.putImageData(image, 0, 0);
  return tile.canvas;
}

/**
 * @param {MaskTile} tile
 * @param {ArrayLike<number>} shown by id, the id or 0
 * @param {number} turn
 */
export function edgePath(tile, shown, turn) {
  if (tile.pathTurn !== turn || !tile.path) tile.path = pathOf(edgesOf(tile, shown));
  tile.pathTurn = turn;
  return tile.path;
}

/**
 * @param {MaskTile} tile
 * @param {number} id
 */
export function hoverPath(tile, id) {
  if (tile.hoverId !== id || !tile.hover) {
    const own = new Uint8Array(65536);
    own[id] = 1;
    tile.hover = pathOf(edgesOf(tile, own));
  }
  tile.hoverId = id;
  return tile.hover;
}

/** @param {number[]} lines */
function pathOf(lines) {
  const path = new Path2D();
  for (let i = 0; i < lines.length; i += 4) {
    path.moveTo(lines[i], lines[i + 1]);
    path.lineTo(lines[i + 2], lines[i + 3]);
  }
  return path;
}
