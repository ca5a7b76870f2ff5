/**
 * Names on the picture, or why a segment lacks a match, each at its segment's inner point. Where two would overlap,
 * a reason stays, else what the larger segment has.
 *
 * @import { View } from "./geometry.js"
 * @import { InnerPoint } from "./inner_points.js"
 * @import { Segment } from "./state.js"
 *
 * @typedef {[left: number, top: number, right: number, bottom: number]} Rectangle
 */

import { element } from "./dom.js";
import { stageAt } from "./geometry.js";
import { nameOf } from "./tooltip.js";

export function createLabels() {
  const layer = element("div", "labels");
  layer.setAttribute("aria-hidden", "true"); // the list says the same to those who cannot see the picture
  /** @type {{ node: HTMLElement, x: number, y: number, width: number, height: number, whole: boolean }[]} */
  let items = [];

  return {
    element: layer,
    /**
     * Write at these segments of a map, largest first.
     *
     * @param {{ width: number, height: number }} map
     * @param {(InnerPoint | null)[]} points by id, in pixels of the map
     * @param {Segment[]} segments
     * @param {{ names: boolean, reasons: boolean }} wanted
     */
    show(map, points, segments, { names, reasons }) {
      const reason = (/** @type {Segment} */ segment) => (reasons ? segment.reason : "");
      const ranked = [...segments].sort(
        (a, b) => Number(Boolean(reason(b))) - Number(Boolean(reason(a))) || b.area - a.area,
      );
      items = ranked.flatMap((segment) => {
        const point = points[segment.id];
        const why = reason(segment);
        if (!point || !(why || names)) return [];
        const node = why ? element("span", "reason", why) : element("span", "", nameOf(segment));
        const [x, y] = [(point.x + 0.5) / map.width, (point.y + 0.5) / map.height];
        return [{ node, x, y, width: 0, height: 0, whole: Boolean(why) }];
      });
      layer.replaceChildren(...items.map((item) => item.node));
      for (const item of items) {
        item.width = item.node.offsetWidth;
        item.height = item.node.offsetHeight;
      }
    },
    some: () => items.length > 0,
    clear() {
      items = [];
      layer.replaceChildren();
    },
    /**
     * Put each where the view shows its point; `width` and `height` are the stage's.
     *
     * @param {View} view
     * @param {number} width
     * @param {number} height
     */
    place(view, width, height) {
      /** @type {Rectangle[]} */
      const taken = [];
      for (const item of items) {
        const at = stageAt(view, item);
        let left = at.x * width - item.width / 2;
        let top = at.y * height - item.height / 2;
        if (item.whole && at.x >= 0 && at.x <= 1 && at.y >= 0 && at.y <= 1) {
          left = Math.max(0, Math.min(left, width - item.width));
          top = Math.max(0, Math.min(top, height - item.height));
        }
        /** @type {Rectangle} */
        const box = [left, top, left + item.width, top + item.height];
        const free = !taken.some((other) => overlap(box, other));
        if (free) taken.push(box);
        item.node.style.visibility = free ? "" : "hidden";
        item.node.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
      }
    },
  };
}

/**
 * Whether two rectangles share some room.
 *
 * @param {Rectangle} a
 * @param {Rectangle} b
 */
export function overlap(a, b) {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}
