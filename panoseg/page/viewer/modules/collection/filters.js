/**
 * What is asked of a collection: a line to write in, and each condition as a chip that says how many it leaves.
 *
 * @typedef {object} FilterHandlers
 * @property {(conditions: string[]) => void} change
 */

import { element, iconButton, setText } from "../dom.js";

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
  const message = createMessage(() => input.focus());
  box.append(input, words, chips, message.element);
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
      message.show(problem, now);
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
 * What went wrong, over the pictures, which it pushes nowhere, until it is closed or holds no more; something else
 * asked opens it again.
 *
 * @param {() => void} leave what has the focus goes away
 */
function createMessage(leave) {
  const box = element("div", "message");
  const words = element("p", "problem");
  words.setAttribute("role", "alert");
  const away = iconButton("close", "Close this message");
  box.append(words, away);
  let [shown, closed] = ["", ""];
  away.onclick = () => {
    closed = shown;
    if (away.matches(":focus-visible")) leave();
    box.hidden = true;
  };
  return {
    element: box,
    /**
     * @param {string} problem
     * @param {string[]} conditions that were asked
     */
    show(problem, conditions) {
      shown = JSON.stringify([problem, conditions]);
      if (shown !== closed) closed = "";
      setText(words, problem);
      box.hidden = !problem || shown === closed;
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
