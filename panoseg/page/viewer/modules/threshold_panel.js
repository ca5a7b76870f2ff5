/**
 * The sliders of the three thresholds, with what each position of the score would show as its track.
 *
 * They show what they are told and keep none of it. While one is dragged, or its keys are held, `move` is called
 * with its name; once the hand rests, `rest`.
 *
 * @import { LandscapePayload, Rules } from "./inbox.js"
 * @import { SegmentMap } from "./state.js"
 * @import { History, ThresholdName, Thresholds } from "./thresholds.js"
 *
 * @typedef {object} ThresholdHandlers
 * @property {(values: Partial<Thresholds>, moving?: string) => void} move `moving` names the slider that goes on
 * @property {() => void} rest
 * @property {(action: string) => void} act does what a key would (keys.js)
 */

import { element, iconButton } from "./dom.js";
import { keyOf } from "./keys.js";
import { createLandscape } from "./landscape.js";
import { countsInWords, readValue, relevantThresholds } from "./thresholds.js";

const KEYS_REST_MS = 60; // keys that are held repeat sooner

/**
 * @param {Rules} rules
 * @param {ThresholdHandlers} on
 * @param {...HTMLElement} foot what stands below the sliders
 */
export function createThresholdPanel(rules, on, ...foot) {
  const panel = element("section", "thresholds");
  panel.setAttribute("aria-label", "Thresholds");
  const undo = iconButton("undo", "Undo", keyOf("undo"));
  const redo = iconButton("redo", "Redo", keyOf("redo"));
  const paper = iconButton("paper", "The paper's values");
  undo.onclick = () => on.act("undo");
  redo.onclick = () => on.act("redo");
  paper.onclick = () => on.act("paper");
  const head = element("div", "thresholds-head");
  head.append(element("span", "title", "Thresholds"), undo, redo, paper);
  const landscape = createLandscape(rules);
  const rows = rules.thresholds.map((rule) => createRow(rule, on, rule.name === "score" ? landscape : null));
  const counts = element("p", "counts");
  panel.append(head, ...rows.map((row) => row.element), counts, ...foot);
  return {
    element: panel,
    /**
     * @param {Thresholds} values
     * @param {SegmentMap | null} map
     * @param {LandscapePayload | null} shown
     */
    show(values, map, shown) {
      const relevant = relevantThresholds(map, rules);
      for (const row of rows) row.show(values[row.name], relevant.includes(row.name));
      paper.disabled = !relevant.length || rules.thresholds.every((rule) => values[rule.name] === rule.paper);
      landscape.show(relevant.length > 1 ? shown : null, values.score, map?.below_score ?? []);
      this.say(map ? countsInWords(map) : "");
    },
    /** Something else in place of the counts. @param {string} words */
    say(words) {
      if (counts.textContent !== words) counts.textContent = words;
    },
    /** @param {History} history */
    showHistory(history) {
      undo.disabled = !history.canUndo;
      redo.disabled = !history.canRedo;
    },
  };
}

/**
 * @param {Rules["thresholds"][number]} rule
 * @param {ThresholdHandlers} on
 * @param {ReturnType<typeof createLandscape> | null} landscape
 */
function createRow({ name, help, paper }, on, landscape) {
  const title = name[0].toUpperCase() + name.slice(1);
  const words = `${help} Double click: the paper's ${paper.toFixed(2)}.`;
  const range = element("input");
  Object.assign(range, { type: "range", min: 0, max: 1, step: 0.01, title: words });
  range.setAttribute("aria-label", title);
  const typed = element("input", "typed");
  Object.assign(typed, { type: "number", min: 0, max: 1, step: 0.01, title: words });
  typed.setAttribute("aria-label", `${title} as a number`);
  const track = element("div", "track");
  const mark = element("span", "paper-mark");
  mark.style.setProperty("--at", String(paper));
  track.append(...(landscape ? [landscape.element] : []), mark, range);
  const row = element("div", landscape ? "threshold tall" : "threshold");
  const label = element("span", "name", title);
  label.title = words;
  row.append(label, track, typed);
  watchRange(range, name, on);
  range.ondblclick = () => on.move({ [name]: paper });
  typed.onchange = () => {
    const before = Number(range.value);
    const value = readValue(typed.value, before);
    typed.value = value.toFixed(2);
    on.move({ [name]: value });
  };
  return {
    element: row,
    name,
    /**
     * @param {number} value
     * @param {boolean} enabled
     */
    show(value, enabled) {
      if (Number(range.value) !== value) range.value = String(value);
      range.style.setProperty("--share", `${100 * value}%`);
      range.setAttribute("aria-valuetext", value.toFixed(2));
      if (typed.getRootNode() instanceof ShadowRoot && !typed.matches(":focus"))
        typed.value = value.toFixed(2);
      range.disabled = typed.disabled = !enabled;
      row.classList.toggle("off", !enabled);
    },
  };
}

/**
 * @param {HTMLInputElement} range
 * @param {ThresholdName} name
 * @param {ThresholdHandlers} on
 */
function watchRange(range, name, on) {
  let dragged = false;
  let timer = 0;
  range.onpointerdown = () => {
    dragged = true;
  };
  range.oninput = () => {
    clearTimeout(timer);
    on.move({ [name]: Number(range.value) }, name);
    if (!dragged) timer = setTimeout(on.rest, KEYS_REST_MS);
  };
  // A mouse that lets go where it began gives no change.
  range.onpointerup = range.onpointercancel = () => {
    if (!dragged) return;
    dragged = false;
    on.rest();
  };
}
