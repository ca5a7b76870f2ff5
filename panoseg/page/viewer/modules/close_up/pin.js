/**
 * The pinned segment: its mask before the competition, how probable it is where, its best classes, and what became
 * of it. It stays while thresholds move, also where they take the segment away.
 *
 * @import { Needs } from "../drawing.js"
 * @import { Segment, SegmentMap } from "../state.js"
 * @import { Viewer } from "../viewer.js"
 * @import { QueriesAnswer } from "./server.js"
 *
 * @typedef {"mask" | "heat"} Way to show it
 *
 * @typedef {object} Pin
 * @property {string} key of the segment
 * @property {string} source of the maps that it is of
 * @property {string} title
 * @property {[number, number, number]} color
 * @property {Way} way
 * @property {"left" | "right"} side of the picture on which the words stand: not over it, if there is room
 * @property {string} map by whose name it was asked for last
 * @property {Uint8Array | null} levels probability × 200 of each pixel of the map, once they have come
 * @property {QueriesAnswer | null} answer
 */

import { stageAt } from "../geometry.js";
import { levelFrom } from "../merge/levels.js";
import { currentMap, focusedSegment, segmentOf } from "../state.js";
import { nameOf } from "../tooltip.js";
import { addressOf } from "./close_up.js";
import { paintPin } from "./pin_paint.js";
import { fetchAnswer, fetchPacked } from "./server.js";

/**
 * Pin a segment, or unpin it if it is pinned.
 *
 * @param {Viewer} viewer
 * @param {string} key
 * @param {Way} way
 */
export function pin(viewer, key, way = "mask") {
  const { state } = viewer;
  const map = currentMap(state);
  const segment = segmentOf(state, key);
  if (!map?.explained || !segment) return;
  if (state.pin?.key === key) return unpin(viewer);
  const [left, , width] = segment.box;
  const middle = { x: (left + width / 2) / map.width, y: 0.5 };
  const side = stageAt(viewer.kept.view, middle).x > 0.5 ? "left" : "right";
  state.pin = { ...pinOf(segment, map), way, side };
  load(viewer, map);
  changed(viewer);
}

/** @param {Viewer} viewer */
export function unpin(viewer) {
  if (!viewer.state.pin) return;
  viewer.state.pin = null;
  changed(viewer);
}

/**
 * @param {Viewer} viewer
 * @param {Way} way
 */
export function showPinAs(viewer, way) {
  if (viewer.state.pin) viewer.state.pin.way = way;
  changed(viewer);
}

/**
 * What the key does: pin the segment that is pointed at or selected; once more, show how probable it is where; once
 * more, unpin it.
 *
 * @param {Viewer} viewer
 */
export function nextPin(viewer) {
  const { state, kept } = viewer;
  const key = focusedSegment(state, kept.look)?.key ?? state.pin?.key;
  if (!key) return;
  if (state.pin?.key !== key) pin(viewer, key);
  else if (state.pin.way === "mask") showPinAs(viewer, "heat");
  else unpin(viewer);
}

/** @param {Viewer} viewer */
function changed({ redraw }) {
  redraw("pin", "list");
}

/**
 * @param {Segment} segment
 * @param {SegmentMap} map
 * @returns {Omit<Pin, "way" | "side">}
 */
function pinOf(segment, map) {
  const { key, color } = segment;
  return { key, source: map.source, title: nameOf(segment), color, map: "", levels: null, answer: null };
}

/**
 * Ask the server about what is pinned, unless that was done for this map.
 *
 * @param {Viewer} viewer
 * @param {SegmentMap} map
 */
async function load(viewer, map) {
  const { state, closeUp } = viewer;
  const { pin } = state;
  if (!pin || pin.map === map.name) return;
  pin.map = map.name;
  const path = `${map.name}/${pin.key}`;
  try {
    const [levels, answer] = await Promise.all([
      fetchPacked(addressOf(closeUp, `probability/${path}`)),
      fetchAnswer(addressOf(closeUp, `query/${path}`)),
    ]);
    // Another was pinned, or a newer map came, while this was on its way.
    if (state.pin !== pin || pin.map !== map.name || !levels || !answer) return;
    pin.levels = new Uint8Array(levels);
    pin.answer = answer;
  } catch {
    if (pin.map === map.name) pin.map = ""; // the network failed: again with the next map
  }
  changed(viewer);
}

/**
 * @param {Viewer} viewer
 * @param {SegmentMap | null} map
 * @param {Needs} needs
 */
export function drawPin(viewer, map, needs) {
  const { state, parts, kept } = viewer;
  if (state.pin && map && state.pin.source !== map.source) state.pin = null;
  const { pin } = state;
  const fits = pin && map ? pin.levels?.length === map.width * map.height : false;
  parts.canvases.pin.hidden = !fits;
  parts.over.classList.toggle("pinned", fits);
  parts.host.dataset.pinned = pin && fits ? `${pin.key} ${pin.way}` : "";
  if (!pin || !map) return parts.pin.hide();
  if (!map.merged) load(viewer, map);
  const segment = segmentOf(state, pin.key);
  if (segment) pin.title = nameOf(segment);
  const threshold = map.task === "panoptic" ? kept.look.thresholds.mask : 0.5;
  parts.pin.show(pin, threshold, fatesOf(pin, map, segment));
  if (fits && pin.levels && needs("pin", "thresholds", "masks")) {
    paintPin(parts.surfaces.pin, map, pin.levels, levelFrom(threshold), pin);
  }
}

/**
 * What became of its queries; while a threshold moves, in the words of the worker.
 *
 * @param {Pin} pin
 * @param {SegmentMap} map
 * @param {Segment | undefined} segment
 */
function fatesOf({ answer }, map, segment) {
  const candidates = map.merged?.candidates;
  if (!answer) return [];
  if (candidates) {
    return answer.queries.flatMap((query) => {
      const found = candidates.find((candidate) => candidate.query === query);
      return found ? [{ query, words: `${found.fate[0].toUpperCase()}${found.fate.slice(1)}.` }] : [];
    });
  }
  if (answer.fates.length) return answer.fates;
  const words = segment ? `It is segment ${segment.id}.` : "It is no segment at these thresholds.";
  return [{ query: answer.queries[0], words }];
}
