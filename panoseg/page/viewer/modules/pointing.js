/**
 * What is pointed at, here or in a linked viewer, and the words about it.
 *
 * @import { PixelAnswer } from "./close_up/server.js"
 * @import { Point } from "./geometry.js"
 * @import { Viewer } from "./viewer.js"
 */

import { addressOf } from "./close_up/close_up.js";
import { findAt, findIn } from "./close_up/pointed.js";
import { pictureAt, stageAt } from "./geometry.js";

const REST_MS = 100;

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
  const found = findAt(viewer, at);
  if (!found) return pointAway(viewer);
  viewer.state.pointed = null;
  hover(viewer, found.segment?.id ?? 0);
  describe(viewer, at);
  viewer.link.tell("point", pictureAt(viewer.kept.view, at));
}

/** @param {Viewer} viewer */
export function pointAway(viewer) {
  viewer.parts.tooltip.hide();
  viewer.answers.cancel();
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
  const found = point && findIn(viewer, point);
  state.pointed = found && point;
  hover(viewer, found?.segment?.id ?? 0);
  if (!found) parts.tooltip.hide();
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
 * Name what lies at a point of the stage, beside it; once the pointer rests, also what else it could be.
 *
 * @param {Viewer} viewer
 * @param {Point} at
 */
function describe(viewer, at, pause = REST_MS) {
  const { kept, parts, answers, closeUp } = viewer;
  const found = findAt(viewer, at);
  if (!found) return;
  const { map, pixel, segment } = found;
  const isHidden = segment !== undefined && kept.look.hidden.has(segment.key);
  const { stage, board } = parts;
  const [own, around] = [stage.getBoundingClientRect(), board.getBoundingClientRect()];
  const x = own.left - around.left + at.x * own.width;
  const y = own.top - around.top + at.y * own.height;
  const place = () => parts.tooltip.place(x, y, board.clientWidth, board.clientHeight);
  parts.tooltip.describe(segment, map.area, pixel, isHidden);
  answers.cancel();
  // What is merged here while a threshold is moved is not yet known to the server.
  if (map.explained && !map.merged) {
    const address = addressOf(closeUp, `pixel/${map.name}/${pixel.x}-${pixel.y}`);
    const known = answers.get(address);
    /** @param {PixelAnswer} answer */
    const show = (answer) => {
      parts.tooltip.explain(answer);
      place();
      if (!pause && answer.why)
        parts.announcement.textContent = `Void at ${pixel.x}, ${pixel.y}. ${answer.why}`;
    };
    if (known) show(known);
    else answers.ask(address, show, pause);
  }
  place();
}

/**
 * Say at once why a point of the stage belongs to no segment.
 *
 * @param {Viewer} viewer
 * @param {Point} at
 */
export function explainVoid(viewer, at) {
  describe(viewer, at, 0);
}
