/**
 * What an evaluation draws, once somebody unfolds it: PQ at all thresholds, which class is taken for which, and
 * whether scores can be trusted. Each mark is a button: points of thresholds set them, as they stand for all
 * pictures; all others leave their pictures in the grid.
 *
 * @import { Thresholds } from "../thresholds.js"
 * @import { MarksAnswer, SurfaceAnswer } from "./server_answers.js"
 *
 * @typedef {object} MarkHandlers
 * @property {() => Promise<MarksAnswer>} ask
 * @property {(condition: string) => void} toggle
 * @property {(moved: Partial<Thresholds>) => void} move
 */

import { element } from "../dom.js";
import { createRoving } from "../roving.js";
import { wordsOf } from "./counting.js";
import { cellCondition, hundredths, nearestOn, ranksOf, wishesOf } from "./quality_rules.js";
import { trustOf } from "./quality_trust.js";

/** @param {MarkHandlers} on */
export function createMarks(on) {
  const box = element("details", "quality-marks");
  const body = element("div");
  box.append(element("summary", "", "Thresholds, confusion, trust in scores"), body);
  let run = "";
  let wanted = "";
  let shown = "";
  /** @type {string[]} */
  let asked = [];

  async function draw() {
    if (!box.open || !wanted || wanted === shown) return;
    const key = wanted;
    shown = key;
    try {
      const marks = await on.ask();
      if (key !== shown) return;
      const focused = body.querySelector(":focus")?.getAttribute("aria-label");
      body.replaceChildren(
        ...(marks.surface ? [surfaceOf(marks.surface, on.move)] : []),
        confusionOf(marks.confusion, on.toggle),
        section(...trustOf(marks.trust, on.toggle)),
      );
      press();
      if (focused) focusAgain(focused);
    } catch (error) {
      if (key !== shown) return;
      shown = "";
      body.replaceChildren(element("p", "about", wordsOf(error)));
    }
  }

  /** Show which marks the grid follows. */
  function press() {
    for (const mark of body.querySelectorAll("[data-condition]")) {
      const condition = mark.getAttribute("data-condition") ?? "";
      mark.setAttribute("aria-pressed", String(asked.includes(condition)));
    }
  }

  /** Whoever stood at a mark stands at what has taken its place. @param {string} words */
  function focusAgain(words) {
    const place = placeIn(words);
    for (const mark of body.querySelectorAll("[aria-label]")) {
      if (placeIn(mark.getAttribute("aria-label") ?? "") !== place) continue;
      if (mark instanceof HTMLElement || mark instanceof SVGElement) mark.focus({ preventScroll: true });
      return;
    }
  }

  box.ontoggle = draw;
  return {
    element: box,
    /**
     * What is drawn stays until there is something newer, whatever is evaluated meanwhile.
     *
     * @param {string} now the run that is looked at
     * @param {string[]} conditions
     */
    show(now, conditions) {
      if (now !== run) this.hide();
      run = now;
      asked = conditions;
      press();
    },
    /** @param {string} key of the evaluation that is there */
    draw(key) {
      wanted = key;
      box.hidden = false;
      draw();
    },
    hide() {
      wanted = shown = run = "";
      box.hidden = true;
      body.replaceChildren();
    },
  };
}

/** A mark's words without the numbers that another evaluation changes. @param {string} words */
const placeIn = (words) => words.replace(/^PQ \S+ |: .*$/g, "");

/**
 * @param {string} title
 * @param {string} about
 * @param {...Element} children
 */
function section(title, about, ...children) {
  const box = element("section", "bars");
  box.setAttribute("aria-label", title);
  box.append(element("h3", "", title), element("p", "about", about), ...children);
  return box;
}

/**
 * @param {SurfaceAnswer} surface
 * @param {(moved: Partial<Thresholds>) => void} move
 */
