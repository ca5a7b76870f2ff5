/**
 * What the three tasks make of the same look of the network, side by side.
 *
 * @import { TasksLesson } from "./lesson.js"
 */

import { element } from "../dom.js";
import { unpacked } from "./lesson.js";
import { fillBetween } from "./lesson_paint.js";
import { createPicture } from "./lesson_picture.js";
import { countsWords, percent, TASK_WORDS } from "./lesson_words.js";

const ABOUT = "One look of the network, three questions. The page's task asks one of them.";

/**
 * @param {TasksLesson} lesson
 * @param {HTMLCanvasElement} photo
 */
export async function tasksPage({ tasks }, photo) {
  const row = element("div", "task-row");
  for (const map of await Promise.all(tasks.map(unpacked))) {
    const [title, about] = TASK_WORDS[map.name];
    const picture = createPicture(photo, map.width, map.height);
    picture.paint((pixels) => fillBetween(pixels, map, map, 1));
    const card = element("figure", "task-card");
    card.dataset.task = map.name;
    const words = element("figcaption");
    const counts = `${countsWords(map)}; ${percent(map.coverage)} of the picture`;
    words.append(element("b", "", title), element("span", "", about), element("span", "here", counts));
    card.append(picture.element, words);
    row.append(card);
  }
  const page = element("div", "lesson-page");
  page.append(element("p", "lesson-about", ABOUT), row);
  return page;
}
