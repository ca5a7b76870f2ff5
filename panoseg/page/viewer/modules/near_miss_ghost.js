/**
 * The mask of a near miss, striped in the picture: of the row that is pointed at, or of the one that was clicked.
 *
 * The server is asked once for how probable a query is where (close_up/server.js); where its mask ends follows the
 * mask threshold here.
 *
 * @import { SegmentMap } from "./state.js"
 * @import { Seen } from "./near_miss_rules.js"
 * @import { Viewer } from "./viewer.js"
 */

import { addressOf } from "./close_up/close_up.js";
import { fetchPacked } from "./close_up/server.js";
import { levelFrom } from "./merge/levels.js";
import { isMissed } from "./near_miss_rules.js";

const MOST_KEPT = 8;
const PAUSE_MS = 60; // a pointer that runs over rows asks for none of them

/**
 * Show the mask of a near miss, or of none, until another is clicked.
 *
 * @param {Viewer} viewer
 * @param {number | null} query
 */
export function inspect(viewer, query) {
  viewer.state.ghost.clicked = query;
  updateGhost(viewer);
}

/**
 * The pointer is over the row of a near miss, or over none.
 *
 * @param {Viewer} viewer
 * @param {number | null} query
 */
export function pointAtMiss(viewer, query) {
  const { ghost } = viewer.state;
  clearTimeout(ghost.timer);
  ghost.timer = setTimeout(() => {
    ghost.pointed = query;
    updateGhost(viewer);
  }, PAUSE_MS);
}

/**
 * Have the stripes fit the map, the thresholds and what is pointed at.
 *
 * @param {Viewer} viewer
 */
export function updateGhost(viewer) {
  const { state, kept, redraw } = viewer;
  const { ghost, map } = state;
  const query = ghost.pointed ?? ghost.clicked;
  const miss =
    query === null ? undefined : map?.missed?.find((seen) => seen.query === query && isMissed(seen));
  const levels = miss && map ? levelsOf(viewer, map, miss) : null;
  const before = state.nearMiss;
  state.nearMiss = null;
  if (miss && map && levels?.length === map.width * map.height) {
    const least = levelFrom(kept.look.thresholds.mask);
    state.nearMiss = {
      photo: map.photo,
      name: miss.label,
      bits: levels.map((level) => Number(level >= least)),
    };
  }
  if (before || state.nearMiss) redraw("light");
  redraw("list");
}

/**
 * Probability × 200 of each pixel, if it is here; else it is asked for.
 *
 * @param {Viewer} viewer
 * @param {SegmentMap} map
 * @param {Seen} miss
 */
function levelsOf(viewer, map, { query, class_id }) {
  const { ghost } = viewer.state;
  const key = `${map.source} ${query}`;
  const known = ghost.levels.get(key);
  if (known === undefined)
    load(viewer, key, addressOf(viewer.closeUp, `probability/${map.name}/query-${query}-${class_id}`));
  return known ?? null;
}

/**
 * @param {Viewer} viewer
 * @param {string} key
 * @param {string} address
 */
async function load(viewer, key, address) {
  const { ghost } = viewer.state;
  ghost.levels.set(key, null); // on its way
  for (const oldest of ghost.levels.keys()) {
    if (ghost.levels.size <= MOST_KEPT) break;
    ghost.levels.delete(oldest);
  }
  try {
    const levels = await fetchPacked(address);
    if (levels) ghost.levels.set(key, new Uint8Array(levels));
    else ghost.levels.delete(key); // a newer map is on its way, and asks again
  } catch {
    ghost.levels.delete(key); // the network failed: the next look asks again
    return;
  }
  if (ghost.levels.get(key)) updateGhost(viewer);
}
