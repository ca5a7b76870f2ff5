/**
 * A run as a grid of pictures with their segments, and its numbers. A Streamlit component, whose one state value
 * "open" is the picture that the visitor opened; everything else it asks the server for by itself (server.js).
 *
 * @import { Rules } from "../inbox.js"
 * @import { Thresholds } from "../thresholds.js"
 * @import { FormatRule } from "./download_sheet.js"
 * @import { Making } from "./make_sheet.js"
 * @import { Place } from "./place.js"
 * @import { RunAnswer, SegmentRow, ViewAnswer } from "./server.js"
 *
 * @typedef {object} CollectionData what Python sends with the component itself
 * @property {string} folder where the server answers for this visitor
 * @property {string} run id
 * @property {Thresholds} thresholds as the page of pictures has them
 * @property {{ name: string, title: string }[]} sorts
 * @property {string[]} tasks
 * @property {FormatRule[]} formats
 * @property {Making} making
 * @property {Rules} rules
 *
 * @typedef {object} Component as Streamlit calls it
 * @property {ShadowRoot} parentElement
 * @property {CollectionData} data
 * @property {(name: string, value: unknown) => void} setStateValue
 */

import { writeAddress } from "../address.js";
import { element } from "../dom.js";
import { watchFiles } from "../files.js";
import { fillWindow } from "../fill_window.js";
import { createCounting, wordsOf } from "./counting.js";
import { createFollowing } from "./following.js";
import { createParts } from "./parts.js";
import { keepOwnRuns, keepPlace, ownRuns, recallPlace } from "./place.js";
import { hundredths } from "./quality_rules.js";
import { createServer } from "./server.js";
import { applyCollectionStyles } from "./styles.js";

const FIRST_TAB = "numbers";
const EVALUATION = "evaluation";
const DEMO = "demo";

/** @type {WeakMap<Node, ReturnType<typeof openCollection>>} by the element that Streamlit gives it */
const opened = new WeakMap();

/** @param {Component} component */
export default function ({ parentElement, data, setStateValue }) {
  const collection = opened.get(parentElement) ?? openCollection(parentElement, data);
  opened.set(parentElement, collection);
  collection.update(data, (report) => setStateValue("open", report));
  return () => {
    collection.close();
    opened.delete(parentElement);
  };
}

/**
 * What is known of the run that is looked at.
 *
 * @typedef {object} Known
 * @property {string} run id
 * @property {RunAnswer | null} about
 * @property {number[]} positions of its pictures
 * @property {Map<number, string>} names by position
 * @property {ViewAnswer | null} view
 * @property {string} problem
 * @property {string} notice on what was refused when it was made
 * @property {Place} place
 * @property {Set<number>} ticked
 * @property {boolean} returns whether the grid is still to be scrolled to where it was
 */

/**
 * @param {string} run
 * @param {CollectionData} data
 * @returns {Known}
 */
