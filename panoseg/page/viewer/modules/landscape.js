/**
 * What each score threshold would show, drawn behind the score's slider: things and stuff stacked, coverage as a
 * line, and a mark where each near miss would come back.
 *
 * @import { LandscapePayload, Rules } from "./inbox.js"
 */

const NAMESPACE = "http://www.w3.org/2000/svg";
const WIDTH = 200;
const HEIGHT = 34;

/** @param {Rules} rules */
export function createLandscape({ least_near_miss: leastNearMiss }) {
  const drawing = node("svg", "landscape");
  drawing.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  drawing.setAttribute("preserveAspectRatio", "none");
  drawing.setAttribute("role", "img");
  const segments = node("path", "segments");
  const things = node("path", "things");
  const coverage = node("path", "coverage");
  const marks = node("path", "near-misses");
  drawing.append(segments, things, coverage, marks);
  /** @type {LandscapePayload | null} */
  let drawn = null;
  let marked = "";
  return {
    element: drawing,
    /**
     * @param {LandscapePayload | null} landscape
     * @param {number} score the present threshold
     * @param {number[]} below scores of what it took away
     */
    show(landscape, score, below) {
      if (landscape !== drawn) {
        drawn = landscape;
        const paths = landscape ? pathsOf(landscape) : { segments: "", things: "", coverage: "" };
        segments.setAttribute("d", paths.segments);
        things.setAttribute("d", paths.things);
        coverage.setAttribute("d", paths.coverage);
      }
      const worthIt = landscape ? below.filter((value) => value >= leastNearMiss) : [];
      const path = worthIt.map((value) => `M${(WIDTH * value).toFixed(1)} ${HEIGHT}v-9`).join("");
      if (path !== marked) marks.setAttribute("d", path);
      marked = path;
      drawing.setAttribute("aria-hidden", String(!landscape));
      drawing.setAttribute("aria-label", landscape ? wordsOf(landscape, score) : "");
    },
  };
}

/**
 * What is drawn of a landscape, as paths of an SVG of 200 × 34.
 *
 * @param {LandscapePayload} landscape
 */
export function pathsOf({ scores, things, stuff, coverage }) {
  const all = Array.from(things, (count, i) => count + stuff[i]);
  const most = Math.max(1, ...all);
  const ends = [...Array.from(scores).slice(1), 1];
  /** @param {ArrayLike<number>} values 0–1 */
  const steps = (values) =>
    Array.from(values, (value, i) => {
      const level = (HEIGHT - 1 - (HEIGHT - 4) * value).toFixed(1);
      return `${(WIDTH * scores[i]).toFixed(1)} ${level}L${(WIDTH * ends[i]).toFixed(1)} ${level}`;
    }).join("L");
  /** @param {ArrayLike<number>} counts */
  const area = (counts) =>
    `M0 ${HEIGHT}L${steps(Array.from(counts, (count) => count / most))}L${WIDTH} ${HEIGHT}Z`;
  return { segments: area(all), things: area(things), coverage: `M${steps(coverage)}` };
}

/**
 * What is read aloud of it.
 *
 * @param {LandscapePayload} landscape
 * @param {number} score
 */
export function wordsOf({ scores, things, stuff, coverage }, score) {
  let i = 0;
  while (i + 1 < scores.length && scores[i + 1] <= score) i++;
  return `${things[i]} things and ${stuff[i]} stuff cover ${(100 * coverage[i]).toFixed(0)} % of the picture`;
}

/**
 * @param {string} tag
 * @param {string} className
 */
function node(tag, className) {
  const made = document.createElementNS(NAMESPACE, tag);
  made.setAttribute("class", className);
  return made;
}
