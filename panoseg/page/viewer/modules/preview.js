/**
 * The map while a threshold is moved: merged here, in a worker, until the server's exact one comes.
 *
 * @import { LogitsPayload } from "./logits_message.js"
 * @import { Coat } from "./merge/coat.js"
 * @import { MergedMap } from "./merge/service.js"
 * @import { Thresholds } from "./thresholds.js"
 *
 * @typedef {ReturnType<typeof createPreview>} Preview
 */

import { MergeClient, startWorker } from "./merge/client.js";

/**
 * @param {(map: MergedMap) => void} onMap
 * @param {() => Worker} start
 */
export function createPreview(onMap, start = startWorker) {
  /** @type {string | null} */
  let source = null;
  const client = new MergeClient({
    start,
    onMap,
    onUnavailable() {
      source = null; // the server's maps have to do
    },
  });
  return {
    /** Of which maps are made here, or null. */
    get source() {
      return source;
    },
    /** @param {LogitsPayload | null} payload */
    load(payload) {
      source = payload?.description ? payload.source : null;
      // A copy, as the worker takes it for good.
      if (payload?.description) client.load(payload.description, payload.packed.slice().buffer);
      else client.dispose();
    },
    /**
     * Ask for a map, if the segments of this source can be merged here.
     *
     * @param {string | undefined} wanted
     * @param {Thresholds} thresholds
     * @param {Coat | null} coat
     */
    move(wanted, thresholds, coat) {
      if (source !== null && source === wanted) client.move(thresholds, coat);
    },
    /** @param {MergedMap | null} map that is no longer looked at */
    recycle(map) {
      if (map) client.recycle(map);
    },
    dispose: () => client.dispose(),
  };
}
