/** Where the arrows lead, and what adds to a selection. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { labelsOf } from "../../../panoseg/page/viewer/modules/color_legend.js";
import { isAdding } from "../../../panoseg/page/viewer/modules/gestures.js";
import { neighbour } from "../../../panoseg/page/viewer/modules/roving.js";
import { lookOf, segment } from "./samples.mjs";

const LINES = [["a1", "a2", "a3"], ["b1"], ["c1", "c2", "c3"]];

test("arrows go along a line and from line to line", () => {
  assert.equal(neighbour(LINES, "a1", "ArrowRight"), "a2");
  assert.equal(neighbour(LINES, "a2", "ArrowLeft"), "a1");
  assert.equal(neighbour(LINES, "a3", "ArrowDown"), "b1");
  assert.equal(neighbour(LINES, "b1", "ArrowDown"), "c1");
  assert.equal(neighbour(LINES, "c2", "Home"), "a1");
  assert.equal(neighbour(LINES, "a2", "End"), "c1");
});

test("at an end, and with other keys, the focus stays", () => {
  for (const [from, key] of [
    ["a1", "ArrowLeft"],
    ["a3", "ArrowRight"],
    ["a1", "ArrowUp"],
    ["c1", "ArrowDown"],
    ["a1", "n"],
    ["elsewhere", "ArrowDown"],
  ]) {
    assert.equal(neighbour(LINES, from, key), null);
  }
});

test("in one line Home and End are its ends, and up and down are nothing", () => {
  const line = [["x", "y", "z"]];
  assert.equal(neighbour(line, "y", "Home"), "x");
  assert.equal(neighbour(line, "y", "End"), "z");
  assert.equal(neighbour(line, "y", "ArrowDown"), null);
});

test("Shift, Ctrl and ⌘ add to the selection", () => {
  const plain = { shiftKey: false, ctrlKey: false, metaKey: false };
  assert.ok(!isAdding(plain));
  for (const held of ["shiftKey", "ctrlKey", "metaKey"]) assert.ok(isAdding({ ...plain, [held]: true }));
});

test("the legend has each shown label once, what covers most first", () => {
  const segments = [
    segment(1, { label: "sheep", area: 10, colors: { label: [1, 2, 3] } }),
    segment(2, { label: "sky", area: 100, colors: { label: [4, 5, 6] } }),
    segment(3, { label: "sheep", area: 95, colors: { label: [1, 2, 3] } }),
    segment(4, { label: "dog", area: 500, colors: { label: [7, 8, 9] } }),
  ];
  assert.deepEqual(labelsOf(segments, lookOf({ hidden: ["query-4"] })), [
    { words: "sheep", color: "rgb(1 2 3)" },
    { words: "sky", color: "rgb(4 5 6)" },
  ]);
});
