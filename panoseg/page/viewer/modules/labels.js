/** Names on the picture, each at its segment's inner point; where two would overlap, the larger segment's stays. */

import { element } from "./dom.js";
import { stageAt } from "./geometry.js";

export function createLabels() {
  const layer = element("div", "labels");
  layer.setAttribute("aria-hidden", "true"); // the list says the same to those who cannot see the picture
  let items = []; // {node, x, y, width, height}

  return {
    element: layer,
    /** Name these segments of a map, largest first. */
    show(map, segments) {
      const bySize = [...segments].sort((a, b) => b.area - a.area);
      items = bySize.flatMap((segment) => {
        const point = map.points[segment.id];
        if (!point) return [];
        const node = element("span", "", `${segment.label} ${segment.id}`);
        return [{ node, x: (point.x + 0.5) / map.width, y: (point.y + 0.5) / map.height }];
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
    /** Put each where the view shows its point; `width` and `height` are the stage's. */
    place(view, width, height) {
      const taken = [];
      for (const item of items) {
        const at = stageAt(view, item);
        const left = at.x * width - item.width / 2;
        const top = at.y * height - item.height / 2;
        const box = [left, top, left + item.width, top + item.height];
        const free = !taken.some((other) => overlap(box, other));
        if (free) taken.push(box);
        item.node.style.visibility = free ? "" : "hidden";
        item.node.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
      }
    },
  };
}

/** Whether two boxes [left, top, right, bottom] share some room. */
export function overlap(a, b) {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}
