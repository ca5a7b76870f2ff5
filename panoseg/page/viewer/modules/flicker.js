/**
 * The second picture's segments in the place of the first one's, and back: the eye finds what differs at once.
 *
 * The first viewer asks, the one beside it lends what it has painted; nothing is kept when either changes.
 *
 * @import { Viewer } from "./viewer.js"
 */

/** @param {Viewer} viewer the first one */
export function flicker(viewer) {
  const { state, parts, link } = viewer;
  if (!state.outcomes)
    return parts.toast.show("Compare first: then B shows the other picture's segments here.");
  if (parts.canvases.lent.hidden) link.tell("lend", undefined);
  else stopFlicker(viewer);
}

/** @param {Viewer} viewer */
export function stopFlicker({ parts, redraw }) {
  if (parts.canvases.lent.hidden) return;
  parts.canvases.lent.hidden = true;
  parts.canvases.masks.style.visibility = "";
  parts.toolbar.showFlicker(false);
  redraw("tiles");
}

/**
 * Lend what is painted here to the first viewer.
 *
 * @param {Viewer} viewer
 */
export function lend({ isFirst, parts, link }) {
  if (!isFirst) link.tell("lent", parts.canvases.masks);
}

/**
 * Show what the viewer beside has lent.
 *
 * @param {Viewer} viewer
 * @param {HTMLCanvasElement} masks
 */
export function showLent({ isFirst, parts, redraw }, masks) {
  if (!isFirst) return;
  const { lent } = parts.canvases;
  lent.width = masks.width;
  lent.height = masks.height;
  lent.getContext("2d")?.drawImage(masks, 0, 0);
  lent.hidden = false;
  parts.canvases.masks.style.visibility = "hidden";
  parts.toolbar.showFlicker(true);
  redraw("tiles");
}
