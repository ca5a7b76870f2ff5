/**
 * What stands on the Collection page: the row of tools, filters, the grid, thresholds, and tabs.
 *
 * A new tab is an entry of `tabs` below: its panel is shown what is known whenever that changes.
 *
 * @import { CollectionData } from "./collection.js"
 * @import { Downloadable } from "./download_sheet.js"
 * @import { Place } from "./place.js"
 * @import { Asked, RunAnswer, RunBrief, SegmentRow, Server, ViewAnswer } from "./server.js"
 * @import { Thresholds } from "../thresholds.js"
 *
 * @typedef {object} Known
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

import { element, textButton } from "../dom.js";
import { createTabs } from "../tabs.js";
import { createThresholdPanel } from "../threshold_panel.js";
import { createNumbersPanel } from "./bars.js";
import { createDownloadSheet } from "./download_sheet.js";
import { createFilters } from "./filters.js";
import { createGrid } from "./grid.js";
import { createMakeSheet } from "./make_sheet.js";
import { createProgress } from "./progress.js";
import { createQualityPanel } from "./quality_panel.js";
import { createSegmentTable } from "./segment_table.js";
import { createThresholdSteps } from "./threshold_steps.js";

/** Of the map of a picture, the sliders ask for the task alone. @type {any} */
const NO_MAP = { segments: [], area: 1, below_score: [] };

/**
 * @param {CollectionData} data
 * @param {Server} server
 * @param {Handlers} on
 */
export function createParts(data, server, on) {
  const grid = createGrid({ open: on.open, tick: on.tick, scrolled: on.scrolled });
  const filters = createFilters({ change: (conditions) => on.change({ conditions }) });
  const numbers = createNumbersPanel(on.toggle);
  const quality = createQualityPanel({
    toggle: on.toggle,
    open: (position) => on.open(position),
    marks: () => server.marks(on.run(), on.asked()),
    move: (moved) => steps.handlers.move(moved),
  });
  const table = createSegmentTable({
    ask: (asked, signal) => server.segments(on.run(), on.asked(), asked, signal),
    open: (row) => on.open(row.position, row),
  });
  const failures = element("ul", "failures");
  const tabs = createTabs(
    "About the collection",
    [
      { name: "numbers", title: "Numbers", panel: numbers.element },
      { name: "segments", title: "Segments", panel: table.element },
      { name: "evaluation", title: "Evaluation", panel: quality.element },
      { name: "failures", title: "Failed", panel: failures },
    ],
    (tab) => on.change({ tab }),
  );
  tabs.offer("evaluation", false);
  const steps = createThresholdSteps(data.rules, on);
  const thresholds = createThresholdPanel(data.rules, steps.handlers);
  const exactness = element("div", "exactness whole");
  exactness.append(element("span"));
  thresholds.element.append(exactness);
  const make = createMakeSheet(data.making, server, on.made);
  const download = createDownloadSheet(data.formats);
  const progress = createProgress({
    stop: () => on.job("stop"),
    goOn: () => on.job("continue"),
    retry: () => on.job("retry"),
    remove: () => on.job("remove"),
  });
  const tools = createTools(
    data,
    on,
    () => make.open(),
    () => download.open(on.downloadable()),
  );
  const nothing = element("p", "nothing");
  nothing.setAttribute("role", "status");
  const main = element("div", "main");
  main.append(tools.element, progress.element, filters.element, nothing, grid.element);
  const side = element("div", "side");
  side.append(thresholds.element, tabs.element);
  const layout = element("div", "layout");
  layout.append(main, side);
  const box = element("div");
  box.append(layout, make.element, download.element);
  return {
    element: box,
    grid,
    table,
    runs: tools.runs,
    /** @param {File[]} files that were dropped */
    take(files) {
      if (files.length && data.making.pictures && data.making.models.length) make.open(files);
    },
    /** @param {string[]} labels */
    suggest: (labels) => filters.suggest(labels),
    /** @param {Known} known */
    show(known) {
      const { about, view, place, problem } = known;
      tools.show(known);
      if (about) progress.show(about);
      progress.element.hidden ||= !about;
      filters.show(place.conditions, view?.conditions ?? null, problem);
      const task = about?.has_thresholds === false ? "none" : place.task;
      thresholds.show(place.thresholds, { ...NO_MAP, task }, null);
      thresholds.showHistory(steps.history);
      thresholds.element.classList.toggle("off", about?.has_thresholds === false);
      thresholds.say(countsInWords(about, view));
      const share = view?.pictures ? view.exact / view.pictures : 1;
      exactness.style.setProperty("--share", String(share));
      exactness.classList.toggle("whole", share === 1);
      if (view) numbers.show(view, place.conditions);
      quality.show(view?.quality ?? null, place.conditions, known.names, on.run());
      tabs.show(place.tab);
      if (about) tabs.offer("evaluation", Boolean(about.annotated));
      tabs.count("segments", view ? view.matching : null);
      tabs.offer("failures", Boolean(about?.failed));
      tabs.count("failures", about?.failed || null);
      showFailures(failures, about);
      nothing.textContent = why(known);
      nothing.hidden = !nothing.textContent;
      grid.element.hidden = !nothing.hidden;
    },
    close() {
      grid.close();
      table.close();
    },
  };
}