function nothingOf(run, data) {
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
 * @param {Node} parent
 * @param {CollectionData} first
 */
function openCollection(parent, first) {
  let data = first;
  /** @type {(report: object) => void} */
  let tell = () => {};
  let closed = false;
  const server = createServer(() => data.folder);
  let known = nothingOf(first.run, first);

  const counting = createCounting({
    run: () => known.run,
    ask: (signal) => server.view(known.run, known.place, signal),
    heard(view) {
      const news = !known.view || known.view.exact < known.view.pictures;
      known = { ...known, view, problem: "" };
      if (news && view.exact === view.pictures) parts.table.refresh();
      draw();
    },
    failed: (problem) => {
      known = { ...known, problem };
      draw();
    },
  });
  const following = createFollowing(server, {
    run: () => known.run,
    known: () => known.positions.length,
    heard(about, runs) {
      const made = known.about?.job?.state === "running" && about.job?.state !== "running";
      known = { ...known, about };
      if (made && about.pictures) counting.count(); // it is evaluated once it is made
      if (runs.length) parts.runs.show(runs, known.run);
      parts.suggest(about.labels?.map(({ label }) => label) ?? []);
      draw();
    },
    grown({ positions, names }) {
      known = { ...known, positions, names: new Map(positions.map((each, n) => [each, names[n]])) };
      counting.count();
      draw();
    },
  });

  const host = element("div", "collection");
  const parts = createParts(first, server, {
    choose,
    change,
    move,
    toggle,
    open,
    tick,
    scrolled: keep,
    asked: () => known.place,
    run: () => known.run,
    downloadable: () => ({
      prepare: (wanted) => server.download(known.run, wanted),
      asked: known.place,
      all: known.positions.length,
      left: known.view?.order.length ?? 0,
      ticked: [...known.ticked],
    }),
    made(run, notice) {
      keepOwnRuns([run, ...ownRuns()]);
      choose(run);
      known = { ...known, notice };
    },
    job,
  });
  host.append(parts.element);
  parent.appendChild(host);
  applyCollectionStyles(host);
  const stopFilling = fillWindow(host);
  const forgetFiles = watchFiles(
    (files) => parts.take(files),
    (over) => host.classList.toggle("dropping", over),
  );

  function keep() {
    // What is remembered is not shown yet, or the grid has left the page, where it is scrolled nowhere.
    if (closed || known.returns || !parts.grid.element.clientHeight) return;
    keepPlace(known.run, { ...known.place, ...parts.grid.place(), ticked: [...known.ticked] });
  }

  /** Go to another run. @param {string} run */
  function choose(run) {
    keep();
    counting.rest();
    known = nothingOf(run, data);
    writeAddress({ run: run === DEMO ? null : run });
    draw();
    following.look();
  }

  /** @param {"stop" | "continue" | "retry" | "remove"} action */
  async function job(action) {
    const { run } = known;
    try {
      if (action === "stop") await server.stop(run);
      else if (action === "remove") {
        await server.remove(run);
        keepOwnRuns(ownRuns().filter((each) => each !== run));
        choose(DEMO);
        return;
      } else await server.start(run, action === "retry" ? { retry: "1" } : {});
    } catch (error) {
      known = { ...known, problem: wordsOf(error) };
    }
    following.look();
  }

  /** @param {Partial<Place>} changed */
  function change(changed) {
    known = { ...known, place: { ...known.place, ...changed } };
    if ("sort" in changed || "backward" in changed || "conditions" in changed) parts.grid.begin();
    draw();
    keep();
    if ("tab" in changed) {
      if (changed.tab === EVALUATION) counting.count();
      return;
    }
    parts.table.refresh();
    counting.count();
  }

  /** While a slider is dragged, tiles in sight and numbers follow. @param {Partial<Thresholds>} moved */
  function move(moved) {
    const thresholds = { ...known.place.thresholds, ...moved };
    known = { ...known, place: { ...known.place, thresholds } };
    draw();
    counting.count();
  }

  /** @param {string} condition */
  function toggle(condition) {
    const { conditions } = known.place;
    const without = conditions.filter((each) => each !== condition);
    change({ conditions: without.length < conditions.length ? without : [...conditions, condition] });
  }

  /**
   * @param {number} position
   * @param {SegmentRow} [row]
   */
  function open(position, row) {
    const { run, place, ticked } = known;
    keepPlace(run, { ...place, ...parts.grid.place(), position, ticked: [...ticked] });
    const { thresholds, task } = place;
    const beside = place.tab === EVALUATION && Boolean(known.about?.annotated);
    tell({ number: Date.now(), run, position, thresholds, task, beside, key: row?.key ?? null });
  }

  /**
   * @param {number[]} positions
   * @param {boolean} on
   */
  function tick(positions, on) {
    for (const position of positions) {
      if (on) known.ticked.add(position);
      else known.ticked.delete(position);
    }
    draw();
    keep();
  }

  function draw() {
    const { run, about, view, place, ticked, names } = known;
    const problem = known.problem || known.notice;
    parts.show({ about, view, place, problem, names, ticked: ticked.size });
    parts.grid.show({
      order: view?.order ?? [],
      ticked,
      tile: (at) => {
        const position = view?.order[at] ?? -1;
        const segments = view?.counts[at] ?? 0;
        return {
          name: names.get(position) ?? "",
          words: `${segments} ${segments === 1 ? "segment" : "segments"}${pqInWords(view, at)}`,
          photo: server.photoUrl(run, position),
          map: server.mapUrl(run, position, place, view?.lit ?? []),
        };
      },
    });
    if (!known.returns || !view?.order.length) return;
    known.returns = false;
    parts.grid.goTo({ top: place.top, position: place.position });
  }

  draw();
  following.look();
  return {
    /**
     * @param {CollectionData} now
     * @param {(report: object) => void} teller
     */
    update(now, teller) {
      const other = now.run !== data.run;
      data = now;
      tell = teller;
      if (other && now.run !== known.run) choose(now.run);
    },
    close() {
      closed = true;
      following.close();
      counting.close();
      stopFilling();
      forgetFiles();
      parts.close();
      host.remove();
    },
  };
}

/**
 * @param {ViewAnswer | null} view
 * @param {number} at
 */
function pqInWords(view, at) {
  return view?.pq ? ` · PQ ${hundredths(view.pq[at])}` : "";
}
