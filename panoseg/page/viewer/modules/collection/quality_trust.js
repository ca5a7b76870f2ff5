/**
 * Scores beside how often they are right: a dot per bin of scores, which leaves its pictures in the grid.
 *
 * @import { BinsAnswer, MarksAnswer } from "./server_answers.js"
 */

import { element } from "../dom.js";
import { createRoving } from "../roving.js";
import { binCondition, hundredths } from "./quality_rules.js";

/** Radius of a dot: at least, and of the one that stands for most beyond that. */
const LEAST = { proposals: 4, segments: 1.5 }; // the surest of both lie in one place, and each can be hit
const MORE = 2.5;

/**
 * @param {MarksAnswer["trust"]} trust
 * @param {(condition: string) => void} toggle
 * @returns {[title: string, about: string, drawing: HTMLElement]}
 */
export function trustOf({ segments, proposals }, toggle) {
  const svg = shape("svg", { viewBox: "-14 -6 132 124", class: "trust", role: "group" });
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
  const lines = [proposals && curve(proposals, "proposals", toggle), curve(segments, "segments", toggle)];
  const curves = lines.filter((each) => each !== null);
  svg.append(...curves.map(({ line }) => line));
  // The smallest last, so that each can be hit.
  const dots = curves.flatMap((each) => each.dots).sort((a, b) => radiusOf(b) - radiusOf(a));
  svg.append(...dots);
  const box = element("div");
  box.append(svg);
  createRoving(box, () => curves.map((each) => each.dots).filter((each) => each.length)).refresh();
  const before = proposals ? `, before the threshold ${hundredths(proposals.ece)} %` : "";
  const words = `Calibration error of predicted segments ${hundredths(segments.ece)} %${before}.`;
  svg.setAttribute("aria-label", words);
  const kinds = proposals
    ? "predicted segments (blue), or queries before the threshold (violet),"
    : "segments";
  return [
    "Trust in scores",
    `How many are right (upwards) of those with a score (to the right): on the dashed line 0.8 is right in 80 of 100. A click on a dot leaves the pictures with ${kinds} of that score. ${words}`,
    box,
  ];
}

/**
 * @param {BinsAnswer} bins
 * @param {"proposals" | "segments"} kind
 * @param {(condition: string) => void} toggle what a dot does
 */
function curve({ count, confidence, accuracy }, kind, toggle) {
  const most = Math.max(1, ...count);
  const points = count
    .map((each, n) => ({ n, each, x: 100 * (confidence[n] ?? 0), y: 100 - 100 * (accuracy[n] ?? 0) }))
    .filter(({ each }) => each > 0);
  const side = kind === "segments" ? "predicted" : "proposed";
  const dots = points.map(({ n, each, x, y }) => {
    const condition = binCondition(side, n, count.length);
    const words = `${side}, score ${(x / 100).toFixed(2)}: right in ${(100 - y).toFixed(0)} %; ${Math.round(each)} of them`;
    const dot = shape("circle", {
      cx: x,
      cy: y,
      r: LEAST[kind] + MORE * Math.sqrt(each / most),
      class: kind,
      role: "button",
      "aria-label": words,
      "data-condition": condition,
    });
    const title = shape("title", {});
    title.textContent = words;
    dot.append(title);
    dot.addEventListener("click", () => toggle(condition));
    dot.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      toggle(condition);
    });
    return dot;
  });
  return {
    line: shape("polyline", { points: points.map(({ x, y }) => `${x},${y}`).join(" "), class: kind }),
    dots,
  };
}

/** @param {SVGElement} dot */
const radiusOf = (dot) => Number(dot.getAttribute("r"));

/**
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number>} attributes
 */
function shape(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
