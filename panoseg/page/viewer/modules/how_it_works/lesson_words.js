/**
 * What each rule does, in short words, with what it did to this picture.
 *
 * @import { LessonMap, StepCounts, StepsLesson } from "./lesson.js"
 *
 * @typedef {{ title: string, rule: string, here: string }} StepWords
 */

/**
 * The photo, and then each step.
 *
 * @param {Pick<StepsLesson, "queries" | "thresholds"> & { steps: (LessonCounts & StepCounts)[] }} lesson
 * @returns {StepWords[]}
 *
 * @typedef {Pick<LessonMap, "things" | "stuff" | "coverage">} LessonCounts
 */
export function stepWords({ queries, thresholds, steps: [argmax, score, mask, overlap] }) {
  const nothing = queries - argmax.competing;
  return [
    {
      title: "The photo",
      rule: `The network looks once. It gives ${count(queries, "query", "queries")}: each is a mask and a label with a score.`,
      here: nothing ? `${nothing} of them say “no object” and take no further part.` : "",
    },
    {
      title: "Argmax",
      rule: "Each pixel goes to the query whose score × mask probability is the largest there.",
      here: `${count(argmax.competing, "query", "queries")} compete, ${argmax.owners} win pixels.`,
    },
    {
      title: `Score > ${shown(thresholds.score)}`,
      rule: "A query that is less sure of its label leaves. Its pixels go to the best of those that stay.",
      here: leaveWords(argmax.competing - score.competing, score.competing),
    },
    {
      title: `Mask ≥ ${shown(thresholds.mask)}`,
      rule: "A pixel that its winner itself finds less probable belongs to nobody: it is void.",
      here: `${percent(1 - mask.coverage)} of the picture is void.`,
    },
    {
      title: `Overlap ≥ ${shown(thresholds.overlap)}`,
      rule: "Others may have won much of a query's mask. If too little of it is left, the query goes, and its pixels are void.",
      here: `${droppedWords(overlap)} ${countsWords(overlap)} remain.`,
    },
  ];
}

/**
 * @param {number} leave
 * @param {number} stay
 */
function leaveWords(leave, stay) {
  const left = leave === 1 ? "One leaves" : `${leave || "None"} leave${leave ? "" : "s"}`;
  return `${left}, ${stay} ${stay === 1 ? "stays" : "stay"}.`;
}

/** @param {StepCounts} step */
function droppedWords({ dropped, largest_dropped: largest }) {
  if (!dropped) return "None goes here;";
  const named = largest.map(({ label, left }) => `${label} (${percent(left)} left)`).join(", ");
  const more = dropped - largest.length;
  return `${dropped === 1 ? "One goes" : `${dropped} go`}: ${named}${more > 0 ? ` and ${more} more` : ""}.`;
}

/** @type {Record<string, [title: string, about: string]>} */
export const TASK_WORDS = {
  panoptic: ["Panoptic", "Every pixel once: each thing by itself, and stuff by its class."],
  instances: [
    "Instances",
    "Things alone, each with a whole mask. Where they overlap, the surest lies on top.",
  ],
  semantic: ["Semantic", "A class for every pixel: two of a kind are one, and nothing is void."],
};

/** @param {LessonCounts} map */
export function countsWords({ things, stuff }) {
  return `${count(things, "thing", "things")} and ${stuff} stuff`;
}

/**
 * A share as people read it; never all or nothing that is not.
 *
 * @param {number} share 0–1
 */
export function percent(share) {
  if (share > 0 && share < 0.005) return "less than 1 %";
  if (share < 1 && share > 0.995) return "more than 99 %";
  return `${Math.round(100 * share)} %`;
}

/** @param {number} threshold */
function shown(threshold) {
  return threshold.toFixed(2);
}

/**
 * @param {number} number
 * @param {string} one
 * @param {string} many
 */
function count(number, one, many) {
  return `${number} ${number === 1 ? one : many}`;
}
