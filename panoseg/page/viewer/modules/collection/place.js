/**
 * How each collection was looked at last in this tab: what Back from a picture finds again.
 *
 * @import { Thresholds } from "../thresholds.js"
 *
 * @typedef {object} Place
 * @property {Thresholds} thresholds
 * @property {string} task
 * @property {string[]} conditions
 * @property {string} sort
 * @property {boolean} backward
 * @property {string} tab
 * @property {number} top pixels that the grid was scrolled
 * @property {number} position of the picture that keys are at
 * @property {number[]} ticked positions
 */

const OWN = "panoseg.runs";
const MOST_OWN = 20;

/** @param {string} run */
const nameOf = (run) => `panoseg.collection.${run}`;

/**
 * @param {string} run
 * @param {Place} usual
 * @returns {Place}
 */
export function recallPlace(run, usual) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(nameOf(run)) ?? "{}");
    return { ...usual, ...kept };
  } catch {
    return usual;
  }
}

/**
 * @param {string} run
 * @param {Place} place
 */
export function keepPlace(run, place) {
  try {
    sessionStorage.setItem(nameOf(run), JSON.stringify(place));
  } catch {
    // A browser that keeps nothing begins anew each time.
  }
}

/** Ids of the runs that were made in this browser, the latest first. @returns {string[]} */
export function ownRuns() {
  try {
    const kept = JSON.parse(localStorage.getItem(OWN) ?? "[]");
    return Array.isArray(kept) ? kept.filter((each) => typeof each === "string") : [];
  } catch {
    return [];
  }
}

/** @param {string[]} runs */
export function keepOwnRuns(runs) {
  try {
    localStorage.setItem(OWN, JSON.stringify([...new Set(runs)].slice(0, MOST_OWN)));
  } catch {
    // The link still leads there.
  }
}
