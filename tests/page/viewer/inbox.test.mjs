/** Payloads reach the viewer, whichever of them comes first. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { createInbox, inboxOf } from "../../../panoseg/page/viewer/modules/inbox.js";

function subscribe(inbox) {
  const heard = [];
  return { heard, unsubscribe: inbox.subscribe((topic, payload) => heard.push([topic, payload])) };
}

test("the last payload of each topic waits for a viewer that comes later", () => {
  const inbox = createInbox();
  inbox.put("map", 1);
  inbox.put("look", 2);
  inbox.put("map", 3);
  assert.deepEqual(subscribe(inbox).heard, [
    ["map", 3],
    ["look", 2],
  ]);
});

test("what comes later is heard at once, and by the last viewer alone", () => {
  const inbox = createInbox();
  const first = subscribe(inbox);
  const second = subscribe(inbox);
  inbox.put("map", 1);
  first.unsubscribe();
  inbox.put("map", 2);
  second.unsubscribe();
  inbox.put("map", 3);
  assert.deepEqual(first.heard, []);
  assert.deepEqual(second.heard, [
    ["map", 1],
    ["map", 2],
  ]);
});

test("each name has an inbox of its own", () => {
  assert.equal(inboxOf("one"), inboxOf("one"));
  assert.notEqual(inboxOf("one"), inboxOf("other"));
});
