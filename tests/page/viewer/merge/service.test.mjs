import assert from "node:assert/strict";
import { test } from "node:test";

import { fillMasks } from "../../../../panoseg/page/viewer/modules/mask_pixels.js";
import { isOfLook } from "../../../../panoseg/page/viewer/modules/merge/coat.js";
import { stepsOf } from "../../../../panoseg/page/viewer/modules/merge/steps.js";
import { clientOf, coat, packed, pause, until, workerOf } from "./workers.mjs";

const PAPER = { score: 0.8, mask: 0.5, overlap: 0.8 };
const SIZE = [2, 4];

/** A sky at the left, which is all of `width` columns, and a person at the right of it. */
function prediction(width = 2) {
  const codes = [-300, 300]; // logits of about ∓4.3
  const masks = [(x) => x < width, (x) => x >= width].map((inside) =>
    [0, 1].flatMap(() => [0, 1, 2, 3].map((x) => codes[Number(inside(x))])),
  );
  const common = { color: [1, 2, 3], label_color: [4, 5, 6] };
  return {
    description: {
      task: "panoptic",
      geometry: { grid: SIZE, input: SIZE, content: SIZE, photo: SIZE, shown: SIZE },
      steps: 200,
      score_colors: [
        [0, 0, 0],
        [9, 9, 9],
      ],
      queries: [
        { query: 4, class_id: 0, label: "sky", kind: "stuff", score: 0.95, ...common },
        { query: 2, class_id: 1, label: "person", kind: "thing", score: 0.9, ...common },
      ],
    },
    bytes: packed(masks, SIZE[1]),
  };
}

test("a prediction is merged at the thresholds asked for", async () => {
  const { client, told, load } = clientOf(workerOf);
  load(prediction());
  client.move(PAPER);
  await until(() => told.maps.length);
  const [map] = told.maps;
  assert.deepEqual([...map.ids], [2, 2, 1, 1, 2, 2, 1, 1]);
  assert.deepEqual([...map.steps], [1, 5]);
  assert.deepEqual(
    map.segments.map(({ id, key, label, area, box }) => ({ id, key, label, area, box })),
    [
      { id: 1, key: "query-2-1", label: "person", area: 4, box: [2, 0, 2, 2] },
      { id: 2, key: "class-0", label: "sky", area: 4, box: [0, 0, 2, 2] },
    ],
  );
  assert.deepEqual(map.counts, { things: 1, stuff: 1, coverage: 1 });
  assert.deepEqual(map.thresholds, PAPER);
  assert.deepEqual([...map.landscape.things], [1, 0, 0]);
});

test("the landscape comes again when it is another", async () => {
  const { client, told, load } = clientOf(workerOf);
  load(prediction());
  const moves = [
    PAPER,
    { ...PAPER, score: 0.1 },
    { ...PAPER, mask: 0.4 },
    { ...PAPER, mask: 0.4, overlap: 0 },
  ];
  for (const [n, move] of moves.entries()) {
    client.move(move);
    await until(() => told.maps.length > n);
  }
  assert.deepEqual(
    told.maps.map((map) => map.landscape !== null),
    [true, false, true, true],
  );
});

test("of the thresholds wanted meanwhile only the last are merged", async () => {
  const { client, told, load } = clientOf(workerOf);
  load(prediction());
  await until(() => told.ready);
  for (const score of [0.1, 0.2, 0.3, 0.92]) client.move({ ...PAPER, score });
  await until(() => told.maps.length === 2);
  for (let turn = 0; turn < 20; turn++) await pause();
  assert.deepEqual(
    told.maps.map((map) => map.thresholds.score),
    [0.1, 0.92],
  );
});

test("nothing is heard of a prediction that was replaced", async () => {
  const { client, told, load } = clientOf(workerOf);
  load(prediction(2));
  client.move(PAPER);
  load(prediction(1));
  client.move(PAPER);
  await until(() => told.maps.length);
  for (let turn = 0; turn < 20; turn++) await pause();
  assert.equal(told.ready, 1);
  assert.deepEqual(
    told.maps.map((map) => [...map.ids].slice(0, 4)),
    [[2, 1, 1, 1]],
  );
});

