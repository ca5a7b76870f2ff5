/**
 * What is known of the run that is looked at, and what that makes of a tile.
 *
 * @import { CollectionData } from "./collection.js"
 * @import { Place } from "./place.js"
 * @import { Server } from "./server.js"
 * @import { RunAnswer, ViewAnswer } from "./server_answers.js"
 *
 * @typedef {object} Known
 * @property {string} run id
 * @property {RunAnswer | null} about
 * @property {number[]} positions of its pictures
 * @property {Map<number, string>} names by position
 * @property {ViewAnswer | null} view
 * @property {string} problem
 * @property {string} notice on what was refused: files when it was made, or what was to be done with it
 * @property {Place} place
 * @property {Set<number>} ticked
 * @property {boolean} returns whether the grid is still to be scrolled to where it was
 */

import { countOf } from "./counts.js";
import { recallPlace } from "./place.js";
import { hundredths } from "./quality_rules.js";

const FIRST_TAB = "numbers";

/**
 * Nothing yet but how it was looked at last.
 *
 * @param {string} run
 * @param {CollectionData} data
 * @returns {Known}
 */
export function nothingOf(run, data) {
  const place = recallPlace(run, {
    thresholds: data.thresholds,
    task: data.tasks[0],
    conditions: [],
    sort: "position",
    backward: false,
    tab: FIRST_TAB,
    top: 0,
    position: -1,
    ticked: [],
  });
  return {
    run,
    about: null,
    positions: [],
    names: new Map(),
    view: null,
    problem: "",
    notice: "",
    place,
    ticked: new Set(place.ticked),
    returns: true,
  };
}

/**
 * @param {Known} known
 * @param {Server} server
 * @param {number} at place in the grid
 */
export function tileOf({ run, view, names, place }, server, at) {
  const position = view?.order[at] ?? -1;
  const segments = view?.counts[at] ?? null;
  const counted = segments === null ? "…" : (view?.sorted_by?.[at] ?? countOf(segments, "segment"));
  return {
    name: names.get(position) ?? "",
    words: counted,
    quality: view?.pq && !view.sorted_by ? `PQ ${hundredths(view.pq[at])}` : "",
    photo: server.photoUrl(run, position),
    map: server.mapUrl(run, position, place, view),
  };
}
