/**
 * What the visitor changes. Each change is seen at the next frame, told to linked viewers, and reported to the
 * server once the visitor pauses.
 *
 * @import { Part } from "./drawing.js"
 * @import { View } from "./geometry.js"
 * @import { Style } from "./look.js"
 * @import { Snapshot, Thresholds } from "./thresholds.js"
 * @import { Viewer } from "./viewer.js"
 */

import { outdateServer } from "./look.js";
import { showKnownMap } from "./maps.js";
import { coatOf } from "./merge/coat.js";
import { partnersOf } from "./outcomes.js";
import { segmentOf } from "./state.js";
import { sameThresholds } from "./thresholds.js";
import { nameOf, numbersOf } from "./tooltip.js";

/**
 * The look has changed: draw these parts again, and report.
 *
 * @param {Viewer} viewer
 * @param {...Part} parts
 */
function changed({ redraw, reports }, ...parts) {
  redraw(...parts, "history");
  reports.schedule();
}

/**
 * Move thresholds: the picture follows at once where the browser can merge, and the server hears of it at rest.
 *
 * @param {Viewer} viewer
 * @param {Thresholds} thresholds
 * @param {string} [moving] the slider that is still being moved
 */
export function setThresholds(viewer, thresholds, moving) {
  if (sameThresholds(thresholds, viewer.kept.look.thresholds)) return;
  noteBefore(viewer, moving);
  moveThresholds(viewer, thresholds);
  if (!moving) restThresholds(viewer);
}

/**
 * Something is about to change that can be undone.
 *
 * @param {Viewer} viewer
 * @param {string} [name] of what is one step with what was noted by that name before
 */
export function noteBefore(viewer, name) {
  viewer.kept.history.note(snapshotOf(viewer), name);
}

/**
 * Move thresholds as a part of a step that was noted.
 *
 * @param {Viewer} viewer
 * @param {Thresholds} thresholds
 */
export function moveThresholds({ kept, state, preview, redraw, rules }, thresholds) {
  kept.look.thresholds = thresholds;
  outdateServer(kept.look); // at once, as it is told only at rest
  state.awaitsExact = true;
  preview.move(state.map?.source, thresholds, coatOf(kept.look, rules));
  redraw("thresholds", "history");
}

/**
 * The hand has left a slider, or pauses on its keys.
 *
 * @param {Viewer} viewer
 */
export function restThresholds(viewer) {
  viewer.kept.history.rest();
  if (!viewer.state.awaitsExact) return;
  viewer.reports.schedule(0);
  showKnownMap(viewer);
}

/** @param {Viewer} viewer */
export function undo(viewer) {
  showSnapshot(viewer, viewer.kept.history.undo(snapshotOf(viewer)));
}

/** @param {Viewer} viewer */
export function redo(viewer) {
  showSnapshot(viewer, viewer.kept.history.redo(snapshotOf(viewer)));
}

/**
 * @param {Viewer} viewer
 * @returns {Snapshot}
 */
function snapshotOf({ kept }) {
  const { thresholds, hidden, selected, style } = kept.look;
  return { thresholds, hidden, selected, style };
}

/**
 * @param {Viewer} viewer
 * @param {Snapshot | null} snapshot
 */
function showSnapshot(viewer, snapshot) {
  if (!snapshot) return;
  const { kept, state, preview, link, rules } = viewer;
  const moved = !sameThresholds(snapshot.thresholds, kept.look.thresholds);
  Object.assign(kept.look, snapshot);
  if (moved) {
    state.awaitsExact = true;
    preview.move(state.map?.source, snapshot.thresholds, coatOf(kept.look, rules));
    showKnownMap(viewer);
  }
  link.tell("selected", partnersOf(snapshot.selected, state.outcomes));
  link.tell("style", snapshot.style);
  changed(viewer, "masks", "labels", "list", "tools", "thresholds");
}

/**
 * @param {Viewer} viewer
 * @param {Iterable<string>} keys
 * @param {boolean} hidden
 */
