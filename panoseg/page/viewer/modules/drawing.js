/**
 * What is drawn at the next frame, and nothing of it twice.
 *
 * @import { SegmentMap, State } from "./state.js"
 * @import { Viewer } from "./viewer.js"
 *
 * @typedef {"masks" | "light" | "labels" | "view" | "tiles" | "pin" | "wipe" | "list" | "tools" | "thresholds" | "history" | "all"} Part
 * @typedef {(...parts: Part[]) => void} Redraw
 * @typedef {(...wanted: Part[]) => boolean} Needs whether one of these parts is to be drawn
 */

import { drawCloseUp } from "./close_up/close_up.js";
import { drawPin } from "./close_up/pin.js";
import { stopFlicker } from "./flicker.js";
import { boundView } from "./geometry.js";
import { paintLight } from "./highlight.js";
import { innerPoints } from "./inner_points.js";
import { nearMisses, withoutNearMisses } from "./near_miss_rules.js";
import { paintMasks } from "./paint.js";
import { tables } from "./palette.js";
import { placeCross } from "./pointing.js";
import { currentMap } from "./state.js";
import { sameThresholds } from "./thresholds.js";

// From here on, at one pixel of the photo for one of the screen, pixels are shown as squares.
const CRISP = 0.999;

/**
 * Collects what is to be drawn until the browser draws its next frame.
 *
 * @param {(needs: Needs) => void} draw
 */
export function createRedraw(draw) {
  /** @type {Set<Part>} */
  const dirty = new Set();
  let frame = 0;

  function drawNow() {
    cancelAnimationFrame(frame);
    frame = 0;
    draw((...wanted) => dirty.has("all") || wanted.some((part) => dirty.has(part)));
    dirty.clear();
  }

  return {
    /** @type {Redraw} */
    redraw(...parts) {
      for (const part of parts) dirty.add(part);
      frame ||= requestAnimationFrame(drawNow);
    },
    /** Draw what is to be drawn ahead of the next frame, which then has the less to do. */
    drawNow,
    cancel: () => cancelAnimationFrame(frame),
  };
}

/**
 * @param {Viewer} viewer
 * @param {Needs} needs
 */
export function draw(viewer, needs) {
  const started = performance.now();
  const { state, kept, parts } = viewer;
  const map = currentMap(state);
  parts.busy.hidden = map !== null;
  parts.tabs.element.classList.toggle("waiting", !map);
  parts.over.hidden = parts.canvases.light.hidden = !map;
  if (needs("tools")) parts.toolbar.show(kept.look.style, kept.wipe !== null, comparedIn(viewer));
  if (needs("view")) placeView(viewer);
  if (needs("wipe", "tools")) parts.wipe.show(kept.wipe, parts.over);
  if (needs("thresholds")) parts.thresholds.show(kept.look.thresholds, map, fittingLandscape(state));
  if (needs("history")) parts.thresholds.showHistory(kept.history);
  if (!map) {
    // What was said of the picture before.
    parts.notice.hidden = true;
    parts.colorLegend.show([], kept.look, false);
    parts.justMissed.show(null, kept.look.thresholds);
    return drawCloseUp(viewer, needs);
  }
  showNotice(viewer, map);
  drawSegments(viewer, map, needs);
  if (needs("masks", "thresholds", "pin")) drawPin(viewer, map, needs);
  if (needs("masks", "light", "view", "tiles")) drawCloseUp(viewer, needs);
  describeForTests(viewer, map);
  parts.host.dataset.drawMs = (performance.now() - started).toFixed(1);
}

/**
 * Where nothing is to be seen, say why.
 *
 * @param {Viewer} viewer
 * @param {SegmentMap} map
 */
function showNotice({ kept, parts }, map) {
  const { hidden } = kept.look;
  const allHidden = map.segments.length > 0 && map.segments.every(({ key }) => hidden.has(key));
  const words = allHidden ? "Every segment is hidden: “All” or A shows them again." : map.nothing;
  parts.notice.hidden = !words;
  if (parts.notice.textContent !== words) parts.notice.textContent = words;
}

/**
 * @param {Viewer} viewer
 * @param {SegmentMap} map
 * @param {Needs} needs
 */
function drawSegments(viewer, map, needs) {
  const { state, kept, parts, rules } = viewer;
  const { look } = kept;
  const { surfaces, stage } = parts;
  if (needs("masks")) stopFlicker(viewer);
  if (needs("masks")) paintMasks(surfaces.masks, map, look, rules, fitting(state.doubt, map)?.values);
  if (needs("light")) {
    const nearMiss = fitting(state.nearMiss, map)?.bits;
    paintLight(surfaces.light, map, state.hovered, outlineWidth(viewer), nearMiss);
  }
  if (needs("labels")) writeLabels(viewer, map);
  // Asking for the stage's size makes the browser lay out the page.
  if (parts.labels.some() && needs("labels", "view"))
    parts.labels.place(kept.view, stage.clientWidth, stage.clientHeight);
  if (needs("list", "masks")) {
    const hovered = map.byId.get(state.hovered)?.key;
    parts.list.mark(look, hovered, state.pin?.key);
    parts.numbers.mark(look, hovered);
    parts.differences.mark(look);
    showNearMisses(viewer, map);
  }
  if (needs("masks")) parts.colorLegend.show(map.segments, look, fitting(state.doubt, map) !== null);
}

