/**
 * What the colours over the picture mean, where they mean more than "this segment and not that one".
 *
 * @import { Rules } from "./inbox.js"
 * @import { Look } from "./look.js"
 * @import { Segment } from "./state.js"
 *
 * @typedef {{ words: string, color: string }} Entry
 */

import { element } from "./dom.js";
import { colorOf, HEAT } from "./palette.js";

// How many labels a legend names: usually, on a phone, and over a picture beside another one (color_legend.css).
const MOST_LABELS = { usual: 12, phone: 5, narrow: 3 };
const TICKS = [0, 0.5, 0.8, 0.9, 1];

/** @param {Rules} rules */
export function createColorLegend({ score_ramp: ramp }) {
  const legend = element("div", "color-legend");
  legend.setAttribute("role", "group");
  legend.setAttribute("aria-label", "What the colours mean");
  let shown = "";
  return {
    element: legend,
    /**
     * @param {Segment[]} segments
     * @param {Pick<Look, "hidden" | "style">} look
     * @param {boolean} doubt whether doubt is shown in place of the segments
     */
    show(segments, look, doubt) {
      const { color_by: by, cutout, opacity } = look.style;
      const entries = by === "label" && !cutout && opacity && !doubt ? labelsOf(segments, look) : [];
      const kind = doubt ? "doubt" : cutout || !opacity || !segments.length ? "" : by;
      const key = JSON.stringify([kind, entries]);
      if (key === shown) return;
      shown = key;
      if (kind === "doubt") legend.replaceChildren(...doubtScale());
      else if (kind === "score") legend.replaceChildren(...scoreScale(ramp));
      else legend.replaceChildren(...labelRows(entries));
      legend.hidden = !legend.children.length;
      legend.className = `color-legend ${kind}`;
    },
  };
}

/**
 * Each label that is shown, with its colour; those that cover most first.
 *
 * @param {Segment[]} segments
 * @param {Pick<Look, "hidden">} look
 * @returns {Entry[]}
 */
export function labelsOf(segments, { hidden }) {
  /** @type {Map<string, { words: string, color: string, area: number }>} */
  const byLabel = new Map();
  for (const segment of segments) {
    if (hidden.has(segment.key)) continue;
    const color = `rgb(${colorOf(segment, "label").join(" ")})`;
    const entry = byLabel.get(segment.label) ?? { words: segment.label, color, area: 0 };
    entry.area += segment.area;
    byLabel.set(segment.label, entry);
  }
  const entries = [...byLabel.values()].sort((a, b) => b.area - a.area);
  return entries.map(({ words, color }) => ({ words, color }));
}

/** @param {Entry[]} entries */
function labelRows(entries) {
  const rows = entries.slice(0, MOST_LABELS.usual).map(({ words, color }) => {
    const row = element("span", "entry");
    const swatch = element("span", "swatch");
    swatch.style.background = swatch.style.borderColor = color;
    row.append(swatch, element("span", "", words));
    return row;
  });
  const rests = Object.entries(MOST_LABELS)
    .filter(([, most]) => entries.length > most)
    .map(([where, most]) => element("span", `rest ${where}`, `and ${entries.length - most} more`));
  return [...rows, ...rests];
}

/** @param {Rules["score_ramp"]} ramp */
function scoreScale(ramp) {
  const bar = element("span", "ramp");
  bar.style.background = `linear-gradient(90deg, ${ramp.map((color) => `rgb(${color.join(" ")})`).join(", ")})`;
  const ticks = element("span", "ticks");
  for (const at of TICKS) {
    const tick = element("span", "", String(at));
    tick.style.left = `${100 * at}%`;
    ticks.append(tick);
  }
  return [element("span", "title", "Score"), bar, ticks];
}

function doubtScale() {
  const bar = element("span", "ramp");
  const stops = Array.from({ length: 17 }, (_, n) => {
    const pixel = HEAT[Math.round((200 * n) / 16)];
    const alpha = (pixel >>> 24) / 255;
    return `rgb(${pixel & 255} ${(pixel >>> 8) & 255} ${(pixel >>> 16) & 255} / ${alpha.toFixed(2)})`;
  });
  bar.style.background = `linear-gradient(90deg, ${stops.join(", ")})`;
  const ends = element("span", "ends");
  ends.append(element("span", "", "undecided"), element("span", "", "sure"));
  return [element("span", "title", "Whose pixel it is"), bar, ends];
}
