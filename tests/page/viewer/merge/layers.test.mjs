import assert from "node:assert/strict";
import { test } from "node:test";
import { findLayers, swapLayer } from "../../../../panoseg/page/viewer/modules/merge/layers.js";
import { LEVELS, levelFrom, levelOf, logitOf } from "../../../../panoseg/page/viewer/modules/merge/levels.js";

const SIZE = [20, 40];
const GEOMETRY = { grid: SIZE, input: SIZE, content: SIZE, photo: SIZE, shown: SIZE };
const SCORES = [0.9, 0.8, 0.7];
// Each is surer than the one before, everywhere.
const GROWING = Float32Array.from({ length: 3 * 800 }, (_, i) => 1 + Math.floor(i / 800));

function layersOf(logits, limits) {
  const work = findLayers(GEOMETRY, logits, SCORES, { least: -1, budget: 1e6, ...limits });
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

test("taking all layers off leaves nothing, and putting them on gives the map again", () => {
  const layers = layersOf(GROWING);
  const all = layers.map.slice();
  assert.ok(all.every((value) => value >> 8 === 1)); // 0.7 × σ(3) is less than 0.8 × σ(2)
  for (const layer of [2, 1, 0]) swapLayer(layers, layer);
  assert.ok(layers.map.every((value) => value === 255));
  for (const layer of [0, 1, 2]) swapLayer(layers, layer);
  assert.deepEqual(layers.map, all);
});

test("what is below the least is nobody's", () => {
  assert.ok(layersOf(GROWING, { least: 0.75 }).map.every((value) => value === 255));
});

test("there is an end to what is kept", () => {
  assert.throws(() => layersOf(GROWING, { budget: 1000 }), RangeError);
});

test("a level is where a threshold of as many half hundredths is reached", () => {
  for (let level = 0; level < LEVELS; level++) {
    assert.equal(levelOf(logitOf(level / 200)), level);
    assert.equal(levelFrom(level / 200), level);
  }
  for (let logit = -9; logit < 9; logit += 0.0317) {
    assert.equal(levelOf(logit), Math.floor(200 / (1 + Math.exp(-logit))));
  }
  assert.equal(levelFrom(0.501), 101);
});
