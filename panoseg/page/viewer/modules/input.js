/**
 * Mouse, fingers and keys on the picture.
 *
 * @import { Viewer } from "./viewer.js"
 */

import { ACTIONS, pan, zoomBy, zoomTo } from "./actions.js";
import { setSelected } from "./changes.js";
import { watchGestures } from "./gestures.js";
import { actionOf } from "./keys.js";
import { selectionAfterClick } from "./look.js";
import { pointAt, pointAway } from "./pointing.js";
import { findAt } from "./state.js";

/** @param {Viewer} viewer */
export function watchPointer(viewer) {
  const { state, kept, parts } = viewer;
  watchGestures(parts.board, parts.stage, {
    canPan: () => kept.view.zoom > 1,
    canZoomOut: () => kept.view.zoom > Math.max(state.range.min, 1) * 1.001,
    on: {
      point: (at) => pointAt(viewer, at),
      leave: () => pointAway(viewer),
      click(at, add) {
        const found = findAt(state, kept.view, at);
        if (!found) return;
        setSelected(viewer, selectionAfterClick(kept.look.selected, found.segment?.key ?? null, add));
      },
      double(at) {
        const segment = findAt(state, kept.view, at)?.segment;
        if (!segment) return;
        setSelected(viewer, new Set([segment.key]));
        zoomTo(viewer, segment);
      },
      zoom: (factor, at) => zoomBy(viewer, factor, at),
      pan: (across, down) => pan(viewer, across, down),
    },
  });
  parts.side.addEventListener("pointerdown", () => parts.tooltip.hide());
}

/**
 * Keys in the viewer, or anywhere while the pointer is over it. Returns how to watch no more.
 *
 * @param {Viewer} viewer
 */
export function watchKeys(viewer) {
  const { host, board, help } = viewer.parts;
  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const [target] = event.composedPath();
    const inside = event.composedPath().includes(host);
    // Whoever points at the picture means it, even before it has the focus.
    if (!inside && !(document.activeElement === document.body && host.matches(":hover"))) return;
    if (help.isOpen() || takesKeys(target)) return;
    const action = actionOf(event);
    // Arrows move the picture only where nothing else could want them.
    if (!action || (event.key.startsWith("Arrow") && target !== board)) return;
    event.preventDefault();
    event.stopPropagation();
    ACTIONS[action](viewer);
  }
  document.addEventListener("keydown", onKey, true);
  return () => document.removeEventListener("keydown", onKey, true);
}

/** @param {EventTarget} target */
function takesKeys(target) {
  return target instanceof Element && target.matches("input:not([type=range]), select, textarea");
}
