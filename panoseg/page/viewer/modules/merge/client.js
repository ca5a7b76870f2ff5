/**
 * The viewer's end of the worker that merges.
 *
 * Of the thresholds that are wanted while a map is being made only the last are merged next. Whatever goes wrong ends
 * in `onUnavailable`, once per prediction and never as an exception: then the server's maps have to do.
 */

import { buffersOf } from "./buffers.js";

/** @typedef {import("./service.js").MergedMap} MergedMap */
/** @typedef {import("./service.js").Answer} Answer */
/** @typedef {import("./service.js").Description} Description */
/** @typedef {import("./panoptic.js").Thresholds} Thresholds */

const MOST_BUFFERS = 4; // two maps: one is shown, one is made

/**
 * @param {object} options
 * @param {() => Worker} options.start
 * @param {() => void} [options.onReady] the prediction can be merged from now on
 * @param {(map: MergedMap) => void} options.onMap
 * @param {(reason: string) => void} [options.onUnavailable]
 */
export function createMergeClient({ start, onReady, onMap, onUnavailable }) {
  /** @type {Worker | null} */
  let worker = null;
  let load = 0;
  let ready = false;
  let moves = 0;
  let busy = false;
  /** @type {Thresholds | null} */
  let wanted = null;
  /** @type {ArrayBuffer[]} */
  let used = [];

  /**
   * Take a prediction in place of the one before. The bytes are gone afterwards.
   *
   * @param {Description} description
   * @param {ArrayBuffer} bytes
   */
  function take(description, bytes) {
    forget();
    try {
      worker ??= started();
      worker.postMessage({ type: "load", load, description, bytes }, [bytes]);
    } catch (error) {
      giveUp(String(error));
    }
  }

  function started() {
    const one = start();
    one.onmessage = ({ data }) => hear(data);
    one.onerror = (event) => {
      event.preventDefault?.();
      giveUp(event.message || "the worker did not start");
    };
    one.onmessageerror = () => giveUp("the worker was not understood");
    return one;
  }

  /** No prediction: answers about the one before are not listened to. */
  function forget() {
    load++;
    ready = busy = false;
    wanted = null;
    used = [];
  }

  /** @param {string} reason */
  function giveUp(reason) {
    worker?.terminate();
    worker = null;
    forget();
    onUnavailable?.(reason);
  }

  /** @param {Answer} answer */
  function hear(answer) {
    if (answer.load !== load) return;
    if (answer.type === "failed") return giveUp(answer.message);
    if (answer.type === "ready") {
      ready = true;
      onReady?.();
    } else {
      busy = false;
      onMap(answer.map);
    }
    next();
  }

  function next() {
    if (!worker || !ready || busy || !wanted) return;
    const thresholds = wanted;
    wanted = null;
    busy = true;
    worker.postMessage({ type: "move", load, move: ++moves, thresholds, used }, used);
    used = [];
  }

  return {
    load: take,

    /** Whether moves are answered. */
    get ready() {
      return ready;
    },

    /**
     * Ask for a map; before the prediction is ready the last wish is remembered.
     *
     * @param {Thresholds} thresholds
     */
    move(thresholds) {
      wanted = thresholds;
      next();
    },

    /**
     * Give back a map that is no longer looked at: its arrays are gone afterwards.
     *
     * @param {MergedMap} map
     */
    recycle(map) {
      for (const buffer of buffersOf(map)) {
        if (buffer.byteLength && used.length < MOST_BUFFERS) used.push(buffer);
      }
    },

    dispose() {
      worker?.terminate();
      worker = null;
      forget();
    },
  };
}

/**
 * Start a worker whose source is at hand as a text, where there is no address to load it from.
 *
 * @param {string} text a module without imports
 */
export function workerFromText(text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  // It is read before the worker's first turn; then the address has done its work.
  worker.addEventListener("message", () => URL.revokeObjectURL(url), { once: true });
  return worker;
}