/**
 * @param {CollectionData} data
 * @param {Handlers} on
 * @param {() => void} make
 * @param {() => void} download
 */
function createTools(data, on, make, download) {
  const row = element("div", "tools-row");
  const runs = element("select", "runs");
  runs.setAttribute("aria-label", "Collection");
  runs.onchange = () => on.choose(runs.value);
  const fresh = textButton("New", "Have your own pictures looked at");
  fresh.onclick = make;
  fresh.hidden = !data.making.pictures || !data.making.models.length;
  const count = element("span", "count");
  count.setAttribute("role", "status");
  const task = element("select", "task");
  task.setAttribute("aria-label", "Task");
  fill(
    task,
    data.tasks.map((name) => ({ name, title: name[0].toUpperCase() + name.slice(1) })),
  );
  task.onchange = () => on.change({ task: task.value });
  const sort = element("select", "sort-by");
  sort.setAttribute("aria-label", "Sort by");
  fill(sort, data.sorts);
  const backward = textButton("↓", "The other end first");
  backward.setAttribute("aria-label", "The other end first");
  sort.onchange = () => on.change({ sort: sort.value, backward: false });
  backward.onclick = () => on.change({ backward: backward.getAttribute("aria-pressed") !== "true" });
  const save = textButton("Download", "Files of all pictures, of those that are left, or of the ticked ones");
  save.onclick = download;
  row.append(runs, fresh, count, element("span", "spring"), task, sort, backward, save);
  return {
    element: row,
    runs: {
      /**
       * @param {RunBrief[]} found
       * @param {string} run
       */
      show(found, run) {
        fill(
          runs,
          found.map(({ id, title, kind }) => ({
            name: id,
            title: kind === "own" ? `${title} (mine)` : title,
          })),
        );
        runs.value = run;
      },
    },
    /** @param {Known} known */
    show({ about, view, place, ticked }) {
      const all = view?.pictures ?? about?.pictures ?? 0;
      const left = view?.order.length ?? all;
      const of =
        left === all
          ? `${all.toLocaleString("en")} pictures`
          : `${left.toLocaleString("en")} of ${all.toLocaleString("en")}`;
      const words = all ? `${of}${ticked ? `, ${ticked} ticked` : ""}` : "";
      if (count.textContent !== words) count.textContent = words;
      task.value = place.task;
      task.disabled = about?.has_thresholds === false;
      for (const option of sort.options) option.hidden = option.value === "pq" && !about?.annotated;
      sort.value = place.sort;
      backward.setAttribute("aria-pressed", String(place.backward));
      backward.textContent = place.backward ? "↑" : "↓";
      save.disabled = !all;
    },
  };
}

/**
 * @param {HTMLSelectElement} select
 * @param {{ name: string, title: string }[]} options
 */
function fill(select, options) {
  const now = [...select.options].map(({ value, textContent }) => `${value}\n${textContent}`).join("\n");
  if (now === options.map(({ name, title }) => `${name}\n${title}`).join("\n")) return; // it may be open
  select.replaceChildren(
    ...options.map(({ name, title }) => {
      const option = element("option", "", title);
      option.value = name;
      return option;
    }),
  );
}

/**
 * @param {RunAnswer | null} about
 * @param {ViewAnswer | null} view
 */
function countsInWords(about, view) {
  if (about?.has_thresholds === false) return "Finished maps, no logits: thresholds have no effect.";
  if (!view) return "";
  const about_ = view.exact < view.pictures ? "about " : "";
  const counted = view.exact < view.pictures ? ` · ${view.exact} of ${view.pictures} counted` : "";
  return `${about_}${view.segments.toLocaleString("en")} segments in ${view.order.length.toLocaleString("en")} pictures${counted}`;
}

/** Why there is no tile to see; empty if there is. @param {Known} known */
function why({ about, view, place }) {
  if (!about) return "Opening…";
  if (about.problem) return about.problem;
  if (!about.pictures) return about.job?.state === "failed" ? "" : "The first pictures are on their way.";
  if (!view) return "Counting…";
  if (!view.order.length) return place.conditions.length ? "No picture is left: remove a filter." : "";
  return "";
}

/**
 * @param {HTMLElement} list
 * @param {RunAnswer | null} about
 */
function showFailures(list, about) {
  const failures = about?.failures ?? [];
  if (list.childElementCount === failures.length) return;
  list.replaceChildren(
    ...failures.map(({ name, error }) => {
      const row = element("li", "", name);
      row.append(element("span", "about", error));
      return row;
    }),
  );
}
