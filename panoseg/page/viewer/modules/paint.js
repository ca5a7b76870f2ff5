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

import { fillMasks } from "./mask_pixels.js";
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

  /**
   * @param {number} width
   * @param {number} height
   */
  function setSize(width, height) {
    if (canvas.width === width && canvas.height === height) return;
    canvas.width = width;
    canvas.height = height;
    used = null;
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
      context.putImageData(image, 0, 0);
    },
    /**
     * Show pixels that were painted elsewhere.
     *
     * @param {Uint32Array} pixels
     * @param {number} width
     * @param {number} height
     */
    put(pixels, width, height) {
      setSize(width, height);
      const bytes = new Uint8ClampedArray(/** @type {ArrayBuffer} */ (pixels.buffer));
      context.putImageData(new ImageData(bytes, width, height), 0, 0);
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
    surface.put(merged.picture, width, height);
    return;
  }
  fillMasks(surface.all(width, height), map, look, rules, doubt);
  surface.show();
}
