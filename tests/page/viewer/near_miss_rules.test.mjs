// Which near misses there are, why, and what brings them back.
import assert from "node:assert/strict";
import { test } from "node:test";

import { FATES } from "../../../panoseg/page/viewer/modules/merge/segment_rules.js";
import {
  broughtBack,
  MOST,
  nearMisses,
  reasonOf,
  roundedDown,
  withoutNearMisses,
} from "../../../panoseg/page/viewer/modules/near_miss_rules.js";

const NOW = { score: 0.8, mask: 0.5, overlap: 0.8 };
const miss = (more) => ({
  query: 1,
  label: "kite",
  score: 0.6,
  fate: FATES.lowScore,
  original: 10,
  overlap: null,
  ...more,
});

test("a map without near misses says why", () => {
  assert.match(withoutNearMisses({ missed: [], thresholds: NOW }), /^Nothing .* filtered away/);
  assert.match(withoutNearMisses({ missed: null, thresholds: NOW }), /^Only panoptic/);
  assert.match(withoutNearMisses({ missed: null, thresholds: null }), /^No thresholds made this map/);
});

test("near misses are what thresholds took away, the likeliest first", () => {
  const queries = [
    miss({ query: 1, score: 0.3 }),
    miss({ query: 2, fate: FATES.segment, score: 0.9 }),
    miss({ query: 3, fate: FATES.merged, score: 0.9 }),
    miss({ query: 4, fate: FATES.occluded, score: 0.85 }),
    miss({ query: 5, fate: FATES.empty, score: 0.82 }),
    miss({ query: 6, score: 0.01 }),
    miss({ query: 7, score: 0.7, original: 0 }),
  ];
  assert.deepEqual(
    nearMisses(queries, 0.05).map(({ query }) => query),
    [4, 5, 1],
  );
  const many = Array.from({ length: 3 * MOST }, (_, query) => miss({ query }));
  assert.equal(nearMisses(many, 0.05).length, MOST);
});

test("the score goes just below that of a near miss, as one that equals the threshold is not kept", () => {
  for (const [score, wanted] of [
    [0.683, 0.68],
    [0.6801, 0.68],
    [0.68, 0.67],
    [0.005, 0],
  ]) {
    const back = broughtBack(miss({ score }), NOW);
    assert.deepEqual(back, { ...NOW, score: wanted });
    assert.ok(score > back.score);
  }
  assert.equal(broughtBack(miss({ score: 0 }), NOW), null);
});

test("the overlap goes just as far as what is left", () => {
  const back = broughtBack(miss({ fate: FATES.occluded, overlap: 0.437 }), NOW);
  assert.deepEqual(back, { ...NOW, overlap: 0.43 });
  assert.equal(broughtBack(miss({ fate: FATES.empty }), NOW), null);
});

test("a reason names numbers, and what lies over it where that is known", () => {
  assert.match(reasonOf(miss({ score: 0.7999 }), NOW), /score of 0\.799 is not above 0\.80/);
  const occluded = miss({ fate: FATES.occluded, overlap: 0.4376, under: "balloon 5" });
  assert.equal(
    reasonOf(occluded, NOW),
    "balloon 5 lies over it: 43.7 % of its mask is left, 80 % is wanted.",
  );
  assert.match(reasonOf(miss({ fate: FATES.empty }), NOW), /^Others lie over it/);
  assert.equal(roundedDown(0.8), "0.800");
});
