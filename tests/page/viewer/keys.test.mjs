import assert from "node:assert/strict";
import { test } from "node:test";

import { actionOf, KEYS, keyOf } from "../../../panoseg/page/viewer/modules/keys.js";

const ROWS = KEYS.flatMap(([, rows]) => rows);

test("no key does two things, and each is explained", () => {
  const keys = ROWS.flatMap(([, names]) => names);
  assert.equal(new Set(keys).size, keys.length);
  assert.ok(ROWS.every(([, , shown, what]) => shown && what));
});

test("keys with Ctrl, Alt or ⌘ are the browser's", () => {
  assert.equal(actionOf({ key: "f" }), "zoomTo");
  for (const held of ["ctrlKey", "metaKey", "altKey"])
    assert.equal(actionOf({ key: "f", [held]: true }), undefined);
  assert.equal(actionOf({ key: "q" }), undefined);
});

test("Streamlit's own keys are left to it", () => {
  for (const key of ["r", "c"]) assert.equal(actionOf({ key }), undefined);
});

test("tooltips name the key", () => {
  assert.equal(keyOf("wipe"), "W");
  assert.equal(keyOf("nothing"), "");
});
