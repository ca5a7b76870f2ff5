/** Whose each pixel is, and how many each query has, while the score threshold moves. */

import { lostFrom } from "./counts.js";
import { swapLayer } from "./layers.js";
import { LEVELS } from "./levels.js";

export class Owners {
  /**
   * @param {import("./preparing.js").Prepared} prepared all queries on its maps
   */
  constructor({ fine, coarse, counts }) {
    this.fine = fine;
    this.coarse = coarse;
    this.counts = counts;
    this.joined = fine.count;
    this.joinedCoarse = fine.count; // followed only when it is looked at
    // Pixels of each query at each level or above, of those that have joined.
    this.pixels = new Float64Array(fine.count * LEVELS);
    for (let query = 0; query < fine.count; query++) this.#countIn(query);
  }

  /**
   * Let the first queries join, and the others leave.
   *
   * @param {number} kept
   */
  moveTo(kept) {
    while (this.joined < kept) {
      swapLayer(this.fine, this.joined);
      this.#countIn(this.joined++);
    }
    while (this.joined > kept) {
      swapLayer(this.fine, --this.joined);
      this.#countOut(this.joined);
    }
  }

  /** The map on which even the faintest owner is. */
  coarseMap() {
    while (this.joinedCoarse < this.joined) swapLayer(this.coarse, this.joinedCoarse++);
    while (this.joinedCoarse > this.joined) swapLayer(this.coarse, --this.joinedCoarse);
    return this.coarse;
  }

  /** @param {number} query */
  #countIn(query) {
    const first = query * LEVELS;
    this.pixels.set(this.counts.gained.subarray(first, first + LEVELS), first);
    for (let from = 0; from < query; from++) this.#exchange(query, from, -1);
  }

  /** @param {number} query */
  #countOut(query) {
    this.pixels.fill(0, query * LEVELS, (query + 1) * LEVELS);
    for (let from = 0; from < query; from++) this.#exchange(query, from, 1);
  }

  /**
   * @param {number} by
   * @param {number} from
   * @param {number} sign
   */
  #exchange(by, from, sign) {
    const { lost } = this.counts;
    const { pixels } = this;
    let at = lostFrom(by, from);
    if (!lost[at]) return; // at no level
    for (let i = from * LEVELS, end = i + LEVELS; i < end; i++, at++) pixels[i] += sign * lost[at];
  }
}
