/** A few words over the picture that go by themselves: what a click has done. */

import { element } from "./dom.js";

const SHOWN_MS = 2500;

export function createToast() {
  const node = element("p", "toast");
  node.hidden = true;
  node.setAttribute("role", "status");
  let timer = 0;
  return {
    element: node,
    /** @param {string} words */
    show(words) {
      node.textContent = words;
      node.hidden = false;
      clearTimeout(timer);
      timer = setTimeout(() => {
        node.hidden = true;
      }, SHOWN_MS);
    },
  };
}
