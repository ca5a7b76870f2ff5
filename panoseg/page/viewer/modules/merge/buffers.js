/** What travels with a map from the worker and back, rather than being made anew. */

/**
 * @param {{ids: import("./ids.js").Ids, steps: Uint32Array}} map
 * @returns {ArrayBuffer[]}
 */
export function buffersOf({ ids, steps }) {
  return [/** @type {ArrayBuffer} */ (ids.buffer), /** @type {ArrayBuffer} */ (steps.buffer)];
}
