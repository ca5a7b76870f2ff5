/**
 * The segments beside the picture, by kind and label, to switch and select.
 *
 * @import { ListHandlers } from "./list_rows.js"
 * @import { Look } from "./look.js"
 * @import { Segment } from "./state.js"
 */

import { element, textButton } from "./dom.js";
import { groupsOf, matching } from "./list_groups.js";
import { createHead, createRow } from "./list_rows.js";

/** @param {ListHandlers} on */
export function createList(on) {
  const { panel, list, count, all, none, filter } = createPanel();
  /** @type {Map<string, ReturnType<typeof createRow>>} by key of its segment */
  const rows = new Map();
  /** @type {ReturnType<typeof createHead>[]} of labels and kinds */
  let heads = [];
  /** @type {Segment[]} */
  let segments = [];

  all.onclick = () => on.show([...rows.keys()]);
  none.onclick = () => on.hide([...rows.keys()]);
  filter.oninput = fill;
  filter.onkeydown = (event) => {
    if (event.key !== "Escape" || !filter.value) return;
    event.stopPropagation();
    filter.value = "";
    fill();
  };

  function fill() {
    build();
    on.filter();
  }

  function build() {
    rows.clear();
    heads = [];
    /** @type {HTMLElement[]} */
    const children = [];
    for (const { title, groups } of groupsOf(matching(segments, filter.value))) {
      const ofKind = groups.flatMap((group) => group.segments);
      children.push(addHead(title, "heading", ofKind));
      for (const { label, segments: members } of groups) {
        const many = members.length > 1;
        if (many) children.push(addHead(label, "label", members));
        for (const member of members) children.push(addRow(member, many));
      }
    }
    if (!children.length) {
      children.push(element("li", "none", segments.length ? "No label matches." : "No segments."));
    }
    list.replaceChildren(...children);
  }

  /**
   * @param {string} title
   * @param {"heading" | "label"} level
   * @param {Segment[]} members
   */
  function addHead(title, level, members) {
    const head = createHead(title, level, members, on);
    heads.push(head);
    return head.element;
  }

  /**
   * @param {Segment} segment
   * @param {boolean} indented
   */
  function addRow(segment, indented) {
    const row = createRow(segment, indented, on);
    rows.set(segment.key, row);
    return row.element;
  }

  return {
    element: panel,
    /**
     * List other segments.
     *
     * @param {Segment[]} others
     */
    show(others) {
      segments = others;
      build();
    },
    /**
     * Say which are hidden, selected and pointed at, and in which colours they are painted.
     *
     * @param {Look} look
     * @param {string | undefined} hovered key
     */
    mark(look, hovered) {
      for (const row of rows.values()) row.mark(look, hovered);
      for (const head of heads) head.mark(look);
      const words = countWords(segments, look);
      if (count.textContent !== words) count.textContent = words;
    },
    /**
     * Bring a row into sight, moving nothing but the list.
     *
     * @param {string | undefined} key
     */
    reveal(key) {
      const row = rows.get(key ?? "")?.element;
      if (row) scrollTo(list, row);
    },
    /** Keys in the order of the list. */
    keys: () => [...rows.keys()],
  };
}

function createPanel() {
  const panel = element("section", "panel");
  panel.setAttribute("aria-label", "Segments");
  const bar = element("div", "bar");
  const count = element("span", "count");
  count.setAttribute("role", "status");
  const all = textButton("All", "Show every listed segment");
  const none = textButton("None", "Hide every listed segment");
  const filter = element("input", "filter");
  filter.type = "search";
  filter.placeholder = "Filter";
  filter.setAttribute("aria-label", "Filter segments by label");
  bar.append(count, all, none, filter);
  const list = element("ul", "list");
  panel.append(bar, list);
  return { panel, list, count, all, none, filter };
}

/**
 * @param {Segment[]} segments
 * @param {Look} look
 */
function countWords(segments, { hidden }) {
  const shown = segments.filter(({ key }) => !hidden.has(key)).length;
  if (shown < segments.length) return `${shown} of ${segments.length} shown`;
  return `${shown} ${shown === 1 ? "segment" : "segments"}`;
}

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} row
 */
function scrollTo(list, row) {
  const top = row.offsetTop - list.offsetTop;
  const bottom = top + row.offsetHeight;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
}
