import assert from "node:assert/strict";
import { test } from "node:test";

import {
  adopt,
  createLook,
  PLAIN,
  reportOf,
  select,
  turnTo,
} from "../../../panoseg/page/viewer/modules/look.js";

const sent = (more) => ({ heard: 0, source: "photo model", hidden: [], selected: [], style: PLAIN, ...more });

function lookAt(source) {
  const look = createLook();
  turnTo(look, source, undefined);
  return look;
}

test("a click selects, another one no longer", () => {
  const one = select(new Set(), "a");
  assert.deepEqual([...one], ["a"]);
  assert.deepEqual([...select(one, "a")], []);
  assert.deepEqual([...select(one, "b")], ["b"]);
  assert.deepEqual([...select(new Set(["a", "b"]), "a")], ["a"]);
});

test("shift adds and takes away; void alone empties", () => {
  const two = select(new Set(["a"]), "b", true);
  assert.deepEqual([...two], ["a", "b"]);
  assert.deepEqual([...select(two, "a", true)], ["b"]);
  assert.deepEqual([...select(two, null, true)], ["a", "b"]);
  assert.deepEqual([...select(two, null)], []);
});

test("the server's look is taken, unless it has not heard the last report", () => {
  const look = lookAt("photo model");
  look.number = 3;
  assert.equal(adopt(look, sent({ heard: 2, selected: ["a"] })), false);
  assert.deepEqual([...look.selected], []);
  assert.equal(adopt(look, sent({ heard: 3, selected: ["a"], style: { ...PLAIN, opacity: 0.1 } })), true);
  assert.deepEqual([...look.selected], ["a"]);
  assert.equal(look.style.opacity, 0.1);
});

test("keys of another photo or model are not taken", () => {
  const look = lookAt("photo model");
  adopt(look, sent({ source: "other", hidden: ["a"] }));
  assert.deepEqual([...look.hidden], []);
});

test("another photo begins anew, or as the server says", () => {
  const look = lookAt("photo model");
  look.hidden.add("a");
  turnTo(look, "photo model", undefined);
  assert.deepEqual([...look.hidden], ["a"]);
  turnTo(look, "other", sent({ hidden: ["a"] }));
  assert.deepEqual([...look.hidden], []);
  turnTo(look, "third", sent({ source: "third", selected: ["b"] }));
  assert.deepEqual([...look.selected], ["b"]);
});

test("a report is plain data", () => {
  const look = lookAt("photo model");
  look.hidden.add("a");
  const report = { number: 0, source: "photo model", hidden: ["a"], selected: [], style: PLAIN };
  assert.deepEqual(JSON.parse(JSON.stringify(reportOf(look))), report);
});
