/**
 * The rules of the panoptic map, one after the other, drawn on the picture: a slider goes through them, forth and
 * back. At a whole number a step is done, and the map is exactly the core's; between two of them they mix.
 *
 * @import { StepsLesson } from "./lesson.js"
 */

import { element, textButton } from "../dom.js";
import { unpacked } from "./lesson.js";
import { fillBetween } from "./lesson_paint.js";
import { createPicture } from "./lesson_picture.js";
import { stepWords } from "./lesson_words.js";

const MS_A_STEP = 2200;
const MOVING = 0.45; // of a step's time; the rest is for reading

/**
 * @param {StepsLesson} lesson
 * @param {HTMLCanvasElement} photo
 */
export async function stepsPage(lesson, photo) {
  const maps = await Promise.all(lesson.steps.map(unpacked));
  const words = stepWords(lesson);
  const last = maps.length;
  const picture = createPicture(photo, maps[0].width, maps[0].height);
  const list = createStepList(words, goTo);
  const range = createScrub(last, goTo);
  const play = textButton("Play", "Go through the steps");
  const player = createPlayer(last, show, (playing) => {
    play.textContent = playing ? "Pause" : "Play";
  });
  play.onclick = () => (player.isPlaying() ? player.stop() : player.start(Number(range.value)));

  /** @param {number} at 0 for the photo, and 1 for each step more */
  function show(at) {
    const from = Math.min(last, Math.floor(at));
    picture.paint((pixels) =>
      fillBetween(pixels, maps[from - 1] ?? null, maps[from] ?? maps[last - 1], at - from),
    );
    const nearest = Math.round(at);
    list.mark(nearest);
    range.value = String(at);
    range.style.setProperty("--share", `${(100 * at) / last}%`);
    range.setAttribute("aria-valuetext", words[nearest].title);
    page.dataset.at = at.toFixed(2);
  }

  /** @param {number} at */
  function goTo(at) {
    player.stop();
    show(at);
  }

  const controls = element("div", "scrub-controls");
  controls.append(play, range);
  const shown = element("div", "steps-shown");
  shown.append(picture.element, controls);
  const page = element("div", "lesson-page steps-page");
  page.append(shown, list.element);
  show(0);
  return { element: page, stop: player.stop };
}

/**
 * The rules in words, of which one is the present step's; a press leads there.
 *
 * @param {ReturnType<typeof stepWords>} words
 * @param {(step: number) => void} goTo
 */
function createStepList(words, goTo) {
  const list = element("ol", "step-list");
  const buttons = words.map(({ title, rule, here }, n) => {
    const button = textButton("", "");
    button.className = "step";
    button.append(element("b", "", title), element("span", "", rule), element("span", "here", here));
    button.onclick = () => goTo(n);
    const item = element("li");
    item.append(button);
    list.append(item);
    return button;
  });
  return {
    element: list,
    /** @param {number} step */
    mark(step) {
      buttons.forEach((button, n) => {
        if (n === step) button.setAttribute("aria-current", "step");
        else button.removeAttribute("aria-current");
      });
    },
  };
}

/**
 * The slider that goes through the steps.
 *
 * @param {number} last
 * @param {(at: number) => void} goTo
 */
function createScrub(last, goTo) {
  const range = element("input", "scrub");
  Object.assign(range, { type: "range", min: 0, max: last, step: 0.01, value: 0 });
  range.setAttribute("aria-label", "Step");
  range.oninput = () => goTo(Number(range.value));
  range.onkeydown = (event) => {
    // A hundredth of a step is too little for a key.
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    goTo(Math.min(last, Math.max(0, Math.round(4 * Number(range.value) + by) / 4)));
  };
  return range;
}

/**
 * Goes from step to step by itself, with a rest at each; in leaps where a visitor wants no motion.
 *
 * @param {number} last
 * @param {(at: number) => void} show
 * @param {(playing: boolean) => void} tell
 */
function createPlayer(last, show, tell) {
  let frame = 0;

  function stop() {
    cancelAnimationFrame(frame);
    frame = 0;
    tell(false);
  }

  /** @param {number} at where one is */
  function start(at) {
    const begin = at >= last ? 0 : Math.floor(at);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    tell(true);
    /** @type {number | null} */
    let since = null;
    /** @param {number} now */
    const go = (now) => {
      since ??= now;
      const gone = (now - since) / MS_A_STEP;
      const done = Math.floor(gone);
      const part = still ? 0 : Math.min(1, (gone - done) / MOVING);
      show(Math.min(last, begin + done + part));
      if (begin + gone >= last) stop();
      else frame = requestAnimationFrame(go);
    };
    frame = requestAnimationFrame(go);
  }

  return { start, stop, isPlaying: () => frame !== 0 };
}
