/**
 * What the viewer does with each payload that Python sends.
 *
 * @import { DoubtPayload, LandscapePayload, LookPayload, MapPayload, NearMissPayload, OutcomesPayload, PhotoPayload, SegmentPayload } from "./inbox.js"
 * @import { MergedMap } from "./merge/service.js"
 * @import { Viewer } from "./viewer.js"
 */

import { findSteps } from "./borders.js";
import { setView } from "./changes.js";
import { FIT, zoomRange } from "./geometry.js";
import { changeSource, takeServerLook } from "./look.js";
import { FATES } from "./merge/settle.js";
import { withOutcomes } from "./outcomes.js";
import { segmentOf } from "./state.js";
import { sameThresholds } from "./thresholds.js";
import { unpack } from "./unpack.js";

/** @type {Record<string, (viewer: Viewer, payload: any) => void>} by topic */
const RECEIVERS = {
  map: showMap,
  look: showLook,
  outcomes: showOutcomes,
  near_miss: showNearMiss,
  doubt: showDoubt,
  landscape: showLandscape,
  logits: ({ preview, isFirst }, payload) => isFirst && preview.load(payload),
};

/**
 * @param {Viewer} viewer
 * @param {string} topic
 * @param {unknown} payload
 */
export function receive(viewer, topic, payload) {
  RECEIVERS[topic]?.(viewer, payload);
}

/**
 * @param {Viewer} viewer
 * @param {PhotoPayload} photo
 */
export function showPhoto(viewer, photo) {
  const { state, kept, redraw } = viewer;
  if (state.photo?.key === photo.key) return;
  state.photo = photo;
  if (kept.photo !== photo.key) {
    kept.photo = photo.key;
    if (viewer.isFirst) setView(viewer, FIT);
  }
  const image = new Image();
  image.onload = () => {
    if (state.photo === photo) paintPhoto(viewer, photo, image);
  };
  image.src = photo.url;
  redraw("all");
}

/**
 * @param {Viewer} viewer
 * @param {PhotoPayload} photo
 * @param {HTMLImageElement} image
 */
function paintPhoto(viewer, photo, image) {
  const { canvases, stage, left } = viewer.parts;
  canvases.photo.width = photo.width;
  canvases.photo.height = photo.height;
  canvases.photo.getContext("2d")?.drawImage(image, 0, 0, photo.width, photo.height);
  canvases.photo.setAttribute("role", "img");
  canvases.photo.setAttribute("aria-label", photo.name);
  stage.setAttribute("aria-label", `${photo.name}; ? lists the keys`);
  stage.style.aspectRatio = `${photo.width} / ${photo.height}`;
  left.style.maxWidth = `max(280px, calc(68vh * ${photo.width / photo.height}))`;
  measure(viewer);
  viewer.redraw("all");
}

/**
 * The stage, or the toolbar above it, has another size.
 *
 * @param {Viewer} viewer
 */
export function measure({ state, parts, redraw, isFirst, link }) {
  if (!state.photo) return;
  state.range = zoomRange(state.photo.width, parts.stage.clientWidth, devicePixelRatio);
  redraw("view", "light");
  if (isFirst) link.tell("toolbarHeight", parts.toolbar.element.offsetHeight);
}

/**
 * @param {Viewer} viewer
 * @param {MapPayload} payload
 */
async function showMap(viewer, payload) {
  const { state, kept, parts, inbox, preview } = viewer;
  const ids = await unpack(payload.ids, payload.bytes_per_id);
  if (payload !== inbox.latest.get("map")) return; // a newer one came meanwhile
  if (isOutOfDate(viewer, payload)) return;
  if (kept.look.source !== payload.source) kept.history.clear();
  changeSource(kept.look, payload.source, inbox.latest.get("look"));
  const steps = findSteps(ids, payload.width);
  const hovered = state.map?.byId.get(state.hovered)?.key;
  preview.recycle(state.map?.merged ?? null);
  state.map = { ...payload, ids, steps, points: null, segments: [], byId: new Map(), merged: null };
  state.awaitsExact = false;
  setSegments(viewer, payload.segments);
  keepHovered(viewer, hovered);
  if (!state.hovered) parts.tooltip.hide();
  viewer.redraw("thresholds", "history");
}

/**
 * Whether a threshold was moved on since the server was told, and the picture follows by itself.
 *
 * @param {Viewer} viewer
 * @param {MapPayload} payload
 */
