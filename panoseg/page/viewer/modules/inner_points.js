/**
 * A point well inside each segment, where a label can stand: its pole of inaccessibility, the pixel that
 * is farthest from the segment's border. A centroid may lie outside; this never does.
 *
 * The map is sampled, as a label needs no exact maximum; panoseg/inner_points.py follows the same steps.
 *
 * @import { Ids } from "./state.js"
 *
 * @typedef {{ x: number, y: number, reach: number }} InnerPoint in pixels of the map
 */

const SAMPLES = 1 << 17;
// Lengths of a step to a neighbour and to a diagonal one in thirds of a sample (Borgefors, 1986).
const STRAIGHT = 3;
const DIAGONAL = 4;

/**
 * For each id 0 … count its point, or null where the map has none of it.
 *
 * @param {Ids} ids
 * @param {number} width
 * @param {number} height
 * @param {number} count
 * @returns {(InnerPoint | null)[]}
 */
export function innerPoints(ids, width, height, count) {
  const stride = Math.max(1, Math.ceil(Math.sqrt((width * height) / SAMPLES)));
  const columns = Math.ceil(width / stride);
  const rows = Math.ceil(height / stride);
  const sample = new Uint16Array(columns * rows);
  for (let y = 0, i = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, i++) sample[i] = ids[y * stride * width + x * stride];
  }
  const depth = depths(sample, columns, rows);
  const best = new Int32Array(count + 1).fill(-1);
  for (let i = 0; i < sample.length; i++) {
    const id = sample[i];
    if (best[id] < 0 || depth[i] > depth[best[id]]) best[id] = i;
  }
  const points = Array.from(best, (i) =>
    i < 0
      ? null
      : {
          x: (i % columns) * stride,
          y: Math.floor(i / columns) * stride,
          reach: (depth[i] * stride) / STRAIGHT,
        },
  );
  findMissed(points, ids, width);
  return points;
}

/**
 * Steps from each sample to the nearest one at a border (3 within it), by two sweeps.
 *
 * @param {Uint16Array} sample
 * @param {number} columns
 * @param {number} rows
 */
function depths(sample, columns, rows) {
  const far = STRAIGHT * (columns + rows);
  const depth = new Int32Array(sample.length);
  for (let y = 0, i = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, i++) {
      const edge =
        x === 0 ||
        y === 0 ||
        x === columns - 1 ||
        y === rows - 1 ||
        sample[i - 1] !== sample[i] ||
        sample[i + 1] !== sample[i] ||
        sample[i - columns] !== sample[i] ||
        sample[i + columns] !== sample[i];
      depth[i] = edge ? STRAIGHT : far;
    }
  }
  /**
   * @param {number} i
   * @param {number} x
   * @param {number} row
   * @param {number} side
   */
  const relax = (i, x, row, side) => {
    let best = depth[i];
    if (depth[i + row] + STRAIGHT < best) best = depth[i + row] + STRAIGHT;
    if (x > 0 && depth[i + row - 1] + DIAGONAL < best) best = depth[i + row - 1] + DIAGONAL;
    if (x < columns - 1 && depth[i + row + 1] + DIAGONAL < best) best = depth[i + row + 1] + DIAGONAL;
    if (depth[i + side] + STRAIGHT < best) best = depth[i + side] + STRAIGHT;
    depth[i] = best;
  };
  // Samples at the map's edge are borders themselves, so that the sweeps may pass them by.
  for (let y = 1; y < rows - 1; y++) {
    for (let x = 1; x < columns - 1; x++) relax(y * columns + x, x, -columns, -1);
  }
  for (let y = rows - 2; y > 0; y--) {
    for (let x = columns - 2; x > 0; x--) relax(y * columns + x, x, columns, 1);
  }
  return depth;
}

/**
 * Segments so small that no sample met them: their first pixel.
 *
 * @param {(InnerPoint | null)[]} points
 * @param {Ids} ids
 * @param {number} width
 */
function findMissed(points, ids, width) {
  const missed = new Set([...points.keys()].filter((id) => points[id] === null));
  if (!missed.size) return;
  for (let i = 0; i < ids.length && missed.size; i++) {
    if (missed.delete(ids[i])) points[ids[i]] = { x: i % width, y: Math.floor(i / width), reach: 0.5 };
  }
}
