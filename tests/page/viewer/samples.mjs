/** Small maps for the tests, and what Python would send for them. */

export const STYLE = {
  opacity: 0.6,
  outlines: true,
  outline_width: 1,
  labels: false,
  color_by: "segment",
  cutout: false,
  doubt: false,
};

export const RULES = {
  style: STYLE,
  color_by: { segment: "Segment", outcome: "Outcome" },
  widest_outline: 6,
  outline: [255, 255, 255],
  dimmed: 0.35,
  lit: 0.75,
  no_outcome: [150, 150, 150],
  thresholds: [
    { name: "score", help: "", paper: 0.8 },
    { name: "mask", help: "", paper: 0.5 },
    { name: "overlap", help: "", paper: 0.8 },
  ],
  thresholds_of: { panoptic: ["score", "mask", "overlap"], instances: ["score"], semantic: [] },
  least_near_miss: 0.05,
  columns: [],
};

/** Rows of digits as a map: "0112" is void, two pixels of segment 1, one of segment 2. */
export function mapOf(...rows) {
  const width = rows[0].length;
  const ids = Uint8Array.from(rows.join(""), Number);
  return { width, height: rows.length, ids };
}

export function segment(id, more = {}) {
  return {
    id,
    key: `query-${id}`,
    label: `label ${id}`,
    kind: "thing",
    score: 0.9,
    area: 10 * id,
    color: [id, 20, 30],
    colors: { label: [id, 0, 1], score: [id, 0, 2] },
    ...more,
  };
}

export function lookOf({ hidden = [], selected = [], ...style } = {}) {
  return { hidden: new Set(hidden), selected: new Set(selected), style: { ...STYLE, ...style } };
}

/** A repeatable sequence of numbers 0–1. */
export function random(seed) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}