function isOutOfDate({ state, kept, preview }, payload) {
  if (preview.source !== payload.source || state.map?.source !== payload.source) return false;
  return !sameThresholds(kept.look.thresholds, payload.thresholds);
}

/**
 * Show the server's last map if it is the one that is wanted: the server does not send it twice.
 *
 * @param {Viewer} viewer
 */
export function showKnownMap(viewer) {
  const payload = viewer.inbox.latest.get("map");
  if (payload && sameThresholds(viewer.kept.look.thresholds, payload.thresholds)) showMap(viewer, payload);
}

/**
 * A map that was merged here, while a threshold is moved.
 *
 * @param {Viewer} viewer
 * @param {MergedMap} merged
 */
export function showMerged(viewer, merged) {
  const { state, preview } = viewer;
  const before = state.map;
  // The server's may have come first, or another picture.
  if (!before || before.source !== preview.source || !state.awaitsExact) return preview.recycle(merged);
  const hovered = before.byId.get(state.hovered)?.key;
  const { ids, steps, width, height, thresholds } = merged;
  const below = (merged.candidates ?? []).filter(({ fate }) => fate === FATES.lowScore);
  state.map = {
    ...before,
    ids,
    steps,
    width,
    height,
    thresholds,
    merged,
    stamp: `moving ${++moves}`,
    points: null,
    segments: [],
    byId: new Map(),
    below_score: below.map(({ score }) => score),
  };
  if (merged.landscape) state.landscape = { photo: before.photo, ...merged.landscape };
  preview.recycle(before.merged);
  setSegments(viewer, merged.segments);
  keepHovered(viewer, hovered);
  viewer.redraw("thresholds");
}

let moves = 0;

/**
 * The segment that was pointed at has another id, or is gone.
 *
 * @param {Viewer} viewer
 * @param {string | undefined} key
 */
function keepHovered({ state }, key) {
  state.hovered = (key && segmentOf(state, key)?.id) || 0;
}

/**
 * What a comparison made of the segments may come before them or later.
 *
 * @param {Viewer} viewer
 * @param {OutcomesPayload | null} outcomes
 */
function showOutcomes(viewer, outcomes) {
  const { state, parts } = viewer;
  if (outcomes === state.outcomes) return;
  state.outcomes = outcomes;
  parts.host.classList.toggle("compared", Boolean(outcomes));
  parts.legend.show(outcomes?.legend ?? []);
  if (state.map) setSegments(viewer, state.map.segments);
}

/**
 * @param {Viewer} viewer
 * @param {SegmentPayload[]} segments
 */
function setSegments({ state, parts, rules, redraw }, segments) {
  if (!state.map) return;
  const named = withOutcomes(segments, state.outcomes, rules.no_outcome);
  state.map.segments = named;
  state.map.byId = new Map(named.map((segment) => [segment.id, segment]));
  parts.list.show(named);
  redraw("all");
}

/**
 * @param {Viewer} viewer
 * @param {NearMissPayload | null} payload
 */
async function showNearMiss({ state, inbox, redraw }, payload) {
  const bits = payload && (await unpack(payload.bits));
  if (payload !== inbox.latest.get("near_miss")) return;
  state.nearMiss = payload && bits && { ...payload, bits };
  redraw("masks", "light");
}

/**
 * @param {Viewer} viewer
 * @param {DoubtPayload | null} payload
 */
async function showDoubt({ state, inbox, redraw }, payload) {
  const values = payload && (await unpack(payload.values));
  if (payload !== inbox.latest.get("doubt")) return;
  state.doubt = payload && values && { ...payload, values };
  redraw("masks", "light");
}

/**
 * @param {Viewer} viewer
 * @param {LandscapePayload | null} payload
 */
function showLandscape({ state, redraw }, payload) {
  if (!state.awaitsExact) state.landscape = payload;
  redraw("thresholds");
}

/**
 * @param {Viewer} viewer
 * @param {LookPayload} payload
 */
function showLook(viewer, payload) {
  const { kept, redraw, isFirst, link } = viewer;
  const { thresholds } = kept.look;
  if (!takeServerLook(kept.look, payload)) return;
  if (!sameThresholds(thresholds, kept.look.thresholds)) showKnownMap(viewer);
  redraw("masks", "labels", "list", "tools", "thresholds");
  if (isFirst) link.tell("style", kept.look.style);
}
