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
 * @param {Uint32Array} pixels of the whole map
 * @param {{ ids: Ids, steps: Uint32Array, width: number, height: number }} map
 * @param {Uint16Array} shown the id that each id is shown as, 0 where it is not
 * @param {number} thickness
 * @param {number} color
 * @param {[from: number, to: number]} rows the only ones that are painted
 */
export function paintBorders(pixels, { ids, steps, width, height }, shown, thickness, color, [from, to]) {
  const before = Math.ceil(thickness / 2) - 1;
  const after = thickness - before;
  const end = lowerBound(steps, width * (to + before));
  for (let n = lowerBound(steps, width * (from - after)); n < end; n++) {
    const i = steps[n];
    const here = shown[ids[i]];
    const x = i % width;
    const y = (i / width) | 0;
    if (x + 1 < width && y >= from && y < to && here !== shown[ids[i + 1]]) {
      const last = Math.min(width - x, after);
      for (let step = Math.max(-x, -before); step < last; step++) pixels[i + step] = color;
    }
    if (y + 1 < height && here !== shown[ids[i + width]]) {
      const last = Math.min(to - y, after);
      for (let step = Math.max(from - y, -before); step < last; step++) pixels[i + step * width] = color;
    }
  }
}

/**
 * The place of the first number that is not below another.
 *
 * @param {Uint32Array} numbers ascending
 * @param {number} least
 */
function lowerBound(numbers, least) {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
