/**
 * What stands where: the elements of a viewer, with what happens when they are used.
 *
 * @import { CloseUp } from "./close_up/close_up.js"
 * @import { Rules } from "./inbox.js"
 * @import { ListHandlers } from "./list_rows.js"
 * @import { NearMissHandlers } from "./near_miss_list.js"
 * @import { Viewer } from "./viewer.js"
 *
 * @typedef {ReturnType<typeof createParts>} Parts
 */

import { ACTIONS, goToPicture, openFiles, showPair } from "./actions.js";
import { bringBack } from "./bring_back.js";
import {
  restThresholds,
  restyle,
  setHidden,
  setSelected,
  setThresholds,
  setWipe,
  showOnly,
} from "./changes.js";
import { pin, showPinAs, unpin } from "./close_up/pin.js";
import { createPinCard } from "./close_up/pin_card.js";
import { createColorLegend } from "./color_legend.js";
import { createDifferences } from "./differences.js";
import { element } from "./dom.js";
import { createFilmstrip } from "./filmstrip.js";
import { createFirstMinute } from "./first_minute.js";
import { firstSteps } from "./first_steps.js";
import { createHelp } from "./help_sheet.js";
import { createLessons } from "./how_it_works/sheet.js";
import { createJustMissed } from "./just_missed.js";
import { createLabels } from "./labels.js";
import { selectionAfterClick } from "./look.js";
import { inspect, pointAtMiss } from "./near_miss_ghost.js";
import { createNearMissList } from "./near_miss_list.js";
import { createNumbers } from "./numbers.js";
import { createLegend } from "./outcome_legend.js";
import { partnersOf } from "./outcomes.js";
import { createSurface } from "./paint.js";
import { hover } from "./pointing.js";
import { createList } from "./segment_list.js";
import { segmentOf } from "./state.js";
import { createTabs } from "./tabs.js";
import { createThresholdPanel } from "./threshold_panel.js";
import { createToast } from "./toast.js";
import { createToolbar } from "./toolbar.js";
import { createTooltip } from "./tooltip.js";
import { createWipe } from "./wipe.js";

/**
 * @param {() => Viewer} viewer whose parts they will be
 * @param {Rules} rules
 */
export function createParts(viewer, rules) {
  const canvases = {
    photo: element("canvas", "photo"),
    masks: element("canvas", "masks"),
    lent: element("canvas", "lent"), // of the second picture (flicker.js)
    light: element("canvas", "light"),
    pin: element("canvas", "pin"),
  };
  const justMissed = createJustMissed(missHandlers(viewer));
  const parts = {
    host: element("div", "viewer"),
    board: element("div", "board"), // what the stage stands on, and an enlarged picture fills
    side: element("div", "side"),
    stage: element("div", "stage"),
    over: element("div", "over"), // what the wipe's line cuts off
    canvases,
    surfaces: {
      masks: createSurface(canvases.masks),
      light: createSurface(canvases.light),
      pin: createSurface(canvases.pin),
    },
    labels: createLabels(),
    tooltip: createTooltip(),
    help: createHelp((action) => ACTIONS[action](viewer())),
    howItWorks: createLessons(viewer, rules),
    busy: element("div", "busy", "One moment…"),
    notice: element("p", "notice"),
    announcement: element("div", "announcement"), // read aloud, not seen
    cross: element("div", "cross"),
    legend: createLegend(),
    toast: createToast(),
    filmstrip: createFilmstrip({
      show: (id) => goToPicture(viewer(), id),
      remove: (id) => viewer().pictures.tell({ action: "remove", id }),
      open: (files) => openFiles(viewer(), files),
    }),
    colorLegend: createColorLegend(rules),
    pin: createPinCard({ show: (way) => showPinAs(viewer(), way), close: () => unpin(viewer()) }),
    toolbar: createToolbar(
      rules,
      (action) => ACTIONS[action](viewer()),
      (change) => restyle(viewer(), change),
    ),
    wipe: createWipe((at) => setWipe(viewer(), at)),
    ...createInspector(viewer, rules),
    thresholds: createThresholdPanel(
      rules,
      {
        move: (values, name) =>
          setThresholds(viewer(), { ...viewer().kept.look.thresholds, ...values }, name),
        rest: () => restThresholds(viewer()),
        act: (action) => ACTIONS[action](viewer()),
      },
      justMissed.element,
    ),
    justMissed,
  };
  const firstMinute = createFirstMinute(parts.host, firstSteps(parts), parts.board);
  parts.busy.setAttribute("role", "status");
  parts.notice.setAttribute("role", "status");
  parts.notice.hidden = true;
  parts.announcement.setAttribute("role", "status");
  parts.board.tabIndex = 0;
  parts.board.setAttribute("role", "application");
  parts.board.setAttribute("aria-roledescription", "picture");
  parts.cross.hidden = true;
  return { ...parts, firstMinute };
}

