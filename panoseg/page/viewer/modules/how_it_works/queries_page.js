/**
 * All queries of the network as tiles: the mask of each, its label and its score.
 *
 * @import { QueriesLesson, QueryLesson } from "./lesson.js"
 */

import { element } from "../dom.js";
import { levelFrom } from "../merge/levels.js";
import { createSurface } from "../paint.js";
import { unpack } from "../unpack.js";
import { fillQuery } from "./lesson_paint.js";

const ABOUT =
  "The network does not draw a map. It fills in a fixed number of forms, its queries: each has a mask, and a label " +
  "with a score. What a query finds probable is in its colour; what it finds less probable than the mask threshold " +
  "is faint.";

/**
 * @param {QueriesLesson} lesson
 * @param {HTMLCanvasElement} photo
 */
export async function queriesPage(lesson, photo) {
  const levels = await unpack(lesson.levels);
  const { width, height, queries } = lesson;
  const least = levelFrom(lesson.mask);
  const small = element("canvas");
  Object.assign(small, { width, height });
  small.getContext("2d")?.drawImage(photo, 0, 0, width, height);
  const tiles = queries.map((query, n) => {
    const own = /** @type {Uint8Array} */ (levels.subarray(n * width * height, (n + 1) * width * height));
    return tile(query, maskOf(query, own, least, lesson), small);
  });
  const saying = queries.filter(({ nothing }) => !nothing).length;
  const page = element("div", "lesson-page");
  page.append(element("p", "lesson-about", ABOUT));
  page.append(
    ...gallery(`${saying} of ${queries.length} say what they see, the surest first`, tiles.slice(0, saying)),
    ...gallery(`${queries.length - saying} say “no object”`, tiles.slice(saying)),
  );
  return page;
}

/**
 * @param {string} title
 * @param {HTMLElement[]} tiles
 */
function gallery(title, tiles) {
  if (!tiles.length) return [];
  const list = element("ul", "query-tiles");
  list.append(...tiles);
  return [element("h3", "", title), list];
}

/**
 * @param {QueryLesson} query
 * @param {Uint8Array} levels
 * @param {number} least
 * @param {{ width: number, height: number }} size
 */
function maskOf({ color }, levels, least, { width, height }) {
  const canvas = element("canvas", "query-mask");
  const surface = createSurface(canvas);
  fillQuery(surface.all(width, height), levels, least, color);
  surface.show();
  return canvas;
}

/**
 * @param {QueryLesson} query
 * @param {HTMLCanvasElement} mask
 * @param {HTMLCanvasElement} photo
 */
function tile({ query, label, score, fate, nothing }, mask, photo) {
  const node = element("li", nothing ? "query-tile nothing" : "query-tile");
  node.dataset.query = String(query);
  const picture = element("div", "query-picture");
  const ground = element("canvas", "query-photo");
  Object.assign(ground, { width: photo.width, height: photo.height });
  ground.getContext("2d")?.drawImage(photo, 0, 0);
  picture.append(ground, mask);
  const words = element("div", "query-words");
  words.append(element("b", "name", label), element("span", "number", score.toFixed(2)));
  node.append(picture, words);
  if (!nothing) node.append(element("div", "query-fate", fate));
  node.title = `Query ${query}`;
  return node;
}
