/**
 * Reports of the look to the server, which hears of changes once the visitor pauses.
 *
 * @import { Look, Report } from "./look.js"
 *
 * @typedef {ReturnType<typeof createReports>} Reports
 */

import { reportOf } from "./look.js";

const PAUSE_MS = 120;

/** @param {Look} look */
export function createReports(look) {
  /** @type {(report: Report) => void} */
  let send = () => {};
  let timer = 0;
  return {
    /**
     * Whom to send reports to from now on: Streamlit has another function for it at each of its runs.
     *
     * @param {(report: Report) => void} to
     */
    sendTo(to) {
      send = to;
    },
    /**
     * The look has changed; report it after a pause, or at once where nothing more will come.
     *
     * @param {number} pause milliseconds
     */
    schedule(pause = PAUSE_MS) {
      look.number += 1;
      clearTimeout(timer);
      timer = setTimeout(() => send(reportOf(look)), pause);
    },
    cancel: () => clearTimeout(timer),
  };
}
