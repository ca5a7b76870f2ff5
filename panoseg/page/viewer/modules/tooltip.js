/**
 * The words beside the pointer.
 *
 * @import { PixelAnswer } from "./close_up/server.js"
 * @import { Segment } from "./state.js"
 */

import { element } from "./dom.js";

export function createTooltip() {
  const tip = element("div", "tip");
  tip.hidden = true;
  return {
    element: tip,
    /**
     * Describe a segment (or void) at a pixel of the photo.
     *
     * @param {Segment | undefined} segment
     * @param {number} area of the photo
     * @param {{ x: number, y: number }} pixel
     * @param {boolean} isHidden
     */
    describe(segment, area, pixel, isHidden) {
      const at = `x ${pixel.x}, y ${pixel.y}`;
      tip.replaceChildren(
        element("b", "", segment ? nameOf(segment) : "void"),
        element(
          "small",
          "",
          segment
            ? `${numbersOf(segment, area)} · ${at}${isHidden ? " · hidden" : ""}`
            : `no segment · ${at}`,
        ),
      );
      if (segment?.outcome) tip.append(element("small", "", segment.outcome));
      if (segment?.reason) tip.append(element("small", "reason", segment.reason));
      tip.hidden = false;
    },
    /**
     * Add what else the pixel could be and, where it is void, why.
     *
     * @param {PixelAnswer} answer
     */
    explain({ why, rivals }) {
      tip.querySelectorAll(".why, .rivals").forEach((old) => {
        old.remove();
      });
      if (why) tip.append(element("small", "why", why));
      if (!rivals.length) return;
      const list = element("div", "rivals");
      for (const rival of rivals) {
        const { label, score, probability, weight, kept } = rival;
        const product =
          score === null || probability === null
            ? weight.toFixed(3)
            : `${score.toFixed(3)} × ${probability.toFixed(3)} = ${weight.toFixed(3)}`;
        const row = [element("span", "label", label), element("span", "product", product)];
        if (!kept) for (const cell of row) cell.classList.add("filtered");
        list.append(...row);
      }
      tip.append(list);
    },
    /**
     * Stand beside a point of a board, both in its pixels, and never beyond its edges.
     *
     * @param {number} x
     * @param {number} y
     * @param {number} width
     * @param {number} height
     */
    place(x, y, width, height) {
      const left = Math.max(0, Math.min(x + 14, width - tip.offsetWidth - 4));
      const below = y + 14;
      const top = below + tip.offsetHeight > height ? below - tip.offsetHeight - 28 : below;
      // Not by `left` and `top`: what they move is a layout shift to the browser.
      tip.style.transform = `translate(${left}px, ${Math.max(0, top)}px)`;
    },
    hide() {
      tip.hidden = true;
    },
  };
}

/** @param {{ label: string, id: number }} segment */
export function nameOf(segment) {
  return `${segment.label} ${segment.id}`;
}

/**
 * Score (an annotation has none), area in pixels, and share of the photo.
 *
 * @param {Segment} segment
 * @param {number} area of the photo
 */
export function numbersOf(segment, area) {
  const share = ((100 * segment.area) / area).toFixed(1);
  const score = segment.score === null ? "" : `score ${segment.score.toFixed(3)} · `;
  return `${score}${segment.area.toLocaleString("en")} px, ${share} %`;
}
