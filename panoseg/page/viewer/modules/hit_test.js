/**
 * Which segment lies under a point.
 *
 * @import { Point } from "./geometry.js"
 * @import { Ids } from "./state.js"
 *
 * @typedef {{ ids: Ids, width: number, height: number }} Pixels
 */

/**
 * Column and row of the map at a point of the picture, or null outside of it.
 *
 * @param {Pixels} map
 * @param {Point} point
 */
export function pixelAt(map, point) {
  const x = Math.floor(point.x * map.width);
  const y = Math.floor(point.y * map.height);
  return x >= 0 && y >= 0 && x < map.width && y < map.height ? { x, y } : null;
}

/**
 * The id of the segment at a pixel; 0 for void.
 *
 * @param {Pixels} map
 * @param {{ x: number, y: number }} pixel
 */
export function idAt(map, pixel) {
  return map.ids[pixel.y * map.width + pixel.x];
}