for (const look of [
  {},
  { hidden: ["class-0"] },
  { selected: ["query-2-1"], outlines: false },
  { cutout: true },
]) {
  test(`a map comes painted in ${JSON.stringify(look)}, as the page would paint it`, async () => {
    const { client, told, load } = clientOf(workerOf);
    load(prediction());
    const wanted = coat(look);
    client.move(PAPER, wanted);
    await until(() => told.maps.length);
    const [map] = told.maps;
    const expected = new Uint32Array(8);
    fillMasks(expected, { ...map, steps: stepsOf(map.ids, 4) }, wanted.look, wanted.rules);
    assert.deepEqual([...map.picture], [...expected]);
    assert.equal(new Set(expected).size > 1, true);
    assert.equal(map.coat, wanted);
    assert.ok(isOfLook(map.coat, wanted.look));
    assert.ok(!isOfLook(map.coat, { ...wanted.look, hidden: new Set(look.hidden) }));
  });
}

test("without a coat, and in colours that are not the worker's, a map comes unpainted", async () => {
  assert.equal(coat({ color_by: "outcome" }), null);
  assert.equal(coat({ doubt: true }), null);
  const { client, told, load } = clientOf(workerOf);
  load(prediction());
  client.move(PAPER);
  await until(() => told.maps.length);
  assert.deepEqual([told.maps[0].picture, told.maps[0].coat], [null, null]);
});

for (const [count, wanted] of [
  [2, null],
  [3, coat()],
]) {
  test(`a frame of ${count} buffers goes round`, async () => {
    const log = [];
    const { client, told, load } = clientOf(() => workerOf(log));
    load(prediction());
    await until(() => told.ready);
    for (let n = 0; n < 20; n++) {
      client.move({ ...PAPER, score: n / 20 }, wanted);
      await until(() => told.maps.length);
      const map = told.maps.pop();
      client.recycle(map);
      client.recycle(map); // by mistake
    }
    const sizes = log.slice(2).map((message) => message.sizes.join());
    assert.equal(log[2].sizes.filter((size) => size > 0).length, count);
    assert.deepEqual([...new Set(sizes)], [sizes[0]]);
  });
}

test("what goes wrong is said once, and the next prediction starts anew", async () => {
  const workers = [];
  const { client, told, load } = clientOf(() => {
    workers.push(workerOf());
    return workers.at(-1);
  });
  const broken = prediction();
  load({ ...broken, bytes: new ArrayBuffer(8) });
  client.move(PAPER);
  await until(() => told.reasons.length);
  assert.equal(client.ready, false);
  assert.ok(workers[0].terminated);
  client.move(PAPER); // to nobody
  load(prediction());
  client.move(PAPER);
  await until(() => told.maps.length);
  assert.equal(workers.length, 2);
  assert.equal(told.reasons.length, 1);
});

test("a worker that dies at work is ended, said once, and replaced for the next prediction", async () => {
  const workers = [];
  const { client, told, load } = clientOf(() => {
    workers.push(workerOf());
    return workers.at(-1);
  });
  load(prediction());
  client.move(PAPER, coat());
  await until(() => told.maps.length);
  client.move({ ...PAPER, score: 0.1 }, coat());
  workers[0].onerror({ message: "out of memory" });
  client.move({ ...PAPER, score: 0.2 }, coat());
  for (let turn = 0; turn < 20; turn++) await pause();
  assert.deepEqual([told.maps.length, told.reasons, client.ready], [1, ["out of memory"], false]);
  assert.ok(workers[0].terminated);
  load(prediction());
  client.move(PAPER);
  await until(() => told.maps.length === 2);
  assert.equal(workers.length, 2);
});

test("masks that do not fit their bytes are refused", async () => {
  const { told, load } = clientOf(workerOf);
  const { description, bytes } = prediction();
  load({ description: { ...description, geometry: { ...description.geometry, grid: [3, 3] } }, bytes });
  await until(() => told.reasons.length);
  assert.match(told.reasons[0], /wanted masks of 3 × 3/);
});

test("where there are no workers, that is all that happens", () => {
  const { client, told, load } = clientOf(() => {
    throw new Error("not allowed here");
  });
  load(prediction());
  client.move(PAPER);
  assert.deepEqual(told, { maps: [], ready: 0, reasons: ["Error: not allowed here"] });
});

test("after the end nothing is heard", async () => {
  const { client, told, load } = clientOf(workerOf);
  load(prediction());
  client.move(PAPER);
  client.dispose();
  for (let turn = 0; turn < 50; turn++) await pause();
  assert.deepEqual(told, { maps: [], ready: 0, reasons: [] });
});
