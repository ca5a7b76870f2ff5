/**
 * Reports of the look to the server, which hears of changes once the visitor pauses.
 *
 * @import { Look, Report } from "./look.js"
 *
 * @typedef {ReturnType<typeof createReports>} Reports
 */

import { outdateServer, reportOf } from "./look.js";

const PAUSE_MS = 120;

/** @param {Look} look */
export function createReports(look) {
  /** @type {(report: Report) => void} */
  let send = () => {};
  let timer = 0;
  let pending = false;
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
      outdateServer(look);
      clearTimeout(timer);
      pending = true;
      timer = setTimeout(() => {
        pending = false;
        send(reportOf(look));
      }, pause);
    },
    /** Report at once what waits for a pause: something else is about to be asked of the server. */
    flush() {
      if (!pending) return;
      clearTimeout(timer);
      pending = false;
      send(reportOf(look));
    },
    cancel: () => clearTimeout(timer),
  };
}
