/**
 * What stands on the Collection page: tools, progress, questions and the grid, with what tells of them beside it.
 *
 * @import { Thresholds } from "../thresholds.js"
 * @import { Asked } from "./asked.js"
 * @import { CollectionData } from "./collection.js"
 * @import { Downloadable } from "./download_sheet.js"
 * @import { Place } from "./place.js"
 * @import { Server } from "./server.js"
 * @import { RunAnswer, SegmentRow, ViewAnswer } from "./server_answers.js"
 *
 * @typedef {object} Shown what all parts are told whenever any of it changes
 * @property {RunAnswer | null} about
 * @property {ViewAnswer | null} view
 * @property {Place} place
 * @property {string} problem
 * @property {Map<number, string>} names of the pictures, by position
 * @property {number} ticked
 *
 * @typedef {object} Handlers
 * @property {(run: string) => void} choose
 * @property {(changed: Partial<Place>) => void} change
 * @property {(moved: Partial<Thresholds>) => void} move
 * @property {(condition: string) => void} toggle
 * @property {(position: number, row?: SegmentRow) => void} open
 * @property {(positions: number[], on: boolean) => void} tick
 * @property {() => void} scrolled
 * @property {() => Asked} asked
 * @property {() => string} run
 * @property {() => Downloadable} downloadable
 * @property {(run: string, words: string) => void} made `words` on what was refused
 * @property {(action: "stop" | "continue" | "retry" | "remove") => void} job
 */

import { element, setText } from "../dom.js";
import { createDownloadSheet } from "./download_sheet.js";
import { createFilters } from "./filters.js";
import { Grid } from "./grid.js";
import { createMakeSheet } from "./make_sheet.js";
import { createProgress } from "./progress.js";
import { createSide } from "./side.js";
import { createTools } from "./tools.js";

/**
 * @param {CollectionData} data
 * @param {Server} server
 * @param {Handlers} on
 */
export function createParts(data, server, on) {
  const make = createMakeSheet(data.making, server, on.made);
  const download = createDownloadSheet(data.formats);
  const tools = createTools(
    data,
    on,
    () => make.open(),
    () => download.open(on.downloadable()),
  );
  const progress = createProgress({
    stop: () => on.job("stop"),
    goOn: () => on.job("continue"),
    retry: () => on.job("retry"),
    remove: () => on.job("remove"),
    left: () => grid.focus(),
  });
  const filters = createFilters({ change: (conditions) => on.change({ conditions }) });
  const nothing = element("p", "nothing");
  nothing.setAttribute("role", "status");
  const grid = new Grid({ open: on.open, tick: on.tick, scrolled: on.scrolled });
  const main = element("div", "main");
  main.append(tools.element, progress.element, filters.element, nothing, grid.element);
  const side = createSide(data.rules, server, on);
  const layout = element("div", "layout");
  layout.append(main, side.element);
  const box = element("div");
  box.append(layout, make.element, download.element);
  return {
    element: box,
    grid,
    table: side.table,
    showRuns: tools.showRuns,
    /** @param {File[]} files that were dropped */
    take(files) {
      if (files.length && data.making.pictures && data.making.models.length) make.open(files);
    },
    /** @param {string[]} labels */
    suggest: (labels) => filters.suggest(labels),
    /** @param {Shown} shown */
    show(shown) {
      const { about, view, place, problem } = shown;
      tools.show(shown);
      if (about) progress.show(about);
      progress.element.hidden ||= !about;
      filters.show(place.conditions, view?.conditions ?? null, problem);
      side.show(shown);
      setText(nothing, whyNothing(shown));
      nothing.hidden = !nothing.textContent;
      grid.element.hidden = !nothing.hidden;
    },
    close() {
      grid.close();
      side.close();
    },
  };
}

/** Why there is no tile to see; empty if there is. @param {Shown} shown */
function whyNothing({ about, view, place, problem }) {
  if (!about) return "Opening…";
  if (about.problem) return about.problem;
  if (!about.pictures) return about.job?.state === "failed" ? "" : "The first pictures are on their way.";
  if (!view && problem)
    return `Nothing could be counted: ${place.conditions.length ? "remove a filter" : "load the page again"}.`;
  if (!view) return "Counting…";
  if (!view.order.length) return place.conditions.length ? "No picture is left: remove a filter." : "";
  return "";
}
