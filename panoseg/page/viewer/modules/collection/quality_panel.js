/**
 * The Evaluation tab: PQ, what it is lost to, and each class; what is clicked leaves its pictures in the grid.
 *
 * Names come from annotations: they are only ever set as text.
 *
 * @import { ClassQuality, QualityAnswer, ReasonAnswer } from "./server.js"
 * @import { ClassSort } from "./quality_rules.js"
 */

import { element } from "../dom.js";
import {
  CLASS_SORTS,
  conditionOf,
  huesOf,
  hundredths,
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

/** @param {(condition: string) => void} toggle */
export function createQualityPanel(toggle) {
  const panel = element("div", "collection-quality");
  const cards = GROUPS.map(([group, title]) => createCard(group, title));
  const numbers = element("div", "quality-numbers");
  numbers.append(...cards.map((card) => card.element));
  const progress = createBar();
  const notes = element("ul", "quality-notes");
  const reasons = createReasons(toggle);
  const classes = createClasses(toggle);
  panel.append(numbers, progress.element, reasons.element, classes.element, notes);
  return {
    element: panel,
    /**
     * @param {QualityAnswer | null} quality
     * @param {string[]} conditions
     */
    show(quality, conditions) {
      numbers.hidden = !quality;
      progress.show(quality);
      if (!quality) return;
      for (const card of cards) card.show(quality);
      const hues = huesOf(quality.reasons);
      reasons.show(quality.reasons, hues, conditions);
      classes.show(quality.classes, hues, conditions);
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
  const parts = element("small");
  box.append(element("small", "", title), value, parts);
  return {
    element: box,
    /** @param {QualityAnswer} quality */
    show({ figures }) {
      const found = figures?.[group];
      value.textContent = figures ? hundredths(found?.pq) : "…";
      parts.textContent = found?.count ? `SQ ${hundredths(found.sq)} · RQ ${hundredths(found.rq)}` : "";
      box.title = found ? `Mean over ${found.count} classes that occur` : "";
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
  const box = element("section", "bars");
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
              pressed: conditions.some((one) => one === condition || one.endsWith(` of ${each.name}`)),
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
 * Rows of bars. Those that stay keep the focus.
 *
 * @typedef {{ share: number, color: string, condition: string, words: string }} Piece
 * @typedef {{ name: string, condition: string, pressed: boolean, value: string, title: string, pieces: Piece[] }} RowContent
 *
 * @param {HTMLElement} list
 * @param {(condition: string) => void} toggle
 */
function createRows(list, toggle) {
  /** @type {ReturnType<typeof createRow>[]} */
  let rows = [];
  return {
    /** @param {RowContent[]} wanted */
    show(wanted) {
      while (rows.length < wanted.length) rows.push(createRow(toggle));
      for (const row of rows.slice(wanted.length)) row.element.remove();
      rows = rows.slice(0, wanted.length);
      wanted.forEach((content, n) => {
        rows[n].show(content);
        if (!rows[n].element.isConnected) list.append(rows[n].element);
      });
    },
  };
}

/** @param {(condition: string) => void} toggle */
function createRow(toggle) {
  const button = element("button", "bar-row");
  button.type = "button";
  const name = element("span", "name");
  const track = element("span", "bar-track quality-track");
  const value = element("span", "share");
  button.append(name, track, value);
  let condition = "";
  let drawn = "";
  // A part of the bar asks for what it stands for; the keyboard asks for all of the row.
  button.onclick = (event) => {
    const [inner] = event.composedPath();
    toggle((inner instanceof HTMLElement && inner.dataset.condition) || condition);
  };
  return {
    element: button,
    /** @param {RowContent} content */
    show(content) {
      condition = content.condition;
      const now = JSON.stringify(content);
      if (now === drawn) return;
      drawn = now;
      name.textContent = content.name;
      value.textContent = content.value;
      button.title = content.title;
      button.setAttribute("aria-pressed", String(content.pressed));
      track.replaceChildren(
        ...content.pieces.map((piece) => {
          const part = element("span", "piece");
          part.style.width = `${100 * piece.share}%`;
          part.style.background = piece.color;
          if (piece.words) part.title = piece.words;
          if (piece.condition) part.dataset.condition = piece.condition;
          return part;
        }),
      );
    },
  };
}
