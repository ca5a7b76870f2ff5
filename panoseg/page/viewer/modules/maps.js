/**
 * Which map of segments is shown: the server's exact one or, while a threshold moves, one that was merged here.
 *
 * @import { MapPayload, SegmentPayload } from "./inbox.js"
 * @import { MergedMap } from "./merge/service.js"
 * @import { Viewer } from "./viewer.js"
 */

import { changeSource } from "./look.js";
import { FATES } from "./merge/segment_rules.js";
import { stepsOf } from "./merge/steps.js";
import { withOutcomes } from "./outcomes.js";
import { segmentOf } from "./state.js";
import { sameThresholds } from "./thresholds.js";
import { unpack } from "./unpack.js";

/**
 * @param {Viewer} viewer
 * @param {MapPayload} payload
 */
export async function showMap(viewer, payload) {
  const { state, kept, parts, inbox, preview } = viewer;
  const ids = await unpack(payload.ids, payload.bytes_per_id);
  if (payload !== inbox.latest.get("map")) return; // a newer one came meanwhile
  if (isOutOfDate(viewer, payload)) return;
  if (kept.look.source !== payload.source) kept.history.clear();
  changeSource(kept.look, payload.source, inbox.latest.get("look"));
  const steps = stepsOf(ids, payload.width);
  const hovered = state.map?.byId.get(state.hovered)?.key;
  preview.recycle(state.map?.merged ?? null);
  state.map = { ...payload, ids, steps, points: null, segments: [], byId: new Map(), merged: null };
  state.awaitsExact = false;
  setSegments(viewer, payload.segments);
  keepHovered(viewer, hovered);
  if (!state.hovered) parts.tooltip.hide();
  viewer.redraw("all");
  viewer.drawNow();
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
    nothing: merged.segments.length ? "" : "Nothing is left at these thresholds.",
    points: null,
    segments: [],
    byId: new Map(),
    below_score: below.map(({ score }) => score),
    missed: merged.candidates,
  };
  if (merged.landscape) state.landscape = { photo: before.photo, ...merged.landscape };
  preview.recycle(before.merged);
  setSegments(viewer, merged.segments);
  keepHovered(viewer, hovered);
  viewer.redraw("thresholds");
  viewer.drawNow();
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
 * @param {Viewer} viewer
 * @param {SegmentPayload[]} segments
 */
export function setSegments({ state, parts, rules, redraw }, segments) {
  if (!state.map) return;
  const named = withOutcomes(segments, state.outcomes, rules.no_outcome);
  state.map.segments = named;
  state.map.byId = new Map(named.map((segment) => [segment.id, segment]));
  parts.list.show(named);
  parts.numbers.show(named, state.map.area);
  redraw("masks", "light", "labels", "list", "thresholds");
}
