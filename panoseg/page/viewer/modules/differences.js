/**
 * What a comparison found: how good it is, and every pair and every segment without a partner, worst first.
 *
 * @import { OutcomesPayload, PairPayload } from "./inbox.js"
 * @import { Look } from "./look.js"
 */

import { element } from "./dom.js";

const MOST_ROWS = 500;
const MEASURES = /** @type {const} */ (["PQ", "SQ", "RQ"]);

/** @param {(pair: PairPayload) => void} onPick shows it in both pictures */
export function createDifferences(onPick) {
  const panel = element("div", "differences");
  const quality = element("table", "quality");
  quality.setAttribute("aria-label", "Panoptic quality of this picture");
  const list = element("ul", "difference-list");
  const note = element("p", "none");
  panel.append(quality, list, note);
  /** @type {OutcomesPayload | null} */
  let drawn = null;
  /** @type {ReturnType<typeof createRow>[]} */
  let rows = [];
  return {
    element: panel,
    /** @param {OutcomesPayload | null} outcomes */
    show(outcomes) {
      if (outcomes === drawn) return;
      drawn = outcomes;
      quality.replaceChildren(...(outcomes ? qualityRows(outcomes) : []));
      rows = (outcomes?.pairs ?? []).slice(0, MOST_ROWS).map((pair) => createRow(pair, onPick));
      list.replaceChildren(...rows.map(({ element }) => element));
      note.textContent = outcomes ? notesOf(outcomes) : "";
      note.hidden = !note.textContent;
    },
    /** @param {Look} look */
    mark({ selected }) {
      for (const { button, pair } of rows)
        button.setAttribute("aria-pressed", String(pair.left !== null && selected.has(pair.left)));
    },
  };
}

/** @param {OutcomesPayload} outcomes */
function qualityRows({ quality }) {
  const head = element("tr");
  head.append(...["", ...MEASURES, "Classes"].map((title) => cell("th", title)));
  return [
    head,
    ...quality.map(({ group, values, classes }) => {
      const row = element("tr");
      row.append(cell("th", group));
      for (const n of MEASURES.keys()) row.append(cell("td", values ? (100 * values[n]).toFixed(1) : "n/a"));
      row.append(cell("td", String(classes)));
      return row;
    }),
  ];
}

/**
 * @param {"th" | "td"} tag
 * @param {string} text
 */
function cell(tag, text) {
  return element(tag, "", text);
}

/**
 * @param {PairPayload} pair
 * @param {(pair: PairPayload) => void} onPick
 */
function createRow(pair, onPick) {
  const row = element("li", `difference ${pair.outcome}`);
  const button = element("button", "difference-pick");
  button.type = "button";
  const swatch = element("span", "swatch");
  swatch.style.background = swatch.style.borderColor = `rgb(${pair.color.join(" ")})`;
  button.append(swatch, element("span", "name", pair.name), element("span", "score", pair.words));
  if (pair.reason) button.append(element("span", "reason", pair.reason));
  button.title = "Select it and zoom both pictures to it";
  button.onclick = () => onPick(pair);
  row.append(button);
  return { element: row, button, pair };
}

/** @param {OutcomesPayload} outcomes */
function notesOf({ pairs, strangers }) {
  const left = pairs.length - MOST_ROWS;
  return [left > 0 ? `${left.toLocaleString("en")} more are not listed.` : "", strangers]
    .filter(Boolean)
    .join(" ");
}
