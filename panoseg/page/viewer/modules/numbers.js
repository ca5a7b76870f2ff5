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
import { isAdding } from "./gestures.js";
import { sorted, textOf } from "./numbers_rules.js";
import { colorOf } from "./palette.js";
import { createRoving } from "./roving.js";
import { nameOf } from "./tooltip.js";

const MOST_ROWS = 1000; // more than anybody reads, and as many as a browser lays out at once

/**
 * @param {Column[]} columns
 * @param {NumberHandlers} on
 */
export function createNumbers(columns, on) {
  const panel = element("div", "numbers-panel");
  const bars = createAreaBars(on);
  const table = createTable(columns, on);
  panel.append(bars.element, table.element);
  /** @type {Segment[]} */
  let segments = [];
  let area = 1;
  let stale = false;
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
        table.show(segments, area);
        bars.show(segments, area);
        stale = false;
      }
      table.mark(look, hovered);
      bars.mark(look, hovered);
    },
    /** @param {string | undefined} key */
    reveal(key) {
      if (!panel.hidden) table.reveal(key);
    },
  };
}

/**
 * The table, which keeps its order whatever comes, until a column's head is pressed.
 *
 * @param {Column[]} columns
 * @param {NumberHandlers} on
 */
function createTable(columns, on) {
  const { scroll, table, head, body, more } = createFrame();
  /** @type {Order} */
  let order = { column: columns[0].name, descending: false };
  /** @type {Segment[]} */
  let segments = [];
  let area = 1;
  /** @type {Map<string, ReturnType<typeof createRow>>} */
  let rows = new Map();
  const heads = columns.map((column) => createHead(column, () => sortBy(column)));
  head.append(...heads.map(({ element }) => element));
  const roving = createRoving(table, () => [
    heads.map(({ button }) => button),
    ...[...rows.values()].map((row) => [row.element]),
  ]);
  roving.refresh();
  markHeads();

  /** @param {Column} column */
  function sortBy({ name, numeric }) {
    const descending = order.column === name ? !order.descending : numeric && name !== "id";
    order = { column: name, descending };
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
    roving.refresh();
    const left = segments.length - shown.length;
    more.hidden = left <= 0;
    more.textContent = `${left.toLocaleString("en")} more rows are in the CSV.`;
  }

  return {
    element: scroll,
    /**
     * @param {Segment[]} others
     * @param {number} pixels of the photo
     */
    show(others, pixels) {
      segments = others;
      area = pixels;
      fill();
    },
    /**
     * @param {Look} look
     * @param {string | undefined} hovered
     */
    mark(look, hovered) {
      for (const row of rows.values()) row.mark(look, hovered);
    },
    /** @param {string | undefined} key */
    reveal(key) {
      rows.get(key ?? "")?.element.scrollIntoView({ block: "nearest" });
    },
  };
}

/** The table's elements, in what scrolls them. */
function createFrame() {
  const scroll = element("div", "numbers-scroll");
  const table = element("table", "numbers");
  table.setAttribute("role", "grid"); // arrows go from head to head and from row to row
  table.setAttribute("aria-multiselectable", "true");
  table.setAttribute("aria-label", "Segments in numbers");
  const [top, head, body] = [element("thead"), element("tr"), element("tbody")];
  const more = element("p", "none");
  top.append(head);
  table.append(top, body);
  scroll.append(table, more);
  return { scroll, table, head, body, more };
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
  return { element: cell, button, name };
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
  row.onclick = (event) => on.select(key, isAdding(event));
  row.onkeydown = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    on.select(key, isAdding(event));
  };
  row.onfocus = () => row.matches(":focus-visible") && on.hover(key);
  row.onblur = () => on.hover(null);
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
