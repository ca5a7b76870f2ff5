/** Where segments meet. */

import { BAND_ROWS, bandsIn } from "./bands.js";

/** @typedef {import("./ids.js").Ids} Ids */

/**
 * Indices of the pixels whose right or lower neighbour is of another id, in ascending order.
 *
 * @param {Ids} ids
 * @param {number} width
 * @returns {Uint32Array}
 */
export function stepsOf(ids, width) {
  const steps = new Steps(ids.length / width, width);
  steps.follow(ids);
  return steps.all();
}

const LEAST_ROOM = 1 << 16; // so that a buffer mostly serves the next map, too

/** The steps of one map after another, of which only some bands change. */
export class Steps {
  /**
   * @param {number} height
   * @param {number} width
   */
  constructor(height, width) {
    this.width = width;
    /** @type {Uint32Array[]} */
    this.ofBand = Array.from({ length: bandsIn(height) }, () => new Uint32Array(0));
    this.room = new Uint32Array(BAND_ROWS * width);
  }

  /**
   * @param {Ids} ids
   * @param {Uint8Array} [changed] the bands in which segments meet at other places than before; all unless given
   */
  follow(ids, changed) {
    const { width, ofBand, room } = this;
    for (let band = 0; band < ofBand.length; band++) {
      // The last row of a band has its lower neighbours in the next.
      if (changed && !changed[band] && !changed[band + 1]) continue;
      const first = band * BAND_ROWS * width;
      const end = Math.min(ids.length, first + BAND_ROWS * width);
      ofBand[band] = room.slice(0, findSteps(ids, width, first, end, room));
    }
  }

  /**
   * @param {ArrayBuffer} [buffer] to be overwritten, if they fit
   * @returns {Uint32Array}
   */
  all(buffer) {
    const count = this.ofBand.reduce((sum, steps) => sum + steps.length, 0);
    const fits = buffer && buffer.byteLength >= 4 * count;
    const all = new Uint32Array(
      fits ? buffer : new ArrayBuffer(4 * Math.max(2 * count, LEAST_ROOM)),
      0,
      count,
    );
    let at = 0;
    for (const steps of this.ofBand) {
      all.set(steps, at);
      at += steps.length;
    }
    return all;
  }
}

/**
 * @param {Ids} ids
 * @param {number} width
 * @param {number} first pixel of some rows
 * @param {number} end of them
 * @param {Uint32Array} found has room for all of them
 * @returns {number} how many were found
 */
function findSteps(ids, width, first, end, found) {
  const lastRow = ids.length - width;
  let count = 0;
  /** @param {number} to */
  function lookUntil(to) {
    for (; next < to; next++) {
      const right = (next + 1) % width ? ids[next + 1] : ids[next];
      const below = next < lastRow ? ids[next + width] : ids[next];
      if (ids[next] !== right || ids[next] !== below) found[count++] = next;
    }
  }
  let next = first;
  if (ids instanceof Uint8Array) {
    lookUntil(Math.min(end, 4 * Math.ceil(first / 4)));
    ({ next, count } = findInFours(ids, width, next, Math.min(end, lastRow - 4), found, count));
  }
  lookUntil(end);
  return count;
}

/**
 * The same for as many pixels as can be compared four at a time, with their neighbours shifted into place.
 *
 * @param {Uint8Array} ids
 * @param {number} width
 * @param {number} first divisible by four
 * @param {number} end
 * @param {Uint32Array} found
 * @param {number} count of what is in there
 * @returns {{next: number, count: number}} `next` is the first pixel that is left
 */
function findInFours(ids, width, first, end, found, count) {
  const fours = new Uint32Array(ids.buffer, 0, ids.length >> 2);
  const down = width >> 2;
  const shift = 8 * (width & 3);
  let n = first >> 2;
  for (const last = end >> 2; n < last; n++) {
    const here = fours[n];
    const right = (here >>> 8) | (fours[n + 1] << 24);
    const below = shift
      ? (fours[n + down] >>> shift) | (fours[n + down + 1] << (32 - shift))
      : fours[n + down];
    if (((here ^ right) | (here ^ below)) === 0) continue;
    for (let i = 4 * n; i < 4 * n + 4; i++) {
      const id = ids[i];
      if (id !== ids[i + width] || (id !== ids[i + 1] && (i + 1) % width)) found[count++] = i;
    }
  }
  return { next: Math.max(first, 4 * n), count };
}
