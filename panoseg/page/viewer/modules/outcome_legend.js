/**
 * Under the picture at the right: what the colours of a comparison mean, and how many segments have each.
 *
 * @import { LegendEntry } from "./inbox.js"
 */

import { element } from "./dom.js";

export function createLegend() {
  const legend = element("ul", "legend");
  legend.setAttribute("aria-label", "Outcome");
  return {
    element: legend,
    /** @param {LegendEntry[]} entries */
    show(entries) {
      legend.replaceChildren(
        ...entries.map(({ words, color, count }) => {
          const entry = element("li");
          const swatch = element("span", "swatch");
          swatch.style.background = swatch.style.borderColor = `rgb(${color.join(" ")})`;
          entry.append(swatch, element("b", "", String(count)), element("span", "", words));
          return entry;
        }),
      );
    },
  };
}
