/**
 * Lines of the list: a segment, or the head of some.
 *
 * @import { Look } from "./look.js"
 * @import { Segment } from "./state.js"
 *
 * @typedef {object} ListHandlers what happens when the list is used
 * @property {(keys: string[]) => void} toggle
 * @property {(keys: string[]) => void} show
 * @property {(keys: string[]) => void} hide
 * @property {(keys: string[]) => void} only
 * @property {(key: string, add: boolean) => void} select
 * @property {(key: string) => void} pin shows a segment before the competition, or no longer
 * @property {(key: string | null) => void} hover
 * @property {() => void} filter
 */

import { element, iconButton, svg, textButton } from "./dom.js";
import { isAdding } from "./gestures.js";
import { keyOf } from "./keys.js";
import { colorOf } from "./palette.js";
import { nameOf } from "./tooltip.js";

/**
 * The head of a label or kind.
 *
 * @param {string} title
 * @param {"heading" | "label"} level
 * @param {Segment[]} members
 * @param {ListHandlers} on
 */
export function createHead(title, level, members, on) {
  const keys = members.map((segment) => segment.key);
  const head = element("li", `head ${level}`);
  const eye = eyeButton(`Show all ${title}`, () => on.toggle(keys));
  const number = element("span", "number");
  head.append(eye, element("span", "name", title), number, headTools(title, keys, on));
  return {
    element: head,
    /** @param {Look} look */
    mark({ hidden }) {
      const shown = keys.filter((key) => !hidden.has(key)).length;
      eye.setAttribute("aria-pressed", shown === keys.length ? "true" : shown ? "mixed" : "false");
      number.textContent = shown === keys.length ? `${shown}` : `${shown} of ${keys.length}`;
    },
  };
}

/**
 * @param {Segment} segment
 * @param {boolean} indented
 * @param {ListHandlers} on
 */
export function createRow(segment, indented, on) {
  let current = segment;
  const { key } = segment;
  const title = nameOf(segment);
  const row = element("li", indented ? "row indented" : "row");
  row.dataset.key = key;
  const eye = eyeButton(`Show ${title}`, () => on.toggle([key]));
  const swatch = element("span", "swatch");
  const pick = pickButton(segment, swatch, on);
  pick.show(segment);
  row.onpointerenter = () => on.hover(key);
  row.onpointerleave = () => on.hover(null);
  const pin = iconButton("pin", `Pin ${title}`, keyOf("pin"));
  pin.onclick = () => on.pin(key);
  const tools = element("span", "tools");
  tools.append(pin, onlyButton(title, [key], on));
  row.append(eye, pick.element, tools);
  return {
    element: row,
    /** @param {Segment} again the same one at other thresholds */
    update(again) {
      if (again.score !== current.score) pick.show(again);
      current = again;
    },
    /**
     * @param {Look} look
     * @param {string | undefined} hovered key
     * @param {string | undefined} pinned key
     */
    mark({ hidden, selected, style }, hovered, pinned) {
      pin.setAttribute("aria-pressed", String(key === pinned));
      row.classList.toggle("hidden", hidden.has(key));
      row.classList.toggle("selected", selected.has(key));
      row.classList.toggle("hovered", key === hovered);
      eye.setAttribute("aria-pressed", String(!hidden.has(key)));
      pick.element.setAttribute("aria-pressed", String(selected.has(key)));
      const color = `rgb(${colorOf(current, style.color_by).join(" ")})`;
      swatch.style.background = swatch.style.borderColor = color;
    },
  };
}

/**
 * @param {Segment} segment
 * @param {HTMLElement} swatch
 * @param {ListHandlers} on
 */
function pickButton(segment, swatch, on) {
  const pick = element("button", "pick");
  pick.type = "button";
  const title = nameOf(segment);
  const name = element("span", "name", title);
  name.title = title;
  const number = element("span", "score");
  pick.append(swatch, name, " ", number); // apart for those who hear it, too
  pick.onclick = (event) => on.select(segment.key, isAdding(event));
  return {
    element: pick,
    /** @param {Segment} shown */
    show(shown) {
      const score = shown.score?.toFixed(2) ?? "";
      number.textContent = score;
    },
  };
}

/**
 * @param {string} title
 * @param {string[]} keys
 * @param {ListHandlers} on
 */
function headTools(title, keys, on) {
  const tools = element("span", "tools");
  tools.append(onlyButton(title, keys, on));
  return tools;
}

/**
 * @param {string} title
 * @param {string[]} keys
 * @param {ListHandlers} on
 */
function onlyButton(title, keys, on) {
  const only = textButton("Only", `Show only ${title}`);
  only.className = "only";
  only.setAttribute("aria-label", `Show only ${title}`);
  only.onclick = () => on.only(keys);
  return only;
}

/**
 * @param {string} name
 * @param {() => void} onclick
 */
function eyeButton(name, onclick) {
  const eye = element("button", "eye");
  eye.type = "button";
  eye.innerHTML = svg("eye");
  eye.setAttribute("aria-label", name);
  eye.onclick = onclick;
  return eye;
}
