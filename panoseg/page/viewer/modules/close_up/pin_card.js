/**
 * The words about the pinned segment: its best classes, what became of it, and what the colours mean.
 *
 * @import { Pin, Way } from "./pin.js"
 *
 * @typedef {object} PinHandlers
 * @property {(way: Way) => void} show
 * @property {() => void} close
 */

import { element, iconButton, textButton } from "../dom.js";
import { heatColor } from "./pin_paint.js";

const MOST_FATES = 3;
/** @type {[Way, string, string][]} */
const WAYS = [
  ["mask", "Mask", "Every pixel that it would have if nothing competed for it"],
  ["heat", "Probability", "How probable each pixel is"],
];

/** @param {PinHandlers} on */
export function createPinCard(on) {
  const card = element("section", "pin-card");
  card.setAttribute("aria-label", "Pinned segment");
  card.hidden = true;
  const title = element("b", "name");
  const close = iconButton("close", "Unpin", "Esc");
  close.onclick = on.close;
  const ways = WAYS.map(([way, words, about]) => {
    const button = textButton(words, about);
    button.onclick = () => on.show(way);
    return { way, button };
  });
  const head = element("div", "pin-head");
  head.append(title, ...ways.map(({ button }) => button), close);
  const scale = createScale();
  const classes = element("div", "classes");
  const fates = element("div", "fates");
  card.append(head, scale.element, classes, fates);
  return {
    element: card,
    /**
     * @param {Pin} pin
     * @param {number} threshold of the mask
     * @param {{ query: number, words: string }[]} told what became of each of its queries
     */
    show({ title: name, way, side, answer }, threshold, told) {
      card.hidden = false;
      card.classList.toggle("left", side === "left");
      title.textContent = name;
      for (const { way: own, button } of ways) button.setAttribute("aria-pressed", String(own === way));
      scale.show(way === "heat", threshold);
      const rows = (answer?.classes ?? []).flatMap(({ label, probability }) => {
        const bar = element("span", "bar");
        bar.style.setProperty("--share", `${100 * probability}%`);
        return [element("span", "label", label), bar, element("span", "number", probability.toFixed(3))];
      });
      classes.replaceChildren(...rows);
      const several = told.length > 1;
      const lines = told
        .slice(0, MOST_FATES)
        .map(({ query, words }) => element("p", "", several ? `Query ${query}: ${words}` : words));
      if (told.length > MOST_FATES) lines.push(element("p", "", `… and ${told.length - MOST_FATES} more.`));
      fates.replaceChildren(...(answer ? lines : [element("p", "", "One moment…")]));
    },
    hide() {
      card.hidden = true;
    },
  };
}

/** What the colours of the probability mean, with a mark at the mask threshold. */
function createScale() {
  const scale = element("div", "scale");
  const mark = element("span", "mark");
  const ramp = element("div", "ramp");
  const stops = [0, 0.25, 0.5, 0.75, 1].map((at) => `rgb(${heatColor(at).join(" ")})`);
  ramp.style.background = `linear-gradient(90deg, ${stops.join(", ")})`;
  ramp.append(mark);
  scale.append(element("span", "", "0"), ramp, element("span", "", "1"));
  return {
    element: scale,
    /**
     * @param {boolean} wanted
     * @param {number} threshold
     */
    show(wanted, threshold) {
      scale.hidden = !wanted;
      mark.style.left = `${100 * threshold}%`;
      mark.title = `Mask threshold ${threshold.toFixed(2)}`;
    },
  };
}
