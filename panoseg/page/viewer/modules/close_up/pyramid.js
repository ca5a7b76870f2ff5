/**
 * Which tiles of a photo a view shows, and at which size: pure arithmetic, no browser.
 *
 * Level 0 is the photo at full size; at each further level a pixel stands for two by two of the one before
 * (panoseg/page/viewer/tiles.py).
 *
 * @import { View } from "../geometry.js"
 *
 * @typedef {object} Picture
 * @property {[height: number, width: number]} full the photo's own pixels
 * @property {number} width pixels that the page was sent
 *
 * @typedef {{ width: number, height: number }} Room of the board, in pixels of the screen
 *
 * @typedef {object} Frame where a photo lies
 * @property {number} left in pixels of the screen, from the board's left edge
 * @property {number} top
 * @property {number} scale pixels of the screen per pixel of the photo
 *
 * @typedef {{ level: number, column: number, row: number }} Place of a tile
 */

import { stageAt } from "../geometry.js";

export const SIDE = 256;

/**
 * Where a photo lies on its stage.
 *
 * @param {View} view
 * @param {Picture} picture
 * @param {{ width: number, height: number }} stage in pixels of the screen
 * @returns {Frame}
 */
export function frameOf(view, { full }, { width, height }) {
  const [from, to] = [stageAt(view, { x: 0, y: 0 }), stageAt(view, { x: 1, y: 1 })];
  return { left: from.x * width, top: from.y * height, scale: ((to.x - from.x) * width) / full[1] };
}

/**
 * The level that a frame shows best, or null where what the page was sent is as good.
 *
 * @param {Frame} frame
 * @param {Picture} picture
 */
export function levelOf({ scale }, { full, width }) {
  const reduced = full[1] / width;
  if (reduced * scale <= 1) return null;
  const level = Math.max(0, Math.round(Math.log2(1 / scale)));
  return 2 ** level < reduced ? level : null;
}

/**
 * The tiles of a level that lie on the board, those in its middle first.
 *
 * @param {Frame} frame
 * @param {Picture} picture
 * @param {Room} room
 * @param {number} level
 * @returns {Place[]}
 */
export function placesOn({ left, top, scale }, { full }, { width, height }, level) {
  const side = SIDE * 2 ** level * scale;
  const photo = SIDE * 2 ** level;
  /** @type {(from: number, room: number, size: number) => [number, number]} */
  const span = (from, room, size) => [
    Math.max(0, Math.floor(-from / side)),
    Math.min(Math.ceil(size / photo), Math.ceil((room - from) / side)),
  ];
  const [firstColumn, endColumn] = span(left, width, full[1]);
  const [firstRow, endRow] = span(top, height, full[0]);
  /** @type {(Place & { far: number })[]} */
  const places = [];
  for (let row = firstRow; row < endRow; row++) {
    for (let column = firstColumn; column < endColumn; column++) {
      const far = Math.hypot(left + (column + 0.5) * side - width / 2, top + (row + 0.5) * side - height / 2);
      places.push({ level, column, row, far });
    }
  }
  places.sort((a, b) => a.far - b.far);
  return places.map(({ far: _, ...place }) => place);
}

/**
 * Pixels of a tile; of its ids one more column and row, where the photo goes on.
 *
 * @param {Place} place
 * @param {Picture} picture
 * @param {number} margin 1 for ids
 */
export function sizeOf({ level, column, row }, { full }, margin = 0) {
  const step = 2 ** level;
  /** @type {(size: number, at: number) => number} */
  const pixels = (size, at) => Math.min(SIDE + margin, Math.ceil((size - at * SIDE * step) / step));
  return { width: pixels(full[1], column), height: pixels(full[0], row) };
}
