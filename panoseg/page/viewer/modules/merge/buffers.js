/** What travels with a map from the worker and back, rather than being made anew. */

/**
 * @param {{ids: import("./ids.js").Ids, steps: Uint32Array, picture: Uint32Array | null}} map
 * @returns {ArrayBuffer[]}
 */
export function buffersOf({ ids, steps, picture }) {
  const arrays = picture ? [ids, steps, picture] : [ids, steps];
  return arrays.map(({ buffer }) => /** @type {ArrayBuffer} */ (buffer));
}

/**
 * Take the first buffer that fits out of those that nobody looks at any more.
 *
 * @param {ArrayBuffer[]} used
 * @param {(buffer: ArrayBuffer) => boolean} fits
 */
export function takeBuffer(used, fits) {
  const at = used.findIndex(fits);
  return at < 0 ? undefined : used.splice(at, 1)[0];
}
