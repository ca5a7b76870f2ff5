/**
 * The table of all segments of the pictures that are left: searched, sorted, of any length; a row opens its picture.
 *
 * @import { SegmentRow, SegmentsAnswer } from "./server.js"
 *
 * @typedef {{ search: string, by: string, down: boolean, first: number }} TableAsked
 *
 * @typedef {object} TableHandlers
 * @property {(asked: TableAsked, signal: AbortSignal) => Promise<SegmentsAnswer>} ask
 * @property {(row: SegmentRow) => void} open
 */

import { element } from "../dom.js";

const ROW = 28;
const PAGE = 200;
const PAUSE_MS = 150;
const COLUMNS = [
  { name: "label", title: "Label" },
  { name: "picture", title: "Picture" },
  { name: "score", title: "Score" },
  { name: "area", title: "Area" },
];

/** @param {TableHandlers} on */
export function createSegmentTable(on) {
  const panel = element("div", "segment-table");
  const search = element("input", "filter");
  search.type = "search";
  search.placeholder = "Search labels and names";
  search.setAttribute("aria-label", "Search segments");
  const head = element("div", "table-head");
  const scroller = element("div", "table-rows");
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "region");
  scroller.setAttribute("aria-label", "Segments");
  const board = element("div", "board");
  scroller.append(board);
  panel.append(search, head, scroller);
  let by = "picture";
  let down = false;
  let total = 0;
  let timer = 0;
  let frame = 0;
  let seen = false;
  /** @type {Map<number, SegmentRow[]>} pages by their first row */
  let pages = new Map();
  /** @type {Set<number>} */
  let coming = new Set();
  let control = new AbortController();

  const heads = COLUMNS.map(({ name, title }) => {
    const button = element("button", `sort ${name}`, title);
    button.type = "button";
    button.onclick = () => {
      down = by === name ? !down : name === "score" || name === "area";
      by = name;
      begin();
    };
    head.append(button);
    return { name, button };
  });

  function begin() {
    control.abort();
    control = new AbortController();
    pages = new Map();
    coming = new Set();
    scroller.scrollTop = 0;
    for (const { name, button } of heads) {
      button.dataset.sorted = name === by ? (down ? "down" : "up") : "";
      button.setAttribute("aria-pressed", String(name === by));
    }
    if (seen) fetchPage(0);
  }

  /** @param {number} first */
  async function fetchPage(first) {
    if (coming.has(first) || pages.has(first)) return;
    coming.add(first);
    const { signal } = control;
    try {
      const answer = await on.ask({ search: search.value, by, down, first }, signal);
      if (signal.aborted) return;
      total = answer.total;
      pages.set(first, answer.rows);
    } catch {
      return; // it is asked for anew once something changes
    } finally {
      if (!signal.aborted) coming.delete(first);
    }
    draw();
  }

  function draw() {
    frame = 0;
    board.style.height = `${total * ROW}px`;
    const first = Math.max(0, Math.floor(scroller.scrollTop / ROW) - 5);
    const end = Math.min(total, first + Math.ceil(scroller.clientHeight / ROW) + 10);
    const rows = [];
    for (let at = first; at < end; at += 1) {
      const page = at - (at % PAGE);
      const row = pages.get(page)?.[at - page];
      if (row) rows.push(rowOf(row, at));
      else fetchPage(page);
    }
    board.replaceChildren(...rows);
  }

  /**
   * @param {SegmentRow} row
   * @param {number} at
   */
  function rowOf(row, at) {
    const node = element("button", "segment-row");
    node.type = "button";
    node.style.top = `${at * ROW}px`;
    const swatch = element("span", "swatch");
    swatch.style.background = swatch.style.borderColor = `rgb(${row.color.join(" ")})`;
    const label = element("span", "label");
    label.append(swatch, element("span", "name", row.label));
    node.append(
      label,
      element("span", "name picture", row.picture),
      element("span", "score", row.score.toFixed(3)),
      element("span", "score", `${(100 * row.area).toFixed(1)} %`),
    );
    node.title = `${row.label} in ${row.picture}`;
    node.onclick = () => on.open(row);
    return node;
  }

  search.onkeydown = (event) => event.stopPropagation();
  search.oninput = () => {
    clearTimeout(timer);
    timer = setTimeout(begin, PAUSE_MS);
  };
  scroller.onscroll = () => {
    frame ||= requestAnimationFrame(draw);
  };
  const watcher = new ResizeObserver(() => {
    const now = scroller.clientHeight > 0;
    if (now && !seen) {
      seen = true;
      begin();
    } else if (now) draw();
    seen = now;
  });
  watcher.observe(scroller);
  begin();
  return {
    element: panel,
    refresh: begin,
    close() {
      watcher.disconnect();
      control.abort();
      clearTimeout(timer);
      cancelAnimationFrame(frame);
    },
  };
}
