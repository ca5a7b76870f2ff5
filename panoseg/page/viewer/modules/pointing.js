/**
 * What is pointed at, here or in a linked viewer, and the words about it.
 *
 * @import { Point } from "./geometry.js"
 * @import { Viewer } from "./viewer.js"
 */

import { pictureAt, stageAt } from "./geometry.js";
import { idAt, pixelAt } from "./hit_test.js";
import { currentMap, findAt } from "./state.js";

/**
 * Light a segment up; 0 for none.
 *
 * @param {Viewer} viewer
 * @param {number} id
 */
export function hover({ state, redraw }, id) {
  if (id === state.hovered) return;
  state.hovered = id;
  redraw("light", "list");
}

/**
 * The pointer is at a point of the stage.
 *
 * @param {Viewer} viewer
 * @param {Point} at
 */
export function pointAt(viewer, at) {
  const found = findAt(viewer.state, viewer.kept.view, at);
  if (!found) return pointAway(viewer);
  viewer.state.pointed = null;
  hover(viewer, found.segment?.id ?? 0);
  describe(viewer, at);
  viewer.link.tell("point", pictureAt(viewer.kept.view, at));
}

/** @param {Viewer} viewer */
export function pointAway(viewer) {
  viewer.parts.tooltip.hide();
  hover(viewer, 0);
  viewer.link.tell("point", null);
}

/**
 * A linked viewer's pointer is at a point of the picture, or (null) no more.
 *
 * @param {Viewer} viewer
 * @param {Point | null} point
 */
export function showPointed(viewer, point) {
  const { state, parts, redraw } = viewer;
  const map = currentMap(state);
  state.pointed = map && point;
  const pixel = map && point && pixelAt(map, point);
  hover(viewer, pixel ? idAt(map, pixel) : 0);
  if (!pixel) parts.tooltip.hide();
  redraw("view");
}

/**
 * Mark the point that is pointed at in a linked viewer.
 *
 * @param {Viewer} viewer
 */
export function placeCross(viewer) {
  const { cross } = viewer.parts;
  const { pointed } = viewer.state;
  cross.hidden = !pointed;
  if (!pointed) return;
  const at = stageAt(viewer.kept.view, pointed);
  cross.style.left = `${100 * at.x}%`;
  cross.style.top = `${100 * at.y}%`;
  describe(viewer, at);
}

/**
 * Name what lies at a point of the stage, beside it.
 *
 * @param {Viewer} viewer
 * @param {Point} at
 */
function describe({ state, kept, parts }, at) {
  const found = findAt(state, kept.view, at);
  if (!found) return;
  const { map, pixel, segment } = found;
  const inPhoto = {
    x: Math.floor((pixel.x + 0.5) * map.scale),
    y: Math.floor((pixel.y + 0.5) * map.scale),
  };
  const isHidden = segment !== undefined && kept.look.hidden.has(segment.key);
  parts.tooltip.describe(segment, map.area, inPhoto, isHidden);
  const { stage, board } = parts;
  const x = stage.offsetLeft + at.x * stage.clientWidth;
  const y = stage.offsetTop + at.y * stage.clientHeight;
  parts.tooltip.place(x, y, board.clientWidth, board.clientHeight);
}
