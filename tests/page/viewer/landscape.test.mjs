import assert from "node:assert/strict";
import { test } from "node:test";

import { pathsOf, wordsOf } from "../../../panoseg/page/viewer/modules/landscape.js";

const LANDSCAPE = { photo: "p", scores: [0, 0.5], things: [3, 0], stuff: [1, 1], coverage: [1, 0.25] };

test("every step is drawn, as high as its share of the most segments, or of the picture", () => {
  const { segments, things, coverage } = pathsOf(LANDSCAPE);
  assert.equal(segments, "M0 34L0.0 3.0L100.0 3.0L100.0 25.5L200.0 25.5L200 34Z");
  assert.equal(things, "M0 34L0.0 10.5L100.0 10.5L100.0 33.0L200.0 33.0L200 34Z");
  assert.equal(coverage, "M0.0 3.0L100.0 3.0L100.0 25.5L200.0 25.5");
});

test("words are those of the present step, which begins at its own score", () => {
  assert.equal(wordsOf(LANDSCAPE, 0.49), "3 things and 1 stuff cover 100 % of the picture");
  assert.equal(wordsOf(LANDSCAPE, 0.5), "0 things and 1 stuff cover 25 % of the picture");
});

test("a picture in which nothing was seen is flat", () => {
  const empty = { photo: "p", scores: [0], things: [0], stuff: [0], coverage: [0] };
  assert.equal(pathsOf(empty).coverage, "M0.0 33.0L200.0 33.0");
  assert.equal(wordsOf(empty, 1), "0 things and 0 stuff cover 0 % of the picture");
});
