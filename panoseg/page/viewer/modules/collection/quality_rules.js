/**
 * What the Evaluation tab says and in which order; needs no browser.
 *
 * @import { ClassQuality, Loss, QualityAnswer } from "./server_answers.js"
 *
 * @typedef {keyof typeof CLASS_SORTS} ClassSort
 */

/** Ways to sort classes, with words for people. */
export const CLASS_SORTS = {
  pq: "PQ, worst first",
  name: "Name",
  missed: "Most missed",
  surplus: "Most surplus",
};

/** Of PQ, 0–1: what a threshold of its own gains a class at least, to be named. */
const LEAST_GAIN = 0.0005;

/** One a reason, in the order of the rules; told apart by name, too, wherever they stand. */
const HUES = [
  "#e03a5f",
  "#8f5bd6",
  "#2f86d6",
  "#1b9e94",
  "#7a8b2a",
  "#d9860a",
  "#b4532a",
  "#c2489b",
  "#5b6678",
  "#3f5bb0",
  "#8a6d1f",
];

/** @param {Loss} loss */
const keyOf = ({ side, reason }) => `${side}: ${reason}`;

/**
 * A colour for each reason that occurs, by the condition that asks for it.
 *
 * @param {Loss[]} reasons
 * @returns {Map<string, string>}
 */
export function huesOf(reasons) {
  return new Map(reasons.map((each, n) => [keyOf(each), HUES[n % HUES.length]]));
}

/**
 * The condition that leaves the pictures with such a loss.
 *
 * @param {Loss} loss
 * @param {string} [name] of a class
 */
export function conditionOf(loss, name) {
  return name ? `${keyOf(loss)} of ${name}` : keyOf(loss);
}

/**
 * The condition that leaves the pictures with a match of a class.
 *
 * @param {string} name
 */
export const foundCondition = (name) => `found: ${name}`;

/**
 * Whether one of the conditions is about a class alone.
 *
 * @param {string[]} conditions
 * @param {string} name
 */
export function isAboutClass(conditions, name) {
  const whole = [`lost: ${name}`, foundCondition(name)];
  return conditions.some((one) => whole.includes(one) || one.endsWith(` of ${name}`));
}

/**
 * @param {ClassQuality[]} classes
 * @param {ClassSort} by
 */
export function sortClasses(classes, by) {
  /** @type {Record<ClassSort, (a: ClassQuality, b: ClassQuality) => number>} */
  const rules = {
    pq: (a, b) => (a.pq ?? 2) - (b.pq ?? 2),
    name: (a, b) => a.name.localeCompare(b.name),
    missed: (a, b) => b.missed - a.missed,
    surplus: (a, b) => b.surplus - a.surplus,
  };
  return [...classes].sort((a, b) => rules[by](a, b) || a.name.localeCompare(b.name));
}

/**
 * A class's bar: what was found of it, then what was lost to which reason; the shares add up to 1.
 *
 * @param {ClassQuality} found
 * @returns {{ share: number, words: string, condition: string, key: string }[]} the first has no key
 */
export function piecesOf({ name, found, lost }) {
  const total = lost.reduce((sum, { count }) => sum + count, found) || 1;
  const pieces = lost.map((loss) => ({
    share: loss.count / total,
    words: `${loss.count} ${loss.side}: ${loss.reason}`,
    condition: conditionOf(loss, name),
    key: keyOf(loss),
  }));
  return [
    { share: found / total, words: `${found} found`, condition: foundCondition(name), key: "" },
    ...pieces,
  ];
}

/**
 * @param {number | null | undefined} value 0–1
 * @param {number} [digits]
 */
export function hundredths(value, digits = 1) {
  return value === null || value === undefined ? "n/a" : (100 * value).toFixed(digits);
}

/**
 * How far it is, and for which thresholds the reasons hold meanwhile; empty once they hold for those that stand.
 *
 * @param {QualityAnswer} quality
 */
export function progressInWords({ working, problem, done, total, reasons_at: at, figures }) {
  if (problem) return problem;
  if (!working) return "";
  const counted = total ? `${done} of ${total} pictures` : "the annotation";
  if (!at) return `Evaluating ${counted}`;
  const meanwhile = `score ${at.score}, mask ${at.mask}, overlap ${at.overlap}`;
  return figures
    ? `Reasons are still those at ${meanwhile}: ${counted}`
    : `Evaluating ${counted}; reasons are those at ${meanwhile}`;
}

/**
 * The condition that a cell of the confusion matrix stands for; none for the corner where nothing can be.
 *
 * @param {string[]} names
 * @param {number} row annotated; the last is what is not there
 * @param {number} column predicted; the last is missed
 */
export function cellCondition(names, row, column) {
  if (row === column) return row === names.length ? "" : foundCondition(names[row]);
  if (row === names.length) return `surplus: nothing called ${names[column]}`;
  if (column === names.length) return `missed: ${names[row]} called nothing`;
  return `missed: ${names[row]} called ${names[column]}`;
}

/**
 * The condition that a bin of scores stands for.
 *
 * @param {"predicted" | "proposed"} side segments, or queries before any threshold
 * @param {number} bin from 0
 * @param {number} count how many bins there are
 */
export function binCondition(side, bin, count) {
  return `${side}: ${(bin / count).toFixed(2)} .. ${((bin + 1) / count).toFixed(2)}`;
}

/**
 * The score thresholds that classes would like and that gain enough to be named, most first.
 *
 * @param {{ name: string, score: number, gain: number }[]} classes
 */
export function wishesOf(classes) {
  return classes.filter(({ gain }) => gain > LEAST_GAIN).sort((a, b) => b.gain - a.gain);
}

/**
 * How strong each value of a surface is drawn, 0–1, by rank: most of it differs by little, a few points by much.
 *
 * @param {(number | null)[][]} rows
 */
export function ranksOf(rows) {
  const known = [...new Set(rows.flat().filter((value) => value !== null))].sort((a, b) => a - b);
  const most = Math.max(1, known.length - 1);
  const place = new Map(known.map((value, n) => [value, n / most]));
  return rows.map((row) => row.map((value) => (value === null ? 0 : (place.get(value) ?? 0))));
}

/**
 * The entry of an axis that is nearest to a value.
 *
 * @param {number[]} axis
 * @param {number} value
 */
export function nearestOn(axis, value) {
  return axis.reduce(
    (best, each, n) => (Math.abs(each - value) < Math.abs(axis[best] - value) ? n : best),
    0,
  );
}
