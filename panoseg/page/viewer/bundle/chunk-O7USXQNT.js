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

// modules/merge/bands.js
var BAND_ROWS = 16;
function bandsIn(height) {
  return Math.ceil(height / BAND_ROWS);
}
function markRows(bands, top, height) {
  if (height > 0) bands.fill(1, Math.floor(top / BAND_ROWS), bandsIn(top + height));
}
function rowsOf(marked, height, margin) {
  const all = [];
  for (let band = 0; band < marked.length; band++) {
    if (!marked[band]) continue;
    const from = Math.max(0, band * BAND_ROWS - margin);
    const to = Math.min(height, (band + 1) * BAND_ROWS + margin);
    const last = all.at(-1);
    if (last && last[1] >= from) last[1] = to;
    else all.push([from, to]);
  }
  return all;
}

// modules/merge/steps.js
function stepsOf(ids, width) {
  const steps = new Steps(ids.length / width, width);
  steps.follow(ids);
  return steps.all();
}
var LEAST_ROOM = 1 << 16;
var Steps = class {
  /**
   * @param {number} height
   * @param {number} width
   */
  constructor(height, width) {
    this.width = width;
    this.ofBand = Array.from({ length: bandsIn(height) }, () => new Uint32Array(0));
    this.room = new Uint32Array(BAND_ROWS * width);
  }
  /**
   * @param {Ids} ids
   * @param {Uint8Array} [changed] the bands in which segments meet at other places than before; all unless given
   */
  follow(ids, changed) {
    const { width, ofBand, room } = this;
    for (let band = 0; band < ofBand.length; band++) {
      if (changed && !changed[band] && !changed[band + 1]) continue;
      const first = band * BAND_ROWS * width;
      const end = Math.min(ids.length, first + BAND_ROWS * width);
      ofBand[band] = room.slice(0, findSteps(ids, width, first, end, room));
    }
  }
  /**
   * @param {ArrayBuffer} [buffer] to be overwritten, if they fit
   * @returns {Uint32Array}
   */
  all(buffer) {
    const count = this.ofBand.reduce((sum, steps) => sum + steps.length, 0);
    const fits = buffer && buffer.byteLength >= 4 * count;
    const all = new Uint32Array(
      fits ? buffer : new ArrayBuffer(4 * Math.max(2 * count, LEAST_ROOM)),
      0,
      count
    );
    let at = 0;
    for (const steps of this.ofBand) {
      all.set(steps, at);
      at += steps.length;
    }
    return all;
  }
};
function findSteps(ids, width, first, end, found) {
  const lastRow = ids.length - width;
  let count = 0;
  function lookUntil(to) {
    for (; next < to; next++) {
      const right = (next + 1) % width ? ids[next + 1] : ids[next];
      const below = next < lastRow ? ids[next + width] : ids[next];
      if (ids[next] !== right || ids[next] !== below) found[count++] = next;
    }
  }
  let next = first;
  if (ids instanceof Uint8Array) {
    lookUntil(Math.min(end, 4 * Math.ceil(first / 4)));
    ({ next, count } = findInFours(ids, width, next, Math.min(end, lastRow - 4), found, count));
  }
  lookUntil(end);
  return count;
}
function findInFours(ids, width, first, end, found, count) {
  const fours = new Uint32Array(ids.buffer, 0, ids.length >> 2);
  const down = width >> 2;
  const shift = 8 * (width & 3);
  let n = first >> 2;
  for (const last = end >> 2; n < last; n++) {
    const here = fours[n];
    const right = here >>> 8 | fours[n + 1] << 24;
    const below = shift ? fours[n + down] >>> shift | fours[n + down + 1] << 32 - shift : fours[n + down];
    if ((here ^ right | here ^ below) === 0) continue;
    for (let i = 4 * n; i < 4 * n + 4; i++) {
      const id = ids[i];
      if (id !== ids[i + width] || id !== ids[i + 1] && (i + 1) % width) found[count++] = i;
    }
  }
  return { next: Math.max(first, 4 * n), count };
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

// modules/merge/frames.js
function frameOf({ ids, steps, picture, move }) {
  return { ids: bufferOf(ids), steps: bufferOf(steps), picture: picture && bufferOf(picture), move };
}
function buffersOf({ ids, steps, picture }) {
  return picture ? [ids, steps, picture] : [ids, steps];
}
function bufferOf({ buffer }) {
  return (
    /** @type {ArrayBuffer} */
    buffer
  );
}

// modules/borders.js
function paintBorders(pixels, { ids, steps, width, height }, shown, thickness, color, [from, to]) {
  const before = Math.ceil(thickness / 2) - 1;
  const after = thickness - before;
  const end = lowerBound(steps, width * (to + before));
  for (let n = lowerBound(steps, width * (from - after)); n < end; n++) {
    const i = steps[n];
    const here = shown[ids[i]];
    const x = i % width;
    const y = i / width | 0;
    if (x + 1 < width && y >= from && y < to && here !== shown[ids[i + 1]]) {
      const last = Math.min(width - x, after);
      for (let step = Math.max(-x, -before); step < last; step++) pixels[i + step] = color;
    }
    if (y + 1 < height && here !== shown[ids[i + width]]) {
      const last = Math.min(to - y, after);
      for (let step = Math.max(from - y, -before); step < last; step++) pixels[i + step * width] = color;
    }
  }
}
function lowerBound(numbers, least) {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = low + high >> 1;
    if (numbers[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

// modules/mask_pixels.js
var CHECKER = [4291808458, 4290360754];
var CHECKER_PIXELS = 4;
function fillMasks(pixels, map, look, rules, doubt) {
  const inLook = tables(map.segments, look, rules);
  if (!doubt) return fillRows(pixels, map, inLook, look.style, rules, [0, map.height]);
  for (let i = 0; i < pixels.length; i++) pixels[i] = HEAT[doubt[i]];
  fillBorders(pixels, map, inLook.shown, look.style, rules, [0, map.height]);
}
function fillRows(pixels, map, inLook, style, rules, rows) {
  const { width, ids } = map;
  fillIds(pixels, ids, inLook.colors, width * rows[0], width * rows[1]);
  if (style.cutout) fillChecker(pixels, ids, inLook.outside, width, rows);
  fillBorders(pixels, map, inLook.shown, style, rules, rows);
}
function fillBorders(pixels, map, shown, { outlines, outline_width }, { outline }, rows) {
  if (outlines) paintBorders(pixels, map, shown, outline_width, pixelOf(outline, 1), rows);
}
function fillIds(pixels, ids, colors, first, end) {
  const canBeFours = ids.byteOffset % 4 === 0 && ids instanceof Uint8Array;
  let at = Math.ceil(first / 4);
  const stop = canBeFours ? Math.max(at, end >> 2) : at;
  const words = new Uint32Array(
    ids.buffer,
    canBeFours ? ids.byteOffset : 0,
    canBeFours ? ids.length >> 2 : 0
  );
  const head = Math.min(end, 4 * at);
  for (let i = first; i < head; i++) pixels[i] = colors[ids[i]];
  while (at < stop) {
    const from = at++;
    const word = words[from];
    const id = word & 255;
    if (word === id * 16843009) {
      while (at < stop && words[at] === word) at++;
      pixels.fill(colors[id], 4 * from, 4 * at);
    } else {
      for (let i = 4 * from; i < 4 * at; i++) pixels[i] = colors[ids[i]];
    }
  }
  for (let i = 4 * at; i < end; i++) pixels[i] = colors[ids[i]];
}
function fillChecker(pixels, ids, outside, width, [from, to]) {
  for (let y = from, i = from * width; y < to; y++) {
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
  BAND_ROWS,
  bandsIn,
  markRows,
  rowsOf,
  stepsOf,
  Steps,
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
  fillRows,
  frameOf,
  buffersOf
};
