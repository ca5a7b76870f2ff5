import assert from "node:assert/strict";
import { test } from "node:test";

import { moveThresholds } from "../../../panoseg/page/viewer/modules/changes.js";
import {
  changeSource,
  createLook,
  reportOf,
  selectionAfterClick,
  takeServerLook,
} from "../../../panoseg/page/viewer/modules/look.js";
import { RULES, STYLE } from "./samples.mjs";

const PAPER = { score: 0.8, mask: 0.5, overlap: 0.8 };

const sent = (more) => ({ heard: 0, source: "photo model", hidden: [], selected: [], style: STYLE, ...more });

function lookAt(source) {
  const look = createLook(RULES);
  changeSource(look, source, undefined);
  return look;
}

test("a click selects, another one no longer", () => {
  const one = selectionAfterClick(new Set(), "a");
  assert.deepEqual([...one], ["a"]);
  assert.deepEqual([...selectionAfterClick(one, "a")], []);
  assert.deepEqual([...selectionAfterClick(one, "b")], ["b"]);
  assert.deepEqual([...selectionAfterClick(new Set(["a", "b"]), "a")], ["a"]);
});

test("shift adds and takes away; void alone empties", () => {
  const two = selectionAfterClick(new Set(["a"]), "b", true);
  assert.deepEqual([...two], ["a", "b"]);
  assert.deepEqual([...selectionAfterClick(two, "a", true)], ["b"]);
  assert.deepEqual([...selectionAfterClick(two, null, true)], ["a", "b"]);
  assert.deepEqual([...selectionAfterClick(two, null)], []);
});

test("the server's look is taken, unless it has not heard the last report", () => {
  const look = lookAt("photo model");
  look.number = 3;
  assert.equal(takeServerLook(look, sent({ heard: 2, selected: ["a"] })), false);
  assert.deepEqual([...look.selected], []);
  assert.equal(
    takeServerLook(look, sent({ heard: 3, selected: ["a"], style: { ...STYLE, opacity: 0.1 } })),
    true,
  );
  assert.deepEqual([...look.selected], ["a"]);
  assert.equal(look.style.opacity, 0.1);
});

test("the server's thresholds are taken with its look", () => {
  const look = lookAt("photo model");
  assert.deepEqual(look.thresholds, PAPER);
  takeServerLook(look, sent({ thresholds: { ...PAPER, score: 0.3 } }));
  assert.equal(look.thresholds.score, 0.3);
  look.number = 1;
  takeServerLook(look, sent({ thresholds: PAPER }));
  assert.equal(look.thresholds.score, 0.3);
});

test("keys of another photo or model are not taken", () => {
  const look = lookAt("photo model");
  takeServerLook(look, sent({ source: "other", hidden: ["a"] }));
  assert.deepEqual([...look.hidden], []);
});

test("another photo begins anew, or as the server says", () => {
  const look = lookAt("photo model");
  look.hidden.add("a");
  changeSource(look, "photo model", undefined);
  assert.deepEqual([...look.hidden], ["a"]);
  changeSource(look, "other", sent({ hidden: ["a"] }));
  assert.deepEqual([...look.hidden], []);
  changeSource(look, "third", sent({ source: "third", selected: ["b"] }));
  assert.deepEqual([...look.selected], ["b"]);
});

test("a report is plain data", () => {
  const look = lookAt("photo model");
  look.hidden.add("a");
  const report = {
    number: 0,
    source: "photo model",
    hidden: ["a"],
    selected: [],
    style: STYLE,
    thresholds: PAPER,
  };
  assert.deepEqual(JSON.parse(JSON.stringify(reportOf(look))), report);
});

test("an answer to the report before does not take back a threshold that moves", () => {
  const look = lookAt("photo model");
  look.number = 3;
  const viewer = { kept: { look }, state: { map: null }, preview: { move() {} }, redraw() {}, rules: RULES };
  moveThresholds(viewer, { ...PAPER, score: 0.69 });
  assert.equal(takeServerLook(look, sent({ heard: 3, thresholds: { ...PAPER, score: 0.79 } })), false);
  assert.equal(look.thresholds.score, 0.69);
});
