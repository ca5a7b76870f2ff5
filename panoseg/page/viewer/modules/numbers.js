/**
 * The segments in numbers: a table that one can sort, and the share of the photo by label.
 *
 * @import { Column } from "./inbox.js"
 * @import { Look } from "./look.js"
 * @import { Segment } from "./state.js"
 * @import { ListHandlers } from "./list_rows.js"
 *
 * @typedef {Pick<ListHandlers, "select" | "hover">} NumberHandlers
 * @typedef {{ column: string, descending: boolean }} Order
 */

import { createAreaBars } from "./area_bars.js";
import { element, placeChildren } from "./dom.js";
import { sorted, textOf } from "./numbers_rules.js";
import { colorOf } from "./palette.js";
import { nameOf } from "./tooltip.js";

const MOST_ROWS = 1000; // more than anybody reads, and as many as a browser lays out at once

/**
 * @param {Column[]} columns
 * @param {NumberHandlers} on
 */
export function createNumbers(columns, on) {
  const panel = element("div", "numbers-panel");
  const bars = createAreaBars(on);
  const table = element("table", "numbers");
  table.setAttribute("aria-label", "Segments in numbers");
  const head = element("thead");
  const body = element("tbody");
  const more = element("p", "none");
  table.append(head, body);
  const scroll = element("div", "numbers-scroll");
  scroll.tabIndex = 0; // it scrolls sideways, too
  scroll.setAttribute("role", "group");
  scroll.setAttribute("aria-label", "Table of segments");
  scroll.append(table, more);
  panel.append(bars.element, scroll);
  /** @type {Order} */
  let order = { column: columns[0].name, descending: false };
  /** @type {Segment[]} */
  let segments = [];
  let area = 1;
  /** @type {Map<string, ReturnType<typeof createRow>>} */
  let rows = new Map();
  let stale = false;

  const heads = columns.map((column) => createHead(column, () => sortBy(column.name)));
  const line = element("tr");
  line.append(...heads.map(({ element }) => element));
  head.append(line);
  markHeads();

  /** @param {string} column */
  function sortBy(column) {
    const numeric = columns.find(({ name }) => name === column)?.numeric ?? false;
    const descending = order.column === column ? !order.descending : numeric && column !== "id";
    order = { column, descending };
    markHeads();
    fill();
    on.hover(null);
  }

  function markHeads() {
    for (const { element: cell, name } of heads) {
      const mine = name === order.column;
      cell.setAttribute("aria-sort", mine ? (order.descending ? "descending" : "ascending") : "none");
    }
  }

  function fill() {
    stale = false;
    const shown = sorted(segments, order, area).slice(0, MOST_ROWS);
    const known = rows;
    rows = new Map();
    for (const segment of shown) {
      const row = known.get(segment.key) ?? createRow(columns, segment, on);
      row.update(segment, area);
      rows.set(segment.key, row);
    }
    placeChildren(
      body,
      [...rows.values()].map((row) => row.element),
    );
    const left = segments.length - shown.length;
    more.hidden = left <= 0;
    more.textContent = `${left.toLocaleString("en")} more rows are in the CSV.`;
  }

  return {
    element: panel,
    /**
     * @param {Segment[]} others
     * @param {number} pixels of the photo
     */
    show(others, pixels) {
      segments = others;
      area = pixels;
      stale = true;
    },
    /**
     * Draw what is new, and say what is selected, hidden and pointed at; nothing while the panel is not seen.
     *
     * @param {Look} look
     * @param {string | undefined} hovered key
     */
    mark(look, hovered) {
      if (panel.hidden) return;
      if (stale) {
        fill();
        bars.show(segments, area);
      }
      for (const row of rows.values()) row.mark(look, hovered);
      bars.mark(look, hovered);
    },
    /** @param {string | undefined} key */
    reveal(key) {
      if (!panel.hidden) rows.get(key ?? "")?.element.scrollIntoView({ block: "nearest" });
    },
  };
}

/**
 * @param {Column} column
 * @param {() => void} onclick
 */
function createHead({ name, title, about, numeric }, onclick) {
  const cell = element("th", numeric ? "number" : "");
  cell.scope = "col";
  const button = element("button", "sort", title);
  button.type = "button";
  button.title = `${about} Press to sort.`;
  button.onclick = onclick;
  cell.append(button);
  return { element: cell, name };
}

/**
 * @param {Column[]} columns
 * @param {Segment} segment
 * @param {NumberHandlers} on
 */
function createRow(columns, segment, on) {
  let current = segment;
  const row = element("tr");
  const { key } = segment;
  row.dataset.key = key;
  row.tabIndex = -1;
  row.onclick = (event) => on.select(key, event.shiftKey || event.ctrlKey || event.metaKey);
  row.onpointerenter = () => on.hover(key);
  row.onpointerleave = () => on.hover(null);
  const swatch = element("span", "swatch");
  const cells = columns.map(({ name, numeric }) => {
    const cell = element("td", numeric ? "number" : "");
    if (name === "label") cell.append(swatch, element("span", "name"));
    return cell;
  });
  row.append(...cells);
  return {
    element: row,
    /**
     * @param {Segment} again the same one at other thresholds
     * @param {number} area
     */
    update(again, area) {
      current = again;
      columns.forEach(({ name }, n) => {
        const target = name === "label" ? cells[n].lastElementChild : cells[n];
        const text = textOf(again, name, area);
        if (target && target.textContent !== text) target.textContent = text;
      });
    },
    /**
     * @param {Look} look
     * @param {string | undefined} hovered
     */
    mark({ hidden, selected, style }, hovered) {
      row.classList.toggle("hidden", hidden.has(key));
      row.classList.toggle("selected", selected.has(key));
      row.classList.toggle("hovered", key === hovered);
      row.setAttribute("aria-selected", String(selected.has(key)));
      row.title = nameOf(current);
      swatch.style.background =
        swatch.style.borderColor = `rgb(${colorOf(current, style.color_by).join(" ")})`;
    },
  };
}
