/**
 * What the viewer does with each payload that Python sends.
 *
 * @import { DoubtPayload, LandscapePayload, LookPayload, MapPayload, OutcomesPayload, PhotoPayload } from "./inbox.js"
 * @import { Viewer } from "./viewer.js"
 */

import { writeAddress } from "./address.js";
import { goOnBringingBack } from "./bring_back.js";
import { setView } from "./changes.js";
import { fetchPicture } from "./close_up/server.js";
import { FIT, zoomRange } from "./geometry.js";
import { takeServerLook } from "./look.js";
import { setSegments, showKnownMap, showMap } from "./maps.js";
import { updateGhost } from "./near_miss_ghost.js";
import { sameThresholds } from "./thresholds.js";
import { unpack } from "./unpack.js";

/** @type {Record<string, (viewer: Viewer, payload: any) => void>} by topic */
const RECEIVERS = {
  map: showServerMap,
  pictures: ({ parts }, payload) => parts.filmstrip.show(payload),
  look: showLook,
  outcomes: showOutcomes,
  doubt: showDoubt,
  landscape: showLandscape,
  logits: ({ preview, isFirst }, payload) => isFirst && preview.load(payload),
};

/**
 * @param {Viewer} viewer
 * @param {string} topic
 * @param {unknown} payload
 */
export function receive(viewer, topic, payload) {
  RECEIVERS[topic]?.(viewer, payload);
}

/**
 * @param {Viewer} viewer
 * @param {MapPayload} payload
 */
async function showServerMap(viewer, payload) {
  await showMap(viewer, payload);
  goOnBringingBack(viewer);
  updateGhost(viewer);
  viewer.parts.howItWorks.refresh();
  if (viewer.isFirst && viewer.state.map) viewer.parts.firstMinute.offer();
}

/**
 * @param {Viewer} viewer
 * @param {PhotoPayload} photo
 */
export function showPhoto(viewer, photo) {
  const { state, kept, redraw } = viewer;
  const isKnown = state.photo?.key === photo.key;
  state.photo = photo; // a known one may have another address, at a server that has begun anew
  if (isKnown) return;
  if (kept.photo !== photo.key) {
    kept.photo = photo.key;
    if (viewer.isFirst) setView(viewer, FIT);
  }
  loadPhoto(viewer, photo.key);
  redraw("all");
}

/**
 * Fetch the shown photo and paint it; where the network fails, try again for half a minute.
 *
 * @param {Viewer} viewer
 * @param {string} key
 */
async function loadPhoto(viewer, key) {
  const { state } = viewer;
  for (let pause = 250; pause <= 16_000; pause *= 2) {
    const photo = state.photo;
    if (photo?.key !== key) return; // another one is shown
    const bitmap = await fetchPicture(photo.url).catch(() => null);
    if (bitmap && state.photo?.key === key) return paintPhoto(viewer, photo, bitmap);
    bitmap?.close();
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/**
 * @param {Viewer} viewer
 * @param {PhotoPayload} photo
 * @param {ImageBitmap} bitmap
 */
function paintPhoto(viewer, photo, bitmap) {
  const { canvases, stage, board } = viewer.parts;
  viewer.state.painted = photo.key;
  canvases.photo.width = photo.width;
  canvases.photo.height = photo.height;
  // One that was drawn on would be copied at each frame in which anything of the page changes.
  canvases.photo.getContext("bitmaprenderer")?.transferFromImageBitmap(bitmap);
  canvases.photo.setAttribute("role", "img");
  canvases.photo.setAttribute("aria-label", photo.name);
  board.setAttribute("aria-label", `${photo.name}; ? lists the keys`);
  // Of the photo itself: its tiles are not to lie beside what was sent, which is rounded to whole pixels.
  stage.style.setProperty("--ratio", String(photo.full[1] / photo.full[0]));
  measure(viewer);
  viewer.redraw("all");
}

/**
 * The board, and with it the stage, has another size.
 *
 * @param {Viewer} viewer
 */
export function measure({ state, parts, redraw }) {
  if (!state.photo) return;
  const { board, stage } = parts;
  state.range = zoomRange(state.photo.full[1], widthOf(stage), devicePixelRatio, roomOn(board, stage));
  redraw("view", "light");
}

/**
 * In pixels of the layout, with their fraction: `clientWidth` is half a pixel off, and 100 % of a large photo two.
 *
 * @param {HTMLElement} element
 */
function widthOf(element) {
  return Number.parseFloat(getComputedStyle(element).width) || element.clientWidth;
}

/**
 * How much of the board there is for each of the stage's sides, at least 1.
 *
 * @param {HTMLElement} board
 * @param {HTMLElement} stage
 */
function roomOn(board, stage) {
  return {
    x: Math.max(1, board.clientWidth / Math.max(1, stage.clientWidth)),
    y: Math.max(1, board.clientHeight / Math.max(1, stage.clientHeight)),
  };
}

/**
 * What a comparison made of the segments may come before them or later.
 *
 * @param {Viewer} viewer
 * @param {OutcomesPayload | null} outcomes
 */
function showOutcomes(viewer, outcomes) {
  const { state, parts, redraw } = viewer;
  if (outcomes === state.outcomes) return;
  state.outcomes = outcomes;
  parts.host.classList.toggle("compared", Boolean(outcomes));
  parts.legend.show(outcomes?.legend ?? []);
  parts.differences.show(outcomes?.pairs ? outcomes : null);
  parts.tabs.offer("differences", Boolean(outcomes?.pairs));
  if (state.map) setSegments(viewer, state.map.segments);
  redraw("tools");
}

/**
 * @param {Viewer} viewer
 * @param {DoubtPayload | null} payload
 */
async function showDoubt({ state, inbox, redraw }, payload) {
  const values = payload && (await unpack(payload.values));
  if (payload !== inbox.latest.get("doubt")) return;
  state.doubt = payload && values && { ...payload, values };
  redraw("masks", "light");
}

/**
 * @param {Viewer} viewer
 * @param {LandscapePayload | null} payload
 */
function showLandscape({ state, redraw }, payload) {
  if (!state.awaitsExact) state.landscape = payload;
  redraw("thresholds");
}

/**
 * @param {Viewer} viewer
 * @param {LookPayload} payload
 */
function showLook(viewer, payload) {
  const { kept, redraw, isFirst, link } = viewer;
  const { thresholds } = kept.look;
  if (!takeServerLook(kept.look, payload)) return;
  if (!sameThresholds(thresholds, kept.look.thresholds)) showKnownMap(viewer);
  redraw("masks", "labels", "list", "tools", "thresholds");
  if (isFirst) link.tell("style", kept.look.style);
  if (payload.address) writeAddress(payload.address);
}
