/**
 * What lies under a point, as exactly as it is known here.
 *
 * @import { Point } from "../geometry.js"
 * @import { Segment, SegmentMap } from "../state.js"
 * @import { Viewer } from "../viewer.js"
 *
 * @typedef {object} Pointed
 * @property {SegmentMap} map
 * @property {{ x: number, y: number }} pixel of the photo
 * @property {number} id
 * @property {Segment | undefined} segment undefined for void
 */

import { pictureAt } from "../geometry.js";
import { idAt, pixelAt } from "../hit_test.js";
import { currentMap } from "../state.js";
import { exactIdAt } from "./close_up.js";

/**
 * The pixel of the photo at a point of the stage, and the segment there; null outside of the picture.
 *
 * @param {Viewer} viewer
 * @param {Point} at
 */
export function findAt(viewer, at) {
  return findIn(viewer, pictureAt(viewer.kept.view, at));
}

/**
 * The same at a point of the picture.
 *
 * @param {Viewer} viewer
 * @param {Point} point
 * @returns {Pointed | null}
 */
export function findIn(viewer, point) {
  const { photo } = viewer.state;
  const map = currentMap(viewer.state);
  const shown = map && pixelAt(map, point);
  if (!photo || !shown) return null;
  const [height, width] = photo.full;
  const pixel = { x: Math.floor(point.x * width), y: Math.floor(point.y * height) };
  const id = exactIdAt(viewer, map, pixel) ?? idAt(map, shown);
  return { map, pixel, id, segment: map.byId.get(id) };
}
