/**
 * What a viewer does when a linked one tells it something (linked_viewers.js), and what it tells a new one.
 *
 * @import { Topics } from "./linked_viewers.js"
 * @import { Viewer } from "./viewer.js"
 */

import { showReasons, showSelected, showStyle, showView, showWipe } from "./changes.js";
import { lend, showLent } from "./flicker.js";
import { hover, showPointed } from "./pointing.js";
import { segmentOf } from "./state.js";

/** @type {{ [Topic in keyof Topics]: (viewer: Viewer, value: Topics[Topic]) => void }} */
const RECEIVERS = {
  joined: greet,
  view: showView,
  wipe: showWipe,
  style: showStyle,
  reasons: showReasons,
  lend,
  lent: showLent,
  point: showPointed,
  hovered: (viewer, [key]) => hover(viewer, segmentOf(viewer.state, key)?.id ?? 0),
  selected: showSelected,
};

/**
 * @template {keyof Topics} Topic
 * @param {Viewer} viewer
 * @param {Topic} topic
 * @param {Topics[Topic]} value
 */
export function receiveFromLinked(viewer, topic, value) {
  RECEIVERS[topic](viewer, value);
}

/**
 * Tell a viewer that has just come how things stand; only the first of them does.
 *
 * @param {Viewer} viewer
 */
export function greet({ isFirst, link, kept }) {
  if (!isFirst) return;
  link.tell("view", kept.view);
  link.tell("wipe", kept.wipe);
  link.tell("style", kept.look.style);
  link.tell("reasons", kept.reasons);
}
