/** A worker that merges, as the viewer's client sees it, without a browser; and what it is asked. */

import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";

import { MergeClient } from "../../../../panoseg/page/viewer/modules/merge/client.js";
import { coatOf } from "../../../../panoseg/page/viewer/modules/merge/coat.js";
import { createService } from "../../../../panoseg/page/viewer/modules/merge/service.js";

const PATIENCE_MS = 60_000;

export const pause = () => new Promise((resolve) => setImmediate(resolve));

const sizesOf = ({ ids, steps, picture }) =>
  [ids, steps, picture].map((buffer) => buffer?.byteLength ?? null);

/** A service as the client sees it: messages and buffers travel as between threads. */
export function workerOf(log = []) {
  const worker = {
    terminated: false,
    terminate() {
      worker.terminated = true;
    },
    postMessage(message, transferred = []) {
      const sent = structuredClone(message, { transfer: transferred });
      log.push({ ...sent, sizes: sent.used && sizesOf(sent.used) });
      setImmediate(() => answer(sent));
    },
  };
  const answer = createService((message, transferred) => {
    const data = structuredClone(message, { transfer: transferred });
    if (!worker.terminated) setImmediate(() => worker.onmessage({ data }));
  }, pause);
  return worker;
}

export function clientOf(start) {
  const told = { maps: [], ready: 0, reasons: [] };
  const client = new MergeClient({
    start,
    onReady: () => told.ready++,
    onMap: (map) => told.maps.push(map),
    onUnavailable: (reason) => told.reasons.push(reason),
  });
  const load = ({ description, bytes }) => client.load(description, bytes);
  return { client, told, load };
}

/** Wait as long as a busy machine may need: streams are unpacked by other threads than those that count turns. */
export async function until(true_) {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; ) {
    if (true_()) return;
    await pause();
  }
  assert.fail("it never came");
}

/** A coat of this look, as the page sends it. */
export function coat({ hidden = [], selected = [], ...style } = {}) {
  const look = {
    hidden: new Set(hidden),
    selected: new Set(selected),
    style: {
      opacity: 0.6,
      outlines: true,
      outline_width: 1,
      labels: false,
      color_by: "segment",
      cutout: false,
      doubt: false,
      ...style,
    },
  };
  return coatOf(look, { dimmed: 0.5, lit: 0.8, outline: [255, 255, 255] });
}

/** Masks as the page sends them: codes of logits, by query, in rows of `width`. */
export function packed(masks, width) {
  const differences = masks.flatMap((codes) => {
    const before = (i) => (i === 0 ? 0 : i % width ? codes[i - 1] : codes[i - width]);
    return codes.map((code, i) => code - before(i));
  });
  const folded = differences.map((difference) => (difference << 1) ^ (difference >> 31));
  const bytes = deflateSync(Uint8Array.from([...folded.map((n) => n & 255), ...folded.map((n) => n >> 8)]));
  return Uint8Array.from(bytes).buffer;
}