/**
 * Put the parts together; only the first of linked viewers has toolbar and list.
 *
 * @param {Parts} parts
 * @param {CloseUp} closeUp
 * @param {boolean} isFirst
 */
export function layOut(parts, closeUp, isFirst) {
  const { host, board, side, stage, over, canvases } = parts;
  canvases.lent.hidden = true;
  over.append(canvases.masks, canvases.lent, closeUp.masks, canvases.pin, parts.labels.element);
  stage.append(canvases.photo, closeUp.photo, over, canvases.light, closeUp.light);
  stage.append(parts.wipe.element, parts.cross);
  board.append(stage, parts.tooltip.element);
  // One above the other: none lies over another, and what goes by itself moves nothing that stays.
  const words = element("div", "words");
  words.append(parts.busy, parts.toast.element, parts.notice, parts.colorLegend.element);
  const area = element("div", "area"); // of the picture, with what floats over it
  const floating = element("div", "floating");
  floating.append(board, isFirst ? parts.toolbar.element : parts.legend.element, words);
  area.append(floating, ...(isFirst ? [parts.filmstrip.element] : []));
  const layout = element("div", "layout");
  side.append(parts.thresholds.element, parts.tabs.element);
  layout.append(area, parts.pin.element, ...(isFirst ? [side] : []));
  host.append(
    ...(isFirst ? parts.firstMinute.elements : []),
    layout,
    parts.announcement,
    parts.help.element,
    parts.howItWorks.element,
  );
  host.classList.toggle("beside", !isFirst);
}

/**
 * What is known of the segments: tabs, each of which knows the selection.
 *
 * @param {() => Viewer} viewer
 * @param {Rules} rules
 */
function createInspector(viewer, rules) {
  const handlers = listHandlers(viewer);
  const list = createList(handlers);
  const numbers = createNumbers(rules.columns, handlers);
  const nearMisses = createNearMissList(missHandlers(viewer));
  const differences = createDifferences((pair) => showPair(viewer(), pair));
  const tabs = createTabs(
    "What was found",
    [
      { name: "segments", title: "Segments", panel: list.element },
      { name: "near-misses", title: "Near misses", panel: nearMisses.element },
      { name: "numbers", title: "Numbers", panel: numbers.element },
      { name: "differences", title: "Differences", panel: differences.element },
    ],
    (name) => {
      viewer().kept.tab = name;
      viewer().redraw("list");
      // On a phone it would open below the edge.
      tabs.element.scrollIntoView({ block: "nearest" });
    },
  );
  tabs.offer("differences", false);
  return { list, numbers, nearMisses, differences, tabs };
}

/**
 * @param {() => Viewer} viewer
 * @returns {NearMissHandlers}
 */
function missHandlers(viewer) {
  return {
    inspect: (query) => inspect(viewer(), query),
    point: (query) => pointAtMiss(viewer(), query),
    bringBack: (miss) => bringBack(viewer(), miss),
  };
}

/**
 * @param {() => Viewer} viewer
 * @returns {ListHandlers}
 */
function listHandlers(viewer) {
  return {
    toggle(keys) {
      const { hidden } = viewer().kept.look;
      setHidden(
        viewer(),
        keys,
        keys.every((key) => !hidden.has(key)),
      );
    },
    show: (keys) => setHidden(viewer(), keys, false),
    hide: (keys) => setHidden(viewer(), keys, true),
    pin: (key) => pin(viewer(), key),
    only: (keys) => showOnly(viewer(), keys),
    select(key, add) {
      setSelected(viewer(), selectionAfterClick(viewer().kept.look.selected, key, add));
    },
    hover(key) {
      const { state, link } = viewer();
      hover(viewer(), segmentOf(state, key)?.id ?? 0);
      link.tell("hovered", partnersOf(key ? [key] : [], state.outcomes));
    },
    filter: () => viewer().redraw("list"),
  };
}
