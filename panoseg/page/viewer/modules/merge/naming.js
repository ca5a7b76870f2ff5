/** From owners to ids: one name for each value of the map. */

import { TOP_LEVEL } from "./levels.js";

/** @typedef {import("./ids.js").Ids} Ids */

/**
 * Four pixels at a time: neighbours mostly have the same owner and level, and then the same name.
 *
 * @param {Uint16Array} map
 * @param {Ids} nameOf by value of the map
 * @param {Ids} ids to fill
 */
export function nameAll(map, nameOf, ids) {
  let i = 0;
  if (ids instanceof Uint8Array) {
    const pairs = new Uint32Array(map.buffer, 0, map.length >> 1);
    const fours = new Uint32Array(ids.buffer, 0, map.length >> 2);
    let last = -1;
    let names = 0;
    for (let n = 0; n < fours.length; n++) {
      const one = pairs[2 * n];
      const other = pairs[2 * n + 1];
      if (one !== last || other !== last) {
        names = nameOf[one & 65535] | (nameOf[one >>> 16] << 8);
        names |= (nameOf[other & 65535] << 16) | (nameOf[other >>> 16] << 24);
        last = one === other ? one : -1;
      }
      fours[n] = names;
    }
    i = fours.length << 2;
  }
  for (; i < map.length; i++) ids[i] = nameOf[map[i]];
}

/**
 * The same where even what is too faint to be seen has a name: it is looked up on a coarser map.
 *
 * @param {import("./layers.js").Layers} fine
 * @param {import("./layers.js").Layers} coarse
 * @param {Ids} nameOf
 * @param {Ids} ids
 */
export function nameFaint(fine, coarse, nameOf, ids) {
  const [height, width] = fine.size;
  const [coarseHeight, coarseWidth] = coarse.size;
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * coarseHeight) / height) * coarseWidth;
    for (let x = 0; x < width; x++, i++) {
      const level = fine.map[i] & 255;
      const seen = level > 0 && level <= TOP_LEVEL;
      const at = row + Math.floor(((x + 0.5) * coarseWidth) / width);
      ids[i] = nameOf[seen ? fine.map[i] : coarse.map[at]];
    }
  }
}
