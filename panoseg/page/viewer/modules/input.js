/**
 * Mouse, fingers and keys on the picture.
 *
 * @import { Viewer } from "./viewer.js"
 */

import { ACTIONS, pan, zoomBy, zoomTo } from "./actions.js";
import { setSelected } from "./changes.js";
import { findAt } from "./close_up/pointed.js";
import { watchGestures } from "./gestures.js";
import { actionOf } from "./keys.js";
import { selectionAfterClick } from "./look.js";
import { explainVoid, pointAt, pointAway } from "./pointing.js";
import { isSheetOpen } from "./sheets.js";

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
        const found = findAt(viewer, at);
        if (!found) return;
        if (!found.segment) explainVoid(viewer, at);
        setSelected(viewer, selectionAfterClick(kept.look.selected, found.segment?.key ?? null, add));
      },
      double(at) {
        const segment = findAt(viewer, at)?.segment;
        if (!segment) return;
        setSelected(viewer, new Set([segment.key]));
        zoomTo(viewer, segment);
      },
      zoom: (factor, at) => zoomBy(viewer, factor, at),
      pan(across, down) {
        pointAway(viewer); // what moves under the pointer is not what was named
        pan(viewer, across, down);
      },
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
  const { host, board, help, howItWorks, firstMinute } = viewer.parts;
  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const [target] = event.composedPath();
    const path = event.composedPath();
    const inside = path.includes(host);
    const inAnother = !inside && path.some((node) => node instanceof Element && node.matches(".viewer"));
    // Whoever points at the picture means it, wherever the focus was left by the last click.
    if (inAnother || (!inside && !host.matches(":hover"))) return;
    if (help.isOpen() || howItWorks.isOpen() || isSheetOpen()) return;
    if (takesKey(target, event) || firstMinute.takes(target, event)) return;
    const action = actionOf(event);
    // Arrows move the picture, and pages turn it, only where nothing else could want these keys.
    if (!action || (/^(Arrow|Page)/.test(event.key) && target !== board)) return;
    // Elsewhere Escape closes what is open there.
    if (!inside && event.key === "Escape" && target !== document.body) return;
    event.preventDefault();
    event.stopPropagation();
    ACTIONS[action](viewer);
  }
  document.addEventListener("keydown", onKey, true);
  return () => document.removeEventListener("keydown", onKey, true);
}

const TEXT = "input:not([type=range], [type=radio], [type=checkbox], [type=file], [type=button])";

/**
 * Whether what has the focus wants a key for itself. A field for numbers has no use for letters.
 *
 * @param {EventTarget} target
 * @param {KeyboardEvent} event
 */
function takesKey(target, { key, ctrlKey, metaKey }) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches("input[type=number]")) {
    return ctrlKey || metaKey || key.length > 1 || /[0-9eE.,+-]/.test(key);
  }
  return (
    target.isContentEditable || target.matches(`${TEXT}, select, textarea, [role=textbox], [role=combobox]`)
  );
}
