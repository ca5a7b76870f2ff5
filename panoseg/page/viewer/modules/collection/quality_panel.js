/**
 * The Evaluation tab: PQ, what it is lost to, and each class; what is clicked leaves its pictures in the grid.
 *
 * Names come from annotations: they are only ever set as text.
 *
 * @import { ClassQuality, QualityAnswer, ReasonAnswer } from "./server_answers.js"
 * @import { ClassSort } from "./quality_rules.js"
 *
 * @typedef {object} QualityHandlers
 * @property {(condition: string) => void} toggle
 * @property {(position: number) => void} open
 * @property {import("./quality_marks.js").MarkHandlers["ask"]} marks
 * @property {import("./quality_marks.js").MarkHandlers["move"]} move
 */

import { element } from "../dom.js";
import { createMarks } from "./quality_marks.js";
import { createRows } from "./quality_rows.js";
import {
  CLASS_SORTS,
  conditionOf,
  huesOf,
  hundredths,
  isAboutClass,
  piecesOf,
  progressInWords,
  sortClasses,
} from "./quality_rules.js";
import { labelledSelect } from "./sheet.js";

const FOUND = "#2a9d5c";
const GROUPS = /** @type {const} */ ([
  ["all", "PQ"],
  ["things", "PQ of things"],
  ["stuff", "PQ of stuff"],
]);

/** @param {QualityHandlers} on */
export function createQualityPanel(on) {
  const panel = element("div", "collection-quality");
  const cards = GROUPS.map(([group, title]) => createCard(group, title));
  const numbers = element("div", "quality-numbers");
  numbers.append(...cards.map((card) => card.element));
  const progress = createBar();
  const notes = element("ul", "quality-notes");
  const reasons = createReasons(on.toggle);
  const classes = createClasses(on.toggle);
  const losses = createLosses(on.open);
  const marks = createMarks({ ask: on.marks, toggle: on.toggle, move: on.move });
  const found = element("div");
  found.append(reasons.element, classes.element, losses.element, marks.element, notes);
  found.hidden = true;
  panel.append(numbers, progress.element, found);
  return {
    element: panel,
    /**
     * @param {QualityAnswer | null} quality
     * @param {string[]} conditions
     * @param {Map<number, string>} names of the pictures, by position
     * @param {string} run
     */
    show(quality, conditions, names, run) {
      numbers.hidden = found.hidden = !quality;
      progress.show(quality);
      if (!quality) {
        marks.hide();
        return;
      }
      for (const card of cards) card.show(quality);
      const hues = huesOf(quality.reasons);
      reasons.show(quality.reasons, hues, conditions);
      classes.show(quality.classes, hues, conditions);
      losses.show(quality.losses, names);
      marks.show(run, conditions);
      const there = quality.figures && !quality.working;
      if (there) marks.draw(JSON.stringify([run, quality.total, quality.reasons_at]));
      const words = quality.notes.join("\n");
      if (notes.dataset.words === words) return;
      notes.dataset.words = words;
      notes.replaceChildren(...quality.notes.map((note) => element("li", "", note)));
    },
  };
}

/**
 * @param {"all" | "things" | "stuff"} group
 * @param {string} title
 */
function createCard(group, title) {
  const box = element("div", `quality-number ${group}`);
  const value = element("b");
  const parts = element("small", "parts");
  const [sq, rq] = [element("span"), element("span")];
  parts.append(sq, " ", rq);
  box.append(element("small", "", title), value, parts);
  return {
    element: box,
    /** @param {QualityAnswer} quality */
    show({ figures, problem }) {
      const found = figures?.[group];
      value.textContent = figures || problem ? hundredths(found?.pq) : "…";
      sq.textContent = found?.count ? `SQ ${hundredths(found.sq)}` : "";
      rq.textContent = found?.count ? `RQ ${hundredths(found.rq)}` : "";
      box.title = found ? `Mean over the classes that occur: ${found.count}` : "";
    },
  };
}

function createBar() {
  const box = element("div", "quality-progress");
  const bar = element("progress");
  bar.setAttribute("aria-label", "Pictures that are evaluated");
  const words = element("span", "words");
  words.setAttribute("role", "status");
  box.append(bar, words);
  return {
    element: box,
    /** @param {QualityAnswer | null} quality */
    show(quality) {
      const told = quality ? progressInWords(quality) : "Evaluating…";
      if (words.textContent !== told) words.textContent = told;
      bar.hidden = !quality?.working || !quality.total;
      bar.max = Math.max(1, quality?.total ?? 1);
      bar.value = quality?.done ?? 0;
      box.hidden = !told;
    },
  };
}

