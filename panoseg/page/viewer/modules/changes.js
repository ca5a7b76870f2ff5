/**
 * What the visitor changes. Each change is seen at the next frame, told to linked viewers, and reported to the
 * server once the visitor pauses.
 *
 * @import { Part } from "./drawing.js"
 * @import { View } from "./geometry.js"
 * @import { Style } from "./look.js"
 * @import { Viewer } from "./viewer.js"
 */

import { partnersOf } from "./outcomes.js";
import { segmentOf } from "./state.js";
import { nameOf, numbersOf } from "./tooltip.js";

/**
 * The look has changed: draw these parts again, and report.
 *
 * @param {Viewer} viewer
 * @param {...Part} parts
 */
function changed({ redraw, reports }, ...parts) {
  redraw(...parts);
  reports.schedule();
}

/**
 * @param {Viewer} viewer
 * @param {Iterable<string>} keys
 * @param {boolean} hidden
 */
export function setHidden(viewer, keys, hidden) {
  const { look } = viewer.kept;
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
  changed(viewer, "masks", "list");
}

/**
 * @param {Viewer} viewer
 * @param {Partial<Style>} change
 */
export function restyle(viewer, change) {
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
