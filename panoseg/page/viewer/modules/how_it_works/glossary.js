/**
 * Every number that the page shows, in one plain sentence each. What Python says of columns and thresholds comes
 * with the viewer's rules; the rest stands here.
 *
 * @import { Rules } from "../inbox.js"
 */

import { element } from "../dom.js";

/** @typedef {[term: string, meaning: string]} Entry */

/** @type {Entry[]} */
const OF_PIXELS = [
  ["Query", "One of the network's guesses: a mask, and a probability for each class and for “no object”."],
  ["Mask probability", "How sure a query is that a pixel is in its mask, from 0 to 1."],
  ["Score × probability", "What queries compete with for a pixel: the largest product wins it."],
  [
    "Left of a mask",
    "The share of a query's own mask that others did not win: the overlap threshold looks at it.",
  ],
  ["Void", "Pixels that belong to no segment."],
  [
    "Doubt",
    "How close the second best query comes to a pixel's owner: red where a small change gives it to another.",
  ],
];

/** @type {Entry[]} */
const OF_PICTURES = [
  ["Coverage", "The share of the picture that is in some segment."],
  [
    "Things and stuff",
    "How many objects that can be counted, and how many classes of what cannot, such as sky.",
  ],
  ["Near misses", "How many queries saw something that a threshold filtered away."],
  ["Zoom", "Screen pixels per pixel of the photo: at 100 % one is one."],
];

/** @type {Entry[]} */
const OF_COMPARISONS = [
  [
    "IoU",
    "Intersection over union: the pixels that two masks share, of all that either has; above 0.5 they match.",
  ],
  ["SQ", "Segmentation quality: the mean IoU of the pairs that match."],
  [
    "RQ",
    "Recognition quality: pairs that match, divided by those pairs and half of all segments without a partner.",
  ],
  ["PQ", "Panoptic quality: SQ × RQ of each class, and of these the mean."],
  ["Classes", "How many classes that mean is over."],
];

/**
 * @param {Pick<Rules, "columns" | "thresholds">} rules
 * @returns {[title: string, entries: Entry[]][]}
 */
export function glossaryOf({ columns, thresholds }) {
  return [
    ["A segment", columns.map(({ title, about }) => [title, about])],
    [
      "The thresholds",
      thresholds.map(({ name, help }) => [`${name[0].toUpperCase()}${name.slice(1)}`, help]),
    ],
    ["Queries and pixels", OF_PIXELS],
    ["The whole picture", OF_PICTURES],
    ["A comparison", OF_COMPARISONS],
  ];
}

/** @param {Rules} rules */
export function glossaryPage(rules) {
  const page = element("div", "lesson-page glossary");
  for (const [title, entries] of glossaryOf(rules)) {
    const part = element("section");
    const list = element("dl");
    for (const [term, meaning] of entries) list.append(element("dt", "", term), element("dd", "", meaning));
    part.append(element("h3", "", title), list);
    page.append(part);
  }
  return page;
}
