/**
 * Undo and redo of a collection's thresholds, as the sliders of a picture have them.
 *
 * @import { Rules } from "../inbox.js"
 * @import { ThresholdHandlers } from "../threshold_panel.js"
 * @import { Thresholds } from "../thresholds.js"
 * @import { Handlers } from "./parts.js"
 */

import { createHistory } from "../thresholds.js";

/**
 * @param {Rules} rules
 * @param {Pick<Handlers, "asked" | "move" | "change">} on
 */
export function createThresholdSteps(rules, on) {
  const history = createHistory();
  const now = () => ({
    thresholds: on.asked().thresholds,
    hidden: new Set(),
    selected: new Set(),
    style: rules.style,
  });
  /** @type {ThresholdHandlers} */
  const handlers = {
    move(values, moving) {
      history.note(now(), moving ?? "");
      if (moving) on.move(values);
      else set({ ...on.asked().thresholds, ...values });
    },
    rest() {
      history.rest();
      set(on.asked().thresholds);
    },
    act(action) {
      if (action === "paper") {
        history.note(now());
        set(
          /** @type {Thresholds} */ (
            Object.fromEntries(rules.thresholds.map((each) => [each.name, each.paper]))
          ),
        );
        return;
      }
      const step = action === "undo" ? history.undo(now()) : history.redo(now());
      if (step) set(step.thresholds);
    },
  };

  /** @param {Thresholds} thresholds */
  function set(thresholds) {
    on.change({ thresholds });
  }
  return { handlers, history };
}
