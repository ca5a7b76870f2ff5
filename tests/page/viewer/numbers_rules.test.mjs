// How the table orders and writes numbers.
import assert from "node:assert/strict";
import { test } from "node:test";

import { areasByLabel, sorted, textOf } from "../../../panoseg/page/viewer/modules/numbers_rules.js";

const SEGMENTS = [
  { id: 1, label: "sky", kind: "stuff", score: 0.9, quality: 0.99, area: 600 },
  { id: 2, label: "person", kind: "thing", score: null, quality: 0.5, area: 1234 },
  { id: 3, label: "person", kind: "thing", score: 1, quality: 0.7, area: 10 },
];
const ids = (column, descending = false) =>
  sorted(SEGMENTS, { column, descending }, 2000).map(({ id }) => id);

test("any column sorts, up and down, equal ones by id", () => {
  assert.deepEqual(ids("id"), [1, 2, 3]);
  assert.deepEqual(ids("label"), [2, 3, 1]);
  assert.deepEqual(ids("label", true), [1, 2, 3]);
  assert.deepEqual(ids("area_fraction", true), [2, 1, 3]);
  assert.deepEqual(ids("quality"), [2, 3, 1]);
});

test("what has no value comes last, whichever way", () => {
  assert.deepEqual(ids("score"), [1, 3, 2]);
  assert.deepEqual(ids("score", true), [3, 1, 2]);
});

test("numbers are written as everywhere else", () => {
  const [sky, person] = SEGMENTS;
  assert.equal(textOf(sky, "score", 2000), "0.900");
  assert.equal(textOf(SEGMENTS[2], "score", 2000), "1.000");
  assert.equal(textOf(person, "score", 2000), "–");
  assert.equal(textOf(person, "area", 2000), "1,234");
  assert.equal(textOf(person, "area_fraction", 2000), "61.7");
  assert.equal(textOf(person, "label", 2000), "person");
});

test("labels stand by their share", () => {
  assert.deepEqual(
    areasByLabel(SEGMENTS).map(({ label, area, segments }) => [label, area, segments.length]),
    [
      ["person", 1244, 2],
      ["sky", 600, 1],
    ],
  );
});
