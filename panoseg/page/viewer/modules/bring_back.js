/**
 * Bringing a near miss back: the threshold that took it away moves just as far as it needs. Where another rule
 * takes it away then, that one's threshold moves as well; all of it is one step to undo.
 *
 * @import { Seen } from "./near_miss_rules.js"
 * @import { Viewer } from "./viewer.js"
 */

import { moveThresholds, noteBefore, restThresholds } from "./changes.js";
import { inspect } from "./near_miss_ghost.js";
import { broughtBack } from "./near_miss_rules.js";

/**
 * @param {Viewer} viewer
 * @param {Seen} miss
 */
export function bringBack(viewer, miss) {
  noteBefore(viewer);
  inspect(viewer, null);
  viewer.kept.returning = miss.query;
  step(viewer, miss);
}

/**
 * A new map is there: go on if the near miss that is being brought back is still missing.
 *
 * @param {Viewer} viewer
 */
export function goOnBringingBack(viewer) {
  const { kept, state } = viewer;
  if (kept.returning === null) return;
  const miss = state.map?.missed?.find(({ query }) => query === kept.returning);
  if (miss) step(viewer, miss);
  else kept.returning = null;
}

/**
 * @param {Viewer} viewer
 * @param {Seen} miss
 */
function step(viewer, miss) {
  const { kept } = viewer;
  const wanted = broughtBack(miss, kept.look.thresholds);
  // Below what was asked for already, there is nothing more to move.
  if (
    !wanted ||
    (wanted.score >= kept.look.thresholds.score && wanted.overlap >= kept.look.thresholds.overlap)
  ) {
    kept.returning = null;
    return;
  }
  moveThresholds(viewer, wanted);
  restThresholds(viewer);
}
