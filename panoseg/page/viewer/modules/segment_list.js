/** The segments beside the picture, by kind and label, to switch and select. */

import { element, svg } from "./dom.js";
import { groupsOf, matching } from "./list_groups.js";
import { colorOf } from "./palette.js";
import { nameOf } from "./tooltip.js";

/** `on` hears toggle(keys), only(keys), show(keys), hide(keys), select(key, add) and hover(key or null). */
export function createList(on) {
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

  const rows = new Map(); // key → {row, eye, swatch, pick, segment}
  let heads = []; // {row, eye, count, keys} of labels and kinds
  let segments = [];

  all.onclick = () => on.show([...rows.keys()]);
  none.onclick = () => on.hide([...rows.keys()]);
  filter.oninput = () => {
    build();
    on.filter();
  };
  filter.onkeydown = (event) => {
    if (event.key !== "Escape" || !filter.value) return;
    event.stopPropagation();
    filter.value = "";
    filter.oninput();
  };

  function build() {
    rows.clear();
    heads = [];
    const listed = matching(segments, filter.value);
    const children = [];
    for (const { title, groups } of groupsOf(listed)) {
      children.push(
        head(
          title,
          "heading",
          groups.flatMap((group) => group.segments),
        ),
      );
      for (const group of groups) {
        const many = group.segments.length > 1;
        if (many) children.push(head(group.label, "label", group.segments));
        children.push(...group.segments.map((segment) => line(segment, many)));
      }
    }
    if (!children.length) {
      children.push(element("li", "none", segments.length ? "No label matches." : "No segments."));
    }
    list.replaceChildren(...children);
  }

  function head(title, kind, members) {
    const keys = members.map((segment) => segment.key);
    const row = element("li", `head ${kind}`);
    const eye = eyeButton(`Show all ${title}`, () => on.toggle(keys));
    const number = element("span", "number");
    row.append(eye, element("span", "name", title), number, onlyButton(title, keys));
    heads.push({ eye, number, keys });
    return row;
  }

  function line(segment, indented) {
    const row = element("li", indented ? "row indented" : "row");
    const title = nameOf(segment);
    row.dataset.key = segment.key;
    const eye = eyeButton(`Show ${title}`, () => on.toggle([segment.key]));
    const pick = element("button", "pick");
    pick.type = "button";
    const swatch = element("span", "swatch");
    const name = element("span", "name", title);
    name.title = title;
    const score = segment.score?.toFixed(2) ?? "";
    pick.append(swatch, name, element("span", "score", score));
    pick.setAttribute("aria-label", `Select ${title}${score && `, score ${score}`}`);
    pick.onclick = (event) => on.select(segment.key, event.shiftKey);
    row.onpointerenter = () => on.hover(segment.key);
    row.onpointerleave = () => on.hover(null);
    row.append(eye, pick, onlyButton(title, [segment.key]));
    rows.set(segment.key, { row, eye, swatch, pick, segment });
    return row;
  }

  function onlyButton(title, keys) {
    const only = textButton("Only", `Show only ${title}`);
    only.className = "only";
    only.setAttribute("aria-label", `Show only ${title}`);
    only.onclick = () => on.only(keys);
    return only;
  }

  return {
    element: panel,
    filter,
    /** List other segments. */
    show(others) {
      segments = others;
      build();
    },
    /** Say which are hidden, selected and pointed at, and in which colours they are painted. */
    mark({ hidden, selected, style }, hovered) {
      for (const [key, { row, eye, swatch, pick, segment }] of rows) {
        row.classList.toggle("hidden", hidden.has(key));
        row.classList.toggle("selected", selected.has(key));
        row.classList.toggle("hovered", key === hovered);
        eye.setAttribute("aria-pressed", String(!hidden.has(key)));
        pick.setAttribute("aria-pressed", String(selected.has(key)));
        const color = `rgb(${colorOf(segment, style.color_by).join(" ")})`;
        swatch.style.background = swatch.style.borderColor = color;
      }
      for (const { eye, number, keys } of heads) {
        const shown = keys.filter((key) => !hidden.has(key)).length;
        eye.setAttribute("aria-pressed", shown === keys.length ? "true" : shown ? "mixed" : "false");
        number.textContent = shown === keys.length ? `${shown}` : `${shown} of ${keys.length}`;
      }
      const shown = segments.filter((segment) => !hidden.has(segment.key)).length;
      const noun = segments.length === 1 ? "segment" : "segments";
      const words = shown === segments.length ? `${shown} ${noun}` : `${shown} of ${segments.length} shown`;
      if (count.textContent !== words) count.textContent = words;
    },
    /** Bring a row into sight, moving nothing but the list. */
    reveal(key) {
      const row = rows.get(key)?.row;
      if (!row) return;
      const [top, bottom] = [
        row.offsetTop - list.offsetTop,
        row.offsetTop - list.offsetTop + row.offsetHeight,
      ];
      if (top < list.scrollTop) list.scrollTop = top;
      else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
    },
    /** Keys in the order of the list. */
    keys: () => [...rows.keys()],
  };
}

function eyeButton(name, onclick) {
  const eye = element("button", "eye");
  eye.type = "button";
  eye.innerHTML = svg("eye");
  eye.setAttribute("aria-label", name);
  eye.onclick = onclick;
  return eye;
}

function textButton(text, title) {
  const button = element("button", "", text);
  button.type = "button";
  button.title = title;
  return button;
}
