/** Maps of ids: bytes, or 16-bit words where there are more than 255 segments. */

/** @typedef {Uint8Array | Uint16Array} Ids */

/**
 * @param {number} pixels
 * @param {number} segments
 * @param {ArrayBuffer} [used] is overwritten, if it fits
 * @returns {Ids}
 */
export function idsOf(pixels, segments, used) {
  const Kind = segments > 255 ? Uint16Array : Uint8Array;
  const bytes = pixels * Kind.BYTES_PER_ELEMENT;
  return new Kind(used?.byteLength === bytes ? used : new ArrayBuffer(bytes));
}
