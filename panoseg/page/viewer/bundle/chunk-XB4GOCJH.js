// modules/borders.js
function findSteps(ids, width) {
  let found = new Uint32Array(1 << 14);
  let count = 0;
  const lastRow = ids.length - width;
  for (let i = 0; i < ids.length; ) {
    const end = i + width - 1;
    const down = i < lastRow ? width : 0;
    for (; i <= end; i++) {
      const id = ids[i];
      if (id === ids[i + down] && (i === end || id === ids[i + 1])) continue;
      if (count === found.length) found = longer(found);
      found[count++] = i;
    }
  }
  return found.subarray(0, count);
}
function paintBorders(pixels, ids, steps, shown, size, thickness, color) {
  const { width, height } = size;
  const before = Math.ceil(thickness / 2) - 1;
  for (const i of steps) {
    const here = shown[ids[i]];
    const x = i % width;
    if (x + 1 < width && here !== shown[ids[i + 1]]) {
      const end = Math.min(width - x, thickness - before);
      for (let step = Math.max(-x, -before); step < end; step++) pixels[i + step] = color;
    }
    const y = i / width | 0;
    if (y + 1 < height && here !== shown[ids[i + width]]) {
      const end = Math.min(height - y, thickness - before);
      for (let step = Math.max(-y, -before); step < end; step++) pixels[i + step * width] = color;
    }
  }
}
function longer(numbers) {
  const copy = new Uint32Array(2 * numbers.length);
  copy.set(numbers);
  return copy;
}

// modules/merge/segment_rules.js
var FATES = (
  /** @type {const} */
  {
    segment: "segment",
    merged: "merged into a stuff segment",
    lowScore: "below the score threshold",
    empty: "no pixels left",
    occluded: "below the overlap threshold"
  }
);
function settle(queries, inOrder, kept, { owned, original, final }, overlap, segmentOf) {
  const stuff = /* @__PURE__ */ new Map();
  let count = 0;
  segmentOf.fill(0);
  for (let n = 0; n < inOrder.length; n++) {
    const place = inOrder[n];
    if (place >= kept || fateOf(owned[place], original[place], final[place], overlap)) continue;
    const { kind, class_id } = queries[place];
    const shared = kind === "stuff" ? stuff.get(class_id) : void 0;
    segmentOf[place] = shared ?? ++count;
    if (kind === "stuff" && shared === void 0) stuff.set(class_id, count);
  }
  return count;
}
function fateOf(owned, original, final, overlap) {
  if (!owned || !original || !final) return FATES.empty;
  return owned / original < overlap ? FATES.occluded : null;
}

// modules/merge/levels.js
var TOP_LEVEL = 200;
var LEVELS = TOP_LEVEL + 1;
var BUCKETS_PER_LOGIT = 128;
var LEAST = Float64Array.from({ length: LEVELS + 1 }, (_, level) => logitOf(level / TOP_LEVEL));
LEAST[LEVELS] = Number.POSITIVE_INFINITY;
var START = Uint8Array.from(
  { length: Math.ceil((LEAST[TOP_LEVEL - 1] - LEAST[1]) * BUCKETS_PER_LOGIT) + 1 },
  (_, bucket) => LEAST.findLastIndex((least) => least <= LEAST[1] + bucket / BUCKETS_PER_LOGIT)
);
function logitOf(probability) {
  if (probability <= 0) return Number.NEGATIVE_INFINITY;
  if (probability >= 1) return 53 * Math.LN2;
  return Math.log(probability) - Math.log1p(-probability);
}
function sigmoid(logit) {
  return 1 / (1 + Math.exp(-logit));
}
function levelOf(logit) {
  if (logit < LEAST[1]) return 0;
  if (logit >= LEAST[TOP_LEVEL - 1]) return logit >= LEAST[TOP_LEVEL] ? TOP_LEVEL : TOP_LEVEL - 1;
  let level = START[(logit - LEAST[1]) * BUCKETS_PER_LOGIT | 0];
  while (logit >= LEAST[level + 1]) level++;
  return level;
}
function levelFrom(threshold) {
  return Math.min(TOP_LEVEL, Math.max(0, Math.ceil(threshold * TOP_LEVEL - 1e-9)));
}

