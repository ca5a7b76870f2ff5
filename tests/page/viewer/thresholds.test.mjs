import assert from "node:assert/strict";
import { test } from "node:test";

import {
  countsInWords,
  createHistory,
  readValue,
  relevantThresholds,
  sameThresholds,
} from "../../../panoseg/page/viewer/modules/thresholds.js";
import { segment } from "./samples.mjs";

const PAPER = { score: 0.8, mask: 0.5, overlap: 0.8 };
const at = (score, selected = []) => ({
  thresholds: { ...PAPER, score },
  hidden: new Set(),
  selected: new Set(selected),
});
const score = (snapshot) => snapshot?.thresholds.score ?? null;

test("a typed value is in hundredths, with a point or a comma, and never outside", () => {
  assert.equal(readValue("0.834", 0.5), 0.83);
  assert.equal(readValue("0,3", 0.5), 0.3);
  assert.equal(readValue("7", 0.5), 1);
  assert.equal(readValue("-1", 0.5), 0);
  assert.equal(readValue("", 0.5), 0.5);
  assert.equal(readValue("abc", 0.5), 0.5);
});

test("a map has the thresholds that change it: its task's, and none if it came finished", () => {
  const rules = {
    thresholds: [{ name: "score" }, { name: "mask" }, { name: "overlap" }],
    thresholds_of: { instances: ["score"] },
  };
  assert.deepEqual(relevantThresholds(null, rules), ["score", "mask", "overlap"]);
  assert.deepEqual(relevantThresholds({ task: "instances", thresholds: PAPER }, rules), ["score"]);
  assert.deepEqual(relevantThresholds({ task: "semantic", thresholds: PAPER }, rules), []);
  assert.deepEqual(relevantThresholds({ task: "instances", thresholds: null }, rules), []);
});

test("thresholds are the same if all three are", () => {
  assert.ok(sameThresholds(PAPER, { ...PAPER }));
  for (const name of Object.keys(PAPER)) assert.ok(!sameThresholds(PAPER, { ...PAPER, [name]: 0.1 }));
  assert.ok(!sameThresholds(PAPER, null));
});

test("what was found fits a line", () => {
  const found = [segment(1, { area: 50 }), segment(2, { kind: "stuff", area: 25 })];
  assert.equal(
    countsInWords({ segments: found, area: 100, below_score: [0.3] }),
    "1 thing · 1 stuff · 75 % covered · 1 below the score",
  );
  assert.equal(
    countsInWords({ segments: [], area: 100, below_score: [] }),
    "0 things · 0 stuff · 0 % covered",
  );
});

test("steps go back and forth", () => {
  const history = createHistory();
  history.note(at(0.8));
  history.note(at(0.7));
  assert.equal(score(history.undo(at(0.6))), 0.7);
  assert.equal(score(history.undo(at(0.7))), 0.8);
  assert.equal(history.undo(at(0.8)), null);
  assert.equal(score(history.redo(at(0.8))), 0.7);
  assert.equal(score(history.redo(at(0.7))), 0.6);
  assert.equal(history.redo(at(0.6)), null);
});

test("a drag is one step, and the next drag another", () => {
  const history = createHistory();
  for (const value of [0.8, 0.7, 0.6]) history.note(at(value), "score");
  history.rest();
  for (const value of [0.5, 0.4]) history.note(at(value), "score");
  assert.equal(score(history.undo(at(0.3))), 0.5);
  assert.equal(score(history.undo(at(0.5))), 0.8);
  assert.ok(!history.canUndo);
});

test("whoever goes on after going back cannot go forth again", () => {
  const history = createHistory();
  history.note(at(0.8));
  history.undo(at(0.7));
  assert.ok(history.canRedo);
  history.note(at(0.8, ["a"]));
  assert.ok(!history.canRedo);
});

test("the past is bounded", () => {
  const history = createHistory();
  for (let i = 0; i < 1000; i++) history.note(at(i / 1000));
  let steps = 0;
  while (history.undo(at(1))) steps++;
  assert.equal(steps, 200);
});
