/**
 * The numbers of a collection as bars: each is a button that leaves what it counts in the grid.
 *
 * @import { BarAnswer, ViewAnswer } from "./server_answers.js"
 */

import { element, setText } from "../dom.js";
import { createRoving } from "../roving.js";
import { countOf } from "./counts.js";

const MOST = 60;

/** @param {(condition: string) => void} toggle */
export function createNumbersPanel(toggle) {
  const panel = element("div", "collection-numbers");
  const sections = [
    createSection("Segments per label", toggle),
    createSection("Scores", toggle),
    createSection("Areas", toggle),
  ];
  const about = element("p", "about");
  panel.append(about, ...sections.map((section) => section.element));
  return {
    element: panel,
    /**
     * @param {ViewAnswer | null} view null while nothing is counted
     * @param {string[]} conditions
     */
    show(view, conditions) {
      for (const section of sections) section.element.hidden = !view;
      if (!view) setText(about, "");
      if (!view) return;
      const pictures = view.order.length;
      const each = pictures ? `, ${(view.segments / pictures).toFixed(1)} per picture` : "";
      const known = view.known === view.pictures;
      setText(about, countOf(view.segments, "segment") + (known ? each : ""));
      sections[0].show(view.bars.labels, conditions);
      const scores = view.bars.scores;
      const first = scores.findIndex((bar) => bar.segments);
      sections[1].show(first < 0 ? [] : scores.slice(Math.min(first, scores.length - 4)), conditions);
      sections[2].show(view.segments ? view.bars.areas : [], conditions);
    },
  };
}

/**
 * @param {string} title
 * @param {(condition: string) => void} toggle
 */
function createSection(title, toggle) {
  const box = element("section", "bars");
  box.setAttribute("aria-label", title);
  const list = element("div", "bar-list");
  box.append(element("h3", "", title), list);
  box.hidden = true;
  /** @type {ReturnType<typeof createBar>[]} */
  let rows = [];
  const roving = createRoving(list, () => rows.map((row) => [row.element]));
  return {
    element: box,
    /**
     * @param {BarAnswer[]} bars
     * @param {string[]} conditions
     */
    show(bars, conditions) {
      const shown = bars.slice(0, MOST);
      box.hidden = !shown.length;
      const most = Math.max(1, ...shown.map(({ segments }) => segments));
      while (rows.length < shown.length) rows.push(createBar(toggle));
      // Those that stay keep the focus.
      rows.slice(shown.length).forEach((row) => {
        row.element.remove();
      });
      rows = rows.slice(0, shown.length);
      shown.forEach((bar, n) => {
        rows[n].show(bar, most, conditions.includes(bar.condition));
        if (!rows[n].element.isConnected) list.append(rows[n].element);
      });
      roving.refresh();
    },
  };
}

/** @param {(condition: string) => void} toggle */
function createBar(toggle) {
  const button = element("button", "bar-row");
  button.type = "button";
  const name = element("span", "name");
  const track = element("span", "bar-track");
  const block = element("span", "block");
  const number = element("span", "share");
  track.append(block);
  button.append(name, track, number);
  let condition = "";
  button.onclick = () => toggle(condition);
  return {
    element: button,
    /**
     * @param {BarAnswer} bar
     * @param {number} most
     * @param {boolean} pressed
     */
    show(bar, most, pressed) {
      condition = bar.condition;
      setText(name, bar.title);
      setText(number, bar.segments.toLocaleString("en"));
      block.hidden = !bar.segments;
      block.style.width = `${(100 * bar.segments) / most}%`;
      block.style.background = bar.color ? `rgb(${bar.color.join(" ")})` : "";
      button.title = `${bar.segments} segments in ${bar.pictures} pictures`;
      button.setAttribute("aria-pressed", String(pressed));
    },
  };
}
