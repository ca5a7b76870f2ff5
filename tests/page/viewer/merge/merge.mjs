/**
 * Merges for Python to compare. Standard input: the path of a folder with `cases.json`, a list of
 * descriptions with `logits` (name of a file of float32), or `packed` (name of a zlib stream), and `moves`.
 * `answers.json` is written there: what each case's moves gave. Id maps are files beside it, little-endian
 * 16-bit words.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { findInstances, Instances } from "../../../../panoseg/page/viewer/modules/merge/instances.js";
import { logitsFrom } from "../../../../panoseg/page/viewer/modules/merge/logits.js";
import { Panoptic } from "../../../../panoseg/page/viewer/modules/merge/panoptic.js";
import { prepare } from "../../../../panoseg/page/viewer/modules/merge/preparing.js";
import { Steps } from "../../../../panoseg/page/viewer/modules/merge/steps.js";
import { inflate } from "../../../../panoseg/page/viewer/modules/unpack.js";

const folder = readFileSync(0, "utf8").trim();
const noColor = () => [0, 0, 0];

function finished(work) {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

async function logitsOf({ logits, packed, geometry, steps }) {
  const bytes = Uint8Array.from(readFileSync(join(folder, logits ?? packed)));
  return logits
    ? new Float32Array(bytes.buffer)
    : finished(logitsFrom(await inflate(bytes), geometry.grid, steps));
}

function mergingOf({ geometry, queries, pairs }, logits) {
  if (pairs) return new Instances(finished(findInstances(geometry, logits, pairs)), noColor);
  const scores = queries.map((query) => query.score);
  return new Panoptic(geometry, queries, finished(prepare(geometry, logits, scores)), noColor);
}

function answerOf(merging, thresholds, steps, name) {
  merging.move(thresholds);
  const ids = merging.paint();
  steps.follow(ids, merging.changed);
  writeFileSync(join(folder, name), Uint16Array.from(ids));
  const land = merging.landscape?.();
  return {
    ids: name,
    steps: [...steps.all()],
    segments: merging.segments(ids, steps),
    candidates: merging.candidates?.(),
    coverage: merging.coverage(),
    landscape:
      land && Object.fromEntries(Object.entries(land).map(([field, values]) => [field, [...values]])),
  };
}

const answers = [];
for (const [number, one] of JSON.parse(readFileSync(join(folder, "cases.json"), "utf8")).entries()) {
  const merging = mergingOf(one, await logitsOf(one));
  const steps = new Steps(...one.geometry.shown);
  answers.push(one.moves.map((move, n) => answerOf(merging, move, steps, `${number}-${n}.ids`)));
}
writeFileSync(join(folder, "answers.json"), JSON.stringify(answers));
