import assert from "node:assert/strict";
import { test } from "node:test";

import { colorOf, HEAT, pixelOf, tables } from "../../../panoseg/page/viewer/modules/palette.js";
import { lookOf, RULES, segment } from "./samples.mjs";

const SEGMENTS = [segment(1), segment(2), segment(3)];
const alpha = (pixel) => pixel >>> 24;

test("a pixel holds alpha, blue, green and red", () => {
  assert.equal(pixelOf([1, 2, 3], 1), 0xff030201);
  assert.equal(pixelOf([0, 0, 0], 0.6), 153 * 2 ** 24);
});

test("each way to colour has its own colours", () => {
  assert.deepEqual(colorOf(SEGMENTS[1], "segment"), [2, 20, 30]);
  assert.deepEqual(colorOf(SEGMENTS[1], "label"), [2, 0, 1]);
  assert.deepEqual(colorOf(SEGMENTS[1], "score"), [2, 0, 2]);
});

test("hidden segments and void have no colour and no border", () => {
  const { colors, shown } = tables(SEGMENTS, lookOf({ hidden: ["query-2"] }), RULES);
  assert.deepEqual([...colors].map(alpha), [0, 153, 0, 153]);
  assert.deepEqual([...shown], [0, 1, 0, 3]);
});

test("what is selected stands out, and the rest steps back", () => {
  const { colors } = tables(SEGMENTS, lookOf({ selected: ["query-3"] }), RULES);
  assert.deepEqual([...colors].map(alpha), [0, 54, 54, 191]);
});

test("a selection of segments that are not there dims nothing", () => {
  const { colors } = tables(SEGMENTS, lookOf({ selected: ["query-9"] }), RULES);
  assert.deepEqual([...colors].map(alpha), [0, 153, 153, 153]);
});

test("a cut-out leaves the photo inside what is shown or, if there is any, selected", () => {
  const all = tables(SEGMENTS, lookOf({ cutout: true, hidden: ["query-1"] }), RULES);
  assert.deepEqual([...all.outside], [1, 1, 0, 0]);
  const one = tables(SEGMENTS, lookOf({ cutout: true, selected: ["query-1"] }), RULES);
  assert.deepEqual([...one.outside], [1, 0, 1, 1]);
  assert.deepEqual([...one.shown], [0, 1, 0, 0]);
  assert.ok(one.colors.every((pixel) => pixel === 0));
});

test("no doubt is clear, much doubt is nearly opaque", () => {
  assert.equal(alpha(HEAT[255]), 0);
  assert.equal(alpha(HEAT[0]), 235);
});
