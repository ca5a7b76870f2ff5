/** One map after another: only what changes is looked at and painted, and nothing is left of the one before. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { fillMasks } from "../../../../panoseg/page/viewer/modules/mask_pixels.js";
import { rowsOf } from "../../../../panoseg/page/viewer/modules/merge/bands.js";
import { stepsOf } from "../../../../panoseg/page/viewer/modules/merge/steps.js";
import { createSurface } from "../../../../panoseg/page/viewer/modules/paint.js";
import { random } from "../samples.mjs";
import { clientOf, coat, packed, until, workerOf } from "./workers.mjs";

const KINDS = ["thing", "stuff"];

/** Discs of all sizes on a map of several bands of rows; some classes are stuff, and occur twice. */
function discs(next, task) {
  const [height, width] = [90 + Math.floor(90 * next()), 20 + Math.floor(30 * next())];
  const size = [height, width];
  const count = 12;
  const queries = Array.from({ length: count }, (_, n) => ({
    query: (7 * n) % count, // not in order of their scores
    class_id: n % 9,
    label: `class ${n % 9}`,
    kind: KINDS[(n % 9) % 2],
    score: 0.98 - 0.07 * n,
    color: [20 * n, 9, 30],
    label_color: [4, 20 * n, 6],
  }));
  const masks = queries.map(() => {
    const [y, x, radius] = [height * next(), width * next(), 4 + 0.5 * width * next()];
    return Array.from({ length: height * width }, (_, i) => {
      const distance = Math.hypot(Math.floor(i / width) - y, (i % width) - x);
      return Math.round(40 * Math.max(-8, Math.min(8, radius - distance)));
    });
  });
  const pairs = queries.map(({ score, ...query }, mask) => ({ ...query, mask, probability: score }));
  const score_colors = Array.from({ length: 101 }, (_, n) => [n, 2 * n, 0]);
  const description = {
    task,
    geometry: { grid: size, input: size, content: size, photo: size, shown: size },
    steps: 200,
    score_colors,
    ...(task === "panoptic" ? { queries } : { pairs }),
  };
  return { description, bytes: packed(masks, width) };
}

/** Where each id's pixels are, found pixel by pixel. */
function boxOf({ ids, width }, id) {
  const at = [...ids.keys()].filter((i) => ids[i] === id);
  const [xs, ys] = [at.map((i) => i % width), at.map((i) => Math.floor(i / width))];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return [left, top, Math.max(...xs) - left + 1, Math.max(...ys) - top + 1];
}

globalThis.ImageData = class {
  constructor(data, width, height) {
    Object.assign(this, { data, width, height });
  }
};

/** A canvas as far as a surface uses it; `pixels` is what it shows. */
function canvasOf() {
  const canvas = { width: 0, height: 0, pixels: null, getContext: () => context };
  const context = {
    createImageData: (width, height) =>
      new ImageData(new Uint8ClampedArray(4 * width * height), width, height),
    putImageData({ data, width, height }, _x, _y, left = 0, top = 0, wide = width, high = height) {
      assert.deepEqual([left, wide], [0, canvas.width]);
      canvas.pixels ??= Buffer.alloc(data.length);
      const [from, to] = [4 * width * top, 4 * width * (top + high)];
      canvas.pixels.set(data.subarray(from, to), from);
    },
  };
  return canvas;
}

const LOOKS = [
  {},
  { outline_width: 4 },
  { color_by: "score", outline_width: 3 },
  { color_by: "label", hidden: ["class-1", "class-3"], selected: ["query-4-4"] },
  { cutout: true, outline_width: 7 },
  { cutout: true, outlines: false, selected: ["class-1"] },
].map(coat);

function thresholdsNear({ score, mask, overlap }, next) {
  switch (Math.floor(6 * next())) {
    case 0:
      return { score, mask: Math.floor(20 * next()) / 20, overlap };
    case 1:
      return { score, mask, overlap: next() };
    case 2:
      return { score: next(), mask, overlap };
    default:
      return { score: Math.max(0, Math.min(1, score + 0.3 * (next() - 0.5))), mask, overlap };
  }
}

for (const task of ["panoptic", "instances"]) {
  test(`maps that follow one another, ${task}, are those that come alone`, async () => {
    const next = random(3);
    let painted = 0;
    for (let round = 0; round < 12; round++) {
      const log = [];
      const { client, told, load } = clientOf(() => workerOf(log));
      load(discs(next, task));
      await until(() => told.ready);
      let thresholds = { score: 0.5, mask: 0.5, overlap: 0.5 };
      let look = LOOKS[0];
      let shown = null;
      const canvas = canvasOf();
      const surface = createSurface(canvas);
      for (let n = 0; n < 40; n++) {
        thresholds = thresholdsNear(thresholds, next);
        if (next() < 0.15) look = LOOKS[Math.floor(LOOKS.length * next())];
        client.move(thresholds, next() < 0.1 ? null : look);
        await until(() => told.maps.length);
        const map = told.maps.pop();
        assert.deepEqual([...map.steps], [...stepsOf(map.ids, map.width)]);
        if (task === "panoptic")
          for (const { id, box } of map.segments) assert.deepEqual(box, boxOf(map, id));
        if (map.picture) {
          const expected = new Uint32Array(map.ids.length);
          fillMasks(expected, map, look.look, look.rules);
          assert.deepEqual(Buffer.from(map.picture.buffer), Buffer.from(expected.buffer));
          if (next() < 0.1) {
            surface.all(map.width, map.height).fill(1);
            surface.show(); // something else
          }
          if (next() < 0.8) {
            surface.put(map);
            assert.deepEqual(canvas.pixels, Buffer.from(expected.buffer));
          }
          painted++;
        }
        if (shown && next() < 0.9) client.recycle(shown);
        shown = map;
      }
      assert.ok(log.filter(({ used }) => used).length > 20, "frames go round");
    }
    assert.ok(painted > 400);
  });
}

test("bands of rows that are marked, with some more around them", () => {
  assert.deepEqual(rowsOf([0, 1, 0, 0], 60, 2), [[14, 34]]);
  assert.deepEqual(rowsOf([1, 0, 1, 1], 60, 8), [[0, 60]]);
  assert.deepEqual(rowsOf([1, 0, 0, 1], 60, 0), [
    [0, 16],
    [48, 60],
  ]);
  assert.deepEqual(rowsOf([0, 0], 20, 5), []);
});
