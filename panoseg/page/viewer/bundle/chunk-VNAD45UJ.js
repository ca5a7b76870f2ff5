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

// modules/merge/steps.js
function stepsOf(ids, width, into = new Uint32Array(1 << 16)) {
  const inFours = ids instanceof Uint8Array ? stepsInFours(ids, width, into) : { found: into, count: 0, next: 0 };
  let { found, count } = inFours;
  const lastRow = ids.length - width;
  for (let i = inFours.next; i < ids.length; i++) {
    if (count === found.length) found = longer(found);
    const right = (i + 1) % width ? ids[i + 1] : ids[i];
    const below = i < lastRow ? ids[i + width] : ids[i];
    if (ids[i] !== right || ids[i] !== below) found[count++] = i;
  }
  return found.subarray(0, count);
}
function stepsInFours(ids, width, found) {
  const fours = new Uint32Array(ids.buffer, 0, ids.length >> 2);
  const down = width >> 2;
  const shift = 8 * (width & 3);
  const end = Math.max(0, fours.length - down - 1);
  let count = 0;
  for (let n = 0; n < end; n++) {
    const here = fours[n];
    const right = here >>> 8 | fours[n + 1] << 24;
    const below = shift ? fours[n + down] >>> shift | fours[n + down + 1] << 32 - shift : fours[n + down];
    if ((here ^ right | here ^ below) === 0) continue;
    if (count + 4 > found.length) found = longer(found);
    for (let i = 4 * n; i < 4 * n + 4; i++) {
      const id = ids[i];
      if (id !== ids[i + width] || id !== ids[i + 1] && (i + 1) % width) found[count++] = i;
    }
  }
  return { found, count, next: 4 * end };
}
function boxesOf(ids, width, height, steps, count) {
  const left = new Int32Array(count + 1).fill(width);
  const top = new Int32Array(count + 1).fill(height);
  const right = new Int32Array(count + 1).fill(-1);
  const bottom = new Int32Array(count + 1).fill(-1);
  const touch = (id, x, y2) => {
    if (x < left[id]) left[id] = x;
    if (x > right[id]) right[id] = x;
    if (y2 < top[id]) top[id] = y2;
    if (y2 > bottom[id]) bottom[id] = y2;
  };
  let y = 0;
  let next = width;
  for (let n = 0; n < steps.length; n++) {
    const i = steps[n];
    for (; i >= next; next += width) y++;
    const x = i - next + width;
    touch(ids[i], x, y);
    if (x + 1 < width) touch(ids[i + 1], x + 1, y);
    if (y + 1 < height) touch(ids[i + width], x, y + 1);
  }
  for (let x = 0; x < width; x++) {
    touch(ids[x], x, 0);
    touch(ids[(height - 1) * width + x], x, height - 1);
  }
  for (let row = 0; row < height; row++) {
    touch(ids[row * width], 0, row);
    touch(ids[row * width + width - 1], width - 1, row);
  }
  const boxes = new Int32Array(4 * count);
  for (let id = 1; id <= count; id++) {
    if (right[id] < 0) continue;
    boxes.set([left[id], top[id], right[id] - left[id] + 1, bottom[id] - top[id] + 1], 4 * (id - 1));
  }
  return boxes;
}
function longer(numbers) {
  const copy = new Uint32Array(2 * numbers.length);
  copy.set(numbers);
  return copy;
}

// modules/unpack.js
async function unpack(base64, bytesPerValue = 1) {
  const text = atob(base64);
  const packed = new Uint8Array(text.length);
  for (let i = 0; i < packed.length; i++) packed[i] = text.charCodeAt(i);
  const { buffer } = await inflate(packed);
  return bytesPerValue === 1 ? new Uint8Array(buffer) : new Uint16Array(buffer);
}
async function inflate(packed) {
  const { readable, writable } = new DecompressionStream("deflate");
  const writer = writable.getWriter();
  const written = Promise.all([writer.write(packed), writer.close()]);
  const [buffer] = await Promise.all([new Response(readable).arrayBuffer(), written]);
  return new Uint8Array(buffer);
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

// modules/borders.js
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
  FATES,
  settle,
  fateOf,
  stepsOf,
  boxesOf,
  unpack,
  inflate,
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
