/** Inner points of a map, for Python to compare: {width, height, count, ids} in, [[x, y] or null] out, as JSON. */

import { readFileSync } from "node:fs";

import { innerPoints } from "../../../panoseg/page/viewer/modules/inner_points.js";

const { width, height, count, ids } = JSON.parse(readFileSync(0, "utf8"));
const points = innerPoints(Uint16Array.from(ids), width, height, count);
console.log(JSON.stringify(points.map((point) => point && [point.x, point.y])));
