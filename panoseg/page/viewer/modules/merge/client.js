/**
 * The viewer's end of the worker that merges.
 *
 * Of the thresholds that are wanted while a map is being made only the last are merged next. Whatever goes
 * wrong ends in `onUnavailable`, once per prediction and never as an exception: then the server's maps have
 * to do.
 */

import { isSameCoat } from "./coat.js";
import { buffersOf, frameOf } from "./frames.js";

/** @typedef {import("./service.js").MergedMap} MergedMap */
/** @typedef {import("./service.js").Answer} Answer */
/** @typedef {import("./service.js").Description} Description */
/** @typedef {import("./panoptic.js").Thresholds} Thresholds */
/** @typedef {import("./coat.js").Coat} Coat */
/** @typedef {import("./frames.js").Frame} Frame */
/** @typedef {{ thresholds: Thresholds, coat: Coat | null }} Wish */

const MOST_FRAMES = 2; // one is shown, one is made

export class MergeClient {
  /** @type {Worker | null} */
  #worker = null;
  #load = 0;
  #ready = false;
  #busy = false;
  /** @type {Wish | null} */
  #wanted = null;
  /** @type {Coat | null} of the map that was asked for last */
  #coat = null;
  /** @type {Frame[]} */
  #used = [];

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
    const frame = frameOf(map);
    // One that is empty, or here, has been given back before.
    const isNew = frame.ids.byteLength > 0 && !this.#used.some(({ ids }) => ids === frame.ids);
    if (isNew && this.#used.length < MOST_FRAMES) this.#used.push(frame);
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
    const { thresholds, coat } = this.#wanted;
    const isNewCoat = !isSameCoat(coat, this.#coat);
    const used = this.#used.pop() ?? null;
    this.#coat = coat;
    this.#wanted = null;
    this.#busy = true;
    const message = { type: "move", load: this.#load, thresholds, coat, isNewCoat, used };
    worker.postMessage(message, used ? buffersOf(used) : []);
  }

  /** No prediction: answers about the one before are not listened to. */
  #forget() {
    this.#load++;
    this.#ready = this.#busy = false;
    this.#wanted = this.#coat = null;
    this.#used = [];
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
