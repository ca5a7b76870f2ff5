/**
 * Where on the mask grid each shown pixel looks, along one axis.
 *
 * As in panoseg/merging/grid.py: mask samples → nodes (samples of the network's input) → pixels of the photo.
 * Each resize is bilinear, corners not aligned. A photo that is shown smaller is looked at where the shown
 * pixels' centres lie, as the page picks from the full map.
 */

/**
 * @typedef {object} Axis
 * @property {number} count shown pixels
 * @property {Int32Array} low of each node, the mask sample before it
 * @property {Int32Array} high the one behind it
 * @property {Float64Array} toward how far it is from the one to the other, 0–1
 * @property {Int32Array} cell of each pixel, the node before it; the next node lies behind it
 * @property {Float64Array} part how far it is from the one to the other, 0–1
 */

/**
 * @param {{mask: number, padded: number, content: number, photo: number, shown: number}} sides
 * @returns {Axis}
 */
export function axisOf({ mask, padded, content, photo, shown }) {
  const cell = new Int32Array(shown);
  const part = new Float64Array(shown);
  const last = Math.max(content - 2, 0);
  for (let i = 0; i < shown; i++) {
    const pixel = Math.floor(((i + 0.5) * photo) / shown);
    const at = positionOf(pixel, content, photo);
    cell[i] = Math.min(Math.floor(at), last);
    part[i] = at - cell[i];
  }
  // Nodes that no pixel looks at are left out; those before and behind a pixel stay neighbours.
  /** @type {number[]} */
  const nodes = [];
  for (let i = 0; i < shown; i++) {
    const before = cell[i];
    if (i === 0 || before > nodes[nodes.length - 1]) nodes.push(before, Math.min(before + 1, content - 1));
    else if (before === nodes[nodes.length - 1] && content > 1) nodes.push(before + 1);
    cell[i] = nodes.length - 2;
  }
  const low = new Int32Array(nodes.length);
  const high = new Int32Array(nodes.length);
  const toward = new Float64Array(nodes.length);
  nodes.forEach((node, n) => {
    const at = positionOf(node, mask, padded);
    low[n] = Math.floor(at);
    high[n] = Math.min(low[n] + 1, mask - 1);
    toward[n] = at - low[n];
  });
  return { count: shown, low, high, toward, cell, part };
}

/**
 * Where a sample of a resize to `target` looks in `source`, in samples.
 *
 * @param {number} index
 * @param {number} source
 * @param {number} target
 */
function positionOf(index, source, target) {
  return Math.min(Math.max(((index + 0.5) * source) / target - 0.5, 0), source - 1);
}
