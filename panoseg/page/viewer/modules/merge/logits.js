/** Mask logits as Python packs them (panoseg/page/viewer/logits_payload.py). */

const BEND = 2;

/**
 * The logits of all queries, from the low and the high bytes of differences. Yields after each query.
 *
 * @param {Uint8Array} planes
 * @param {[number, number]} grid height and width of a mask
 * @param {number} steps how finely they were coded
 * @returns {Generator<void, Float32Array>}
 */
export function* logitsFrom(planes, [height, width], steps) {
  const count = planes.length / 2;
  if (!Number.isInteger(count / (height * width))) {
    throw new RangeError(`Logits: wanted masks of ${height} × ${width}, got ${count} numbers.`);
  }
  const logits = new Float32Array(count);
  /** @type {Map<number, number>} */
  const rare = new Map();
  const usual = Float32Array.from({ length: 2048 }, (_, n) => logitOfCode(n - 1024, steps));
  /** @param {number} code */
  const logitOf = (code) => {
    if (code >= -1024 && code < 1024) return usual[code + 1024];
    if (!rare.has(code)) rare.set(code, logitOfCode(code, steps));
    return /** @type {number} */ (rare.get(code));
  };
  for (let first = 0; first < count; first += height * width) {
    let above = 0;
    for (let row = first; row < first + height * width; row += width) {
      let code = above;
      for (let i = row; i < row + width; i++) {
        const folded = planes[i] | (planes[count + i] << 8);
        code += (folded >>> 1) ^ -(folded & 1);
        logits[i] = logitOf(code);
        if (i === row) above = code;
      }
    }
    yield;
  }
  return logits;
}

/**
 * @param {number} code
 * @param {number} steps
 */
function logitOfCode(code, steps) {
  return BEND * Math.sinh(code / steps);
}
