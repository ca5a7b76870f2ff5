/**
 * What merging costs in the browser's language: preparation once, then each move. Times are the processor's,
 * of one thread, in milliseconds.
 *
 *     node benchmarks/browser_merge.mjs FOLDER NAME…
 *
 * FOLDER holds NAME.json (a description) and NAME.bin (packed logits), as browser_merge.py writes them. With
 * `--maps` it writes the ids of a few moves there, too, for comparison. Prints one line of JSON for each
 * name.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { frameOf } from "../panoseg/page/viewer/modules/merge/frames.js";
import { createService } from "../panoseg/page/viewer/modules/merge/service.js";

const LOADS = 3;
const [folder, ...rest] = process.argv.slice(2);
const names = rest.filter((name) => !name.startsWith("--"));
const writesMaps = rest.includes("--maps");

const steps = (count) => Array.from({ length: count + 1 }, (_, n) => n / count);
const MOVES = {
  // The slider over its whole length in 2 s at 60 frames per second.
  score: steps(120).map((score) => ({ score: 1 - score, mask: 0.5, overlap: 0.8 })),
  "score, to and fro": steps(60).map((_, n) => ({ score: n % 2 ? 0.2 : 0.95, mask: 0.5, overlap: 0.8 })),
  mask: steps(98).map((mask) => ({ score: 0.5, mask: 0.01 + 0.98 * mask, overlap: 0.8 })),
  overlap: steps(100).map((overlap) => ({ score: 0.5, mask: 0.5, overlap })),
};
const COAT = {
  look: {
    hidden: new Set(),
    selected: new Set(),
    style: {
      color_by: "segment",
      opacity: 0.6,
      outlines: true,
      outline_width: 1,
      cutout: false,
      doubt: false,
    },
  },
  rules: { dimmed: 0.35, lit: 0.75, outline: [255, 255, 255] },
};

function milliseconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function summary(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => Number(sorted[Math.floor(share * (sorted.length - 1))].toFixed(1));
  return { median: at(0.5), p95: at(0.95), most: at(1) };
}

/** A service whose answers can be waited for. */
function createWorker() {
  let answered = () => {};
  const serve = createService(
    (answer) => answered(answer),
    () => new Promise((resolve) => setImmediate(resolve)),
  );
  return (message) =>
    new Promise((resolve, reject) => {
      answered = (answer) => (answer.type === "failed" ? reject(new Error(answer.message)) : resolve(answer));
      serve(message);
    });
}

for (const name of names) {
  const description = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
  const ask = createWorker();
  const preparing = [];
  let load = 0;
  for (let run = 0; run < LOADS; run++) {
    const bytes = Uint8Array.from(readFileSync(join(folder, `${name}.bin`))).buffer;
    const start = milliseconds();
    await ask({ type: "load", load: ++load, description, bytes });
    preparing.push(milliseconds() - start);
  }
  // As in the page: painted, in the frame of the map before the one that is shown.
  const frames = [];
  let isNewCoat = true;
  const move = async (thresholds) => {
    const used = frames.length > 1 ? frames.shift() : null;
    const { map } = await ask({ type: "move", load, thresholds, coat: COAT, isNewCoat, used });
    isNewCoat = false;
    frames.push(frameOf(map));
    return map;
  };
  const moving = {};
  for (const [what, moves] of Object.entries(MOVES)) {
    for (const thresholds of moves.slice(0, 30)) await move(thresholds);
    const times = [];
    const clocks = [];
    for (const thresholds of moves) {
      const start = milliseconds();
      const clock = performance.now();
      await move(thresholds);
      times.push(milliseconds() - start);
      clocks.push(performance.now() - clock);
    }
    moving[what] = { processor: summary(times), clock: summary(clocks) };
  }
  if (writesMaps) {
    for (const [n, thresholds] of description.checked.entries()) {
      const { ids, segments } = await move(thresholds);
      writeFileSync(join(folder, `${name}-${n}.ids`), Uint16Array.from(ids));
      writeFileSync(join(folder, `${name}-${n}.json`), JSON.stringify(segments));
    }
  }
  const { arrayBuffers } = process.memoryUsage();
  console.log(JSON.stringify({ name, preparing: Math.round(Math.min(...preparing)), moving, arrayBuffers }));
}
