/**
 * Merges for Python to compare. Standard input: the path of a folder with `cases.json`, a list of {logits: file of
 * float32, geometry, queries, pairs, moves}; answers with the list of what each case's moves gave, as JSON.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { createInstances, findInstances } from "../../../../panoseg/page/viewer/modules/merge/instances.js";
import { createPanoptic } from "../../../../panoseg/page/viewer/modules/merge/panoptic.js";
import { prepare } from "../../../../panoseg/page/viewer/modules/merge/preparing.js";
import { stepsOf } from "../../../../panoseg/page/viewer/modules/merge/steps.js";

const folder = readFileSync(0, "utf8").trim();
const noColor = () => [0, 0, 0];
const cases = JSON.parse(readFileSync(join(folder, "cases.json"), "utf8"));

function finished(work) {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

function panoptic({ geometry, queries, moves }, logits) {
  const scores = queries.map((query) => query.score);
  const merge = createPanoptic(geometry, queries, finished(prepare(geometry, logits, scores)), noColor);
  return moves.map((thresholds) => {
    merge.move(thresholds);
    const ids = merge.paint();
    const steps = stepsOf(ids, geometry.shown[1]);
    const { scores, things, stuff, coverage } = merge.landscape();
    return {
      ids: [...ids],
      segments: merge.segments(ids, steps),
      candidates: merge.candidates(),
      landscape: { scores: [...scores], things: [...things], stuff: [...stuff], coverage: [...coverage] },
      steps: [...steps],
    };
  });
}

function instances({ geometry, pairs, moves }, logits) {
  const merge = createInstances(finished(findInstances(geometry, logits, pairs)), noColor);
  return moves.map((thresholds) => {
    merge.move(thresholds);
    return { ids: [...merge.paint()], segments: merge.segments() };
  });
}

console.log(
  JSON.stringify(
    cases.map((one) => {
      const bytes = readFileSync(join(folder, one.logits));
      const logits = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
      return one.pairs ? instances(one, logits) : panoptic(one, logits);
    }),
  ),
);
