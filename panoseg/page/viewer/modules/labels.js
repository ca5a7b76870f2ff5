/**
 * Names on the picture, each at its segment's inner point; where two would overlap, the larger segment's stays.
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
  /** @type {{ node: HTMLElement, x: number, y: number, width: number, height: number }[]} */
  let items = [];

  return {
    element: layer,
    /**
     * Name these segments of a map, largest first.
     *
     * @param {{ width: number, height: number }} map
     * @param {(InnerPoint | null)[]} points by id, in pixels of the map
     * @param {Segment[]} segments
     */
    show(map, points, segments) {
      const bySize = [...segments].sort((a, b) => b.area - a.area);
      items = bySize.flatMap((segment) => {
        const point = points[segment.id];
        if (!point) return [];
        const node = element("span", "", nameOf(segment));
        const [x, y] = [(point.x + 0.5) / map.width, (point.y + 0.5) / map.height];
        return [{ node, x, y, width: 0, height: 0 }];
      });
      layer.replaceChildren(...items.map((item) => item.node));
      for (const item of items) {
        item.width = item.node.offsetWidth;
        item.height = item.node.offsetHeight;
      }
    },
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
        const left = at.x * width - item.width / 2;
        const top = at.y * height - item.height / 2;
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
