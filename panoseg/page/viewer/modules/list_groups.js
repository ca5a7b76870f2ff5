/** How the list orders segments: pure, no browser. */

const KINDS = [
  ["thing", "Things"],
  ["stuff", "Stuff"],
];

/** Things, then stuff, each by label in alphabetical order, which no threshold changes: [{title, groups: [{label, segments}]}]. */
export function groupsOf(segments) {
  return KINDS.flatMap(([kind, title]) => {
    const byLabel = new Map();
    for (const segment of segments) {
      if (segment.kind !== kind) continue;
      if (!byLabel.has(segment.label)) byLabel.set(segment.label, []);
      byLabel.get(segment.label).push(segment);
    }
    const groups = [...byLabel].map(([label, members]) => ({ label, segments: members }));
    groups.sort((a, b) => a.label.localeCompare(b.label, "en"));
    return groups.length ? [{ title, groups }] : [];
  });
}

/** Segments whose label holds every word of a filter, in any order and case. */
export function matching(segments, filter) {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return segments.filter((segment) => {
    const label = `${segment.label} ${segment.id}`.toLowerCase();
    return words.every((word) => label.includes(word));
  });
}
