import assert from "node:assert/strict";
import { test } from "node:test";

import { groupsOf, matching } from "../../../panoseg/page/viewer/modules/list_groups.js";
import { segment } from "./samples.mjs";

const SEGMENTS = [
  segment(1, { label: "sky", kind: "stuff" }),
  segment(2, { label: "sheep" }),
  segment(3, { label: "Ball" }),
  segment(4, { label: "sheep" }),
];

test("things come before stuff, labels in alphabetical order", () => {
  const outline = groupsOf(SEGMENTS).map(({ title, groups }) => [
    title,
    groups.map((group) => [group.label, group.segments.map((member) => member.id)]),
  ]);
  assert.deepEqual(outline, [
    [
      "Things",
      [
        ["Ball", [3]],
        ["sheep", [2, 4]],
      ],
    ],
    ["Stuff", [["sky", [1]]]],
  ]);
});

test("a kind without segments has no heading", () => {
  assert.deepEqual(groupsOf([]), []);
  assert.equal(groupsOf(SEGMENTS.slice(0, 1)).length, 1);
});

test("the filter looks for all its words, in any case", () => {
  const found = (filter) => matching(SEGMENTS, filter).map((member) => member.id);
  assert.deepEqual(found(""), [1, 2, 3, 4]);
  assert.deepEqual(found(" SH "), [2, 4]);
  assert.deepEqual(found("sheep 4"), [4]);
  assert.deepEqual(found("<b>"), []);
});
