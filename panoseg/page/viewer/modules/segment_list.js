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
import { createRoving } from "./roving.js";

/** @param {ListHandlers} on */
export function createList(on) {
  const { panel, list, count, all, none, filter } = createPanel();
  /** @type {Segment[]} */
  let segments = [];
  let lines = createLines([], on);
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
    lines = createLines(matching(segments, filter.value), on);
    const nothing = element("li", "none", segments.length ? "No label matches." : "No segments.");
    list.replaceChildren(...(lines.elements.length ? lines.elements : [nothing]));
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
      const same = namesOf(others) === namesOf(segments);
      segments = others;
      if (!same) return fill();
      // A moved threshold changes scores far more often than rows.
      for (const segment of others) lines.rows.get(segment.key)?.update(segment);
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
      for (const head of lines.heads) head.mark(look);
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

/** @param {Segment[]} segments */
function namesOf(segments) {
  return segments.map(({ id, key, label }) => `${id} ${key} ${label}`).join("\n");
}

/**
 * Things, then stuff, by label; with a head for each kind, and for each label of more than one segment.
 *
 * @param {Segment[]} segments
 * @param {ListHandlers} on
 */
function createLines(segments, on) {
  /** @type {Map<string, ReturnType<typeof createRow>>} by key of its segment */
  const rows = new Map();
  /** @type {ReturnType<typeof createHead>[]} */
  const heads = [];
  /** @type {HTMLElement[]} */
  const elements = [];
  /** @type {(...head: Parameters<typeof createHead>) => void} */
  const addHead = (...wanted) => {
    const head = createHead(...wanted);
    heads.push(head);
    elements.push(head.element);
  };
  for (const { title, groups } of groupsOf(segments)) {
    const ofKind = groups.flatMap((group) => group.segments);
    addHead(title, "heading", ofKind, on);
    for (const { label, segments: members } of groups) {
      const many = members.length > 1;
      if (many) addHead(label, "label", members, on);
      for (const member of members) {
        const row = createRow(member, many, on);
        rows.set(member.key, row);
        elements.push(row.element);
      }
    }
  }
  return { elements, rows, heads };
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
