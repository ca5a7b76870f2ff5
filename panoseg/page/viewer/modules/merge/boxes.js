/** The boxes of segments, while only some bands of their map change. */

import { BAND_ROWS, bandsIn } from "./bands.js";

/** @typedef {import("./ids.js").Ids} Ids */

/** The tight box of each owner: what has one id in a map, and may have another in the next. */
export class Boxes {
  /**
   * @param {number} height
   * @param {number} width
   * @param {number} owners how many there can be
   */
  constructor(height, width, owners) {
    this.size = [height, width];
    this.owners = owners;
    const room = bandsIn(height) * owners;
    // By band and owner; where an owner has nothing, `right` is -1.
    this.left = new Int32Array(room);
    this.right = new Int32Array(room).fill(-1);
    this.top = new Int32Array(room);
    this.bottom = new Int32Array(room);
  }

  /**
   * Where an owner's pixels begin and end in a row there is a step, or the map's edge: no other pixel is looked at.
   *
   * @param {Ids} ids
   * @param {Int16Array} ownerOf by id, -1 for nobody
   * @param {Uint32Array[]} stepsOf by band
   * @param {Uint8Array} changed by band
   */
  follow(ids, ownerOf, stepsOf, changed) {
    const [height, width] = this.size;
    for (let band = 0; band < changed.length; band++) {
      if (!changed[band]) continue;
      this.right.fill(-1, band * this.owners, (band + 1) * this.owners);
      let y = band * BAND_ROWS;
      let row = y * width;
      for (const i of stepsOf[band]) {
        for (; i >= row + width; row += width) y++;
        const x = i - row;
        if (x + 1 === width || ids[i] === ids[i + 1]) continue;
        this.#touch(band, ownerOf[ids[i]], x, y);
        this.#touch(band, ownerOf[ids[i + 1]], x + 1, y);
      }
      const end = Math.min(height, (band + 1) * BAND_ROWS);
      for (y = band * BAND_ROWS; y < end; y++) {
        this.#touch(band, ownerOf[ids[y * width]], 0, y);
        this.#touch(band, ownerOf[ids[(y + 1) * width - 1]], width - 1, y);
      }
    }
  }

  /**
   * @param {number} owner
   * @returns {[left: number, top: number, width: number, height: number]} all zero where it has nothing
   */
  of(owner) {
    let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, -1, -1, -1];
    for (let at = owner; at < this.right.length; at += this.owners) {
      if (this.right[at] < 0) continue;
      left = Math.min(left, this.left[at]);
      right = Math.max(right, this.right[at]);
      if (top < 0) top = this.top[at];
      bottom = this.bottom[at];
    }
    return right < 0 ? [0, 0, 0, 0] : [left, top, right - left + 1, bottom - top + 1];
  }

  /**
   * @param {number} band
   * @param {number} owner
   * @param {number} x
   * @param {number} y
   */
  #touch(band, owner, x, y) {
    if (owner < 0) return;
    const at = band * this.owners + owner;
    if (this.right[at] < 0) {
      this.left[at] = this.right[at] = x;
      this.top[at] = this.bottom[at] = y;
      return;
    }
    if (x < this.left[at]) this.left[at] = x;
    if (x > this.right[at]) this.right[at] = x;
    if (y < this.top[at]) this.top[at] = y;
    if (y > this.bottom[at]) this.bottom[at] = y;
  }
}
