/**
 * How numbers of segments are ordered and written: pure, no browser.
 *
 * @import { Segment } from "./state.js"
 * @import { Order } from "./numbers.js"
 */

/**
 * What a column of the table holds of a segment; null where there is nothing.
 *
 * @param {Segment} segment
 * @param {string} column name of one of panoseg/segmentation.py
 * @param {number} area of the photo in pixels
 * @returns {string | number | null}
 */
export function valueIn(segment, column, area) {
  if (column === "area_fraction") return segment.area / area;
  const value = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (segment))[column];
  return typeof value === "number" || typeof value === "string" ? value : null;
}

/**
 * The value as people read it.
 *
 * @param {Segment} segment
 * @param {string} column
 * @param {number} area
 */
export function textOf(segment, column, area) {
  const value = valueIn(segment, column, area);
  if (value === null) return "–";
  if (typeof value === "string") return value;
  if (column === "area_fraction") return (100 * value).toFixed(1);
  return Number.isInteger(value) && column !== "score" && column !== "quality"
    ? value.toLocaleString("en")
    : value.toFixed(3);
}

/**
 * Segments in the order of a column; equal ones by id, and what has no value at the end.
 *
 * @param {Segment[]} segments
 * @param {Order} order
 * @param {number} area
 */
export function sorted(segments, { column, descending }, area) {
  const sign = descending ? -1 : 1;
  return [...segments].sort((a, b) => {
    const [one, other] = [valueIn(a, column, area), valueIn(b, column, area)];
    if (one === null || other === null) return Number(one === null) - Number(other === null) || a.id - b.id;
    const difference =
      typeof one === "string" || typeof other === "string"
        ? String(one).localeCompare(String(other), "en")
        : one - other;
    return sign * difference || a.id - b.id;
  });
}

/**
 * Labels by their share of the photo, largest first, each with its segments.
 *
 * @param {Segment[]} segments
 */
export function areasByLabel(segments) {
  /** @type {Map<string, { label: string, area: number, segments: Segment[] }>} */
  const found = new Map();
  for (const segment of segments) {
    const entry = found.get(segment.label) ?? { label: segment.label, area: 0, segments: [] };
    entry.area += segment.area;
    entry.segments.push(segment);
    found.set(segment.label, entry);
  }
  return [...found.values()].sort((a, b) => b.area - a.area || a.label.localeCompare(b.label, "en"));
}
