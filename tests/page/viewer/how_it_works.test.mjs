import assert from "node:assert/strict";
import { test } from "node:test";

import { isNew, placeBeside, remember } from "../../../panoseg/page/viewer/modules/first_minute_rules.js";
import { glossaryOf } from "../../../panoseg/page/viewer/modules/how_it_works/glossary.js";
import {
  between,
  fillBetween,
  fillQuery,
} from "../../../panoseg/page/viewer/modules/how_it_works/lesson_paint.js";
import { percent, stepWords } from "../../../panoseg/page/viewer/modules/how_it_works/lesson_words.js";
import { pixelOf } from "../../../panoseg/page/viewer/modules/palette.js";
import { RULES } from "./samples.mjs";

const RED = [255, 0, 0];
const BLUE = [0, 0, 255];
const alphaOf = (pixel) => pixel >>> 24;

test("a query's mask is what reaches the threshold, and what does not is fainter the less probable it is", () => {
  const pixels = new Uint32Array(4);
  fillQuery(pixels, Uint8Array.from([0, 60, 99, 100]), 100, RED);
  assert.equal(alphaOf(pixels[0]), 0);
  assert.ok(alphaOf(pixels[0]) < alphaOf(pixels[1]) && alphaOf(pixels[1]) < alphaOf(pixels[2]));
  assert.ok(alphaOf(pixels[3]) > 2 * alphaOf(pixels[2]));
  assert.equal(pixels[3] & 0xffffff, 0x0000ff);
});

test("at a whole number a map is shown as it is, and void is clear", () => {
  const [from, to] = [
    { ids: Uint8Array.from([1, 1, 2, 0]), colors: [RED, BLUE] },
    { ids: Uint8Array.from([1, 0, 1, 1]), colors: [BLUE] },
  ];
  const pixels = new Uint32Array(4);
  const [red, blue] = [RED, BLUE].map((color) => pixelOf(color, 0.72));
  fillBetween(pixels, from, to, 0);
  assert.deepEqual([...pixels], [red, red, blue, 0]);
  fillBetween(pixels, from, to, 1);
  assert.deepEqual([...pixels], [blue, 0, blue, blue]);
  fillBetween(pixels, null, to, 1);
  assert.deepEqual([...pixels], [blue, 0, blue, blue]);
});

test("half way, what stays stays, and what comes or goes is half there", () => {
  const red = pixelOf(RED, 0.72);
  assert.equal(between(red, red, 0.5), red);
  assert.equal(alphaOf(between(red, 0, 0.5)), Math.round(alphaOf(red) / 2));
  assert.equal(between(red, 0, 0.5) & 0xffffff, red & 0xffffff);
  const mixed = between(red, pixelOf(BLUE, 0.72), 0.5);
  assert.deepEqual([mixed & 255, (mixed >>> 16) & 255, alphaOf(mixed)], [128, 128, alphaOf(red)]);
});

const step = (more) => ({
  competing: 3,
  owners: 3,
  dropped: 0,
  largest_dropped: [],
  things: 1,
  stuff: 2,
  coverage: 1,
  ...more,
});

test("the words say what each rule did to this picture", () => {
  const words = stepWords({
    queries: 10,
    thresholds: { score: 0.8, mask: 0.5, overlap: 0.8 },
    steps: [
      step({ competing: 6, owners: 5 }),
      step({ competing: 5 }),
      step({ competing: 5, coverage: 0.9 }),
      step({ dropped: 2, largest_dropped: [{ label: "dog", left: 0.254 }] }),
    ],
  });
  assert.deepEqual(
    words.map(({ here }) => here),
    [
      "4 of them say “no object” and take no further part.",
      "6 queries compete, 5 win pixels.",
      "One leaves, 5 stay.",
      "10 % of the picture is void.",
      "2 go: dog (25 % left) and 1 more. 1 thing and 2 stuff remain.",
    ],
  );
  assert.deepEqual(
    words.map(({ title }) => title),
    ["The photo", "Argmax", "Score > 0.80", "Mask ≥ 0.50", "Overlap ≥ 0.80"],
  );
});

test("a share is never all or nothing that is not", () => {
  assert.deepEqual([0, 0.001, 0.5, 0.999, 1].map(percent), [
    "0 %",
    "less than 1 %",
    "50 %",
    "more than 99 %",
    "100 %",
  ]);
});

test("the glossary has what Python says of columns and thresholds, and no term of a part twice", () => {
  const columns = [{ name: "score", title: "Score", about: "Probability of the label.", numeric: true }];
  const parts = glossaryOf({ ...RULES, columns });
  assert.deepEqual(parts[0][1], [["Score", "Probability of the label."]]);
  assert.deepEqual(
    parts[1][1].map(([term]) => term),
    ["Score", "Mask", "Overlap"],
  );
  const terms = parts.flatMap(([, entries]) => entries.map(([term]) => term));
  for (const term of ["PQ", "SQ", "RQ", "IoU", "Coverage", "Doubt"]) assert.ok(terms.includes(term), term);
  for (const [, entries] of parts) assert.equal(new Set(entries.map(([term]) => term)).size, entries.length);
});

function memory() {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
}

test("first steps are for who is new, and came with no link that sets something", () => {
  const storage = memory();
  assert.ok(isNew(storage, "http://page/"));
  assert.ok(!isNew(storage, "http://page/?score=0.4"));
  remember(storage);
  assert.ok(!isNew(storage, "http://page/"));
});

test("a browser that remembers nothing shows no first steps, which nobody could close for ever", () => {
  const refusing = {
    getItem() {
      throw new Error("refused");
    },
    setItem() {
      throw new Error("refused");
    },
  };
  assert.ok(!isNew(refusing, "http://page/"));
  remember(refusing);
});

test("the words hide neither what they are about nor leave the page, where there is room", () => {
  const card = { width: 270, height: 140 };
  for (const [target, page] of [
    [
      { left: 900, top: 40, width: 350, height: 60 },
      { width: 1264, height: 650 },
    ],
    [
      { left: 10, top: 440, width: 360, height: 70 },
      { width: 374, height: 780 },
    ],
    [
      { left: 10, top: 640, width: 360, height: 70 },
      { width: 374, height: 780 },
    ],
    [
      { left: 20, top: 5, width: 100, height: 30 },
      { width: 1264, height: 650 },
    ],
  ]) {
    const { left, top } = placeBeside(target, card, page);
    assert.ok(left >= 0 && top >= 0 && left + 270 <= page.width && top + 140 <= page.height);
    const apart =
      left + 270 <= target.left ||
      left >= target.left + target.width ||
      top + 140 <= target.top ||
      top >= target.top + target.height;
    assert.ok(apart, JSON.stringify({ target, left, top }));
  }
});
