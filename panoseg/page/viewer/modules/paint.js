/**
 * Pixels on canvases, and the masks that are painted there.
 *
 * @import { Rules } from "./inbox.js"
 * @import { MergedMap } from "./merge/service.js"
 * @import { Look } from "./look.js"
 * @import { Ids, SegmentMap } from "./state.js"
 *
 * @typedef {[left: number, top: number, width: number, height: number]} Box
 * @typedef {ReturnType<typeof createSurface>} Surface
 */

import { fillMasks } from "./mask_pixels.js";
import { rowsOf } from "./merge/bands.js";
import { isOfLook } from "./merge/coat.js";

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
  /** @type {Pick<MergedMap, "load" | "move"> | null} which map's masks are on the canvas, if they came painted */
  let shown = null;

  /**
   * @param {number} width
   * @param {number} height
   */
  function setSize(width, height) {
    if (canvas.width === width && canvas.height === height) return;
    canvas.width = width;
    canvas.height = height;
    used = shown = null;
  }

  return {
    /**
     * The whole canvas's pixels; `show` puts them there.
     *
     * @param {number} width
     * @param {number} height
     */
    all(width, height) {
      setSize(width, height);
      if (image.width !== width || image.height !== height) image = context.createImageData(width, height);
      return new Uint32Array(image.data.buffer);
    },
    show() {
      shown = null;
      context.putImageData(image, 0, 0);
    },
    /**
     * Show a map that came painted: of one that follows another, the rows that changed.
     *
     * @param {MergedMap} map
     */
    put(map) {
      const { picture, coat, changedAt, width, height } = map;
      if (!picture || !coat || !changedAt) return;
      setSize(width, height);
      const since = shown?.load === map.load ? shown.move : -1;
      const bytes = new Uint8ClampedArray(/** @type {ArrayBuffer} */ (picture.buffer));
      const pixels = new ImageData(bytes, width, height);
      const isNew = Array.from(changedAt, (move) => move > since);
      for (const [from, to] of rowsOf(isNew, height, coat.look.style.outline_width)) {
        context.putImageData(pixels, 0, 0, 0, from, width, to - from);
      }
      shown = { load: map.load, move: map.move };
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
      setSize(width, height);
      shown = null;
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
  const { width, height, merged } = map;
  if (!doubt && merged?.picture && isOfLook(merged.coat, look)) {
    surface.put(merged);
    return;
  }
  fillMasks(surface.all(width, height), map, look, rules, doubt);
  surface.show();
}
