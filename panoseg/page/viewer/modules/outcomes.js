/** What a comparison made of the segments: pure, no browser. */

/** {colors: {key: [red, green, blue]}, …}: the segments, each with its colour by outcome; none without outcomes. */
export function withOutcomes(segments, outcomes) {
  return segments.map((segment) => {
    const { outcome: _, ...colors } = segment.colors;
    if (outcomes) colors.outcome = outcomes.colors[segment.key] ?? NEITHER;
    return { ...segment, colors, outcome: outcomes?.words[segment.key] ?? "" };
  });
}

/** Keys of the other side's segments that match some of this one's. */
export function partnersOf(keys, outcomes) {
  return [...keys].flatMap((key) => outcomes?.partners[key] ?? []);
}

// Of a segment that is so new that its outcome is on the way.
const NEITHER = [150, 150, 150];
