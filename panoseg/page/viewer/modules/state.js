/**
 * What one viewer shows, and questions about it.
 *
 * @import { Pin } from "./close_up/pin.js"
 * @import { DoubtPayload, LandscapePayload, MapPayload, OutcomesPayload, PhotoPayload, Rules, SegmentPayload } from "./inbox.js"
 * @import { Point, View, ZoomRange } from "./geometry.js"
 * @import { InnerPoint } from "./inner_points.js"
 * @import { Look } from "./look.js"
 * @import { MergedMap } from "./merge/service.js"
 * @import { History } from "./thresholds.js"
 */

import { FIT, zoomRange } from "./geometry.js";
import { createLook } from "./look.js";
import { createHistory } from "./thresholds.js";

/**
 * @typedef {SegmentPayload & { outcome: string, reason: string }} Segment with words for what a comparison made of
 *   it, or none, and why it lacks a match
 *
 * @typedef {Uint8Array | Uint16Array} Ids of the segment at each pixel, row by row; 0 is void
 *
 * @typedef {object} DecodedMap what is painted
 * @property {Ids} ids
 * @property {Uint32Array} steps where segments meet (borders.js)
 * @property {(InnerPoint | null)[] | null} points by id, where labels stand; found when they are needed first
 * @property {Segment[]} segments
 * @property {Map<number, Segment>} byId
 *
 * @typedef {Omit<MapPayload, "ids" | "segments"> & DecodedMap & { merged: MergedMap | null }} SegmentMap
 *   `merged` is what it was made of here, while a threshold is moved; null for the server's
 *
 * @typedef {object} Kept what outlives the viewer's element: Streamlit may take that away and mount another
 * @property {Look} look
 * @property {View} view
 * @property {number | null} wipe where the line between photo and segments stands, as a fraction of the stage
 * @property {boolean} reasons whether it is said at segments why they lack a match
 * @property {string | null} photo key of the photo that the view is of
 * @property {History} history
 * @property {string} tab of the inspector that is seen
 * @property {number | null} returning the near miss that is being brought back, as a query
 *
 * @typedef {object} Ghost near misses to show (near_miss_ghost.js), as queries
 * @property {number | null} clicked
 * @property {number | null} pointed
 * @property {number} timer
 * @property {Map<string, Uint8Array | null>} levels by source and query; null while on its way
 *
 * @typedef {object} State
 * @property {PhotoPayload | null} photo
 * @property {string} painted key of the photo whose pixels are on the stage: a new one's are on their way
 * @property {SegmentMap | null} map the last one that came; perhaps of another photo
 * @property {{ photo: string, name: string, bits: Ids } | null} nearMiss whose mask is striped
 * @property {Ghost} ghost
 * @property {(Omit<DoubtPayload, "values"> & { values: Ids }) | null} doubt
 * @property {OutcomesPayload | null} outcomes
 * @property {LandscapePayload | null} landscape
 * @property {boolean} awaitsExact whether a threshold was moved and the server's map has not come yet
 * @property {Pin | null} pin the pinned segment
 * @property {number} hovered id of the segment that is pointed at, or 0
 * @property {Point | null} pointed the point of the picture that is pointed at in a linked viewer
 * @property {ZoomRange} range
 */

/** @type {Map<string, Kept>} by viewer's name */
const kept = new Map();

/**
 * @param {string} name
 * @param {Rules} rules
 * @returns {Kept}
 */
export function keptOf(name, rules) {
  const found = kept.get(name) ?? {
    look: createLook(rules),
    view: FIT,
    wipe: null,
    reasons: true,
    photo: null,
    history: createHistory(),
    tab: "segments",
    returning: null,
  };
  kept.set(name, found);
  return found;
}

/** @returns {State} */
export function createState() {
  return {
    photo: null,
    painted: "",
    map: null,
    nearMiss: null,
    ghost: { clicked: null, pointed: null, timer: 0, levels: new Map() },
    doubt: null,
    outcomes: null,
    landscape: null,
    awaitsExact: false,
    pin: null,
    hovered: 0,
    pointed: null,
    range: zoomRange(1, 1),
  };
}

/**
 * The map, unless it is of another photo: such a one is never painted over this one, nor listed beside it.
 *
 * @param {State} state
 */
export function currentMap({ map, photo, painted }) {
  return map && map.photo === photo?.key && map.photo === painted ? map : null;
}

/**
 * @param {State} state
 * @param {string | null | undefined} key
 */
export function segmentOf({ map }, key) {
  return map?.segments.find((segment) => segment.key === key);
}

/**
 * The segment that keys are about: the one that is pointed at or, failing that, the one selected last.
 *
 * @param {State} state
 * @param {Look} look
 */
export function focusedSegment(state, look) {
  const [last] = [...look.selected].slice(-1);
  return currentMap(state)?.byId.get(state.hovered) ?? segmentOf(state, last);
}
