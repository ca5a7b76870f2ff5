/**
 * What keys and buttons do, by the names of keys.js.
 *
 * @import { PairPayload } from "./inbox.js"
 * @import { Segment } from "./state.js"
 * @import { Viewer } from "./viewer.js"
 */

import {
  redo,
  restyle,
  setHidden,
  setReasons,
  setSelected,
  setThresholds,
  setView,
  setWipe,
  showOnly,
  undo,
} from "./changes.js";
import { nextPin, unpin } from "./close_up/pin.js";
import { sendFiles } from "./files.js";
import { flicker } from "./flicker.js";
import { FIT, panBy, viewOfBox, zoomAt } from "./geometry.js";
import { OPACITY_STEP, paperThresholds } from "./look.js";
import { focusedSegment } from "./state.js";

const ZOOM_STEP = 1.5;
const PAN_STEP = 0.15;
const MIDDLE = { x: 0.5, y: 0.5 };

/** @type {Record<string, (viewer: Viewer) => void>} */
export const ACTIONS = {
  zoomIn: (viewer) => zoomBy(viewer, ZOOM_STEP),
  zoomOut: (viewer) => zoomBy(viewer, 1 / ZOOM_STEP),
  fit: (viewer) => setView(viewer, FIT),
  one: (viewer) => zoomBy(viewer, viewer.state.range.one / viewer.kept.view.zoom),
  left: (viewer) => pan(viewer, PAN_STEP, 0),
  right: (viewer) => pan(viewer, -PAN_STEP, 0),
  up: (viewer) => pan(viewer, 0, PAN_STEP),
  down: (viewer) => pan(viewer, 0, -PAN_STEP),
  zoomTo: (viewer) => onFocused(viewer, (segment) => zoomTo(viewer, segment)),
  next: (viewer) => selectNext(viewer, 1),
  previous: (viewer) => selectNext(viewer, -1),
  hide: (viewer) =>
    onFocused(viewer, ({ key }) => setHidden(viewer, [key], !viewer.kept.look.hidden.has(key))),
  only: (viewer) => onFocused(viewer, ({ key }) => showOnly(viewer, [key])),
  all: (viewer) => setHidden(viewer, viewer.kept.look.hidden, false),
  pin: (viewer) => nextPin(viewer),
  clear: (viewer) => (viewer.state.pin ? unpin(viewer) : setSelected(viewer, new Set())),
  fainter: (viewer) => changeOpacity(viewer, -1),
  stronger: (viewer) => changeOpacity(viewer, 1),
  outlines: (viewer) => restyle(viewer, { outlines: !viewer.kept.look.style.outlines }),
  labels: (viewer) => restyle(viewer, { labels: !viewer.kept.look.style.labels }),
  colors: nextColors,
  cutout: (viewer) => restyle(viewer, { cutout: !viewer.kept.look.style.cutout }),
  doubt: (viewer) => restyle(viewer, { doubt: !viewer.kept.look.style.doubt }),
  flicker,
  reasons: (viewer) => setReasons(viewer, !viewer.kept.reasons),
  share,
  nextPicture: (viewer) => goToNext(viewer, 1),
  previousPicture: (viewer) => goToNext(viewer, -1),
  wipe: (viewer) => setWipe(viewer, viewer.kept.wipe === null ? 0.5 : null),
  undo: (viewer) => undo(viewer),
  redo: (viewer) => redo(viewer),
  paper: (viewer) => setThresholds(viewer, paperThresholds(viewer.rules)),
  explain: (viewer) => viewer.parts.howItWorks.toggle(),
  firstMinute: (viewer) => viewer.parts.firstMinute.begin(),
  help: (viewer) => viewer.parts.help.toggle(),
};

/**
 * Copy the page's address, which says what is shown.
 *
 * @param {Viewer} viewer
 */
async function share({ parts }) {
  try {
    await navigator.clipboard.writeText(location.href);
    parts.toast.show("Link copied.");
  } catch {
    parts.toast.show("The browser does not let the page copy: take the link from its address bar.");
  }
}

