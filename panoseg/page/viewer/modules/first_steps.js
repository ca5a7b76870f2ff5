/**
 * What the first minute points at.
 *
 * @import { Step } from "./first_minute.js"
 */

/**
 * @param {object} parts
 * @param {{ element: HTMLElement }} parts.thresholds
 * @param {{ element: HTMLElement }} parts.list
 * @param {{ element: HTMLElement, button: (name: string) => HTMLElement | undefined }} parts.tabs
 * @returns {Step[]}
 */
export function firstSteps({ thresholds, list, tabs }) {
  return [
    {
      title: "Drag a threshold",
      words:
        "Score says how sure the model must be. Drag it to the left, and the picture shows more, at once.",
      target: () => thresholds.element.querySelector(".threshold"),
    },
    {
      title: "Click a segment",
      words: "Here or in the picture: it lights up. The eye hides it, and a double click zooms to it.",
      target: () => (list.element.closest("[hidden]") ? null : list.element.querySelector(".row")),
    },
    {
      title: "Look what was missed",
      words:
        "Near misses are what the model saw and a threshold took away, why, and how to bring it back. " +
        "The cap below the picture explains how it all works.",
      target: () => tabs.button("near-misses") ?? null,
    },
  ];
}
