/**
 * Paints maps in the worker: what takes the page's thread half a frame is done beside it.
 *
 * @import { Frame } from "./frames.js"
 * @import { Coat } from "./coat.js"
 * @import { Unpainted } from "./service.js"
 */

import { fillRows } from "../mask_pixels.js";
import { tables } from "../palette.js";
import { bandsIn, markRows, rowsOf } from "./bands.js";

/** One for each prediction: of a picture that comes back only what has changed since is painted again. */
export class Brush {
  #move = 0;
  /** @type {Float64Array} by band of rows, the move at which it changed last */
  #changedAt;
  /** @type {Map<string, number>} by segment's key, how it was painted last */
  #looks = new Map();

  /** @param {number} height of the maps */
  constructor(height) {
    this.#changedAt = new Float64Array(bandsIn(height));
  }

  /**
   * A map has taken the place of the one before.
   *
   * @param {Uint8Array} changed the bands of rows in which segments meet at other places
   */
  follow(changed) {
    this.#move++;
    this.#note(changed);
  }

  /**
   * The masks of the map that was followed last, a 32-bit word per pixel as canvases hold them (palette.js); the
   * move that they show, and for each band of rows the one since which it shows the same.
   *
   * @param {Unpainted} map
   * @param {Coat} coat
   * @param {boolean} isNew whether the coat is another than at the last painting
   * @param {Frame | null} used is overwritten, if it fits
   */
  paint(map, { look, rules }, isNew, used) {
    const { width, height, segments } = map;
    const inLook = tables(segments, look, rules);
    this.#note(isNew ? new Uint8Array(this.#changedAt.length).fill(1) : this.#repainted(segments, inLook));
    const fits = used?.picture?.byteLength === 4 * width * height;
    const pixels = new Uint32Array((fits && used.picture) || new ArrayBuffer(4 * width * height));
    const since = fits ? used.move : -1;
    const lacking = Array.from(this.#changedAt, (move) => move > since);
    // Borders reach into the rows beside those where they run.
    for (const rows of rowsOf(lacking, height, look.style.outline_width)) {
      fillRows(pixels, map, inLook, look.style, rules, rows);
    }
    return { picture: pixels, move: this.#move, changedAt: this.#changedAt.slice() };
  }

  /** @param {Uint8Array} changed */
  #note(changed) {
    for (let band = 0; band < changed.length; band++) {
      if (changed[band]) this.#changedAt[band] = this.#move;
    }
  }

  /**
   * The bands of segments that stay where they are and look different: their colour tells their score, or what is
   * selected has gone.
   *
   * @param {Unpainted["segments"]} segments
   * @param {ReturnType<typeof tables>} inLook
   */
  #repainted(segments, { colors, shown, outside }) {
    const bands = new Uint8Array(this.#changedAt.length);
    const looks = new Map();
    for (const { id, key, box } of segments) {
      const look = 4 * colors[id] + 2 * Number(shown[id] > 0) + outside[id];
      if (this.#looks.get(key) !== look) markRows(bands, box[1], box[3]);
      looks.set(key, look);
    }
    this.#looks = looks;
    return bands;
  }
}
