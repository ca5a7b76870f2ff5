/** Where segments meet, and what that says about their boxes. */

/** @typedef {import("./ids.js").Ids} Ids */

/**
 * Indices of the pixels whose right or lower neighbour is of another id, in ascending order.
 *
 * @param {Ids} ids
 * @param {number} width
 * @param {Uint32Array} [into] to be overwritten, if there is room
 * @returns {Uint32Array} the first part of `into`, or of an array of its own
 */
export function stepsOf(ids, width, into = new Uint32Array(1 << 16)) {
  const inFours =
    ids instanceof Uint8Array ? stepsInFours(ids, width, into) : { found: into, count: 0, next: 0 };
  let { found, count } = inFours;
  const lastRow = ids.length - width;
  for (let i = inFours.next; i < ids.length; i++) {
    if (count === found.length) found = longer(found);
    const right = (i + 1) % width ? ids[i + 1] : ids[i];
    const below = i < lastRow ? ids[i + width] : ids[i];
    if (ids[i] !== right || ids[i] !== below) found[count++] = i;
  }
  return found.subarray(0, count);
}

/**
 * The same for as many pixels as can be compared four at a time, with their neighbours shifted into place.
 *
 * @param {Uint8Array} ids
 * @param {number} width
 * @param {Uint32Array} found
 * @returns {{found: Uint32Array, count: number, next: number}} `next` is the first pixel that is left
 */
function stepsInFours(ids, width, found) {
  const fours = new Uint32Array(ids.buffer, 0, ids.length >> 2);
  const down = width >> 2;
  const shift = 8 * (width & 3);
  const end = Math.max(0, fours.length - down - 1);
  let count = 0;
  for (let n = 0; n < end; n++) {
    const here = fours[n];
    const right = (here >>> 8) | (fours[n + 1] << 24);
    const below = shift
      ? (fours[n + down] >>> shift) | (fours[n + down + 1] << (32 - shift))
      : fours[n + down];
    if (((here ^ right) | (here ^ below)) === 0) continue;
    if (count + 4 > found.length) found = longer(found);
    for (let i = 4 * n; i < 4 * n + 4; i++) {
      const id = ids[i];
      if (id !== ids[i + width] || (id !== ids[i + 1] && (i + 1) % width)) found[count++] = i;
    }
  }
  return { found, count, next: 4 * end };
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

/** @param {Uint32Array} numbers */
function longer(numbers) {
  const copy = new Uint32Array(2 * numbers.length);
  copy.set(numbers);
  return copy;
}
