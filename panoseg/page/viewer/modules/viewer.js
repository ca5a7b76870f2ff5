/**
 * The picture: a photo, the segments painted over it, and a list to switch them on and off. A Streamlit
 * component, whose one state value "look" is what the visitor made of it (look.js).
 *
 * Python sends the photo here and everything else through the inbox. All that is drawn is computed from these
 * in the browser; nothing that is seen waits for the server. A viewer that stands beside another (`beside` is
 * that one's name) has neither toolbar nor list; the two move together, and the style is the first one's.
 *
 * @import { CloseUp } from "./close_up/close_up.js"
 * @import { Answers } from "./close_up/answers.js"
 * @import { Redraw } from "./drawing.js"
 * @import { Inbox, PhotoPayload, Rules } from "./inbox.js"
 * @import { Link } from "./linked_viewers.js"
 * @import { Parts } from "./parts.js"
 * @import { Kept, State } from "./state.js"
 * @import { Preview } from "./preview.js"
 * @import { Reports } from "./to_python.js"
 *
 * @typedef {object} Viewer
 * @property {boolean} isFirst whether it has the tools, its own and those of the viewers beside it
 * @property {Rules} rules
 * @property {Kept} kept
 * @property {State} state
 * @property {Parts} parts
 * @property {Inbox} inbox
 * @property {Redraw} redraw
 * @property {() => void} drawNow
 * @property {Reports} reports
 * @property {Link} link
 * @property {Preview} preview
 * @property {{ tell: (what: { action: "show" | "remove", id: string }) => void }} pictures tells the server what was
 *   done in the filmstrip
 * @property {CloseUp} closeUp
 * @property {Answers} answers
 *
 * @typedef {object} ViewerData what Python sends with the component itself
 * @property {string} viewer its name
 * @property {string | null} beside
 * @property {PhotoPayload} photo
 * @property {Rules} rules
 * @property {string} close_up where the server answers for this visitor
 *
 * @typedef {object} Component as Streamlit calls it
 * @property {ShadowRoot} parentElement
 * @property {ViewerData} data
 * @property {(name: string, value: unknown) => void} setStateValue
 */

import { openFiles } from "./actions.js";
import { goOnBringingBack } from "./bring_back.js";
import { createAnswers } from "./close_up/answers.js";
import { createCloseUp } from "./close_up/close_up.js";
import { createRedraw, draw } from "./drawing.js";
import { watchFiles } from "./files.js";
import { fillWindow } from "./fill_window.js";
import { measure, receive, showPhoto } from "./from_python.js";
import { inboxOf } from "./inbox.js";
import { watchKeys, watchPointer } from "./input.js";
import { groupOf, joinGroup } from "./linked_viewers.js";
import { arriveAt, watchLostFocus } from "./lost_focus.js";
import { showMerged } from "./maps.js";
import { watchMenus } from "./menus.js";
import { updateGhost } from "./near_miss_ghost.js";
import { createParts, layOut } from "./parts.js";
import { pointAway } from "./pointing.js";
import { createPreview } from "./preview.js";
import { watchSheets } from "./sheets.js";
import { greet, receiveFromLinked } from "./side_by_side.js";
import { createState, keptOf } from "./state.js";
import { applyStyles } from "./styles.js";
import { createReports } from "./to_python.js";

/** @type {WeakMap<Node, ReturnType<typeof openViewer>>} by the element that Streamlit gives it */
const viewers = new WeakMap();

/** @param {Component} component */
export default function ({ parentElement, data, setStateValue }) {
  const opened = viewers.get(parentElement) ?? openViewer(parentElement, data);
  viewers.set(parentElement, opened);
  opened.viewer.reports.sendTo((report) => setStateValue("look", report));
  opened.tellPicturesTo((report) => setStateValue("picture", report));
  opened.viewer.closeUp.folder = data.close_up;
  showPhoto(opened.viewer, data.photo);
  return () => {
    opened.close();
    viewers.delete(parentElement);
  };
}

