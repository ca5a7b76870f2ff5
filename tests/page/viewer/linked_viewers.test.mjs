/** Viewers side by side: who hears what, and which segments are partners. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { joinGroup } from "../../../panoseg/page/viewer/modules/linked_viewers.js";
import { partnersOf, withOutcomes } from "../../../panoseg/page/viewer/modules/outcomes.js";
import { RULES, segment } from "./samples.mjs";

const OUTCOMES = {
  colors: { "query-1": [9, 9, 9] },
  words: { "query-1": "match, IoU 0.80" },
  reasons: { "query-2": "person 0.43: below the score threshold" },
  partners: { "query-1": ["query-7"], "class-2": ["class-2", "class-3"] },
};

function join(group) {
  const heard = [];
  const link = joinGroup(group, (topic, value) => heard.push([topic, value]));
  return { heard, link };
}

test("all others hear what one tells, and at once", () => {
  const group = new Set();
  const [left, right, third] = [join(group), join(group), join(group)];
  left.link.tell("view", { zoom: 2 });
  assert.deepEqual(left.heard, []);
  for (const { heard } of [right, third]) assert.deepEqual(heard, [["view", { zoom: 2 }]]);
});

test("an answer reaches who asked", () => {
  const group = new Set();
  const first = joinGroup(group, (topic) => topic === "joined" && first.tell("view", "here"));
  const { heard, link } = join(group);
  link.tell("joined");
  assert.deepEqual(heard, [["view", "here"]]);
});

test("who has left hears nothing more", () => {
  const group = new Set();
  const [left, right] = [join(group), join(group)];
  right.link.leave();
  left.link.tell("point", null);
  assert.deepEqual(right.heard, []);
});

test("one group does not hear the other", () => {
  const [left, right] = [join(new Set()), join(new Set())];
  left.link.tell("point", null);
  assert.deepEqual(right.heard, []);
});

test("a segment is coloured and named by its outcome, and grey while that is on its way", () => {
  const [one, two] = withOutcomes([segment(1), segment(2)], OUTCOMES, RULES.no_outcome);
  assert.deepEqual([one.colors.outcome, one.outcome], [[9, 9, 9], "match, IoU 0.80"]);
  assert.deepEqual([two.colors.outcome, two.outcome], [[150, 150, 150], ""]);
  assert.deepEqual([one.reason, two.reason], ["", "person 0.43: below the score threshold"]);
  assert.deepEqual(one.colors.label, segment(1).colors.label);
});

test("without a comparison there is no outcome, nor is one left of another", () => {
  const compared = withOutcomes([segment(1)], OUTCOMES, RULES.no_outcome);
  const [alone] = withOutcomes(compared, null, RULES.no_outcome);
  assert.deepEqual(alone, { ...segment(1), outcome: "", reason: "" });
});

test("partners are those that match", () => {
  const keys = ["query-1", "query-2", "class-2"];
  assert.deepEqual(partnersOf(keys, OUTCOMES), ["query-7", "class-2", "class-3"]);
  assert.deepEqual(partnersOf(new Set(["query-1"]), null), []);
});
