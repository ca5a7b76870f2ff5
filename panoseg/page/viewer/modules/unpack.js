/** What Python packs: numbers as base64 of a zlib stream, row by row. */

/**
 * Bytes, or little-endian 16-bit words, of a packed map.
 *
 * @param {string} base64
 * @param {1 | 2} bytesPerValue
 */
export async function unpack(base64, bytesPerValue = 1) {
  const packed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const buffer = await new Response(stream).arrayBuffer();
  return bytesPerValue === 1 ? new Uint8Array(buffer) : new Uint16Array(buffer);
}
