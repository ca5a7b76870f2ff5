import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";

import { unpack } from "../../../panoseg/page/viewer/modules/unpack.js";

const pack = (bytes) => deflateSync(Buffer.from(bytes)).toString("base64");

test("bytes come back as they were", async () => {
  const bytes = Uint8Array.from({ length: 70000 }, (_, i) => i % 251);
  assert.deepEqual(await unpack(pack(bytes)), bytes);
});

test("words of 16 bits have their low byte first", async () => {
  assert.deepEqual(await unpack(pack([1, 0, 2, 1]), 2), Uint16Array.of(1, 258));
});
