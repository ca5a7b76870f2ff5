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
 * @param {ListHandlers} on
 */
export function createHead(title, level, on) {
  /** @type {string[]} */
  let keys = [];
  const head = element("li", `head ${level}`);
  const eye = eyeButton(`Show all ${title}`, () => on.toggle(keys));
  const number = element("span", "number");
  const tools = element("span", "tools");
  tools.append(onlyButton(title, () => on.only(keys)));
  head.append(eye, element("span", "name", title), number, tools);
  let marked = "";
  return {
    element: head,
    /** @param {Segment[]} members */
    update(members) {
      keys = members.map((segment) => segment.key);
    },
    /** @param {Look} look */
    mark({ hidden }) {
      const shown = keys.filter((key) => !hidden.has(key)).length;
      const words = shown === keys.length ? `${shown}` : `${shown} of ${keys.length}`;
      if (words === marked) return;
      marked = words;
      eye.setAttribute("aria-pressed", shown === keys.length ? "true" : shown ? "mixed" : "false");
      number.textContent = words;
    },
  };
}

/**
 * The row of a segment, which it keeps at all thresholds.
 *
 * @param {string} key
 * @param {ListHandlers} on
 */
export function createRow(key, on) {
  /** @type {Segment | null} */
  let current = null;
  let title = "";
  let marked = "";
  const row = element("li", "row");
  row.dataset.key = key;
  const eye = eyeButton("", () => on.toggle([key]));
  const pick = pickButton(key, on);
  row.onpointerenter = () => on.hover(key);
  row.onpointerleave = () => on.hover(null);
  const pin = iconButton("pin", "");
  pin.onclick = () => on.pin(key);
  const only = onlyButton("", () => on.only([key]));
  const tools = element("span", "tools");
  tools.append(pin, only);
  row.append(eye, pick.element, tools);

  /** @param {string} words the segment's name, which ends in its id */
  function name(words) {
    title = words;
    eye.setAttribute("aria-label", `Show ${title}`);
    nameOnly(only, title);
    pin.title = `Pin ${title} (${keyOf("pin")})`;
    pin.setAttribute("aria-label", `Pin ${title}`);
    pick.name(title);
  }
  return {
    element: row,
    /**
     * @param {Segment} again the same one, perhaps at other thresholds
     * @param {boolean} indented
     */
    update(again, indented) {
      if (nameOf(again) !== title) name(nameOf(again));
      if (again.score !== current?.score) pick.score(again.score);
      row.classList.toggle("indented", indented);
      current = again;
    },
    /**
     * @param {Look} look
     * @param {string | undefined} hovered key
     * @param {string | undefined} pinned key
     */
    mark({ hidden, selected, style }, hovered, pinned) {
      if (!current) return;
      const [isHidden, isSelected] = [hidden.has(key), selected.has(key)];
      const color = `rgb(${colorOf(current, style.color_by).join(" ")})`;
      // While a threshold moves, hardly anything of this changes, and there may be hundreds of rows.
      const now = `${isHidden} ${isSelected} ${key === hovered} ${key === pinned} ${color}`;
      if (now === marked) return;
      marked = now;
      pin.setAttribute("aria-pressed", String(key === pinned));
      row.classList.toggle("hidden", isHidden);
      row.classList.toggle("selected", isSelected);
      row.classList.toggle("hovered", key === hovered);
      eye.setAttribute("aria-pressed", String(!isHidden));
      pick.element.setAttribute("aria-pressed", String(isSelected));
      pick.swatch.style.background = pick.swatch.style.borderColor = color;
    },
  };
}

/**
 * @param {string} key
 * @param {ListHandlers} on
 */
function pickButton(key, on) {
  const pick = element("button", "pick");
  pick.type = "button";
  const swatch = element("span", "swatch");
  const name = element("span", "name");
  const number = element("span", "score");
  pick.append(swatch, name, " ", number); // apart for those who hear it, too
  pick.onclick = (event) => on.select(key, isAdding(event));
  return {
    element: pick,
    swatch,
    /** @param {string} title */
    name(title) {
      name.textContent = name.title = title;
    },
    /** @param {number | null} score */
    score(score) {
      const words = score?.toFixed(2) ?? "";
      if (number.textContent !== words) number.textContent = words;
    },
  };
}

/**
 * @param {string} title
 * @param {() => void} onclick
 */
function onlyButton(title, onclick) {
  const only = textButton("Only", "");
  only.className = "only";
  nameOnly(only, title);
  only.onclick = onclick;
  return only;
}

/**
 * @param {HTMLElement} button
 * @param {string} title of what it leaves
 */
function nameOnly(button, title) {
  button.title = `Show only ${title}`;
  button.setAttribute("aria-label", button.title);
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
