/** Where segments meet, and what that says about their boxes. */

/** @typedef {import("./panoptic.js").Ids} Ids */

/**
 * Indices of the pixels whose right or lower neighbour is of another id, in ascending order.
 *
 * @param {Ids} ids
 * @param {number} width
 * @param {Uint32Array} [into] to be overwritten, if there is room
 * @returns {Uint32Array} the first part of `into`, or of an array of its own
 */
export function stepsOf(ids, width, into = new Uint32Array(1 << 16)) {
  let found = into;
  let count = 0;
  const lastRow = ids.length - width;
  for (let i = 0; i < ids.length; ) {
    if (count + width > found.length) found = longer(found, count + width);
    const end = i + width - 1;
    // In the last row a pixel is its own lower neighbour.
    const down = i < lastRow ? width : 0;
    let id = ids[i];
    for (; i < end; i++) {
      const right = ids[i + 1];
      if (id !== right || id !== ids[i + down]) found[count++] = i;
      id = right;
    }
    if (id !== ids[i + down]) found[count++] = i;
    i++;
  }
  return found.subarray(0, count);
}

/**
 * The tight box of each id 1 … count as left, top, width, height; all zero for one that does not occur.
 *
 * Where an id begins and ends there is a step, or the map's edge: no other pixel is looked at.
 *
 * @param {Ids} ids
 * @param {number} width
 * @param {number} height
 * @param {Uint32Array} steps
 * @param {number} count
 * @returns {Int32Array} 4 × count
 */
export function boxesOf(ids, width, height, steps, count) {
  const left = new Int32Array(count + 1).fill(width);
  const top = new Int32Array(count + 1).fill(height);
  const right = new Int32Array(count + 1).fill(-1);
  const bottom = new Int32Array(count + 1).fill(-1);
  /**
   * @param {number} id
   * @param {number} x
   * @param {number} y
   */
  const touch = (id, x, y) => {
    if (x < left[id]) left[id] = x;
    if (x > right[id]) right[id] = x;
    if (y < top[id]) top[id] = y;
    if (y > bottom[id]) bottom[id] = y;
  };
  let y = 0;
  let next = width;
  for (let n = 0; n < steps.length; n++) {
    const i = steps[n];
    for (; i >= next; next += width) y++;
    const x = i - next + width;
    touch(ids[i], x, y);
    if (x + 1 < width) touch(ids[i + 1], x + 1, y);
    if (y + 1 < height) touch(ids[i + width], x, y + 1);
  }
  for (let x = 0; x < width; x++) {
    touch(ids[x], x, 0);
    touch(ids[(height - 1) * width + x], x, height - 1);
  }
  for (let row = 0; row < height; row++) {
    touch(ids[row * width], 0, row);
    touch(ids[row * width + width - 1], width - 1, row);
  }
  const boxes = new Int32Array(4 * count);
  for (let id = 1; id <= count; id++) {
    if (right[id] < 0) continue;
    boxes.set([left[id], top[id], right[id] - left[id] + 1, bottom[id] - top[id] + 1], 4 * (id - 1));
  }
  return boxes;
}

/**
 * @param {Uint32Array} numbers
 * @param {number} least
 */
function longer(numbers, least) {
  const copy = new Uint32Array(Math.max(least, 2 * numbers.length));
  copy.set(numbers);
  return copy;
}