/** @param {(condition: string) => void} toggle */
function createReasons(toggle) {
  const box = element("section", "bars reasons");
  box.setAttribute("aria-label", "Where it is lost");
  const list = element("div", "bar-list");
  const about = element("p", "about", "PQ points that mending would gain, and how many segments it takes.");
  box.append(element("h3", "", "Where it is lost"), about, list);
  const rows = createRows(list, toggle);
  return {
    element: box,
    /**
     * @param {ReasonAnswer[]} reasons
     * @param {Map<string, string>} hues
     * @param {string[]} conditions
     */
    show(reasons, hues, conditions) {
      box.hidden = !reasons.length;
      const most = Math.max(1e-9, ...reasons.map(({ pq }) => pq ?? 0));
      rows.show(
        reasons.map((each) => {
          const condition = conditionOf(each);
          const gain = `+${hundredths(Math.max(0, each.pq ?? 0), 2)}`;
          return {
            name: each.words,
            condition,
            pressed: conditions.includes(condition),
            value: `${gain} · ${each.count}`,
            title: `${each.side}: ${each.reason}. Mended, ${each.count} segments would gain ${gain} points of PQ.`,
            pieces: [
              {
                share: Math.max(0, each.pq ?? 0) / most,
                color: hues.get(condition) ?? "",
                condition,
                words: "",
              },
            ],
          };
        }),
      );
    },
  };
}

/** @param {(condition: string) => void} toggle */
function createClasses(toggle) {
  const box = element("section", "bars");
  box.setAttribute("aria-label", "Classes");
  const sort = labelledSelect(
    "Sort classes by",
    Object.entries(CLASS_SORTS).map(([value, title]) => ({ value, title })),
  );
  const list = element("div", "bar-list");
  box.append(element("h3", "", "Classes"), sort.element, list);
  const rows = createRows(list, toggle);
  /** @type {() => void} */
  let draw = () => {};
  sort.select.onchange = () => draw();
  return {
    element: box,
    /**
     * @param {ClassQuality[]} classes
     * @param {Map<string, string>} hues
     * @param {string[]} conditions
     */
    show(classes, hues, conditions) {
      box.hidden = !classes.length;
      draw = () => {
        const by = /** @type {ClassSort} */ (sort.select.value);
        rows.show(
          sortClasses(classes, by).map((each) => {
            const condition = `lost: ${each.name}`;
            const pieces = piecesOf(each);
            const what = pieces.map(({ words }) => words).join(", ");
            return {
              name: each.name,
              condition,
              pressed: isAboutClass(conditions, each.name),
              value: hundredths(each.pq),
              title: `${each.name}: SQ ${hundredths(each.sq)}, RQ ${hundredths(each.rq)}; ${what}`,
              pieces: pieces.map(({ share, words, condition: one, key }) => ({
                share,
                words: words && `${each.name}: ${words}`,
                color: key ? (hues.get(key) ?? "") : FOUND,
                condition: one,
              })),
            };
          }),
        );
      };
      draw();
    },
  };
}

/**
 * What went wrong in the pictures that are shown first; a row opens its picture beside the annotation.
 *
 * @param {(position: number) => void} open
 */
function createLosses(open) {
  const box = element("section", "bars");
  box.setAttribute("aria-label", "Segments that were lost");
  const list = element("div", "losses");
  box.append(element("h3", "", "In the pictures that are shown first"), list);
  let drawn = "";
  return {
    element: box,
    /**
     * @param {QualityAnswer["losses"]} losses
     * @param {Map<number, string>} names
     */
    show(losses, names) {
      box.hidden = !losses.length;
      const now = JSON.stringify([losses, names.size]);
      if (now === drawn) return; // a row may have the focus
      drawn = now;
      list.replaceChildren(
        ...losses.map(({ position, side, words }) => {
          const name = names.get(position) ?? "";
          const row = element("button", `loss ${side}`);
          row.type = "button";
          row.title = `Open ${name} beside its annotation`;
          row.append(element("span", "words", words), element("span", "picture", name));
          row.onclick = () => open(position);
          return row;
        }),
      );
    },
  };
}
