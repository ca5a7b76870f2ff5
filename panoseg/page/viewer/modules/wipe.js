/** A line across the picture: left of it the photo, right of it the segments. */

import { element } from "./dom.js";

const STEP = 0.02;

/**
 * `move(at)` is called with where the visitor wants the line, as a fraction of the stage's width.
 *
 * @param {(at: number) => void} move
 */
export function createWipe(move) {
  const line = element("div", "wipe-line");
  line.tabIndex = 0;
  line.hidden = true;
  line.setAttribute("role", "slider");
  line.setAttribute("aria-label", "Line between the photo and its segments");
  line.setAttribute("aria-valuemin", "0");
  line.setAttribute("aria-valuemax", "100");
  let at = 0.5;
  /** @param {number} value */
  const go = (value) => move(Math.min(1, Math.max(0, value)));

  line.onpointerdown = (event) => {
    event.stopPropagation();
    line.setPointerCapture(event.pointerId);
  };
  line.onpointermove = (event) => {
    event.stopPropagation();
    if (!line.hasPointerCapture(event.pointerId)) return;
    const box = line.parentElement?.getBoundingClientRect();
    if (box) go((event.clientX - box.left) / box.width);
  };
  line.onpointerup = (event) => event.stopPropagation();
  line.onkeydown = (event) => {
    /** @type {Record<string, number>} */
    const places = { ArrowLeft: at - STEP, ArrowRight: at + STEP, Home: 0, End: 1 };
    const wanted = places[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    go(wanted);
  };

  return {
    element: line,
    /**
     * Stand at a fraction of the stage, or nowhere (null).
     *
     * @param {number | null} place
     * @param {HTMLElement} over what lies right of the line only
     */
    show(place, over) {
      line.hidden = place === null;
      over.style.clipPath = place === null ? "" : `inset(-100vmax -100vmax -100vmax ${100 * place}%)`;
      if (place === null) return;
      at = place;
      line.style.left = `${100 * place}%`;
      line.setAttribute("aria-valuenow", String(Math.round(100 * place)));
    },
  };
}
