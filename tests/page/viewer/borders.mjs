/** Borders of a map, for Python to compare: {width, height, ids, shown, thickness} in, 0 and 1 out, as JSON. */

import { readFileSync } from "node:fs";

import { paintBorders } from "../../../panoseg/page/viewer/modules/borders.js";
import { stepsOf } from "../../../panoseg/page/viewer/modules/merge/steps.js";

const { width, height, ids, shown, thickness } = JSON.parse(readFileSync(0, "utf8"));
const pixels = new Uint32Array(ids.length);
const map = { ids, steps: stepsOf(ids, width), width, height };
paintBorders(pixels, map, shown, thickness, 1, [0, height]);
console.log(JSON.stringify([...pixels]));
