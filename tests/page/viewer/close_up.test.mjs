/** Looking closer: which tiles, what lies between their pixels, and what is fetched of them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { createAnswers } from "../../../panoseg/page/viewer/modules/close_up/answers.js";
import { edgesOf } from "../../../panoseg/page/viewer/modules/close_up/edges.js";
import { fillPin, heatColor } from "../../../panoseg/page/viewer/modules/close_up/pin_paint.js";
import { frameOf, levelOf, placesOn, sizeOf } from "../../../panoseg/page/viewer/modules/close_up/pyramid.js";
import { createTileStore } from "../../../panoseg/page/viewer/modules/close_up/tile_store.js";
import { mapOf } from "./samples.mjs";

const PHOTO = { full: [3000, 4000], width: 1673 };
const ROOM = { width: 800, height: 600 };
const FIT = { zoom: 1, x: 0.5, y: 0.5 };

test("a frame says where the photo lies and how large its pixels are", () => {
  assert.deepEqual(frameOf(FIT, PHOTO, ROOM), { left: 0, top: 0, scale: 0.2 });
  const close = frameOf({ zoom: 40, x: 0.25, y: 0.5 }, PHOTO, ROOM);
  assert.equal(close.scale, 8);
  assert.equal(close.left, 400 - 0.25 * 32000);
});

test("the level is the one whose pixels are nearest to the screen's", () => {
  const level = (scale, photo = PHOTO) => levelOf({ left: 0, top: 0, scale }, photo);
  assert.equal(level(8), 0);
  assert.equal(level(1), 0);
  assert.equal(level(0.75), 0);
  assert.equal(level(0.5), 1);
});

test("what the page was sent is enough while its pixels are as small as the screen's", () => {
  assert.equal(levelOf({ left: 0, top: 0, scale: 0.4 }, PHOTO), null);
  assert.equal(levelOf({ left: 0, top: 0, scale: 30 }, { full: [600, 800], width: 800 }), null);
  // Half of the photo's pixels are more than were sent, a quarter of them are fewer.
  assert.equal(levelOf({ left: 0, top: 0, scale: 0.3 }, { full: [1200, 4000], width: 1500 }), null);
});

test("the tiles on the stage are wanted, the middle ones first, and no others", () => {
  const frame = frameOf({ zoom: 40, x: 0.5, y: 0.5 }, PHOTO, ROOM);
  const places = placesOn(frame, PHOTO, ROOM, 0);
  // 100 × 75 pixels around (2000, 1500).
  assert.deepEqual(
    places.map(({ column, row }) => [column, row]),
    [
      [7, 5],
      [7, 6],
      [8, 5],
      [8, 6],
    ],
  );
  const all = placesOn(frameOf(FIT, PHOTO, ROOM), PHOTO, ROOM, 1);
  assert.equal(all.length, 8 * 6);
  assert.ok(all.every(({ column, row }) => column < 8 && row < 6));
});

test("the last tiles are as small as what is left; ids go on by one", () => {
  assert.deepEqual(sizeOf({ level: 0, column: 15, row: 11 }, PHOTO), { width: 160, height: 184 });
  assert.deepEqual(sizeOf({ level: 0, column: 0, row: 11 }, PHOTO, 1), { width: 257, height: 184 });
  assert.deepEqual(sizeOf({ level: 2, column: 3, row: 2 }, PHOTO), { width: 232, height: 238 });
});

function edges(rows, names, size = {}) {
  const { ids, width, height } = mapOf(...rows);
  const tile = { ids, columns: width, rows: height, width, height, ...size };
  const lines = edgesOf(tile, names ?? [0, 1, 2, 3]);
  return Array.from({ length: lines.length / 4 }, (_, n) => lines.slice(4 * n, 4 * n + 4).join(" "));
}

test("lines run between pixels of different segments, in one piece where they go straight on", () => {
  assert.deepEqual(edges(["112", "112", "333"]), ["0 2 3 2", "2 0 2 2"]);
  assert.deepEqual(edges(["111", "111"]), []);
});

test("between what is not shown there is no line", () => {
  assert.deepEqual(edges(["12"], [0, 0, 0]), []);
  assert.deepEqual(edges(["12"], [0, 1, 1]), []);
});

test("a tile draws its lines to the next one's pixels, and no line of theirs", () => {
  const rows = ["112", "112", "332"];
  assert.deepEqual(edges(rows, undefined, { width: 2, height: 2 }), ["0 2 2 2", "2 0 2 2"]);
});

/** Loads that end when they are told to. */
function loads() {
  const asked = new Map();
  const load = (address, signal) =>
    new Promise((resolve, reject) => {
      asked.set(address, resolve);
      signal.addEventListener("abort", () => reject(new Error("given up")));
    });
  return { asked, load };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test("a tile is asked for once, and is there when it has come", async () => {
  const { asked, load } = loads();
  let came = 0;
  const store = createTileStore(load, () => came++);
  store.want(["a"]);
  store.want(["a"]);
  assert.equal(asked.size, 1);
  assert.equal(store.get("a"), null);
  assert.ok(!store.has(["a"]));
  asked.get("a")("tile");
  await settled();
  assert.equal(store.get("a"), "tile");
  assert.ok(store.has(["a"]));
  assert.equal(came, 1);
});

test("what is wanted no more is given up, and asked for again when it is", async () => {
  const { asked, load } = loads();
  const store = createTileStore(load, () => {});
  store.want(["a"]);
  store.want(["b"]);
  await settled();
  asked.clear();
  store.want(["a"]);
  assert.deepEqual([...asked.keys()], ["a"]);
});

test("what is not there is not asked for again and again", async () => {
  const { asked, load } = loads();
  const store = createTileStore(load, () => {});
  store.want(["a"]);
  asked.get("a")(null);
  await settled();
  asked.clear();
  store.want(["a"]);
  assert.equal(asked.size, 0);
  assert.ok(store.has(["a"]));
});

test("few tiles are kept: those that were wanted last, and all that are wanted", async () => {
  const { asked, load } = loads();
  const dropped = [];
  const store = createTileStore(
    load,
    () => {},
    (tile) => dropped.push(tile),
    3,
  );
  const want = async (...addresses) => {
    store.want(addresses);
    for (const address of addresses) asked.get(address)?.(address);
    await settled();
  };
  await want("a");
  await want("b");
  await want("a");
  await want("c");
  await want("d");
  assert.deepEqual(dropped, ["b"]);
  await want("e", "f", "g", "h");
  assert.equal(store.size, 4);
  assert.deepEqual(dropped.sort(), ["a", "b", "c", "d"]);
  store.clear();
  assert.equal(store.size, 0);
});

test("of many places under a moving pointer only the one where it rests is asked about", async () => {
  const { asked, load } = loads();
  const answers = createAnswers(load);
  const told = [];
  for (const address of ["a", "b", "c"]) answers.ask(address, (answer) => told.push(answer), 5);
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.deepEqual([...asked.keys()], ["c"]);
  asked.get("c")({ segment: 1 });
  await settled();
  assert.deepEqual(told, [{ segment: 1 }]);
  assert.deepEqual(answers.get("c"), { segment: 1 });
  assert.equal(answers.get("a"), null);
});

test("an answer that comes after the pointer has gone is not shown", async () => {
  const { asked, load } = loads();
  const answers = createAnswers(load);
  const told = [];
  answers.ask("a", (answer) => told.push(answer), 0);
  await new Promise((resolve) => setTimeout(resolve, 5));
  answers.cancel();
  asked.get("a")?.({ segment: 1 });
  await settled();
  assert.deepEqual(told, []);
});

test("the pinned mask is what reaches the threshold, with a line inside its edge", () => {
  const levels = Uint8Array.from([
    0, 0, 0, 0, 0, 0, 120, 130, 140, 0, 0, 150, 160, 170, 99, 0, 100, 100, 100, 0,
  ]);
  const pixels = new Uint32Array(20);
  fillPin(pixels, { width: 5, height: 4 }, levels, 100, new Uint32Array(256).fill(7));
  const rows = [0, 1, 2, 3].map((y) =>
    [...pixels.slice(5 * y, 5 * y + 5)].map((p) => (p === 0xffffffff ? "#" : p)).join(""),
  );
  assert.deepEqual(rows, ["77777", "7###7", "7#7#7", "7#7#7"]);
});

test("the colours of a probability grow lighter", () => {
  const lightness = (probability) => heatColor(probability).reduce((sum, value) => sum + value, 0);
  const steps = Array.from({ length: 21 }, (_, n) => lightness(n / 20));
  assert.ok(steps.every((value, n) => n === 0 || value >= steps[n - 1]));
  assert.deepEqual(heatColor(0), [0, 32, 77]);
  assert.deepEqual(heatColor(1), [255, 233, 69]);
});
