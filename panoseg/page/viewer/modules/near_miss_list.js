/**
 * What was seen but filtered away: a row shows its mask in the picture, a button brings it back.
 *
 * @import { Seen } from "./near_miss_rules.js"
 * @import { Thresholds } from "./thresholds.js"
 *
 * @typedef {object} NearMissHandlers
 * @property {(query: number | null) => void} inspect show the mask of a query, or of none
 * @property {(query: number | null) => void} point the pointer is over that row, or over none
 * @property {(miss: Seen) => void} bringBack
 */

import { element, focusedIn, textButton } from "./dom.js";
import { backWords, reasonOf, roundedDown } from "./near_miss_rules.js";

/** @param {NearMissHandlers} on */
export function createNearMissList(on) {
  const panel = element("div", "near-miss-panel");
  const list = element("ul", "near-miss-list");
  const none = element("p", "none");
  panel.append(list, none);
  panel.tabIndex = -1; // where the focus goes when the last row has gone
  let shown = "";
  return {
    element: panel,
    /**
     * @param {Seen[] | null} misses null where the map has none
     * @param {Thresholds} thresholds
     * @param {number | null} inspected the query whose mask is shown
     * @param {string} otherwise what to say where there are none
     */
    show(misses, thresholds, inspected, otherwise) {
      if (panel.hidden) return; // opening the tab draws it
      const words = JSON.stringify([misses, thresholds, inspected, otherwise]);
      if (words === shown) return;
      shown = words;
      none.hidden = Boolean(misses?.length);
      none.textContent = otherwise;
      const focused = focusedIn(list);
      const place = focused && placeOf(list, focused);
      list.replaceChildren(...(misses ?? []).map((miss) => createRow(miss, thresholds, inspected, on)));
      if (place) focusAgain(panel, list, place);
    },
  };
}

/**
 * @param {Seen} miss
 * @param {Thresholds} thresholds
 * @param {number | null} inspected
 * @param {NearMissHandlers} on
 */
function createRow(miss, thresholds, inspected, on) {
  const row = element("li", miss.query === inspected ? "miss inspected" : "miss");
  row.dataset.query = String(miss.query);
  const pick = element("button", "miss-pick");
  pick.type = "button";
  pick.setAttribute("aria-pressed", String(miss.query === inspected));
  const name = element("span", "name", miss.label);
  const score = element("span", "score", roundedDown(miss.score));
  pick.append(name, score, element("span", "reason", reasonOf(miss, thresholds)));
  pick.title = "Show its mask in the picture";
  pick.onclick = () => on.inspect(miss.query === inspected ? null : miss.query);
  row.onpointerenter = () => on.point(miss.query);
  row.onpointerleave = () => on.point(null);
  pick.onfocus = () => pick.matches(":focus-visible") && on.point(miss.query);
  pick.onblur = () => on.point(null);
  row.append(pick);
  const does = backWords(miss, thresholds);
  if (does) {
    const button = textButton("Bring back", does);
    button.setAttribute("aria-label", `Bring back ${miss.label}: ${does}`);
    button.className = "bring-back";
    button.onclick = () => on.bringBack(miss);
    row.append(button);
  }
  return row;
}

/**
 * Where the focus is in the list: the row, its number, and which of its buttons.
 *
 * @param {HTMLElement} list
 * @param {HTMLElement} focused
 */
function placeOf(list, focused) {
  const row = focused.closest("li");
  return {
    query: row?.dataset.query ?? "",
    at: row ? [...list.children].indexOf(row) : 0,
    isBack: focused.matches(".bring-back"),
  };
}

/**
 * To the same row where it is still there, else to the one that has its place; keys never lose the list.
 *
 * @param {HTMLElement} panel
 * @param {HTMLElement} list
 * @param {ReturnType<typeof placeOf>} place
 */
function focusAgain(panel, list, { query, at, isBack }) {
  const row =
    list.querySelector(`[data-query="${CSS.escape(query)}"]`) ??
    list.children[Math.min(at, list.children.length - 1)];
  /** @type {HTMLElement | null | undefined} */
  const button = row?.querySelector(isBack ? ".bring-back" : ".miss-pick") ?? row?.querySelector("button");
  (button ?? panel).focus();
}
