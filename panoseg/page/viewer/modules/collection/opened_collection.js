/**
 * A collection that a visitor looks at: what is known of it, what the visitor does, and what follows from both.
 *
 * @import { Thresholds } from "../thresholds.js"
 * @import { CollectionData } from "./collection.js"
 * @import { Known } from "./known.js"
 * @import { Handlers } from "./parts.js"
 * @import { Place } from "./place.js"
 * @import { PicturesAnswer, RunAnswer, RunBrief, SegmentRow, ViewAnswer } from "./server_answers.js"
 */

import { writeAddress } from "../address.js";
import { element } from "../dom.js";
import { watchFiles } from "../files.js";
import { fillWindow } from "../fill_window.js";
import { arriveAt } from "../lost_focus.js";
import { createCounting, wordsOf } from "./counting.js";
import { createFollowing } from "./following.js";
import { nothingOf, tileOf } from "./known.js";
import { createParts } from "./parts.js";
import { keepOwnRuns, keepPlace, ownRuns } from "./place.js";
import { Server } from "./server.js";
import { applyCollectionStyles } from "./styles.js";

const EVALUATION = "evaluation";
const DEMO = "demo";

export class OpenedCollection {
  #data;
  #known;
  /** @type {(report: object) => void} */
  #tell = () => {};
  #closed = false;
  #server = new Server(() => this.#data.folder);
  #counting = createCounting({
    run: () => this.#known.run,
    ask: (signal) => this.#server.view(this.#known.run, this.#known.place, signal),
    heard: (view) => this.#hearView(view),
    failed: (problem) => this.#learn({ problem }),
  });
  #following = createFollowing(this.#server, {
    run: () => this.#known.run,
    known: () => this.#known.positions.length,
    heard: (about, runs) => this.#hearAbout(about, runs),
    grown: (pictures) => this.#hearPictures(pictures),
  });
  #host = element("div", "collection");
  #parts;
  /** @type {(() => void)[]} what the page is watched with */
  #stops;

  /**
   * @param {Node} parent
   * @param {CollectionData} data
   */
  constructor(parent, data) {
    this.#data = data;
    this.#known = nothingOf(data.run, data);
    this.#parts = createParts(data, this.#server, this.#handlers());
    this.#host.append(this.#parts.element);
    parent.appendChild(this.#host);
    applyCollectionStyles(this.#host);
    this.#stops = [
      fillWindow(this.#host),
      watchFiles(
        (files) => this.#parts.take(files),
        (over) => this.#host.classList.toggle("dropping", over),
      ),
    ];
    this.#draw();
    // The grid comes later: until then, keys begin with what stands first.
    this.#host.tabIndex = -1;
    arriveAt(this.#host);
    this.#following.look();
  }

  /**
   * Python has something to say.
   *
   * @param {CollectionData} data
   * @param {(report: object) => void} tell tells it which picture was opened
   */
  update(data, tell) {
    const isOther = data.run !== this.#data.run;
    this.#data = data;
    this.#tell = tell;
    if (isOther && data.run !== this.#known.run) this.#choose(data.run);
  }

  close() {
    this.#closed = true;
    this.#following.close();
    this.#counting.close();
    for (const stop of this.#stops) stop();
    this.#parts.close();
    this.#host.remove();
  }

  /** @returns {Handlers} what the visitor can do, and what parts ask for */
  #handlers() {
    return {
      choose: (run) => this.#choose(run),
      change: (changed) => this.#change(changed),
      move: (moved) => this.#move(moved),
      toggle: (condition) => this.#toggle(condition),
      open: (position, row) => this.#open(position, row),
      tick: (positions, on) => this.#tick(positions, on),
      scrolled: () => this.#keep(),
      asked: () => this.#known.place,
      run: () => this.#known.run,
      downloadable: () => this.#downloadable(),
      made: (run, notice) => {
        keepOwnRuns([run, ...ownRuns()]);
        this.#choose(run);
        this.#known.notice = notice;
      },
      job: (action) => this.#job(action),
    };
  }

  // What the server says.

  /** @param {ViewAnswer} view */
  #hearView(view) {
    const before = this.#known.view;
    const wasCounting = !before || before.exact < before.pictures;
    if (wasCounting && view.exact === view.pictures) this.#parts.table.refresh();
    this.#learn({ view, problem: "" });
  }

  /**
   * @param {RunAnswer} about
   * @param {RunBrief[]} runs
   */
  #hearAbout(about, runs) {
    const isMade = this.#known.about?.job?.state === "running" && about.job?.state !== "running";
    if (isMade && about.pictures) this.#counting.count(); // it is evaluated once it is made
    if (runs.length) this.#parts.showRuns(runs, this.#known.run);
    this.#parts.suggest(about.labels?.map(({ label }) => label) ?? []);
    this.#learn({ about });
  }

  /** @param {PicturesAnswer} pictures */
  #hearPictures({ positions, names }) {
    this.#counting.count();
    this.#learn({ positions, names: new Map(positions.map((each, n) => [each, names[n]])) });
  }

  /** @param {Partial<Known>} learnt */
  #learn(learnt) {
    Object.assign(this.#known, learnt);
    this.#draw();
  }

  // What the visitor does.

  /** Go to another run. @param {string} run */
  #choose(run) {
    this.#keep();
    this.#counting.rest();
    this.#known = nothingOf(run, this.#data);
    writeAddress({ run: run === DEMO ? null : run, picture: null });
    this.#draw();
    this.#following.look();
  }

  /** @param {Partial<Place>} changed */
  #change(changed) {
    this.#known.place = { ...this.#known.place, ...changed };
    if ("sort" in changed || "backward" in changed || "conditions" in changed) this.#parts.grid.begin();
    this.#draw();
    this.#keep();
    if ("tab" in changed) {
      if (changed.tab === EVALUATION) this.#counting.count();
      return;
    }
    this.#parts.table.refresh();
    this.#counting.count();
  }

  /** While a slider is dragged, tiles in sight and numbers follow. @param {Partial<Thresholds>} moved */
  #move(moved) {
    const { place } = this.#known;
    this.#learn({ place: { ...place, thresholds: { ...place.thresholds, ...moved } } });
    this.#counting.count();
  }

  /** @param {string} condition */
  #toggle(condition) {
    const { conditions } = this.#known.place;
    const without = conditions.filter((each) => each !== condition);
    this.#change({
      conditions: without.length < conditions.length ? without : [...conditions, condition],
    });
  }

  /**
   * @param {number[]} positions
   * @param {boolean} on
   */
  #tick(positions, on) {
    for (const position of positions) {
      if (on) this.#known.ticked.add(position);
      else this.#known.ticked.delete(position);
    }
    this.#draw();
    this.#keep();
  }

  /**
   * @param {number} position
   * @param {SegmentRow} [row] of the table, whose segment is to be selected
   */
  #open(position, row) {
    const { run, about, place, ticked } = this.#known;
    keepPlace(run, { ...place, ...this.#parts.grid.place(), position, ticked: [...ticked] });
    const { thresholds, task } = place;
    const beside = place.tab === EVALUATION && Boolean(about?.annotated);
    this.#tell({ number: Date.now(), run, position, thresholds, task, beside, key: row?.key ?? null });
  }

  /** @param {"stop" | "continue" | "retry" | "remove"} action */
  async #job(action) {
    const { run } = this.#known;
    if (action === "remove") return this.#remove(run);
    this.#learn({ notice: "" });
    try {
      if (action === "stop") await this.#server.stop(run);
      else await this.#server.start(run, action === "retry" ? { retry: "1" } : {});
    } catch (error) {
      this.#learn({ notice: wordsOf(error) });
    }
    this.#following.look();
  }

  /** Gone before the server has heard of it, so that nothing more of it is asked for. @param {string} run */
  async #remove(run) {
    const own = ownRuns();
    keepOwnRuns(own.filter((each) => each !== run));
    this.#choose(DEMO);
    try {
      await this.#server.remove(run);
    } catch (error) {
      keepOwnRuns(own);
      this.#learn({ notice: wordsOf(error) });
      this.#following.look(); // lists it again
    }
  }

  #downloadable() {
    const { run, place, positions, view, ticked } = this.#known;
    return {
      /** @param {Record<string, string>} wanted */
      prepare: (wanted) => this.#server.download(run, wanted),
      asked: place,
      all: positions.length,
      left: view?.order.length ?? 0,
      ticked: [...ticked],
    };
  }

  // What is shown and remembered.

  #draw() {
    const { about, view, place, ticked, names, problem, notice } = this.#known;
    const { grid } = this.#parts;
    this.#parts.show({ about, view, place, problem: problem || notice, names, ticked: ticked.size });
    grid.show({
      order: view?.order ?? [],
      ticked,
      tile: (at) => tileOf(this.#known, this.#server, at),
    });
    if (!this.#known.returns || !view?.order.length) return;
    this.#known.returns = false;
    grid.goTo({ top: place.top, position: place.position });
    if (this.#host.matches(":focus")) grid.focus();
  }

  #keep() {
    const { run, place, ticked, returns } = this.#known;
    const { grid } = this.#parts;
    // What is remembered is not shown yet, or the grid has left the page, where it is scrolled nowhere.
    if (this.#closed || returns || !grid.element.clientHeight) return;
    keepPlace(run, { ...place, ...grid.place(), ticked: [...ticked] });
  }
}
