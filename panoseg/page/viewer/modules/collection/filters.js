/**
 * What is asked of a collection: a line to write in, and each condition as a chip that says how many it leaves.
 *
 * @typedef {object} FilterHandlers
 * @property {(conditions: string[]) => void} change
 */

import { element, iconButton } from "../dom.js";

/** @param {FilterHandlers} on */
export function createFilters(on) {
  const box = element("div", "filters");
  const input = element("input", "filter");
  input.type = "search";
  input.placeholder = "person >= 2, area > 1 %, no sky, coverage < 80 %, a name …";
  input.setAttribute("aria-label", "Ask for pictures");
  input.setAttribute("list", "collection-words");
  const words = element("datalist");
  words.id = "collection-words";
  const chips = element("ul", "chips");
  const error = element("p", "problem");
  error.setAttribute("role", "alert");
  box.append(input, words, chips, error);
  /** @type {string[]} */
  let conditions = [];
  let drawn = "";

  input.onkeydown = (event) => {
    event.stopPropagation();
    if (event.key !== "Enter") return;
    take();
  };
  input.onchange = () => {
    if (input.value) take();
  };

  function take() {
    const added = splitConditions(input.value);
    input.value = "";
    if (added.length) on.change([...new Set([...conditions, ...added])]);
  }

  return {
    element: box,
    input,
    /**
     * @param {string[]} now
     * @param {{ text: string, left: number | null }[] | null} left what each leaves, once it is known
     * @param {string} problem
     */
    show(now, left, problem) {
      conditions = now;
      error.textContent = problem;
      error.hidden = !problem;
      chips.hidden = !now.length;
      const wanted = JSON.stringify([now, left?.map((each) => each.left)]);
      if (wanted === drawn) return;
      drawn = wanted;
      const focused = [...chips.querySelectorAll("button")].findIndex((button) => button.matches(":focus"));
      chips.replaceChildren(
        ...now.map((text, n) => {
          const chip = element("li", "chip");
          chip.append(element("span", "name", text));
          if (left?.[n]) chip.append(element("span", "left", left[n].left?.toLocaleString("en") ?? "…"));
          const away = iconButton("close", `Remove “${text}”`);
          away.onclick = () => {
            on.change(now.filter((_, other) => other !== n));
            (chips.querySelectorAll("button")[n] ?? input).focus(); // it has gone with its chip
          };
          chip.append(away);
          return chip;
        }),
      );
      chips.querySelectorAll("button")[focused]?.focus();
    },
    /** @param {string[]} labels */
    suggest(labels) {
      words.replaceChildren(
        ...labels.map((label) => {
          const option = element("option");
          option.value = label;
          return option;
        }),
      );
    },
  };
}

/**
 * @param {string} text
 * @returns {string[]}
 */
export function splitConditions(text) {
  return text
    .split(/[,;\n]/)
    .map((part) => part.trim())
    .filter(Boolean);
}
