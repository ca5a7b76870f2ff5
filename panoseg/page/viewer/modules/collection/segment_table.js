/**
 * The table of all segments of the pictures that are left: searched, sorted, of any length; a row opens its picture.
 * Its rows are one stop of the Tab key: arrows move among them, Enter opens one.
 *
 * @import { SegmentRow, SegmentsAnswer } from "./server_answers.js"
 *
 * @typedef {{ search: string, by: string, down: boolean, first: number }} TableAsked
 *
 * @typedef {object} TableHandlers
 * @property {(asked: TableAsked, signal: AbortSignal) => Promise<SegmentsAnswer>} ask
 * @property {(row: SegmentRow) => void} open
 */

import { element } from "../dom.js";
import { keyLeads } from "./grid_rules.js";
import { SegmentPages } from "./segment_pages.js";

const AROUND = 5; // rows beyond those in sight, above and below
const PAUSE_MS = 150;
const COLUMNS = [
  { name: "label", title: "Label", most: false },
  { name: "picture", title: "Picture", most: false },
  { name: "score", title: "Score", most: true },
  { name: "area", title: "Area", most: true },
];

/** @param {TableHandlers} on */
export function createSegmentTable(on) {
  const search = createSearch(begin);
  const head = createHead(begin);
  const scroller = element("div", "table-rows");
  const board = element("div", "board");
  board.tabIndex = 0;
  board.setAttribute("role", "listbox");
  board.setAttribute("aria-label", "Segments");
  const nothing = element("p", "nothing", "No label and no picture here is called so.");
  nothing.hidden = true;
  scroller.append(board, nothing);
  const panel = element("div", "segment-table");
  panel.append(search.input, head.element, scroller);
  /** @type {SegmentPages<SegmentRow>} */
  const pages = new SegmentPages(
    (first, signal) => on.ask({ search: search.input.value, ...head.order(), first }, signal),
    draw,
  );
  let frame = 0;
  let seen = false;
  let active = 0;
  const rowHeight = () => Number.parseFloat(getComputedStyle(panel).getPropertyValue("--row")) || 28;

  function begin() {
    pages.forget();
    scroller.scrollTop = active = 0;
    if (seen) pages.fetch(0);
  }

  function draw() {
    frame = 0;
    const height = rowHeight();
    board.style.height = `${pages.total * height}px`;
    const first = Math.max(0, Math.floor(scroller.scrollTop / height) - AROUND);
    const end = Math.min(pages.total, first + Math.ceil(scroller.clientHeight / height) + 2 * AROUND);
    const rows = [];
    for (let at = first; at < end; at += 1) {
      const row = pages.row(at);
      if (!row) continue;
      const node = createRow(row, at * height, on.open);
      node.id = `segment-row-${at}`;
      node.setAttribute("aria-posinset", String(at + 1));
      node.setAttribute("aria-setsize", String(pages.total));
      node.setAttribute("aria-selected", String(at === active));
      rows.push(node);
    }
    board.replaceChildren(...rows);
    if (active >= first && active < end) board.setAttribute("aria-activedescendant", `segment-row-${active}`);
    else board.removeAttribute("aria-activedescendant");
    nothing.hidden = !pages.isKnown || pages.total > 0 || !search.input.value.trim();
  }

  /** @param {KeyboardEvent} event */
  board.onkeydown = (event) => {
    const { key, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey || key === "ArrowLeft" || key === "ArrowRight") return;
    const height = rowHeight();
    const next = keyLeads(key, active, pages.total, { columns: 1, height }, scroller.clientHeight);
    const row = pages.row(active);
    if (next !== null) {
      active = next;
      const top = active * height;
      scroller.scrollTop = Math.min(top, Math.max(scroller.scrollTop, top + height - scroller.clientHeight));
      draw();
    } else if (key === "Enter" && row) on.open(row);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  scroller.onscroll = () => {
    frame ||= requestAnimationFrame(draw);
  };
  // Nothing is fetched for a tab that nobody looks at.
  const watcher = new ResizeObserver(() => {
    const now = scroller.clientHeight > 0;
    const comes = now && !seen;
    seen = now;
    if (comes) begin();
    else if (now) draw();
  });
  watcher.observe(scroller);
  return {
    element: panel,
    refresh: begin,
    close() {
      watcher.disconnect();
      pages.forget();
      search.close();
      cancelAnimationFrame(frame);
    },
  };
}

/** @param {() => void} changed called once the hand rests */
function createSearch(changed) {
  const input = element("input", "filter");
  input.type = "search";
  input.placeholder = "Search labels and names";
  input.setAttribute("aria-label", "Search segments");
  let timer = 0;
  input.onkeydown = (event) => event.stopPropagation();
  input.oninput = () => {
    clearTimeout(timer);
    timer = setTimeout(changed, PAUSE_MS);
  };
  return { input, close: () => clearTimeout(timer) };
}

/**
 * The columns' names, by which the table is sorted: clicked again, the other end comes first.
 *
 * @param {() => void} changed
 */
function createHead(changed) {
  const row = element("div", "table-head");
  let by = "picture";
  let down = false;
  const heads = COLUMNS.map(({ name, title, most }) => {
    const button = element("button", most ? "sort number" : "sort", title);
    button.type = "button";
    button.onclick = () => {
      down = by === name ? !down : most;
      by = name;
      show();
      changed();
    };
    row.append(button);
    return { name, button };
  });

  function show() {
    for (const { name, button } of heads) {
      button.dataset.sorted = name === by ? (down ? "down" : "up") : "";
      button.setAttribute("aria-pressed", String(name === by));
    }
  }

  show();
  return { element: row, order: () => ({ by, down }) };
}

/**
 * @param {SegmentRow} row
 * @param {number} top pixels above it
 * @param {(row: SegmentRow) => void} open
 */
function createRow(row, top, open) {
  const node = element("button", "segment-row");
  node.type = "button";
  node.tabIndex = -1;
  node.setAttribute("role", "option");
  node.style.top = `${top}px`;
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
  node.onclick = () => open(row);
  return node;
}
