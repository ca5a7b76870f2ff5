/**
 * What travels with a map from the worker and back, rather than being made anew.
 *
 * @typedef {object} Frame
 * @property {ArrayBuffer} ids
 * @property {ArrayBuffer} steps
 * @property {ArrayBuffer | null} picture
 * @property {number} move which the picture shows
 */

/**
 * @param {{ids: import("./ids.js").Ids, steps: Uint32Array, picture: Uint32Array | null, move: number}} map
 * @returns {Frame}
 */
export function frameOf({ ids, steps, picture, move }) {
  return { ids: bufferOf(ids), steps: bufferOf(steps), picture: picture && bufferOf(picture), move };
}

/**
 * @param {Frame} frame
 * @returns {ArrayBuffer[]}
 */
export function buffersOf({ ids, steps, picture }) {
  return picture ? [ids, steps, picture] : [ids, steps];
}

/** @param {ArrayBufferView} array */
function bufferOf({ buffer }) {
  return /** @type {ArrayBuffer} */ (buffer);
}
