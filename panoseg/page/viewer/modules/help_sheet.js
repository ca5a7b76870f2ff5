/** The sheet that lists what mouse, fingers and keys do. */

import { element, textButton } from "./dom.js";
import { KEYS } from "./keys.js";

/** @type {[shown: string, does: string][]} */
const POINTER = [
  ["Point", "Outline and name a segment; rest for what else the pixel could be"],
  ["Click", "Select it, or no longer; with Shift, Ctrl or ⌘: it, too. Nothing there: why"],
  ["Double click", "Zoom to it, and back"],
  ["Ctrl or ⌘ + wheel", "Zoom to the pointer"],
  ["Wheel", "The same once you have clicked the picture; before that the page scrolls"],
  ["Drag", "Move the enlarged picture"],
  ["Two fingers", "Zoom and move"],
];

/** @type {[words: string, about: string, action: string][]} */
const MORE = [
  ["First steps", "Three steps that point at the page's controls", "firstMinute"],
  ["How it works", "How the map comes about, on this picture, and what each number means", "explain"],
];

/** @param {(action: string) => void} act does what a key would (keys.js) */
export function createHelp(act) {
  const sheet = element("dialog", "sheet");
  sheet.setAttribute("aria-label", "Mouse and keys");
  sheet.tabIndex = -1;
  const columns = element("div", "columns");
  const close = element("button", "close", "Close");
  columns.append(section("Mouse and touch", POINTER));
  for (const [title, rows] of KEYS) {
    columns.append(
      section(
        title,
        rows.map(([, , shown, does]) => [shown, does]),
      ),
    );
  }
  close.type = "button";
  close.onclick = () => sheet.close();
  // A click beside the sheet reaches the dialog itself.
  sheet.onclick = (event) => {
    if (event.target === sheet) sheet.close();
  };
  const more = element("div", "more");
  for (const [words, about, action] of MORE) {
    const button = textButton(words, about);
    button.onclick = () => {
      sheet.close();
      act(action);
    };
    more.append(button);
  }
  more.append(close);
  sheet.append(element("h2", "", "Mouse and keys"), columns, more);
  return {
    element: sheet,
    toggle() {
      if (sheet.open) return sheet.close();
      sheet.showModal();
      sheet.focus(); // and not its first button, which would scroll it to its end
      sheet.scrollTop = 0;
    },
    isOpen: () => sheet.open,
  };
}

/**
 * @param {string} title
 * @param {[shown: string, does: string][]} rows
 */
function section(title, rows) {
  const part = element("section");
  const list = element("dl");
  for (const [shown, does] of rows) {
    const term = element("dt");
    term.append(element("kbd", "", shown));
    list.append(term, element("dd", "", does));
  }
  part.append(element("h3", "", title), list);
  return part;
}
