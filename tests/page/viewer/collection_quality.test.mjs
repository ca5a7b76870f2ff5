import assert from "node:assert/strict";
import { test } from "node:test";
import { parameters } from "../../../panoseg/page/viewer/modules/collection/asked.js";
import {
  binCondition,
  cellCondition,
  conditionOf,
  huesOf,
  hundredths,
  isAboutClass,
  nearestOn,
  piecesOf,
  progressInWords,
  ranksOf,
  sortClasses,
  wishesOf,
} from "../../../panoseg/page/viewer/modules/collection/quality_rules.js";

const SCORE = { side: "missed", reason: "score" };
const DOUBLE = { side: "surplus", reason: "duplicate" };
const of = (name, pq, missed, surplus) => ({ name, pq, missed, surplus, found: 4, lost: [] });

test("classes are sorted, those of no quality last, equals by name", () => {
  const classes = [of("sky", 0.9, 0, 2), of("ball", null, 3, 0), of("dog", 0.2, 3, 1), of("cat", 0.2, 1, 1)];
  const names = (by) => sortClasses(classes, by).map(({ name }) => name);
  assert.deepEqual(names("pq"), ["cat", "dog", "sky", "ball"]);
  assert.deepEqual(names("name"), ["ball", "cat", "dog", "sky"]);
  assert.deepEqual(names("missed"), ["ball", "dog", "cat", "sky"]);
  assert.deepEqual(names("surplus"), ["sky", "cat", "dog", "ball"]);
  assert.equal(classes[0].name, "sky");
});

test("a bar adds up, and its parts ask for what they stand for", () => {
  const lost = [
    { ...SCORE, count: 3 },
    { ...DOUBLE, count: 1 },
  ];
  const pieces = piecesOf({ ...of("dog", 0.5, 3, 1), lost });
  assert.deepEqual(
    pieces.map(({ share }) => share),
    [0.5, 0.375, 0.125],
  );
  assert.deepEqual(
    pieces.map(({ condition }) => condition),
    ["found: dog", "missed: score of dog", "surplus: duplicate of dog"],
  );
  assert.equal(conditionOf(SCORE), "missed: score");
  assert.deepEqual(piecesOf({ ...of("dog", null, 0, 0), found: 0 })[0].share, 0);
});

test("reasons that are shown together have colours of their own", () => {
  const hues = huesOf([SCORE, DOUBLE, { side: "missed", reason: "duplicate" }]);
  assert.equal(new Set(hues.values()).size, 3);
  assert.ok(pieceKeys().every((key) => hues.has(key)));

  function pieceKeys() {
    const lost = [
      { ...SCORE, count: 1 },
      { ...DOUBLE, count: 1 },
    ];
    return piecesOf({ ...of("dog", 0.5, 1, 1), lost })
      .slice(1)
      .map(({ key }) => key);
  }
});

test("what is being done is said, and for which thresholds reasons hold meanwhile", () => {
  const idle = { working: false, problem: "", done: 0, total: 0, reasons_at: null, figures: null };
  assert.equal(progressInWords(idle), "");
  assert.equal(progressInWords({ ...idle, problem: "No." }), "No.");
  assert.equal(progressInWords({ ...idle, working: true }), "Evaluating the annotation");
  const busy = { ...idle, working: true, done: 3, total: 9 };
  assert.equal(progressInWords(busy), "Evaluating 3 of 9 pictures");
  const at = { score: 0.8, mask: 0.5, overlap: 0.8 };
  assert.match(
    progressInWords({ ...busy, reasons_at: at, figures: {} }),
    /still those at score 0.8, .*: 3 of 9/,
  );
  assert.match(progressInWords({ ...busy, reasons_at: at }), /^Evaluating 3 of 9 pictures; .* overlap 0.8$/);
});

test("n/a is said in words, and never a number", () => {
  assert.equal(hundredths(0.53249), "53.2");
  assert.equal(hundredths(0), "0.0");
  assert.equal(hundredths(null), "n/a");
});

test("only who looks at the evaluation has it made", () => {
  const asked = { thresholds: {}, task: "panoptic", conditions: [], sort: "position", backward: false };
  assert.equal(parameters({ ...asked, tab: "evaluation" }).get("evaluate"), "1");
  assert.equal(parameters({ ...asked, tab: "numbers" }).get("evaluate"), null);
});

test("a cell of the confusion matrix asks for what it counts", () => {
  const names = ["dog", "cat"];
  assert.equal(cellCondition(names, 0, 0), "found: dog");
  assert.equal(cellCondition(names, 2, 2), "");
  assert.equal(cellCondition(names, 0, 1), "missed: dog called cat");
  assert.equal(cellCondition(names, 1, 2), "missed: cat called nothing");
  assert.equal(cellCondition(names, 2, 1), "surplus: nothing called cat");
  assert.equal(binCondition("predicted", 7, 10), "predicted: 0.70 .. 0.80");
  assert.equal(binCondition("proposed", 9, 10), "proposed: 0.90 .. 1.00");
});

test("a class's row is pressed for each of its conditions, and for no other's", () => {
  for (const one of ["lost: cat", "found: cat", "missed: score of cat"])
    assert.ok(isAboutClass(["bobcat", one], "cat"));
  assert.ok(!isAboutClass(["lost: bobcat", "missed: cat called dog"], "cat"));
});

test("of the thresholds that classes would like, those that gain nothing are not named", () => {
  const of = (name, gain) => ({ name, score: 0.5, gain });
  const names = wishesOf([of("dog", 0.01), of("cat", 0), of("cow", 0.02)]).map(({ name }) => name);
  assert.deepEqual(names, ["cow", "dog"]);
});

test("a surface is drawn by rank, n/a as nothing", () => {
  assert.deepEqual(
    ranksOf([
      [0.5, 0.51],
      [null, 0.9],
    ]),
    [
      [0, 0.5],
      [0, 1],
    ],
  );
  assert.deepEqual(ranksOf([[0.5]]), [[0]]);
  assert.equal(nearestOn([0.1, 0.5, 0.9], 0.65), 1);
});