export function setHidden(viewer, keys, hidden) {
  const { look } = viewer.kept;
  noteBefore(viewer);
  const all = new Set(look.hidden);
  for (const key of keys) {
    if (hidden) all.add(key);
    else all.delete(key);
  }
  look.hidden = all;
  changed(viewer, "masks", "labels", "list");
}

/**
 * @param {Viewer} viewer
 * @param {string[]} keys
 */
export function showOnly(viewer, keys) {
  const others = (viewer.state.map?.segments ?? []).filter(({ key }) => !keys.includes(key));
  noteBefore(viewer);
  viewer.kept.look.hidden = new Set(others.map(({ key }) => key));
  changed(viewer, "masks", "labels", "list");
}

/**
 * @param {Viewer} viewer
 * @param {Set<string>} keys
 */
export function setSelected(viewer, keys) {
  const { state, kept, parts, link } = viewer;
  const { selected } = kept.look;
  if (keys.size === selected.size && [...keys].every((key) => selected.has(key))) return;
  noteBefore(viewer);
  const segment = segmentOf(state, [...keys].at(-1));
  parts.announcement.textContent =
    segment && state.map
      ? `${nameOf(segment)} selected, ${numbersOf(segment, state.map.area)}`
      : "Nothing selected";
  showSelected(viewer, [...keys]);
  link.tell("selected", partnersOf(keys, state.outcomes));
}

/**
 * Select, and tell no linked viewer.
 *
 * @param {Viewer} viewer
 * @param {string[]} keys
 */
export function showSelected(viewer, keys) {
  viewer.kept.look.selected = new Set(keys);
  viewer.parts.list.reveal(keys.at(-1));
  viewer.parts.numbers.reveal(keys.at(-1));
  changed(viewer, "masks", "list");
}

/**
 * @param {Viewer} viewer
 * @param {Partial<Style>} change
 */
export function restyle(viewer, change) {
  // One drag of a slider is one step, each press of a button another.
  const [name] = Object.keys(change);
  noteBefore(viewer, typeof Object.values(change)[0] === "number" ? name : undefined);
  showStyle(viewer, { ...viewer.kept.look.style, ...change });
  viewer.link.tell("style", viewer.kept.look.style);
}

/**
 * Take over a style, and tell no linked viewer; it is the first viewer's to report.
 *
 * @param {Viewer} viewer
 * @param {Style} style
 */
export function showStyle(viewer, style) {
  viewer.kept.look.style = style;
  if (viewer.isFirst) changed(viewer, "masks", "labels", "list", "tools");
  else viewer.redraw("masks", "labels", "list", "tools");
}

/**
 * @param {Viewer} viewer
 * @param {View} view
 */
export function setView(viewer, view) {
  showView(viewer, view);
  viewer.link.tell("view", viewer.kept.view);
}

/**
 * Show another part of the picture, and tell no linked viewer.
 *
 * @param {Viewer} viewer
 * @param {View} view
 */
export function showView({ kept, state, redraw }, view) {
  kept.view = view;
  redraw("view");
  if (state.hovered) redraw("light");
}

/**
 * @param {Viewer} viewer
 * @param {boolean} on
 */
export function setReasons(viewer, on) {
  showReasons(viewer, on);
  viewer.link.tell("reasons", on);
}

/**
 * Say at segments why they lack a match, or no longer, and tell no linked viewer.
 *
 * @param {Viewer} viewer
 * @param {boolean} on
 */
export function showReasons({ kept, redraw }, on) {
  kept.reasons = on;
  redraw("labels", "tools");
}

/**
 * @param {Viewer} viewer
 * @param {number | null} at
 */
export function setWipe(viewer, at) {
  showWipe(viewer, at);
  viewer.link.tell("wipe", at);
}

/**
 * Move the line, and tell no linked viewer.
 *
 * @param {Viewer} viewer
 * @param {number | null} at
 */
export function showWipe({ kept, redraw }, at) {
  kept.wipe = at;
  redraw("wipe", "tools");
}
