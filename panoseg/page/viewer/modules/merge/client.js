/**
 * The viewer's end of the worker that merges.
 *
 * Of the thresholds that are wanted while a map is being made only the last are merged next. Whatever goes
 * wrong ends in `onUnavailable`, once per prediction and never as an exception: then the server's maps have
 * to do.
 */

import { buffersOf } from "./buffers.js";

/** @typedef {import("./service.js").MergedMap} MergedMap */
/** @typedef {import("./service.js").Answer} Answer */
/** @typedef {import("./service.js").Description} Description */
/** @typedef {import("./panoptic.js").Thresholds} Thresholds */
/** @typedef {import("./coat.js").Coat} Coat */
/** @typedef {{ thresholds: Thresholds, coat: Coat | null }} Wish */

const MOST_BUFFERS = 6; // two maps: one is shown, one is made

export class MergeClient {
  /** @type {Worker | null} */
  #worker = null;
  #load = 0;
  #moves = 0;
  #ready = false;
  #busy = false;
  /** @type {Wish | null} */
  #wanted = null;
  /** @type {Coat | null} of the map that is being made */
  #coat = null;
  /** @type {Set<ArrayBuffer>} */
  #used = new Set();

  /**
   * @param {object} hooks
   * @param {() => Worker} hooks.start
   * @param {() => void} [hooks.onReady] the prediction can be merged from now on
   * @param {(map: MergedMap) => void} hooks.onMap
   * @param {(reason: string) => void} [hooks.onUnavailable]
   */
  constructor({ start, onReady = () => {}, onMap, onUnavailable = () => {} }) {
    this.start = start;
    this.onReady = onReady;
    this.onMap = onMap;
    this.onUnavailable = onUnavailable;
  }

  /** Whether moves are answered. */
  get ready() {
    return this.#ready;
  }

  /**
   * Take a prediction in place of the one before. The bytes are gone afterwards.
   *
   * @param {Description} description
   * @param {ArrayBuffer} bytes
   */
  load(description, bytes) {
    this.#forget();
    try {
      this.#worker ??= this.#started();
      this.#worker.postMessage({ type: "load", load: this.#load, description, bytes }, [bytes]);
    } catch (error) {
      this.#giveUp(String(error));
    }
  }

  /**
   * Ask for a map; until the prediction is ready the last wish is remembered.
   *
   * @param {Thresholds} thresholds
   * @param {Coat | null} [coat] in which it is to be painted
   */
  move(thresholds, coat = null) {
    this.#wanted = { thresholds, coat };
    this.#next();
  }

  /**
   * Give back a map that is no longer looked at: its arrays are gone afterwards.
   *
   * @param {MergedMap} map
   */
  recycle(map) {
    for (const buffer of buffersOf(map)) {
      // One that is empty has been given back before.
      if (buffer.byteLength && this.#used.size < MOST_BUFFERS) this.#used.add(buffer);
    }
  }

  /** End the worker; another prediction starts a new one. */
  dispose() {
    this.#worker?.terminate();
    this.#worker = null;
    this.#forget();
  }

  #started() {
    const worker = this.start();
    worker.onmessage = ({ data }) => this.#hear(data);
    worker.onerror = (event) => this.#giveUp(event.message || "The worker did not start.");
    worker.onmessageerror = () => this.#giveUp("The worker was not understood.");
    return worker;
  }

  /** @param {Answer} answer */
  #hear(answer) {
    if (answer.load !== this.#load) return; // about a prediction that was replaced
    if (answer.type === "failed") {
      this.#giveUp(answer.message);
    } else if (answer.type === "ready") {
      this.#ready = true;
      this.onReady();
      this.#next();
    } else {
      this.#busy = false;
      this.onMap({ ...answer.map, coat: this.#coat });
      this.#next();
    }
  }

  #next() {
    const worker = this.#worker;
    if (!worker || !this.#ready || this.#busy || !this.#wanted) return;
    const message = { type: "move", load: this.#load, move: ++this.#moves, ...this.#wanted };
    const used = [...this.#used];
    this.#coat = this.#wanted.coat;
    this.#wanted = null;
    this.#used.clear();
    this.#busy = true;
    worker.postMessage({ ...message, used }, used);
  }

  /** No prediction: answers about the one before are not listened to. */
  #forget() {
    this.#load++;
    this.#ready = this.#busy = false;
    this.#wanted = null;
    this.#used.clear();
  }

  /** @param {string} reason */
  #giveUp(reason) {
    this.dispose();
    this.onUnavailable(reason);
  }
}

/** Start the worker from where the modules are. */
export function startWorker() {
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
}