/**
 * @param {Viewer} viewer
 * @param {number} by
 */
function goToNext(viewer, by) {
  const id = viewer.parts.filmstrip.next(by);
  if (id) goToPicture(viewer, id);
}

/**
 * Send files to the server.
 *
 * @param {Viewer} viewer
 * @param {File[]} files
 */
export function openFiles({ parts }, files) {
  const words = files.length === 1 ? files[0].name : `${files.length} files`;
  parts.toast.show(sendFiles(files) ? `Opening ${words}…` : "The page takes no files just now.");
}

/**
 * Ask the server for another picture.
 *
 * @param {Viewer} viewer
 * @param {string} id
 */
export function goToPicture(viewer, id) {
  viewer.parts.filmstrip.mark(id);
  viewer.pictures.tell({ action: "show", id });
}

/**
 * @param {Viewer} viewer
 * @param {number} factor
 */
export function zoomBy(viewer, factor, at = MIDDLE) {
  setView(viewer, zoomAt(viewer.kept.view, factor, at, viewer.state.range));
}

/**
 * Move the picture by fractions of the stage.
 *
 * @param {Viewer} viewer
 * @param {number} across
 * @param {number} down
 */
export function pan(viewer, across, down) {
  setView(viewer, panBy(viewer.kept.view, across, down, viewer.state.range));
}

/**
 * Zoom to a segment or, where it fills the stage already, back.
 *
 * @param {Viewer} viewer
 * @param {Segment} segment
 */
export function zoomTo(viewer, segment) {
  const { state, kept, parts } = viewer;
  if (!state.map) return;
  const { width, height } = state.map;
  const [x, y, boxWidth, boxHeight] = segment.box;
  const box = { x: x / width, y: y / height, width: boxWidth / width, height: boxHeight / height };
  const target = viewOfBox(box, state.range);
  const there = Math.abs(target.zoom - kept.view.zoom) + Math.abs(target.x - kept.view.x) < 1e-6;
  setView(viewer, there ? FIT : target);
  parts.tooltip.hide();
}

/**
 * Select what a comparison found, at both sides, and zoom both pictures to it.
 *
 * @param {Viewer} viewer
 * @param {PairPayload} pair
 */
export function showPair(viewer, { left, right, box: [x, y, width, height] }) {
  setSelected(viewer, new Set(left ? [left] : []));
  viewer.link.tell("selected", right ? [right] : []);
  setView(viewer, viewOfBox({ x, y, width, height }, viewer.state.range, 0.5));
  viewer.parts.tooltip.hide();
}

/**
 * @param {Viewer} viewer
 * @param {(segment: Segment) => void} act
 */
function onFocused({ state, kept }, act) {
  const segment = focusedSegment(state, kept.look);
  if (segment) act(segment);
}

/**
 * Select the next segment in the list, or with -1 the one before.
 *
 * @param {Viewer} viewer
 * @param {number} by
 */
function selectNext(viewer, by) {
  const keys = viewer.parts.list.keys();
  const at = keys.indexOf([...viewer.kept.look.selected].at(-1) ?? "");
  const first = by > 0 ? 0 : -1;
  const key = keys.at((at < 0 ? first : at + by) % keys.length);
  if (key !== undefined) setSelected(viewer, new Set([key]));
}

/**
 * @param {Viewer} viewer
 * @param {number} steps
 */
function changeOpacity(viewer, steps) {
  const from = Math.round(viewer.kept.look.style.opacity / OPACITY_STEP);
  // Divided, as 0.05 times a whole number is not the nearest number to what it should be.
  const opacity = (from + steps) / Math.round(1 / OPACITY_STEP);
  restyle(viewer, { opacity: Math.min(1, Math.max(0, opacity)) });
}

/** @param {Viewer} viewer */
function nextColors(viewer) {
  const ways = Object.keys(viewer.rules.color_by).filter((way) => way !== "outcome" || viewer.state.outcomes);
  const at = ways.indexOf(viewer.kept.look.style.color_by);
  restyle(viewer, { color_by: ways[(at + 1) % ways.length] });
}
