/**
 * The pixels of masks in a look: pure, here and in the worker that merges.
 *
 * @import { Rules } from "./inbox.js"
 * @import { Look } from "./look.js"
 * @import { Ids, SegmentMap } from "./state.js"
 *
 * @typedef {[from: number, to: number]} Rows
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
  const inLook = tables(map.segments, look, rules);
  if (!doubt) return fillRows(pixels, map, inLook, look.style, rules, [0, map.height]);
  for (let i = 0; i < pixels.length; i++) pixels[i] = HEAT[doubt[i]];
  fillBorders(pixels, map, inLook.shown, look.style, rules, [0, map.height]);
}

/**
 * The same for some rows, in its colours.
 *
 * @param {Uint32Array} pixels of the whole map
 * @param {Pick<SegmentMap, "ids" | "steps" | "width" | "height">} map
 * @param {ReturnType<typeof tables>} inLook
 * @param {Look["style"]} style
 * @param {Pick<Rules, "outline">} rules
 * @param {Rows} rows
 */
export function fillRows(pixels, map, inLook, style, rules, rows) {
  const { width, ids } = map;
  fillIds(pixels, ids, inLook.colors, width * rows[0], width * rows[1]);
  if (style.cutout) fillChecker(pixels, ids, inLook.outside, width, rows);
  fillBorders(pixels, map, inLook.shown, style, rules, rows);
}

/**
 * @param {Uint32Array} pixels
 * @param {Pick<SegmentMap, "ids" | "steps" | "width" | "height">} map
 * @param {Uint16Array} shown
 * @param {Look["style"]} style
 * @param {Pick<Rules, "outline">} rules
 * @param {Rows} rows
 */
function fillBorders(pixels, map, shown, { outlines, outline_width }, { outline }, rows) {
  if (outlines) paintBorders(pixels, map, shown, outline_width, pixelOf(outline, 1), rows);
}

/**
 * The colour of each pixel's id; inside segments a run at a time, as most neighbours are of one id.
 *
 * @param {Uint32Array} pixels
 * @param {Ids} ids
 * @param {Uint32Array} colors by id
 * @param {number} first pixel
 * @param {number} end
 */
function fillIds(pixels, ids, colors, first, end) {
  const canBeFours = ids.byteOffset % 4 === 0 && ids instanceof Uint8Array;
  let at = Math.ceil(first / 4);
  const stop = canBeFours ? Math.max(at, end >> 2) : at;
  const words = new Uint32Array(
    ids.buffer,
    canBeFours ? ids.byteOffset : 0,
    canBeFours ? ids.length >> 2 : 0,
  );
  const head = Math.min(end, 4 * at);
  for (let i = first; i < head; i++) pixels[i] = colors[ids[i]];
  while (at < stop) {
    const from = at++;
    const word = words[from];
    const id = word & 0xff;
    if (word === id * 0x01010101) {
      while (at < stop && words[at] === word) at++;
      pixels.fill(colors[id], 4 * from, 4 * at);
    } else {
      for (let i = 4 * from; i < 4 * at; i++) pixels[i] = colors[ids[i]];
    }
  }
  for (let i = 4 * at; i < end; i++) pixels[i] = colors[ids[i]];
}

/**
 * @param {Uint32Array} pixels
 * @param {Ids} ids
 * @param {Uint8Array} outside
 * @param {number} width
 * @param {Rows} rows
 */
function fillChecker(pixels, ids, outside, width, [from, to]) {
  for (let y = from, i = from * width; y < to; y++) {
    const row = y >> CHECKER_PIXELS;
    for (let x = 0; x < width; x++, i++) {
      if (outside[ids[i]]) pixels[i] = CHECKER[((x >> CHECKER_PIXELS) + row) & 1];
    }
  }
}
