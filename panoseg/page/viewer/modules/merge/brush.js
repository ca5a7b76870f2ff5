/**
 * Paints maps in the worker: what takes the page's thread half a frame is done beside it.
 *
 * @import { Coat } from "./coat.js"
 * @import { Unpainted } from "./service.js"
 */

import { fillMasks } from "../mask_pixels.js";
import { takeBuffer } from "./buffers.js";

/**
 * The masks of a map, a 32-bit word per pixel as canvases hold them (palette.js).
 *
 * @param {Unpainted} map
 * @param {Coat} coat
 * @param {ArrayBuffer[]} used one of them is overwritten, if it fits
 */
export function pictureOf(map, { look, rules }, used) {
  const bytes = 4 * map.width * map.height;
  const pixels = new Uint32Array(
    takeBuffer(used, (buffer) => buffer.byteLength === bytes) ?? new ArrayBuffer(bytes),
  );
  const segments = map.segments.map((segment) => ({ ...segment, outcome: "", reason: "" }));
  fillMasks(pixels, { ...map, segments }, look, rules);
  return pixels;
}
