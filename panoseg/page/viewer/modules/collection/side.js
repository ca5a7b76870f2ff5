/**
 * What stands beside the grid: thresholds, and tabs that tell of the pictures that are left.
 *
 * A new tab is an entry of `createTabs` below: its panel is shown what is known whenever that changes.
 *
 * @import { Rules } from "../inbox.js"
 * @import { Handlers, Shown } from "./parts.js"
 * @import { Server } from "./server.js"
 * @import { RunAnswer, ViewAnswer } from "./server_answers.js"
 */

import { element } from "../dom.js";
import { createTabs } from "../tabs.js";
import { createThresholdPanel } from "../threshold_panel.js";
import { createNumbersPanel } from "./bars.js";
import { countOf } from "./counts.js";
import { createQualityPanel } from "./quality_panel.js";
import { createSegmentTable } from "./segment_table.js";
import { createThresholdSteps } from "./threshold_steps.js";

/** Of the map of a picture, the sliders ask for the task alone. @type {any} */
const NO_MAP = { segments: [], area: 1, below_score: [] };

/**
 * @param {Rules} rules
 * @param {Server} server
 * @param {Handlers} on
 */
export function createSide(rules, server, on) {
  const thresholds = createCollectionThresholds(rules, on);
  const numbers = createNumbersPanel(on.toggle);
  const quality = createQualityPanel({
    toggle: on.toggle,
    open: (position) => on.open(position),
    marks: () => server.marks(on.run(), on.asked()),
    move: thresholds.move,
  });
  const table = createSegmentTable({
    ask: (asked, signal) => server.segments(on.run(), on.asked(), asked, signal),
    open: (row) => on.open(row.position, row),
  });
  const failures = element("ul", "failures");
  const tabs = createTabs(
    "About the collection",
    [
      { name: "numbers", title: "Numbers", panel: numbers.element },
      { name: "segments", title: "Segments", panel: table.element },
      { name: "evaluation", title: "Evaluation", panel: quality.element },
      { name: "failures", title: "Failed", panel: failures },
    ],
    (tab) => on.change({ tab }),
  );
  tabs.offer("evaluation", false);
  const side = element("div", "side");
  side.append(thresholds.element, tabs.element);
  return {
    element: side,
    table,
    /** @param {Shown} shown */
    show({ about, view, place, names }) {
      thresholds.show(about, view, place);
      numbers.show(view?.known ? view : null, place.conditions);
      quality.show(view?.quality ?? null, place.conditions, names, on.run());
      showFailures(failures, about);
      tabs.show(place.tab);
      if (about) tabs.offer("evaluation", Boolean(about.annotated));
      tabs.count("segments", view?.known ? view.matching : null);
      tabs.offer("failures", Boolean(about?.failed));
      tabs.count("failures", about?.failed || null);
    },
    close: () => table.close(),
  };
}

/**
 * The sliders, with what they leave of all pictures and how much of that is counted exactly.
 *
 * @param {Rules} rules
 * @param {Handlers} on
 */
function createCollectionThresholds(rules, on) {
  const steps = createThresholdSteps(rules, on);
  const panel = createThresholdPanel(rules, steps.handlers);
  const exactness = element("div", "exactness whole");
  exactness.append(element("span"));
  panel.element.append(exactness);
  return {
    element: panel.element,
    move: steps.handlers.move,
    /**
     * @param {RunAnswer | null} about
     * @param {ViewAnswer | null} view
     * @param {Shown["place"]} place
     */
    show(about, view, place) {
      const finished = about?.has_thresholds === false;
      const { task, thresholds } = place;
      panel.show(thresholds, { ...NO_MAP, task, thresholds: finished ? null : thresholds }, null);
      panel.showHistory(steps.history);
      panel.element.classList.toggle("off", finished);
      panel.say(finished ? "Finished maps, no logits: thresholds are off." : countsInWords(view));
      const share = view?.pictures ? view.exact / view.pictures : 1;
      exactness.style.setProperty("--share", String(share));
      exactness.classList.toggle("whole", share === 1);
    },
  };
}

/** @param {ViewAnswer | null} view */
export function countsInWords(view) {
  if (!view) return "";
  const counts = `${countOf(view.segments, "segment")} in ${countOf(view.order.length, "picture")}`;
  // The tab of that name says it by itself.
  const evaluating = view.evaluating && !view.quality ? ` · ${view.evaluating}` : "";
  if (view.exact === view.pictures) return counts + evaluating;
  if (!view.known) return "Counting…";
  const [exact, all] = [view.exact, view.pictures].map((count) => count.toLocaleString("en"));
  return `about ${counts} · ${exact} of ${all} counted${evaluating}`;
}

/**
 * @param {HTMLElement} list
 * @param {RunAnswer | null} about
 */
function showFailures(list, about) {
  const failures = about?.failures ?? [];
  if (list.childElementCount === failures.length) return;
  list.replaceChildren(
    ...failures.map(({ name, error }) => {
      const row = element("li", "", name);
      row.append(element("span", "about", error));
      return row;
    }),
  );
}
