import assert from "node:assert/strict";
import { test } from "node:test";

import {
  boundView,
  FIT,
  panBy,
  pictureAt,
  stageAt,
  viewOfBox,
  zoomAt,
  zoomRange,
} from "../../../panoseg/page/viewer/modules/geometry.js";
import { random } from "./samples.mjs";

const RANGE = { one: 1, min: 0.5, max: 40, room: { x: 1, y: 1 } };
const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);

test("a fitting view shows each point where it is", () => {
  assert.deepEqual(pictureAt(FIT, { x: 0.2, y: 0.9 }), { x: 0.2, y: 0.9 });
});

test("stage and picture are each other's inverse", () => {
  const next = random(1);
  for (let i = 0; i < 100; i++) {
    const view = { zoom: 1 + 20 * next(), x: next(), y: next() };
    const point = { x: next(), y: next() };
    const back = pictureAt(view, stageAt(view, point));
    near(back.x, point.x);
    near(back.y, point.y);
  }
});

test("zooming in keeps what lies under the pointer there", () => {
  const at = { x: 0.1, y: 0.7 };
  const view = zoomAt(FIT, 3, at, RANGE);
  assert.equal(view.zoom, 3);
  near(pictureAt(view, at).x, 0.1);
  near(pictureAt(view, at).y, 0.7);
});

test("zooming in and out again at any place ends where it began", () => {
  const at = { x: 0.9, y: 0.2 };
  const view = zoomAt(zoomAt(FIT, 7, at, RANGE), 1 / 7, at, RANGE);
  near(view.x, 0.5);
  near(view.zoom, 1);
});

test("no zoom leaves its range, and no move shows what is beyond the picture", () => {
  assert.equal(zoomAt(FIT, 1e6, { x: 0.5, y: 0.5 }, RANGE).zoom, 40);
  assert.equal(zoomAt(FIT, 1e-6, { x: 0.5, y: 0.5 }, RANGE).zoom, 0.5);
  const view = panBy({ zoom: 4, x: 0.5, y: 0.5 }, 100, -100, RANGE);
  near(stageAt(view, { x: 0, y: 0 }).x, 0);
  near(stageAt(view, { x: 1, y: 1 }).y, 1);
  assert.deepEqual(boundView({ zoom: 0.5, x: 0.1, y: 0.9 }, RANGE), { zoom: 0.5, x: 0.5, y: 0.5 });
});

test("a box is shown whole, in the middle", () => {
  const view = viewOfBox({ x: 0.4, y: 0.5, width: 0.1, height: 0.05 }, RANGE);
  const [left, right] = [stageAt(view, { x: 0.4, y: 0.5 }), stageAt(view, { x: 0.5, y: 0.55 })];
  near(left.x, 0.1);
  near(right.x, 0.9);
  assert.ok(left.y > 0 && right.y < 1);
});

test("1:1 counts the screen's own pixels", () => {
  assert.equal(zoomRange(2000, 500, 2).one, 2);
  assert.deepEqual(zoomRange(250, 500), { one: 0.5, min: 0.5, max: 20, room: { x: 1, y: 1 } });
});

test("on a board that is wider than the stage, an enlarged picture fills it before it can be moved", () => {
  const range = { ...RANGE, room: { x: 2, y: 1 } };
  assert.equal(boundView({ zoom: 2, x: 0.9, y: 0.9 }, range).x, 0.5);
  assert.equal(boundView({ zoom: 4, x: 0.9, y: 0.9 }, range).x, 0.75);
  assert.equal(boundView({ zoom: 2, x: 0.9, y: 0.9 }, range).y, 0.75);
  assert.equal(viewOfBox({ x: 0.25, y: 0.4, width: 0.5, height: 0.2 }, range, 0).zoom, 4);
});
