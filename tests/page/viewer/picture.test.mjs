/** What is where: the hit test, borders, inner points, and labels that overlap. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { paintBorders } from "../../../panoseg/page/viewer/modules/borders.js";
import { idAt, pixelAt } from "../../../panoseg/page/viewer/modules/hit_test.js";
import { innerPoints } from "../../../panoseg/page/viewer/modules/inner_points.js";
import { overlap } from "../../../panoseg/page/viewer/modules/labels.js";
import { stepsOf } from "../../../panoseg/page/viewer/modules/merge/steps.js";
import { mapOf, random } from "./samples.mjs";

test("a point of the picture falls on the pixel that covers it", () => {
  const map = mapOf("012", "345");
  assert.equal(idAt(map, pixelAt(map, { x: 0.99, y: 0.51 })), 5);
  assert.equal(idAt(map, pixelAt(map, { x: 0.34, y: 0.49 })), 1);
  assert.deepEqual(pixelAt(map, { x: 0, y: 0 }), { x: 0, y: 0 });
});

test("beside the picture there is no pixel", () => {
  const map = mapOf("012");
  for (const [x, y] of [
    [-0.01, 0.5],
    [1, 0.5],
    [0.5, 1],
    [0.5, -1],
  ]) {
    assert.equal(pixelAt(map, { x, y }), null);
  }
});

function borders(rows, { shown = [0, 1, 2], width = 1 } = {}) {
  const map = mapOf(...rows);
  const pixels = new Uint32Array(map.ids.length);
  const withSteps = { ...map, steps: stepsOf(map.ids, map.width) };
  paintBorders(pixels, withSteps, Uint16Array.from(shown), width, 1, [0, map.height]);
  return rows.map((_, y) =>
    [...pixels.slice(y * map.width, (y + 1) * map.width)].map((p) => (p ? "#" : ".")).join(""),
  );
}

test("a border runs left of and above each step", () => {
  assert.deepEqual(borders(["1122", "1122", "0000"]), [".#..", "####", "...."]);
});

test("a wider border grows to both sides", () => {
  assert.deepEqual(borders(["111222"], { width: 2 }), ["..##.."]);
  assert.deepEqual(borders(["111222"], { width: 3 }), [".###.."]);
  assert.deepEqual(borders(["12"], { width: 6 }), ["##"]);
  assert.deepEqual(borders(["1", "1", "2"], { width: 2 }), [".", "#", "#"]);
});

test("between what is not shown there is no border", () => {
  assert.deepEqual(borders(["1122"], { shown: [0, 0, 0] }), ["...."]);
  assert.deepEqual(borders(["0122"], { shown: [0, 0, 2] }), [".#.."]);
});

test("the inner point of a ring lies on the ring", () => {
  const map = mapOf("1111111", "1000001", "1000001", "1000111", "1000111", "1000111");
  const [, ring] = innerPoints(map.ids, map.width, map.height, 1);
  assert.equal(map.ids[ring.y * map.width + ring.x], 1);
});

test("the inner point of a square is its middle", () => {
  const map = mapOf("0000000", "0111110", "0111110", "0111110", "0111110", "0111110", "0000000");
  const [, square] = innerPoints(map.ids, map.width, map.height, 1);
  assert.deepEqual([square.x, square.y], [3, 3]);
});

test("inner points lie inside, whatever the map; segments that are nowhere have none", () => {
  const next = random(7);
  for (let round = 0; round < 20; round++) {
    const [width, height] = [1 + Math.floor(900 * next()), 1 + Math.floor(700 * next())];
    const ids = new Uint8Array(width * height);
    for (let id = 1; id < 8; id++) {
      const [left, top] = [Math.floor(width * next()), Math.floor(height * next())];
      const [right, bottom] = [left + width * next() * 0.4, top + height * next() * 0.4];
      for (let y = top; y < Math.min(height, bottom); y++) {
        for (let x = left; x < Math.min(width, right); x++) ids[y * width + x] = id;
      }
    }
    const there = new Set(ids);
    innerPoints(ids, width, height, 8).forEach((point, id) => {
      assert.equal(point !== null, there.has(id));
      if (point) assert.equal(ids[point.y * width + point.x], id);
    });
  }
});

test("boxes overlap where they share room, not where they touch", () => {
  assert.ok(overlap([0, 0, 2, 2], [1, 1, 3, 3]));
  assert.ok(!overlap([0, 0, 2, 2], [2, 0, 3, 3]));
});
