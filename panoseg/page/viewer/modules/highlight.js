/**
 * What lies over the masks: the outline of the segment that is pointed at, and the stripes of a near miss.
 *
 * @import { Surface } from "./paint.js"
 * @import { Ids, SegmentMap } from "./state.js"
 */

// Alpha, blue, green, red.
const WHITE = 0xffffffff;
const GLOW = 0x38ffffff;
const STRIPE_LIGHT = 0xd0ffffff;
const STRIPE_DARK = 0xd0502008;

/**
 * Outline the segment that is pointed at, whether it is shown or not, and stripe the near miss.
 *
 * The outline lies within the segment and is `thickness` pixels of the map wide.
 *
 * @param {Surface} surface
 * @param {SegmentMap} map
 * @param {number} id
 * @param {number} thickness
 * @param {Ids | undefined} nearMiss
 */
export function paintLight(surface, map, id, thickness, nearMiss) {
  const { width, height, ids } = map;
  const lit = map.byId.get(id)?.box ?? null;
  surface.only(width, height, nearMiss ? [0, 0, width, height] : lit, (pixels, box) => {
    const [left, top, boxWidth, boxHeight] = box;
    for (let y = 0, i = 0; y < boxHeight; y++) {
      const above = top + y >= thickness ? thickness * width : 0;
      const below = top + y + thickness < height ? thickness * width : 0;
      for (let x = 0, at = (top + y) * width + left; x < boxWidth; x++, i++, at++) {
        if (nearMiss?.[at]) {
          pixels[i] = (x + y) % 12 < 6 ? STRIPE_LIGHT : STRIPE_DARK;
        } else if (id && ids[at] === id) {
          const column = left + x;
          const inner =
            above &&
            below &&
            column >= thickness &&
            column + thickness < width &&
            ids[at - thickness] === id &&
            ids[at + thickness] === id &&
            ids[at - above] === id &&
            ids[at + below] === id;
          pixels[i] = inner ? GLOW : WHITE;
        }
      }
    }
  });
}
