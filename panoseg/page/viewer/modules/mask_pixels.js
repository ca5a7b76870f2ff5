/**
 * The pixels of masks in a look: pure, here and in the worker that merges.
 *
 * @import { Rules } from "./inbox.js"
 * @import { Look } from "./look.js"
 * @import { Ids, SegmentMap } from "./state.js"
 */

import { paintBorders } from "./borders.js";
import { HEAT, pixelOf, tables } from "./palette.js";

// What image editors show where there is nothing.
export const CHECKER = [0xffcfccca, 0xffb9b5b2];
export const CHECKER_PIXELS = 4; // as a power of two: 16

/**
 * Set each pixel to what a look shows there in its colours, or to how doubtful it is, with borders.
 *
 * @param {Uint32Array} pixels as a canvas holds them (palette.js)
 * @param {Pick<SegmentMap, "ids" | "steps" | "width" | "height" | "segments">} map
 * @param {Pick<Look, "hidden" | "selected" | "style">} look
 * @param {Pick<Rules, "dimmed" | "lit" | "outline">} rules
 * @param {Ids} [doubt]
 */
export function fillMasks(pixels, map, look, rules, doubt) {
  const { width, height, ids } = map;
  const { colors, shown, outside } = tables(map.segments, look, rules);
  if (doubt) {
    for (let i = 0; i < pixels.length; i++) pixels[i] = HEAT[doubt[i]];
  } else {
    fillIds(pixels, ids, colors);
    if (look.style.cutout) fillChecker(pixels, ids, outside, width, height);
  }
  if (look.style.outlines) {
    const color = pixelOf(rules.outline, 1);
    paintBorders(pixels, ids, map.steps, shown, map, look.style.outline_width, color);
  }
}

/**
 * The colour of each pixel's id; inside segments a run at a time, as most neighbours are of one id.
 *
 * @param {Uint32Array} pixels
 * @param {Ids} ids
 * @param {Uint32Array} colors by id
 */
function fillIds(pixels, ids, colors) {
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
function fillChecker(pixels, ids, outside, width, height) {
  for (let y = 0, i = 0; y < height; y++) {
    const row = y >> CHECKER_PIXELS;
    for (let x = 0; x < width; x++, i++) {
      if (outside[ids[i]]) pixels[i] = CHECKER[((x >> CHECKER_PIXELS) + row) & 1];
    }
  }
}
