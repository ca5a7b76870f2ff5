import assert from "node:assert/strict";
import { test } from "node:test";
import { splitConditions } from "../../../panoseg/page/viewer/modules/collection/filters.js";
import {
  GAP,
  inSight,
  keyLeads,
  measureGrid,
  placeOf,
  scrollTo,
} from "../../../panoseg/page/viewer/modules/collection/grid_rules.js";
import { tileOf } from "../../../panoseg/page/viewer/modules/collection/known.js";
import { filesInWords } from "../../../panoseg/page/viewer/modules/collection/make_sheet.js";
import { inWords, timeInWords } from "../../../panoseg/page/viewer/modules/collection/progress.js";
import { countsInWords } from "../../../panoseg/page/viewer/modules/collection/side.js";

test("tiles fill the width, whatever it is", () => {
  for (const width of [200, 374, 900, 1880]) {
    const { columns, width: tile } = measureGrid(width, 100);
    const used = columns * tile + (columns - 1) * GAP;
    assert.ok(used <= width && used > width - columns - GAP, `${width}: ${used}`);
  }
  assert.equal(measureGrid(374, 100).columns, 2);
  assert.equal(measureGrid(100, 3).columns, 1);
});

test("of ten thousand tiles few are in sight, wherever one is", () => {
  const measures = measureGrid(1200, 10_000);
  for (const top of [0, 5_000, measures.total / 2, measures.total - 700]) {
    const { first, end } = inSight(measures, top, 700, 10_000);
    assert.ok(end - first <= 60, `${end - first}`);
    // What lies at the upper and the lower edge is among them.
    for (const y of [top, Math.min(top + 699, measures.total - 1)]) {
      const at = Math.floor(y / (measures.height + GAP)) * measures.columns;
      assert.ok(first <= at && at < end);
    }
  }
  assert.deepEqual(inSight(measureGrid(1200, 3), 0, 700, 3), { first: 0, end: 3 });
});

test("tiles lie beside and below each other", () => {
  const measures = measureGrid(500, 10);
  const { columns, width, height } = measures;
  assert.deepEqual(placeOf(measures, 0), { left: 0, top: 0 });
  assert.deepEqual(placeOf(measures, columns), { left: 0, top: height + GAP });
  assert.deepEqual(placeOf(measures, columns + 1), { left: width + GAP, top: height + GAP });
});

test("keys lead from tile to tile and never out of the grid", () => {
  const measures = { ...measureGrid(900, 10), columns: 4 };
  const lead = (key, at) => keyLeads(key, at, 10, measures, 2 * (measures.height + GAP));
  assert.equal(lead("ArrowRight", 0), 1);
  assert.equal(lead("ArrowLeft", 0), 0);
  assert.equal(lead("ArrowDown", 1), 5);
  assert.equal(lead("ArrowDown", 7), 7);
  assert.equal(lead("ArrowUp", 2), 2);
  assert.equal(lead("PageDown", 0), 8);
  assert.equal(lead("PageDown", 3), 9);
  assert.equal(lead("Home", 7), 0);
  assert.equal(lead("End", 0), 9);
  assert.equal(lead("a", 0), null);
  assert.equal(keyLeads("End", 0, 0, measures, 100), null);
});

test("a tile that keys lead to is scrolled into sight, and no further", () => {
  const measures = { ...measureGrid(900, 100), columns: 4 };
  const row = measures.height + GAP;
  assert.equal(scrollTo(measures, 0, 300, 500), 0);
  assert.equal(scrollTo(measures, 4, 0, 2 * row), 0);
  assert.equal(scrollTo(measures, 40, 0, 2 * row), 10 * row + measures.height - 2 * row);
});

test("conditions are split where the server splits them", () => {
  assert.deepEqual(splitConditions(" person >= 2, area > 1 % ;beach,, "), [
    "person >= 2",
    "area > 1 %",
    "beach",
  ]);
});

test("what was chosen for a run is said, and what is of no kind that is taken", () => {
  assert.equal(filesInWords([], 0), "");
  assert.equal(filesInWords([{ size: 2e6 }], 0), "1 file, 2.0 MB");
  const strangers = "2 files left out: neither pictures nor archives";
  assert.equal(filesInWords([{ size: 2e6 }, { size: 5e5 }], 2), `2 files, 2.5 MB · ${strangers}`);
  assert.equal(filesInWords([], 2), strangers);
});

test("it is said how far a run is", () => {
  const job = {
    state: "running",
    words: "",
    place: 0,
    total: 40,
    done: 10,
    failed: 2,
    seconds_left: 90,
    stopping: false,
  };
  const run = { id: "a", title: "", kind: "own", pictures: 10, problem: "", job };
  assert.equal(inWords(run), "12 of 40 · 2 min left · 2 failed");
  assert.equal(inWords({ ...run, job: { ...job, state: "waiting", place: 3 } }), "2 before this one");
  assert.equal(
    inWords({ ...run, job: { ...job, state: "stopped" }, waiting: 28 }),
    "Stopped: 28 pictures wait",
  );
  assert.equal(inWords({ ...run, job: null, failed: 1 }), "1 picture failed");
  assert.equal(timeInWords(0.2), "1 s");
  assert.equal(timeInWords(7200), "2.0 h");
});

test("what is counted stands beside the sliders, with an evaluation that is waited for", () => {
  const view = { segments: 1, order: [0], exact: 1, known: 1, pictures: 1, evaluating: "", quality: null };
  assert.equal(countsInWords(view), "1 segment in 1 picture");
  const half = { ...view, segments: 52000, order: Array(4000), pictures: 5000, exact: 1200 };
  assert.equal(countsInWords(half), "about 52,000 segments in 4,000 pictures · 1,200 of 5,000 counted");
  const evaluating = { ...view, evaluating: "Evaluating 7 of 9 pictures" };
  assert.equal(countsInWords(evaluating), "1 segment in 1 picture · Evaluating 7 of 9 pictures");
  assert.equal(countsInWords({ ...evaluating, quality: {} }), "1 segment in 1 picture");
});

test("a tile says how many segments there are once they are counted", () => {
  const server = { photoUrl: (run, position) => `${run}/${position}`, mapUrl: () => "map" };
  const view = { order: [4, 2, 7], counts: [1, 12, null], lit: [], pq: null };
  const known = { run: "beach", names: new Map([[4, "a.png"]]), place: {}, view };
  const words = (of) => [0, 1, 2].map((at) => tileOf({ ...known, view: of }, server, at).words);
  assert.deepEqual(words(view), ["1 segment", "12 segments", "…"]);
  const quality = (of) => [0, 1, 2].map((at) => tileOf({ ...known, view: of }, server, at).quality);
  assert.deepEqual(quality(view), ["", "", ""]);
  assert.deepEqual(quality({ ...view, pq: [0.5, null, 1] }), ["PQ 50.0", "PQ n/a", "PQ 100.0"]);
  assert.deepEqual(words({ ...view, sorted_by: ["boat", "car", "no segment"] }), ["boat", "car", "…"]);
  assert.deepEqual(tileOf(known, server, 0).name, "a.png");
  assert.deepEqual(tileOf(known, server, 0).photo, "beach/4");
});
