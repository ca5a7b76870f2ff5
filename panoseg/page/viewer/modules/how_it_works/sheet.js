/**
 * The sheet that explains, on the picture that is shown, how its map comes about.
 *
 * @import { Rules } from "../inbox.js"
 * @import { Viewer } from "../viewer.js"
 */

import { element, iconButton } from "../dom.js";
import { createTabs } from "../tabs.js";
import { glossaryPage } from "./glossary.js";
import { askLesson, lessonOf } from "./lesson.js";
import { queriesPage } from "./queries_page.js";
import { stepsPage } from "./steps_page.js";
import { tasksPage } from "./tasks_page.js";

/** @typedef {"queries" | "steps" | "tasks"} Part */

const WAITING = "One moment…";
const NOTHING = "There is nothing to explain yet: this needs a picture that the model has segmented.";
const FAILED = "The server did not answer. Close this sheet and open it again.";

/**
 * @param {() => Viewer} viewer
 * @param {Rules} rules
 */
export function createLessons(viewer, rules) {
  const panels = {
    steps: element("div", "lesson"),
    queries: element("div", "lesson"),
    tasks: element("div", "lesson"),
    glossary: element("div", "lesson"),
  };
  panels.glossary.append(glossaryPage(rules));
  for (const panel of Object.values(panels)) panel.tabIndex = 0; // keys scroll what has no buttons
  const pages = createPages(viewer, panels);
  const tabs = createTabs(
    "How it works",
    [
      { name: "steps", title: "Step by step", panel: panels.steps },
      { name: "queries", title: "Queries", panel: panels.queries },
      { name: "tasks", title: "Three tasks", panel: panels.tasks },
      { name: "glossary", title: "Glossary", panel: panels.glossary },
    ],
    (name) => show(name),
  );
  const sheet = createSheet(tabs.element);
  sheet.onclose = pages.stop;
  let shown = "steps";

  /** @param {string} name of a tab */
  function show(name) {
    shown = name;
    pages.stop();
    if (name !== "glossary") pages.fill(/** @type {Part} */ (name));
  }

  return {
    element: sheet,
    isOpen: () => sheet.open,
    toggle() {
      if (sheet.open) return sheet.close();
      sheet.showModal();
      show(shown);
    },
    /** Another map is shown. */
    refresh() {
      if (sheet.open) show(shown);
    },
  };
}

/**
 * The dialog, which its cross, Escape and a click beside it close.
 *
 * @param {HTMLElement} content
 */
function createSheet(content) {
  const sheet = element("dialog", "sheet lessons");
  sheet.setAttribute("aria-label", "How it works");
  const close = iconButton("close", "Close", "Esc");
  close.onclick = () => sheet.close();
  // A click beside the sheet reaches the dialog itself.
  sheet.onclick = (event) => {
    if (event.target === sheet) sheet.close();
  };
  const head = element("div", "lessons-head");
  head.append(element("h2", "", "How it works"), close);
  sheet.append(head, content);
  return sheet;
}

/**
 * What the panels show of the present map: asked for once it is looked at, and once for each map.
 *
 * @param {() => Viewer} viewer
 * @param {Record<Part, HTMLElement>} panels
 */
function createPages(viewer, panels) {
  /** @type {Map<string, string>} what each panel shows, by the map's name */
  const filled = new Map();
  let stop = () => {};

  /** @param {Part} part */
  async function fill(part) {
    const map = lessonOf(viewer());
    if (map && filled.get(part) === map) return;
    filled.set(part, map);
    say(panels[part], map ? WAITING : NOTHING);
    if (!map) return;
    try {
      const lesson = await askLesson(viewer(), part);
      const page = lesson && (await pageOf(part, lesson));
      if (filled.get(part) !== map) return; // another map came meanwhile
      if (page) panels[part].replaceChildren(page);
      else filled.delete(part); // something newer is on its way: `refresh` asks again
    } catch {
      if (filled.get(part) !== map) return;
      filled.delete(part);
      say(panels[part], FAILED);
    }
  }

  /**
   * @param {Part} part
   * @param {any} lesson
   */
  async function pageOf(part, lesson) {
    const { photo } = viewer().parts.canvases;
    if (part === "queries") return queriesPage(lesson, photo);
    if (part === "tasks") return tasksPage(lesson, photo);
    const page = await stepsPage(lesson, photo);
    stop = page.stop;
    return page.element;
  }

  return {
    fill,
    /** Have nothing move that is not seen. */
    stop: () => stop(),
  };
}

/**
 * @param {HTMLElement} panel
 * @param {string} words in place of what is not there
 */
function say(panel, words) {
  const line = element("p", "lesson-note", words);
  line.setAttribute("role", "status");
  panel.replaceChildren(line);
}