// modules/palette.js
function pixelOf([red, green, blue], opacity) {
  return (Math.round(opacity * 255) << 24 | blue << 16 | green << 8 | red) >>> 0;
}
function colorOf(segment, colorBy) {
  return segment.colors[colorBy] ?? segment.color;
}
function tables(segments, { hidden, selected, style }, rules) {
  const size = segments.length + 1;
  const colors = new Uint32Array(size);
  const shown = new Uint16Array(size);
  const outside = new Uint8Array(size).fill(style.cutout ? 1 : 0);
  const anySelected = segments.some((segment) => selected.has(segment.key));
  for (const segment of segments) {
    if (hidden.has(segment.key)) continue;
    const lit = anySelected && selected.has(segment.key);
    if (style.cutout) {
      if (anySelected && !lit) continue;
      outside[segment.id] = 0;
    } else {
      colors[segment.id] = pixelOf(
        colorOf(segment, style.color_by),
        anySelected ? opacityBesideSelected(style.opacity, lit, rules) : style.opacity
      );
    }
    shown[segment.id] = segment.id;
  }
  return { colors, shown, outside };
}
function opacityBesideSelected(opacity, lit, rules) {
  return lit ? Math.max(opacity, rules.lit) : opacity * rules.dimmed;
}
var HEAT = Uint32Array.from({ length: 256 }, (_, sure) => {
  const doubt = Math.max(0, 1 - sure / 200);
  const color = doubt < 0.5 ? [255, 225 - 300 * doubt, 40] : [255 - 230 * (doubt - 0.5), 75 - 150 * (doubt - 0.5), 40];
  const [red, green, blue] = color;
  return pixelOf(
    [Math.round(red), Math.round(green), Math.round(blue)],
    Math.min(1, 2.2 * doubt) * 235 / 255
  );
});

// modules/merge/buffers.js
function buffersOf({ ids, steps, picture }) {
  const arrays = picture ? [ids, steps, picture] : [ids, steps];
  return arrays.map(({ buffer }) => (
    /** @type {ArrayBuffer} */
    buffer
  ));
}
function takeBuffer(used, fits) {
  const at = used.findIndex(fits);
  return at < 0 ? void 0 : used.splice(at, 1)[0];
}

// modules/mask_pixels.js
var CHECKER = [4291808458, 4290360754];
var CHECKER_PIXELS = 4;
function fillMasks(pixels, map, look, rules, doubt) {
  const { width, height, ids } = map;
  const { colors, shown, outside } = tables(map.segments, look, rules);
  if (doubt) {
    for (let i = 0; i < pixels.length; i++) pixels[i] = HEAT[doubt[i]];
  } else {
    fillIds(pixels, ids, colors);
    if (look.style.cutout) fillChecker(pixels, ids, outside, width, height);
  }
  if (look.style.outlines) {
    const color = pixelOf(rules.outline, 1);
    paintBorders(pixels, ids, map.steps, shown, map, look.style.outline_width, color);
  }
}
function fillIds(pixels, ids, colors) {
  const fours = ids.byteOffset % 4 === 0 && ids instanceof Uint8Array ? ids.length >> 2 : 0;
  const words = new Uint32Array(ids.buffer, fours ? ids.byteOffset : 0, fours);
  for (let at = 0; at < fours; ) {
    const from = at++;
    const word = words[from];
    const id = word & 255;
    if (word === id * 16843009) {
      while (at < fours && words[at] === word) at++;
      pixels.fill(colors[id], 4 * from, 4 * at);
    } else {
      for (let i = 4 * from; i < 4 * at; i++) pixels[i] = colors[ids[i]];
    }
  }
  for (let i = 4 * fours; i < ids.length; i++) pixels[i] = colors[ids[i]];
}
function fillChecker(pixels, ids, outside, width, height) {
  for (let y = 0, i = 0; y < height; y++) {
    const row = y >> CHECKER_PIXELS;
    for (let x = 0; x < width; x++, i++) {
      if (outside[ids[i]]) pixels[i] = CHECKER[(x >> CHECKER_PIXELS) + row & 1];
    }
  }
}

export {
  findSteps,
  FATES,
  settle,
  fateOf,
  TOP_LEVEL,
  LEVELS,
  logitOf,
  sigmoid,
  levelOf,
  levelFrom,
  pixelOf,
  colorOf,
  tables,
  HEAT,
  CHECKER,
  CHECKER_PIXELS,
  fillMasks,
  buffersOf,
  takeBuffer
};
