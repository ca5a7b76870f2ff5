/**
 * Share of the photo by label, largest first: each segment a block of its bar in its own colour.
 *
 * The table below says the same to those who cannot see it, and to keys: the blocks are for mouse and finger.
 *
 * @import { Look } from "./look.js"
 * @import { NumberHandlers } from "./numbers.js"
 * @import { Segment } from "./state.js"
 */

import { element } from "./dom.js";
import { isAdding } from "./gestures.js";
import { areasByLabel } from "./numbers_rules.js";
import { colorOf } from "./palette.js";
import { nameOf, numbersOf } from "./tooltip.js";

const MOST_LABELS = 60;
const MOST_BLOCKS = 60; // of a bar; what is smaller is drawn as one

/** @param {NumberHandlers} on */
export function createAreaBars(on) {
  const chart = element("div", "area-bars");
  chart.setAttribute("aria-hidden", "true");
  chart.tabIndex = -1; // nor does Tab stop at what scrolls and says nothing
  /** @type {{ node: HTMLElement, segment: Segment }[]} */
  let blocks = [];
  return {
    element: chart,
    /**
     * @param {Segment[]} segments
     * @param {number} area of the photo
     */
    show(segments, area) {
      blocks = [];
      const labels = areasByLabel(segments).slice(0, MOST_LABELS);
      const longest = labels[0]?.area ?? 1;
      chart.replaceChildren(
        ...labels.flatMap(({ label, area: pixels, segments: members }) => {
          const bar = element("span", "bar-track");
          const bySize = [...members].sort((a, b) => b.area - a.area).slice(0, MOST_BLOCKS);
          for (const segment of bySize) {
            const node = element("span", "block");
            node.style.width = `${(100 * segment.area) / longest}%`;
            node.title = `${nameOf(segment)}: ${numbersOf(segment, area)}`;
            node.onclick = (event) => on.select(segment.key, isAdding(event));
            node.onpointerenter = () => on.hover(segment.key);
            node.onpointerleave = () => on.hover(null);
            blocks.push({ node, segment });
            bar.append(node);
          }
          const name = element("span", "name", label);
          name.title = label;
          return [name, bar, element("span", "share", `${((100 * pixels) / area).toFixed(1)} %`)];
        }),
      );
    },
    /**
     * @param {Look} look
     * @param {string | undefined} hovered key
     */
    mark({ selected, hidden, style }, hovered) {
      for (const { node, segment } of blocks) {
        node.style.background = `rgb(${colorOf(segment, style.color_by).join(" ")})`;
        node.classList.toggle("faint", selected.size ? !selected.has(segment.key) : hidden.has(segment.key));
        node.classList.toggle("hovered", segment.key === hovered);
      }
    },
  };
}