/**
 * @param {Node} parent
 * @param {ViewerData} data
 */
function openViewer(parent, { viewer: name, beside, rules }) {
  const kept = keptOf(name, rules);
  const frames = createRedraw((needs) => draw(viewer, needs));
  /** @type {(report: object) => void} */
  let tellPictures = () => {};
  let told = Date.now(); // above what a viewer before this one has told
  /** @type {Viewer} */
  const viewer = {
    isFirst: !beside,
    rules,
    kept,
    state: createState(),
    parts: createParts(() => viewer, rules),
    inbox: inboxOf(name),
    redraw: frames.redraw,
    drawNow: frames.drawNow,
    reports: createReports(kept.look),
    closeUp: createCloseUp(() => viewer.redraw("tiles")),
    answers: createAnswers(),
    preview: createPreview((map) => {
      showMerged(viewer, map);
      goOnBringingBack(viewer);
      updateGhost(viewer);
    }),
    pictures: { tell: (what) => tellPictures({ number: ++told, ...what }) },
    link: joinGroup(groupOf(beside ?? name), (topic, value) => receiveFromLinked(viewer, topic, value)),
  };
  const { host } = viewer.parts;
  layOut(viewer.parts, viewer.closeUp, viewer.isFirst);
  viewer.parts.tabs.show(viewer.kept.tab);
  host.dataset.name = name;
  applyStyles(parent);
  parent.appendChild(host);
  const endings = [...watchPage(viewer), frames.cancel];
  viewer.link.tell("joined", undefined);
  greet(viewer);
  if (viewer.isFirst) arriveAt(viewer.parts.board);
  return {
    viewer,
    close: () => close(viewer, endings),
    /** @param {(report: object) => void} to Streamlit has another function for it at each of its runs */
    tellPicturesTo(to) {
      tellPictures = to;
    },
  };
}

/**
 * Follow mouse, keys, files, the window's size and what Python sends.
 *
 * @param {Viewer} viewer
 * @returns {(() => void)[]} what ends it
 */
function watchPage(viewer) {
  const { host, board, stage } = viewer.parts;
  watchPointer(viewer); // ends with the elements
  const watcher = new ResizeObserver(() => measure(viewer));
  watcher.observe(stage);
  watcher.observe(board);
  const endings = [
    watchKeys(viewer),
    () => watcher.disconnect(),
    fillWindow(host),
    reportBeforeOthers(viewer),
    viewer.inbox.subscribe((topic, payload) => receive(viewer, topic, payload)),
  ];
  if (viewer.isFirst) {
    const forgetFiles = watchFiles(
      (files) => openFiles(viewer, files),
      (over) => board.classList.toggle("dropping", over),
    );
    endings.push(forgetFiles, watchMenus(), watchSheets(), watchLostFocus(board));
  }
  return endings;
}

/**
 * Whatever is pressed elsewhere on the page, such as Export, goes by what is seen here: the server hears of it first.
 *
 * @param {Viewer} viewer
 */
function reportBeforeOthers({ parts, reports }) {
  const elsewhere = new AbortController();
  /** @param {Event} event */
  const flush = (event) => event.composedPath().includes(parts.host) || reports.flush();
  for (const kind of ["pointerdown", "keydown"])
    document.addEventListener(kind, flush, { capture: true, signal: elsewhere.signal });
  return () => elsewhere.abort();
}

/**
 * @param {Viewer} viewer
 * @param {(() => void)[]} endings
 */
function close(viewer, endings) {
  for (const end of endings) end();
  viewer.reports.cancel();
  pointAway(viewer);
  viewer.link.leave();
  viewer.preview.dispose();
  viewer.answers.cancel();
  viewer.closeUp.photos.clear();
  viewer.closeUp.ids.clear();
  viewer.parts.firstMinute.close();
  viewer.parts.host.remove();
}