function surfaceOf({ scores, overlaps, pq, now, best, classes }, move) {
  const rows = pq[String(now.mask)] ?? Object.values(pq)[0];
  const ranks = ranksOf(rows);
  const grid = element("div", "surface");
  grid.style.gridTemplateColumns = `repeat(${scores.length}, minmax(0, 1fr))`;
  const here = [nearestOn(scores, now.score), nearestOn(overlaps, now.overlap)];
  /** @type {HTMLElement[][]} */
  const lines = [];
  for (let j = overlaps.length - 1; j >= 0; j--) {
    const line = scores.map((score, i) => {
      const words = `PQ ${hundredths(rows[i][j], 2)} at score ${score}, overlap ${overlaps[j]}`;
      const cell = cellButton(words, () => {
        for (const one of grid.querySelectorAll(".here")) one.classList.remove("here");
        cell.classList.add("here");
        move({ score, overlap: overlaps[j] });
      });
      cell.style.setProperty("--strength", `${Math.round(8 + 92 * ranks[i][j] ** 1.6)}%`);
      cell.classList.toggle("here", i === here[0] && j === here[1]);
      cell.classList.toggle("best", best?.score === score && best?.overlap === overlaps[j]);
      return cell;
    });
    lines.push(line);
    grid.append(...line);
  }
  createRoving(grid, () => lines).refresh();
  return section(
    "PQ by thresholds",
    `Score from left to right, overlap upwards; the stronger the better. A point stands for all pictures: a click sets both thresholds. ${bestInWords(best)}`,
    grid,
    ...wishes(classes, move),
  );
}

/** @param {SurfaceAnswer["best"]} best */
function bestInWords(best) {
  if (!best) return "";
  if (best.pq <= best.before) return "None of them is better than where they stand.";
  const held =
    best.held_out === null ? "" : `, ${hundredths(best.held_out, 2)} on pictures that did not choose it`;
  const gain = hundredths(best.pq - best.before, 2);
  return `Best: PQ ${hundredths(best.pq)} at score ${best.score}, overlap ${best.overlap} (+${gain}${held}).`;
}

/**
 * Score thresholds that single classes would like: a button each.
 *
 * @param {SurfaceAnswer["classes"]} classes
 * @param {(moved: Partial<Thresholds>) => void} move
 */
function wishes(classes, move) {
  const wanted = wishesOf(classes);
  if (!wanted.length) return [];
  const row = element("div", "wishes");
  const buttons = wanted.map(({ name, score, gain }) => {
    const button = element("button", "wish", `${name} ${score} (+${hundredths(gain, 2)})`);
    button.type = "button";
    button.title = `Set the score threshold, for all classes, to what is best for ${name}: PQ of ${name} +${hundredths(gain, 2)}`;
    button.setAttribute("aria-label", `${name}: score ${score}, PQ +${hundredths(gain, 2)}`);
    button.onclick = () => move({ score });
    return button;
  });
  row.append(...buttons);
  createRoving(row, () => [buttons]).refresh();
  return [
    element(
      "p",
      "about",
      "Score thresholds that classes would like, each for itself; a click sets it for all.",
    ),
    row,
  ];
}

/**
 * @param {MarksAnswer["confusion"]} confusion
 * @param {(condition: string) => void} toggle
 */
function confusionOf({ names, table }, toggle) {
  const count = names.length;
  if (!count) return section("What is taken for what", "Nothing is taken for anything else.");
  const grid = element("div", "confusion");
  grid.style.gridTemplateColumns = `minmax(0, 1fr) repeat(${count + 1}, 20px)`;
  grid.append(element("span"));
  /** @type {HTMLButtonElement[][]} */
  const lines = [];
  for (const name of [...names, "missed"]) grid.append(element("span", "column", name));
  table.forEach((row, i) => {
    const name = names[i] ?? "nothing there";
    grid.append(element("span", "name", name));
    const sum = Math.max(
      1,
      row.reduce((all, each) => all + each, 0),
    );
    const line = row.map((value, j) => {
      const called = names[j] ?? "missed";
      const condition = cellCondition(names, i, j);
      const words =
        i === j
          ? `${name}: ${value} found`
          : `${name}, ${j === count ? called : `called ${called}`}: ${value}`;
      const cell = cellButton(words, () => toggle(condition));
      cell.disabled = !value || !condition;
      if (!cell.disabled) cell.dataset.condition = condition;
      cell.classList.toggle("right", i === j);
      cell.textContent = value ? String(value) : "";
      cell.style.setProperty("--strength", `${value ? Math.round(15 + 75 * Math.sqrt(value / sum)) : 0}%`);
      return cell;
    });
    lines.push(line);
    grid.append(...line);
  });
  const stops = lines.map((line) => line.filter((cell) => !cell.disabled)).filter((line) => line.length);
  createRoving(grid, () => stops).refresh();
  return section(
    "What is taken for what",
    "Rows are annotated, columns predicted: the classes with most errors. A click leaves the pictures of a cell.",
    grid,
  );
}

/**
 * @param {string} words
 * @param {() => void} click
 */
function cellButton(words, click) {
  const cell = element("button", "cell");
  cell.type = "button";
  cell.title = words;
  cell.setAttribute("aria-label", words);
  cell.tabIndex = -1; // one of the grid's is a tab stop
  cell.onclick = click;
  return cell;
}
