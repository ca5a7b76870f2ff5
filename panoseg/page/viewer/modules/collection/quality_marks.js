/**
 * What an evaluation draws, once somebody unfolds it: PQ at all thresholds, which class is taken for which, and
 * whether scores can be trusted. Cells are buttons: they set the thresholds, or leave their pictures in the grid.
 *
 * @import { Thresholds } from "../thresholds.js"
 * @import { BinsAnswer, MarksAnswer, SurfaceAnswer } from "./server_answers.js"
 *
 * @typedef {object} MarkHandlers
 * @property {() => Promise<MarksAnswer>} ask
 * @property {(condition: string) => void} toggle
 * @property {(moved: Partial<Thresholds>) => void} move
 */

import { element } from "../dom.js";
import { wordsOf } from "./counting.js";
import { binCondition, cellCondition, hundredths, nearestOn, ranksOf } from "./quality_rules.js";

/** @param {MarkHandlers} on */
export function createMarks(on) {
  const box = element("details", "quality-marks");
  const body = element("div");
  box.append(element("summary", "", "Thresholds, confusion, trust in scores"), body);
  let wanted = "";
  let shown = "";

  async function draw() {
    if (!box.open || !wanted || wanted === shown) return;
    const key = wanted;
    shown = key;
    try {
      const marks = await on.ask();
      if (key !== shown) return;
      body.replaceChildren(
        ...(marks.surface ? [surfaceOf(marks.surface, on.move)] : []),
        confusionOf(marks.confusion, on.toggle),
        trustOf(marks.trust, on.toggle),
      );
    } catch (error) {
      if (key !== shown) return;
      shown = "";
      body.replaceChildren(element("p", "about", wordsOf(error)));
    }
  }

  box.ontoggle = draw;
  return {
    element: box,
    /** @param {string} key of the evaluation that is there; empty while there is none */
    show(key) {
      wanted = key;
      box.hidden = !key;
      draw();
    },
  };
}

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
function surfaceOf({ scores, overlaps, pq, now, best }, move) {
  const rows = pq[String(now.mask)] ?? Object.values(pq)[0];
  const ranks = ranksOf(rows);
  const grid = element("div", "surface");
  grid.style.gridTemplateColumns = `repeat(${scores.length}, minmax(0, 1fr))`;
  const here = [nearestOn(scores, now.score), nearestOn(overlaps, now.overlap)];
  for (let j = overlaps.length - 1; j >= 0; j--) {
    scores.forEach((score, i) => {
      const words = `PQ ${hundredths(rows[i][j], 2)} at score ${score}, overlap ${overlaps[j]}`;
      const cell = cellButton(words, () => move({ score, overlap: overlaps[j] }));
      cell.style.setProperty("--strength", `${Math.round(8 + 92 * ranks[i][j] ** 1.6)}%`);
      cell.classList.toggle("here", i === here[0] && j === here[1]);
      cell.classList.toggle("best", best?.score === score && best?.overlap === overlaps[j]);
      grid.append(cell);
    });
  }
  const gain = best ? hundredths(best.pq - best.before, 2) : "";
  const held =
    best?.held_out == null ? "" : `, ${hundredths(best.held_out, 2)} on pictures that did not choose it`;
  const words = best
    ? `Best: PQ ${hundredths(best.pq)} at score ${best.score}, overlap ${best.overlap} (+${gain}${held}).`
    : "";
  return section(
    "PQ by thresholds",
    `Score from left to right, overlap upwards; the stronger the better. A click sets both. ${words}`,
    grid,
  );
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
  for (const name of [...names, "missed"]) grid.append(element("span", "column", name));
  table.forEach((row, i) => {
    const name = names[i] ?? "nothing there";
    grid.append(element("span", "name", name));
    const sum = Math.max(
      1,
      row.reduce((all, each) => all + each, 0),
    );
    row.forEach((value, j) => {
      const called = names[j] ?? "missed";
      const condition = cellCondition(names, i, j);
      const words =
        i === j
          ? `${name}: ${value} found`
          : `${name}, ${j === count ? called : `called ${called}`}: ${value}`;
      const cell = cellButton(words, () => toggle(condition));
      cell.disabled = !value || !condition;
      cell.classList.toggle("right", i === j);
      cell.textContent = value ? String(value) : "";
      cell.style.setProperty("--strength", `${value ? Math.round(15 + 75 * Math.sqrt(value / sum)) : 0}%`);
      grid.append(cell);
    });
  });
  return section(
    "What is taken for what",
    "Rows are annotated, columns predicted: the classes with most errors.",
    grid,
  );
}

/**
 * @param {MarksAnswer["trust"]} trust
 * @param {(condition: string) => void} toggle
 */
function trustOf({ segments, proposals }, toggle) {
  const svg = shape("svg", { viewBox: "-14 -6 132 124", class: "trust", role: "img" });
  svg.append(
    shape("rect", { x: 0, y: 0, width: 100, height: 100, class: "frame" }),
    shape("path", { d: "M0 100L100 0", class: "ideal" }),
  );
  for (const value of [0, 0.5, 1]) {
    const [x, y] = [
      shape("text", { x: 100 * value, y: 110 }),
      shape("text", { x: -9, y: 102 - 100 * value }),
    ];
    x.textContent = y.textContent = String(value);
    svg.append(x, y);
  }
  if (proposals) svg.append(...curve(proposals, "proposals"));
  svg.append(...curve(segments, "segments", toggle));
  const before = proposals ? `, before the threshold ${hundredths(proposals.ece)} %` : "";
  const words = `Calibration error of predicted segments ${hundredths(segments.ece)} %${before}.`;
  svg.setAttribute("aria-label", words);
  return section(
    "Trust in scores",
    `How many are right (upwards) of those with a score (to the right): on the dashed line 0.8 is right in 80 of 100. A click on a dot leaves the pictures with segments of that score. ${words}`,
    svg,
  );
}

/**
 * @param {BinsAnswer} bins
 * @param {string} kind
 * @param {(condition: string) => void} [toggle] what a click on a dot does
 */
function curve({ count, confidence, accuracy }, kind, toggle) {
  const most = Math.max(1, ...count);
  const points = count
    .map((each, n) => ({ n, each, x: 100 * (confidence[n] ?? 0), y: 100 - 100 * (accuracy[n] ?? 0) }))
    .filter(({ each }) => each > 0);
  return [
    shape("polyline", { points: points.map(({ x, y }) => `${x},${y}`).join(" "), class: kind }),
    ...points.map(({ n, each, x, y }) => {
      const dot = shape("circle", { cx: x, cy: y, r: 1.5 + 2.5 * Math.sqrt(each / most), class: kind });
      const words = shape("title", {});
      words.textContent = `Score ${(x / 100).toFixed(2)}: right in ${(100 - y).toFixed(0)} %; ${Math.round(each)} of them`;
      dot.append(words);
      if (toggle) dot.addEventListener("click", () => toggle(binCondition(n, count.length)));
      return dot;
    }),
  ];
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
  cell.tabIndex = -1; // hundreds of them: the sliders and the bars do the same with keys
  cell.onclick = click;
  return cell;
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 */
function shape(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
