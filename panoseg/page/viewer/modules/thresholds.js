/**
 * The three thresholds: values, and how far a visitor can go back.
 *
 * @import { Rules } from "./inbox.js"
 * @import { Style } from "./look.js"
 * @import { SegmentMap } from "./state.js"
 *
 * @typedef {"score" | "mask" | "overlap"} ThresholdName
 * @typedef {Record<ThresholdName, number>} Thresholds each 0–1
 *
 * @typedef {object} Snapshot what can be undone
 * @property {Thresholds} thresholds
 * @property {Set<string>} hidden
 * @property {Set<string>} selected
 * @property {Style} style
 *
 * @typedef {ReturnType<typeof createHistory>} History
 */

const MOST_STEPS = 200;

/**
 * @param {Thresholds} one
 * @param {Thresholds | null | undefined} other
 */
export function sameThresholds(one, other) {
  return (
    Boolean(other) && one.score === other?.score && one.mask === other.mask && one.overlap === other.overlap
  );
}

/**
 * A value that a visitor typed or dragged to: 0–1 in hundredths, or what was before where it is no number.
 *
 * @param {string} text
 * @param {number} before
 */
export function readValue(text, before) {
  const value = Number.parseFloat(text.replace(",", "."));
  if (!Number.isFinite(value)) return before;
  return Math.min(100, Math.max(0, Math.round(100 * value))) / 100;
}

/**
 * The thresholds that change a map: none of one that came finished from elsewhere, and any until there is one.
 *
 * @param {Pick<SegmentMap, "task" | "thresholds"> | null} map
 * @param {Pick<Rules, "thresholds" | "thresholds_of">} rules
 */
export function relevantThresholds(map, rules) {
  if (!map) return rules.thresholds.map(({ name }) => name);
  return map.thresholds ? (rules.thresholds_of[map.task] ?? []) : [];
}

/**
 * What was found, in a line.
 *
 * @param {Pick<SegmentMap, "segments" | "area" | "below_score">} map
 */
export function countsInWords({ segments, area, below_score: below }) {
  const things = segments.filter(({ kind }) => kind === "thing").length;
  const covered = segments.reduce((sum, segment) => sum + segment.area, 0) / area;
  const parts = [
    `${things} ${things === 1 ? "thing" : "things"}`,
    `${segments.length - things} stuff`,
    `${Math.min(100, 100 * covered).toFixed(0)} % covered`,
  ];
  if (below.length) parts.push(`${below.length} below the score`);
  return parts.join(" · ");
}

/** Steps back and forth. What belongs together, such as one drag, is one step. */
export function createHistory() {
  /** @type {Snapshot[]} */
  let past = [];
  /** @type {Snapshot[]} */
  let future = [];
  let together = "";
  return {
    /**
     * Something is about to change.
     *
     * @param {Snapshot} before
     * @param {string} name of what belongs together until `rest`; empty for a step by itself
     */
    note(before, name = "") {
      if (!name || name !== together) past = [...past, before].slice(-MOST_STEPS);
      future = [];
      together = name;
    },
    /** What comes next is another step, whatever its name. */
    rest() {
      together = "";
    },
    /** @param {Snapshot} now */
    undo(now) {
      const before = past.pop();
      if (before) future.push(now);
      together = "";
      return before ?? null;
    },
    /** @param {Snapshot} now */
    redo(now) {
      const after = future.pop();
      if (after) past.push(now);
      together = "";
      return after ?? null;
    },
    /** Another picture: nothing of it was changed yet. */
    clear() {
      past = [];
      future = [];
      together = "";
    },
    get canUndo() {
      return past.length > 0;
    },
    get canRedo() {
      return future.length > 0;
    },
  };
}
