/**
 * The likeliest near misses as a row of buttons below the sliders: a click brings one back, and while one is
 * pointed at, the picture shows its mask. All of them, with the reasons, are in their tab.
 *
 * @import { Seen } from "./near_miss_rules.js"
 * @import { NearMissHandlers } from "./near_miss_list.js"
 * @import { Thresholds } from "./thresholds.js"
 */

import { element, focusedIn, placeChildren } from "./dom.js";
import { backWords, broughtBack } from "./near_miss_rules.js";
import { createRoving } from "./roving.js";

const MOST = 8; // more than fit; keys reach those beyond the edge

/** @param {Pick<NearMissHandlers, "point" | "bringBack">} on */
export function createJustMissed(on) {
  const row = element("div", "just-missed");
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", "Just missed: press to bring back");
  row.tabIndex = -1; // where the focus goes when the last one is back
  const none = element("span", "none");
  /** @type {Map<number, ReturnType<typeof createButton>>} by query */
  let buttons = new Map();
  const roving = createRoving(row, () => [[...buttons.values()].map((button) => button.element)]);
  let shown = "";
  return {
    element: row,
    /**
     * @param {Seen[] | null} misses the likeliest first; null where the task has none
     * @param {Thresholds} thresholds
     */
    show(misses, thresholds) {
      const returning = (misses ?? []).filter((miss) => broughtBack(miss, thresholds)).slice(0, MOST);
      const words = JSON.stringify([returning, thresholds, misses === null]);
      if (words === shown) return;
      shown = words;
      const focused = focusedIn(row);
      const at = focused ? [...row.children].indexOf(focused) : -1;
      const known = buttons;
      buttons = new Map(returning.map((miss) => [miss.query, known.get(miss.query) ?? createButton(on)]));
      for (const miss of returning) buttons.get(miss.query)?.show(miss, thresholds);
      none.textContent = misses ? "Nothing was just missed." : "";
      const all = [...buttons.values()].map((button) => button.element);
      placeChildren(row, all.length ? all : [none]);
      roving.refresh();
      if (focused && !row.contains(focused)) (all[Math.min(at, all.length - 1)] ?? row).focus();
    },
  };
}

/** @param {Pick<NearMissHandlers, "point" | "bringBack">} on */
function createButton(on) {
  const button = element("button", "returning");
  button.type = "button";
  const name = element("span", "name");
  const score = element("span", "score");
  button.append(name, " ", score); // apart for those who hear it, too
  return {
    element: button,
    /**
     * @param {Seen} miss
     * @param {Thresholds} thresholds
     */
    show(miss, thresholds) {
      const does = backWords(miss, thresholds);
      name.textContent = miss.label;
      score.textContent = (Math.floor(100 * miss.score) / 100).toFixed(2);
      button.title = `Bring back ${miss.label}: ${does}`;
      // What is heard begins with what it does, and has the words that are seen: who says those gets it, too.
      button.setAttribute("aria-label", `Bring back ${miss.label} ${score.textContent}: ${does}`);
      button.onclick = () => on.bringBack(miss);
      button.onpointerenter = () => on.point(miss.query);
      button.onfocus = () => button.matches(":focus-visible") && on.point(miss.query);
      button.onpointerleave = button.onblur = () => on.point(null);
    },
  };
}
