/**
 * What a comparison made of the segments: pure, no browser.
 *
 * @import { Color, OutcomesPayload, SegmentPayload } from "./inbox.js"
 * @import { Segment } from "./state.js"
 */

/**
 * The segments, each with its colour by outcome, words for it and the reason; without outcomes, with neither.
 *
 * @param {SegmentPayload[]} segments
 * @param {OutcomesPayload | null} outcomes
 * @param {Color} noOutcome of a segment that is so new that its outcome is on the way
 * @returns {Segment[]}
 */
export function withOutcomes(segments, outcomes, noOutcome) {
  return segments.map((segment) => {
    const { outcome: _, ...colors } = segment.colors;
    if (outcomes) colors.outcome = outcomes.colors[segment.key] ?? noOutcome;
    const [outcome, reason] = [outcomes?.words[segment.key], outcomes?.reasons[segment.key]];
    return { ...segment, colors, outcome: outcome ?? "", reason: reason ?? "" };
  });
}

/**
 * Keys of the other side's segments that match some of this one's.
 *
 * @param {Iterable<string>} keys
 * @param {OutcomesPayload | null} outcomes
 */
export function partnersOf(keys, outcomes) {
  return [...keys].flatMap((key) => outcomes?.partners[key] ?? []);
}