/**
 * @param {Viewer} viewer
 * @param {SegmentMap} map
 */
function showNearMisses({ state, kept, parts, rules }, map) {
  const { thresholds } = kept.look;
  const misses = map.missed && nearMisses(map.missed, rules.least_near_miss);
  parts.nearMisses.show(misses, thresholds, state.ghost.clicked, withoutNearMisses(map));
  parts.justMissed.show(misses, thresholds);
  parts.tabs.count("near-misses", misses ? misses.length : null);
}

/**
 * A layer over the map, unless it is of another photo.
 *
 * @template {{ photo: string }} Layer
 * @param {Layer | null} layer
 * @param {SegmentMap} map
 */
function fitting(layer, map) {
  return layer?.photo === map.photo ? layer : null;
}

/** @param {State} state */
function fittingLandscape({ landscape, photo }) {
  return landscape?.photo === photo?.key ? landscape : null;
}

/**
 * What is on screen, for tests and benchmarks to read.
 *
 * @param {Viewer} viewer
 * @param {SegmentMap} map
 */
function describeForTests({ state, kept, parts }, map) {
  const { hidden, selected } = kept.look;
  /** @param {(key: string) => boolean} wanted */
  const count = (wanted) => String(map.segments.filter(({ key }) => wanted(key)).length);
  Object.assign(parts.host.dataset, {
    segments: String(map.segments.length),
    shown: count((key) => !hidden.has(key)),
    selected: count((key) => selected.has(key)),
    photo: map.photo,
    source: map.source,
    stamp: map.stamp,
    thresholds: map.thresholds
      ? Object.values(map.thresholds)
          .map((value) => value.toFixed(2))
          .join(" ")
      : "",
    exact: String(!map.merged && (!map.thresholds || sameThresholds(map.thresholds, kept.look.thresholds))),
    task: map.task,
    nearMiss: fitting(state.nearMiss, map)?.name ?? "",
    doubt: fitting(state.doubt, map) ? "shown" : "",
    outcomes: state.outcomes ? "shown" : "",
    hovered: map.byId.get(state.hovered)?.key ?? "",
  });
}

/** @param {Viewer} viewer */
function placeView(viewer) {
  const { state, kept, parts } = viewer;
  if (!state.photo) return;
  kept.view = boundView(kept.view, state.range);
  const { zoom, x, y } = kept.view;
  const { stage } = parts;
  stage.style.setProperty("--zoom", String(zoom));
  stage.style.setProperty("--left", `${100 * (0.5 - x * zoom)}%`);
  stage.style.setProperty("--top", `${100 * (0.5 - y * zoom)}%`);
  parts.board.classList.toggle("close", zoom > 1);
  stage.classList.toggle("crisp", zoom >= CRISP * state.range.one);
  parts.toolbar.showZoom(zoom / state.range.one);
  parts.host.dataset.zoom = zoom.toFixed(3);
  placeCross(viewer);
}

/**
 * @param {Viewer} viewer
 * @param {SegmentMap} map
 */
function writeLabels({ kept, parts, rules }, map) {
  const wanted = { names: kept.look.style.labels, reasons: kept.reasons };
  if (!wanted.names && !(wanted.reasons && map.segments.some(({ reason }) => reason)))
    return parts.labels.clear();
  map.points ??= innerPoints(map.ids, map.width, map.height, map.segments.length);
  const { shown } = tables(map.segments, kept.look, rules);
  parts.labels.show(
    map,
    map.points,
    map.segments.filter((segment) => shown[segment.id]),
    wanted,
  );
}

/**
 * What the toolbar has to know of a comparison.
 *
 * @param {Viewer} viewer
 */
function comparedIn({ state: { outcomes }, kept }) {
  const explained = Boolean(outcomes?.pairs?.some(({ reason }) => reason));
  return { outcomes: outcomes !== null, reasons: explained ? kept.reasons : null };
}

/**
 * About two pixels of the screen, in pixels of the map.
 *
 * @param {Viewer} viewer
 */
function outlineWidth({ state, kept }) {
  const scale = currentMap(state)?.scale ?? 1;
  return Math.max(1, Math.round((2 * state.range.one) / (kept.view.zoom * scale)));
}
