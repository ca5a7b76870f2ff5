/** What Python packs: numbers as base64 of a zlib stream, row by row. */

/**
 * Bytes, or little-endian 16-bit words, of a packed map.
 *
 * @param {string} base64
 * @param {1 | 2} bytesPerValue
 */
export async function unpack(base64, bytesPerValue = 1) {
  const text = atob(base64);
  const packed = new Uint8Array(text.length);
  for (let i = 0; i < packed.length; i++) packed[i] = text.charCodeAt(i);
  const { buffer } = await inflate(packed);
  return bytesPerValue === 1 ? new Uint8Array(buffer) : new Uint16Array(buffer);
}

/**
 * The bytes of a zlib stream. Handed over in one piece: through a blob they would come by way of the browser's own
 * process, which takes four times as long.
 *
 * @param {Uint8Array<ArrayBuffer>} packed
 */
export async function inflate(packed) {
  const { readable, writable } = new DecompressionStream("deflate");
  const writer = writable.getWriter();
  const written = Promise.all([writer.write(packed), writer.close()]);
  const [buffer] = await Promise.all([new Response(readable).arrayBuffer(), written]);
  return new Uint8Array(buffer);
}
