/**
 * Pixels on canvases, and the masks that are painted there.
 *
 * @import { Rules } from "./inbox.js"
 * @import { Look } from "./look.js"
 * @import { Ids, SegmentMap } from "./state.js"
 *
 * @typedef {[left: number, top: number, width: number, height: number]} Box
 * @typedef {ReturnType<typeof createSurface>} Surface
 */

import { paintBorders } from "./borders.js";
import { HEAT, pixelOf, tables } from "./palette.js";

// What image editors show where there is nothing.
export const CHECKER = [0xffcfccca, 0xffb9b5b2];
export const CHECKER_PIXELS = 4; // as a power of two: 16

/**
 * A canvas with pixels that are written again and again rather than made anew.
 *
 * @param {HTMLCanvasElement} canvas
 */
export function createSurface(canvas) {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("The browser has no room for another canvas.");
  let image = context.createImageData(1, 1);
  /** @type {Box | null} the part that was painted last */
  let used = null;
  return {
    /**
     * The whole canvas's pixels; `show` puts them there.
     *
     * @param {number} width
     * @param {number} height
     */
    all(width, height) {
      if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
      }
      if (image.width !== width || image.height !== height) image = context.createImageData(width, height);
      return new Uint32Array(image.data.buffer);
    },
    show() {
      context.putImageData(image, 0, 0);
    },
    /**
     * Make the canvas empty but for a box of pixels that `fill` sets.
     *
     * @param {number} width
     * @param {number} height
     * @param {Box | null} box
     * @param {(pixels: Uint32Array, box: Box) => void} fill
     */
    only(width, height, box, fill) {
      if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
        used = null;
      }
      if (used) context.clearRect(...used);
      used = box;
      if (!box) return;
      const part = context.createImageData(box[2], box[3]);
      fill(new Uint32Array(part.data.buffer), box);
      context.putImageData(part, box[0], box[1]);
    },
  };
}

/**
 * Paint what a look shows in its colours, or how doubtful each pixel is, with borders.
 *
 * @param {Surface} surface
 * @param {SegmentMap} map
 * @param {Look} look
 * @param {Rules} rules
 * @param {Ids | undefined} doubt
 */
export function paintMasks(surface, map, look, rules, doubt) {
  const { width, height, ids } = map;
  const { colors, shown, outside } = tables(map.segments, look, rules);
  const pixels = surface.all(width, height);
  if (doubt) {
    for (let i = 0; i < pixels.length; i++) pixels[i] = HEAT[doubt[i]];
  } else {
    paintIds(pixels, ids, colors);
    if (look.style.cutout) paintChecker(pixels, ids, outside, width, height);
  }
  if (look.style.outlines) {
    const color = pixelOf(rules.outline, 1);
    paintBorders(pixels, ids, map.steps, shown, map, look.style.outline_width, color);
  }
  surface.show();
}

/**
 * The colour of each pixel's id; inside segments a run at a time, as most neighbours are of one id.
 *
 * @param {Uint32Array} pixels
 * @param {Ids} ids
 * @param {Uint32Array} colors by id
 */
function paintIds(pixels, ids, colors) {
  const fours = ids.byteOffset % 4 === 0 && ids instanceof Uint8Array ? ids.length >> 2 : 0;
  const words = new Uint32Array(ids.buffer, fours ? ids.byteOffset : 0, fours);
  for (let at = 0; at < fours; ) {
    const from = at++;
    const word = words[from];
    const id = word & 0xff;
    if (word === id * 0x01010101) {
      while (at < fours && words[at] === word) at++;
      pixels.fill(colors[id], 4 * from, 4 * at);
    } else {
      for (let i = 4 * from; i < 4 * at; i++) pixels[i] = colors[ids[i]];
    }
  }
  for (let i = 4 * fours; i < ids.length; i++) pixels[i] = colors[ids[i]];
}

/**
 * @param {Uint32Array} pixels
 * @param {Ids} ids
 * @param {Uint8Array} outside
 * @param {number} width
 * @param {number} height
 */
function paintChecker(pixels, ids, outside, width, height) {
  for (let y = 0, i = 0; y < height; y++) {
    const row = y >> CHECKER_PIXELS;
    for (let x = 0; x < width; x++, i++) {
      if (outside[ids[i]]) pixels[i] = CHECKER[((x >> CHECKER_PIXELS) + row) & 1];
    }
  }
}
