/**
 * How the list orders segments: pure, no browser.
 *
 * @import { Segment } from "./state.js"
 *
 * @typedef {{ label: string, segments: Segment[] }} LabelGroup
 */

const KINDS = [
  ["thing", "Things"],
  ["stuff", "Stuff"],
];

/**
 * Things, then stuff, each by label in alphabetical order, which no threshold changes.
 *
 * @param {Segment[]} segments
 * @returns {{ title: string, groups: LabelGroup[] }[]}
 */
export function groupsOf(segments) {
  return KINDS.flatMap(([kind, title]) => {
    /** @type {Map<string, Segment[]>} */
    const byLabel = new Map();
    for (const segment of segments) {
      if (segment.kind !== kind) continue;
      const members = byLabel.get(segment.label);
      if (members) members.push(segment);
      else byLabel.set(segment.label, [segment]);
    }
    const groups = [...byLabel].map(([label, members]) => ({ label, segments: members }));
    groups.sort((a, b) => a.label.localeCompare(b.label, "en"));
    return groups.length ? [{ title, groups }] : [];
  });
}

/**
 * Segments whose label holds every word of a filter, in any order and case.
 *
 * @param {Segment[]} segments
 * @param {string} filter
 */
export function matching(segments, filter) {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return segments.filter((segment) => {
    const label = `${segment.label} ${segment.id}`.toLowerCase();
    return words.every((word) => label.includes(word));
  });
}
