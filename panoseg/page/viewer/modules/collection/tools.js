/**
 * The row above the grid: which run, how many pictures are left, what is found in them, in which order, files.
 *
 * @import { CollectionData } from "./collection.js"
 * @import { Handlers, Shown } from "./parts.js"
 * @import { RunBrief } from "./server_answers.js"
 */

import { element, setText, textButton } from "../dom.js";
import { countOf } from "./counts.js";

/**
 * @param {CollectionData} data
 * @param {Pick<Handlers, "choose" | "change">} on
 * @param {() => void} make opens the sheet for a new run
 * @param {() => void} download opens the sheet for files
 */
export function createTools(data, on, make, download) {
  const runs = namedSelect("runs", "Collection");
  runs.onchange = () => on.choose(runs.value);
  const fresh = textButton("New", "Have your own pictures looked at");
  fresh.onclick = make;
  fresh.hidden = !data.making.pictures || !data.making.models.length;
  const count = element("span", "count");
  count.setAttribute("role", "status");
  const task = namedSelect("task", "Task");
  fill(
    task,
    data.tasks.map((name) => ({ name, title: name[0].toUpperCase() + name.slice(1) })),
  );
  task.onchange = () => on.change({ task: task.value });
  const order = createOrder(data.sorts, on);
  const save = textButton("Download", "Files of all pictures, of those that are left, or of the ticked ones");
  save.className = "save";
  save.onclick = download;
  const row = element("div", "tools-row");
  row.append(runs, fresh, count, element("span", "spring"), task, ...order.elements, save);
  return {
    element: row,
    /**
     * @param {RunBrief[]} found
     * @param {string} run the one that is looked at
     */
    showRuns(found, run) {
      const offered = found.map(({ id, title, kind }) => ({
        name: id,
        title: kind === "own" ? `${title} (mine)` : title,
      }));
      const isOffered = offered.some(({ name }) => name === run);
      fill(runs, isOffered ? offered : [{ name: run, title: "Choose a collection" }, ...offered]);
      runs.value = run;
    },
    /** @param {Shown} shown */
    show(shown) {
      const { about, view, place } = shown;
      setText(count, countInWords(shown));
      task.value = place.task;
      task.disabled = about?.has_thresholds === false;
      order.show(place, Boolean(about?.annotated));
      save.disabled = !(view?.pictures ?? about?.pictures);
    },
  };
}

/**
 * By what pictures are sorted, and from which end.
 *
 * @param {{ name: string, title: string }[]} sorts
 * @param {Pick<Handlers, "change">} on
 */
function createOrder(sorts, on) {
  const sort = namedSelect("sort-by", "Sort by");
  fill(sort, sorts);
  sort.onchange = () => on.change({ sort: sort.value, backward: false });
  const backward = textButton("↓", "The other end first");
  backward.className = "backward";
  backward.setAttribute("aria-label", "The other end first");
  backward.onclick = () => on.change({ backward: backward.getAttribute("aria-pressed") !== "true" });
  return {
    elements: [sort, backward],
    /**
     * @param {{ sort: string, backward: boolean }} place
     * @param {boolean} annotated whether pictures have a PQ
     */
    show(place, annotated) {
      for (const option of sort.options) option.hidden = option.value === "pq" && !annotated;
      sort.value = place.sort;
      backward.setAttribute("aria-pressed", String(place.backward));
      setText(backward, place.backward ? "↑" : "↓");
    },
  };
}

/** @param {Shown} shown */
function countInWords({ about, view, ticked }) {
  const all = view?.pictures ?? about?.pictures ?? 0;
  if (!all) return "";
  const left = view?.order.length ?? all;
  const pictures =
    left === all ? countOf(all, "picture") : `${left.toLocaleString("en")} of ${all.toLocaleString("en")}`;
  return ticked ? `${pictures}, ${ticked.toLocaleString("en")} ticked` : pictures;
}

/**
 * @param {string} kind
 * @param {string} name that is read aloud
 */
function namedSelect(kind, name) {
  const select = element("select", kind);
  select.setAttribute("aria-label", name);
  return select;
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
