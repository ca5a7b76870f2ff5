/**
 * Where segments meet. It is found once per map (merge/steps.js), as that takes a look at every pixel; which of it
 * shows, and how wide, is decided at each painting.
 *
 * @import { Ids } from "./state.js"
 */

/**
 * Set the pixels along borders between what is shown; panoseg/drawing.py draws by the same rule.
 *
 * A border of one pixel runs left of, or above, the step from one segment to the next; wider ones grow
 * to both sides in turn.
 *
 * @param {Uint32Array} pixels
 * @param {Ids} ids
 * @param {Uint32Array} steps
 * @param {Uint16Array} shown the id that each id is shown as, 0 where it is not
 * @param {{ width: number, height: number }} size
 * @param {number} thickness
 * @param {number} color
 */
export function paintBorders(pixels, ids, steps, shown, size, thickness, color) {
  const { width, height } = size;
  const before = Math.ceil(thickness / 2) - 1;
  for (const i of steps) {
    const here = shown[ids[i]];
    const x = i % width;
    if (x + 1 < width && here !== shown[ids[i + 1]]) {
      const end = Math.min(width - x, thickness - before);
      for (let step = Math.max(-x, -before); step < end; step++) pixels[i + step] = color;
    }
    const y = (i / width) | 0;
    if (y + 1 < height && here !== shown[ids[i + width]]) {
      const end = Math.min(height - y, thickness - before);
      for (let step = Math.max(-y, -before); step < end; step++) pixels[i + step * width] = color;
    }
  }
}
