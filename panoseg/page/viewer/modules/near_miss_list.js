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

import { element, textButton } from "./dom.js";
import { broughtBack, reasonOf, roundedDown } from "./near_miss_rules.js";

/** @param {NearMissHandlers} on */
export function createNearMissList(on) {
  const panel = element("div", "near-miss-panel");
  const list = element("ul", "near-miss-list");
  const none = element("p", "none", "Nothing that the model saw was filtered away.");
  panel.append(list, none);
  let shown = "";
  return {
    element: panel,
    /**
     * @param {Seen[] | null} misses null where the task has none
     * @param {Thresholds} thresholds
     * @param {number | null} inspected the query whose mask is shown
     */
    show(misses, thresholds, inspected) {
      if (panel.hidden) return; // opening the tab draws it
      const words = JSON.stringify([misses, thresholds, inspected]);
      if (words === shown) return;
      shown = words;
      none.hidden = Boolean(misses?.length);
      none.textContent = misses
        ? "Nothing that the model saw was filtered away."
        : "Only panoptic segmentations have near misses.";
      const focused = focusedQuery(list);
      list.replaceChildren(...(misses ?? []).map((miss) => createRow(miss, thresholds, inspected, on)));
      if (focused) focusQuery(list, focused);
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
  const back = broughtBack(miss, thresholds);
  if (back) {
    const button = textButton("Bring back", backWords(back, thresholds));
    button.setAttribute("aria-label", `Bring back ${miss.label}: ${backWords(back, thresholds)}`);
    button.className = "bring-back";
    button.onclick = () => on.bringBack(miss);
    row.append(button);
  }
  return row;
}

/**
 * @param {Thresholds} back
 * @param {Thresholds} now
 */
function backWords(back, now) {
  return back.score !== now.score
    ? `sets the score to ${back.score.toFixed(2)}`
    : `sets the overlap to ${back.overlap.toFixed(2)}`;
}

/** @param {HTMLElement} list */
function focusedQuery(list) {
  const root = list.getRootNode();
  const focused = root instanceof ShadowRoot ? root.activeElement : null;
  return list.contains(focused) ? focused?.closest("li")?.dataset.query : undefined;
}

/**
 * @param {HTMLElement} list
 * @param {string} query
 */
function focusQuery(list, query) {
  /** @type {HTMLElement | null} */
  const button = list.querySelector(`[data-query="${CSS.escape(query)}"] button`);
  button?.focus();
}
