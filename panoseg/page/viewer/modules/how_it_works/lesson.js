/**
 * What the server tells of how the shown map comes about (panoseg/page/viewer/lesson.py), and the asking for it.
 *
 * @import { Color } from "../inbox.js"
 * @import { Ids } from "../state.js"
 * @import { Thresholds } from "../thresholds.js"
 * @import { Viewer } from "../viewer.js"
 *
 * @typedef {object} QueryLesson
 * @property {number} query
 * @property {string} label
 * @property {number} score
 * @property {Color} color
 * @property {string} fate what became of it
 * @property {boolean} nothing whether it says "no object"
 *
 * @typedef {object} QueriesLesson
 * @property {number} width of each query's picture
 * @property {number} height
 * @property {number} mask threshold
 * @property {string} levels packed: probability × 200 of each pixel, one query after the other
 * @property {QueryLesson[]} queries in that order
 *
 * @typedef {object} LessonMap
 * @property {string} name
 * @property {number} width
 * @property {number} height
 * @property {1 | 2} bytes_per_id
 * @property {string} ids packed
 * @property {Color[]} colors of the ids 1, 2, …
 * @property {number} things
 * @property {number} stuff
 * @property {number} coverage 0–1
 *
 * @typedef {object} StepCounts
 * @property {number} competing queries that take part
 * @property {number} owners queries that have pixels in the map
 * @property {number} dropped queries that the overlap threshold took away
 * @property {{ label: string, left: number }[]} largest_dropped with the share of their masks that was left to them
 *
 * @typedef {LessonMap & StepCounts} Step
 *
 * @typedef {object} StepsLesson
 * @property {number} queries
 * @property {Thresholds} thresholds
 * @property {Step[]} steps
 *
 * @typedef {{ tasks: LessonMap[] }} TasksLesson
 */

import { addressOf } from "../close_up/close_up.js";
import { fetchAnswer } from "../close_up/server.js";
import { currentMap } from "../state.js";
import { unpack } from "../unpack.js";

/**
 * A part of the lesson about the map that is shown; null where there is none, or something newer is on its way.
 *
 * @param {Viewer} viewer
 * @param {"queries" | "steps" | "tasks"} part
 */
export async function askLesson(viewer, part) {
  const name = lessonOf(viewer);
  return name ? fetchAnswer(addressOf(viewer.closeUp, `lesson/${name}/${part}`)) : null;
}

/**
 * The name of the map that there is a lesson about, or nothing.
 *
 * @param {Viewer} viewer
 */
export function lessonOf({ state }) {
  const map = currentMap(state);
  return map?.explained && !map.merged ? map.name : "";
}

/**
 * A map with its ids, ready to be painted.
 *
 * @template {LessonMap} Told
 * @param {Told} told
 * @returns {Promise<Omit<Told, "ids"> & { ids: Ids }>}
 */
export async function unpacked(told) {
  return { ...told, ids: await unpack(told.ids, told.bytes_per_id) };
}
