/**
 * The segments beside the picture, by kind and label, to switch and select.
 *
 * @import { ListHandlers } from "./list_rows.js"
 * @import { Look } from "./look.js"
 * @import { Segment } from "./state.js"
 */

import { element, placeChildren, textButton } from "./dom.js";
import { groupsOf, matching } from "./list_groups.js";
import { createHead, createRow } from "./list_rows.js";
import { createRoving } from "./roving.js";

/** @param {ListHandlers} on */
export function createList(on) {
  const { panel, list, count, all, none, filter } = createPanel();
  /** @type {Segment[]} */
  let segments = [];
  let lines = arrange([], noLines(), on);
  const nothing = element("li", "none");
  const roving = createRoving(list, () =>
    lines.elements.map((line) => [...line.querySelectorAll("button")]).filter((line) => line.length),
  );

  all.onclick = () => on.show([...lines.rows.keys()]);
  none.onclick = () => on.hide([...lines.rows.keys()]);
  filter.oninput = refilter;
  filter.onkeydown = (event) => {
    if (event.key !== "Escape" || !filter.value) return;
    event.stopPropagation();
    filter.value = "";
    refilter();
  };

  function refilter() {
    fill();
    on.filter();
  }

  function fill() {
    const before = lines.elements;
    lines = arrange(matching(segments, filter.value), lines, on);
    const { elements } = lines;
    nothing.textContent = segments.length ? "No label matches." : "No segments.";
    // Mostly a moved threshold changes names and scores alone: then nothing has another place.
    if (elements.length && elements.length === before.length && elements.every((one, n) => one === before[n]))
      return;
    placeChildren(list, elements.length ? elements : [nothing]);
    roving.refresh();
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
      fill();
    },
    /**
     * Say which are hidden, selected and pointed at, and in which colours they are painted.
     *
     * @param {Look} look
     * @param {string | undefined} hovered key
     * @param {string | undefined} pinned key
     */
    mark(look, hovered, pinned) {
      for (const row of lines.rows.values()) row.mark(look, hovered, pinned);
      for (const head of lines.heads.values()) head.mark(look);
      const words = countWords(segments, look);
      if (count.textContent !== words) count.textContent = words;
    },
    /**
     * Bring a row into sight, moving nothing but the list.
     *
     * @param {string | undefined} key
     */
    reveal(key) {
      const row = lines.rows.get(key ?? "")?.element;
      if (row) scrollTo(list, row);
    },
    /** Keys in the order of the list. */
    keys: () => [...lines.rows.keys()],
  };
}

/**
 * @typedef {object} Lines of the list, from top to bottom
 * @property {HTMLElement[]} elements
 * @property {Map<string, ReturnType<typeof createRow>>} rows by key of the segment
 * @property {Map<string, ReturnType<typeof createHead>>} heads by level and title
 */

/** @returns {Lines} */
function noLines() {
  return { elements: [], rows: new Map(), heads: new Map() };
}

/**
 * Things, then stuff, by label; with a head for each kind, and for each label of more than one segment.
 *
 * Lines that were there are kept: making a hundred of them anew takes longer than a frame.
 *
 * @param {Segment[]} segments
 * @param {Lines} before
 * @param {ListHandlers} on
 */
function arrange(segments, before, on) {
  const lines = noLines();
  /**
   * @param {string} title
   * @param {"heading" | "label"} level
   * @param {Segment[]} members
   */
  const addHead = (title, level, members) => {
    const name = `${level} ${members[0].kind} ${title}`;
    const head = before.heads.get(name) ?? createHead(title, level, on);
    head.update(members);
    lines.heads.set(name, head);
    lines.elements.push(head.element);
  };
  for (const { title, groups } of groupsOf(segments)) {
    const ofKind = groups.flatMap((group) => group.segments);
    addHead(title, "heading", ofKind);
    for (const { label, segments: members } of groups) {
      const many = members.length > 1;
      if (many) addHead(label, "label", members);
      for (const member of members) {
        const row = before.rows.get(member.key) ?? createRow(member.key, on);
        row.update(member, many);
        lines.rows.set(member.key, row);
        lines.elements.push(row.element);
      }
    }
  }
  return lines;
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
