import {
  BAND_ROWS,
  FATES,
  LEVELS,
  Steps,
  TOP_LEVEL,
  bandsIn,
  buffersOf,
  fateOf,
  fillRows,
  frameOf,
  inflate,
  levelFrom,
  levelOf,
  logitOf,
  markRows,
  rowsOf,
  settle,
  sigmoid,
  tables
} from "./chunk-O7USXQNT.js";

// modules/merge/brush.js
var Brush = class {
  #move = 0;
  /** @type {Float64Array} by band of rows, the move at which it changed last */
  #changedAt;
  /** @type {Map<string, number>} by segment's key, how it was painted last */
  #looks = /* @__PURE__ */ new Map();
  /** @param {number} height of the maps */
  constructor(height) {
    this.#changedAt = new Float64Array(bandsIn(height));
  }
  /**
   * A map has taken the place of the one before.
   *
   * @param {Uint8Array} changed the bands of rows in which segments meet at other places
   */
  follow(changed) {
    this.#move++;
    this.#note(changed);
  }
  /**
   * The masks of the map that was followed last, a 32-bit word per pixel as canvases hold them (palette.js); the
   * move that they show, and for each band of rows the one since which it shows the same.
   *
   * @param {Unpainted} map
   * @param {Coat} coat
   * @param {boolean} isNew whether the coat is another than at the last painting
   * @param {Frame | null} used is overwritten, if it fits
   */
  paint(map, { look, rules }, isNew, used) {
    const { width, height, segments } = map;
    const inLook = tables(segments, look, rules);
    this.#note(isNew ? new Uint8Array(this.#changedAt.length).fill(1) : this.#repainted(segments, inLook));
    const fits = used?.picture?.byteLength === 4 * width * height;
    const pixels = new Uint32Array(fits && used.picture || new ArrayBuffer(4 * width * height));
    const since = fits ? used.move : -1;
    const lacking = Array.from(this.#changedAt, (move) => move > since);
    for (const rows of rowsOf(lacking, height, look.style.outline_width)) {
      fillRows(pixels, map, inLook, look.style, rules, rows);
    }
    return { picture: pixels, move: this.#move, changedAt: this.#changedAt.slice() };
  }
  /** @param {Uint8Array} changed */
  #note(changed) {
    for (let band = 0; band < changed.length; band++) {
      if (changed[band]) this.#changedAt[band] = this.#move;
    }
  }
  /**
   * The bands of segments that stay where they are and look different: their colour tells their score, or what is
   * selected has gone.
   *
   * @param {Unpainted["segments"]} segments
   * @param {ReturnType<typeof tables>} inLook
   */
  #repainted(segments, { colors, shown, outside }) {
    const bands = new Uint8Array(this.#changedAt.length);
    const looks = /* @__PURE__ */ new Map();
    for (const { id, key, box } of segments) {
      const look = 4 * colors[id] + 2 * Number(shown[id] > 0) + outside[id];
      if (this.#looks.get(key) !== look) markRows(bands, box[1], box[3]);
      looks.set(key, look);
    }
    this.#looks = looks;
    return bands;
  }
};

// modules/merge/ids.js
function idsOf(pixels, segments, used) {
  const Kind = segments > 255 ? Uint16Array : Uint8Array;
  const bytes = pixels * Kind.BYTES_PER_ELEMENT;
  return new Kind(used?.byteLength === bytes ? used : new ArrayBuffer(bytes));
}

// modules/merge/axis.js
function axisOf({ mask, padded, content, photo, shown }) {
  const cell = new Int32Array(shown);
  const part = new Float64Array(shown);
  const last = Math.max(content - 2, 0);
  for (let i = 0; i < shown; i++) {
    const pixel = Math.floor((i + 0.5) * photo / shown);
    const at = positionOf(pixel, content, photo);
    cell[i] = Math.min(Math.floor(at), last);
    part[i] = at - cell[i];
  }
  const nodes = [];
  for (let i = 0; i < shown; i++) {
    const before = cell[i];
    if (i === 0 || before > nodes[nodes.length - 1]) nodes.push(before, Math.min(before + 1, content - 1));
    else if (before === nodes[nodes.length - 1] && content > 1) nodes.push(before + 1);
    cell[i] = nodes.length - 2;
  }
  const low = new Int32Array(nodes.length);
  const high = new Int32Array(nodes.length);
  const toward = new Float64Array(nodes.length);
  nodes.forEach((node, n) => {
    const at = positionOf(node, mask, padded);
    low[n] = Math.floor(at);
    high[n] = Math.min(low[n] + 1, mask - 1);
    toward[n] = at - low[n];
  });
  return { count: shown, low, high, toward, cell, part };
}
function positionOf(index, source, target) {
  return Math.min(Math.max((index + 0.5) * source / target - 0.5, 0), source - 1);
}

// modules/merge/surfaces.js
var TILE_HEIGHT = BAND_ROWS;
var TILE_WIDTH = 32;
var Surfaces = class {
  /**
   * @param {Geometry} geometry
   * @param {Float32Array} logits queries × grid
   */
  constructor(geometry, logits) {
    const [rows, columns] = [0, 1].map(
      (side) => axisOf({
        mask: geometry.grid[side],
        padded: geometry.input[side],
        content: geometry.content[side],
        photo: geometry.photo[side],
        shown: geometry.shown[side]
      })
    );
    this.height = rows.count;
    this.width = columns.count;
    this.rowSpans = spansOf(rows, TILE_HEIGHT);
    this.columnSpans = spansOf(columns, TILE_WIDTH);
    this.tileRows = this.rowSpans.length;
    this.tileColumns = this.columnSpans.length;
    this.rows = rows;
    this.columns = columns;
    this.logits = logits;
    this.gridWidth = geometry.grid[1];
    this.gridSize = geometry.grid[0] * this.gridWidth;
    this.least = new Float32Array(this.gridWidth);
    this.most = new Float32Array(this.gridWidth);
    this.line = new Float64Array(this.gridWidth);
    this.above = new Float64Array(2 * TILE_WIDTH);
    this.below = new Float64Array(2 * TILE_WIDTH);
    this.edge = new Float64Array(2 * TILE_WIDTH);
  }
  /**
   * The smallest and the largest logit that the pixels of each tile of a row lie between.
   *
   * @param {number} query
   * @param {number} tileRow
   * @param {Float64Array} bounds to fill, two for each tile
   */
  boundRow(query, tileRow, bounds) {
    const { logits, gridWidth, least, most, columnSpans } = this;
    const [top, bottom] = this.rowSpans[tileRow];
    let at = query * this.gridSize + top * gridWidth;
    for (let x = 0; x < gridWidth; x++) least[x] = most[x] = logits[at + x];
    for (let y = top + 1; y <= bottom; y++) {
      at += gridWidth;
      for (let x = 0; x < gridWidth; x++) {
        const value = logits[at + x];
        if (value < least[x]) least[x] = value;
        if (value > most[x]) most[x] = value;
      }
    }
    for (let tile = 0; tile < columnSpans.length; tile++) {
      const [left, right] = columnSpans[tile];
      let low = least[left];
      let high = most[left];
      for (let x = left + 1; x <= right; x++) {
        if (least[x] < low) low = least[x];
        if (most[x] > high) high = most[x];
      }
      bounds[2 * tile] = low;
      bounds[2 * tile + 1] = high;
    }
  }
  /**
   * The logits of a tile's pixels, in the order of the two resizes: rows, then columns.
   *
   * @param {number} query
   * @param {number} top
   * @param {number} bottom
   * @param {number} left
   * @param {number} right
   * @param {Float64Array} out to fill, row by row
   */
  evaluate(query, top, bottom, left, right, out) {
    const { rows, edge } = this;
    const { cell, part } = this.columns;
    const first = cell[left];
    const last = cell[right - 1] + 1;
    let { above, below } = this;
    let row = -2;
    let at = 0;
    for (let y = top; y < bottom; y++) {
      const its = rows.cell[y];
      if (its !== row) {
        if (its === row + 1) [above, below] = [below, above];
        else this.#nodes(query, its, first, last, above);
        this.#nodes(query, its + 1, first, last, below);
        row = its;
      }
      const down = rows.part[y];
      for (let node = last - first; node >= 0; node--) {
        edge[node] = above[node] * (1 - down) + below[node] * down;
      }
      for (let x = left; x < right; x++) {
        const node = cell[x] - first;
        const toward = part[x];
        out[at++] = edge[node] * (1 - toward) + edge[node + 1] * toward;
      }
    }
  }
  /**
   * The surface along one row of nodes.
   *
   * @param {number} query
   * @param {number} row
   * @param {number} first
   * @param {number} last
   * @param {Float64Array} out
   */
  #nodes(query, row, first, last, out) {
    const { logits, rows, columns, line } = this;
    const start = columns.low[first];
    const end = columns.high[last];
    const up = query * this.gridSize + rows.low[row] * this.gridWidth;
    const down = query * this.gridSize + rows.high[row] * this.gridWidth;
    const along = rows.toward[row];
    for (let x = start; x <= end; x++) line[x] = logits[up + x] * (1 - along) + logits[down + x] * along;
    for (let node = first; node <= last; node++) {
      const toward = columns.toward[node];
      out[node - first] = line[columns.low[node]] * (1 - toward) + line[columns.high[node]] * toward;
    }
  }
};
function spansOf(axis, side) {
  return Array.from({ length: Math.ceil(axis.count / side) }, (_, tile) => {
    const end = Math.min(axis.count, (tile + 1) * side);
    return [axis.low[axis.cell[tile * side]], axis.high[axis.cell[end - 1] + 1]];
  });
}

// modules/merge/instances.js
function* findInstances(geometry, logits, pairs) {
  const surfaces = new Surfaces(geometry, logits);
  const [height, width] = geometry.shown;
  const masks = /* @__PURE__ */ new Map();
  for (const { mask } of pairs) {
    if (masks.has(mask)) continue;
    masks.set(mask, maskOf(surfaces, mask));
    yield;
  }
  const scale = geometry.photo[0] * geometry.photo[1] / (height * width);
  const instances = pairs.map((pair) => {
    const { area, probability, box } = (
      /** @type {Mask} */
      masks.get(pair.mask)
    );
    const quality = Math.min(1, probability / Math.max(1, area));
    const score = pair.probability * quality;
    return { ...pair, score, quality, area: Math.round(area * scale), box };
  }).filter(({ area }) => area).sort((a, b) => b.score - a.score);
  const ranks = instances.length < 256 ? new Uint8Array(height * width) : new Uint16Array(height * width);
  for (let rank = instances.length; rank > 0; rank--) {
    const { runs } = (
      /** @type {Mask} */
      masks.get(instances[rank - 1].mask)
    );
    for (let r = 0; r < runs.length; r += 2) ranks.fill(rank, runs[r], runs[r] + runs[r + 1]);
  }
  return { instances, ranks, height };
}
function maskOf(surfaces, query) {
  const { width, height, tileRows, tileColumns } = surfaces;
  const logits = new Float64Array(TILE_HEIGHT * TILE_WIDTH);
  const bounds = new Float64Array(2 * tileColumns);
  const runs = [];
  let area = 0;
  let probability = 0;
  let [left, right, upper, lower] = [width, 0, height, 0];
  for (let tileRow = 0; tileRow < tileRows; tileRow++) {
    const top = tileRow * TILE_HEIGHT;
    const bottom = Math.min(height, top + TILE_HEIGHT);
    surfaces.boundRow(query, tileRow, bounds);
    for (let tile = 0; tile < tileColumns; tile++) {
      if (bounds[2 * tile + 1] <= 0) continue;
      const first = tile * TILE_WIDTH;
      const end = Math.min(width, first + TILE_WIDTH);
      surfaces.evaluate(query, top, bottom, first, end, logits);
      for (let y = top, at = 0; y < bottom; y++) {
        let start = -1;
        for (let x = first; x < end; x++, at++) {
          const inside = logits[at] > 0;
          if (inside) probability += sigmoid(logits[at]);
          if (inside && start < 0) start = x;
          if (start < 0 || inside && x + 1 < end) continue;
          const stop = inside ? end : x;
          runs.push(y * width + start, stop - start);
          area += stop - start;
          left = Math.min(left, start);
          right = Math.max(right, stop);
          upper = Math.min(upper, y);
          lower = Math.max(lower, y + 1);
          start = -1;
        }
      }
    }
  }
  return { runs: Uint32Array.from(runs), area, probability, box: [left, upper, right - left, lower - upper] };
}
var Instances = class {
  /**
   * @param {Found} found
   * @param {(score: number) => [number, number, number]} colorOfScore
   */
  constructor({ instances, ranks, height }, colorOfScore) {
    this.instances = instances;
    this.ranks = ranks;
    this.colorOfScore = colorOfScore;
    this.kept = -1;
    this.changed = new Uint8Array(bandsIn(height));
    this.onTop = new Uint32Array(instances.length + 1);
    for (let i = 0; i < ranks.length; i++) this.onTop[ranks[i]]++;
  }
  /** @param {{score: number}} thresholds */
  move({ score }) {
    const { instances, kept } = this;
    const below = instances.findIndex((instance) => instance.score <= score);
    this.kept = below < 0 ? instances.length : below;
    this.changed.fill(kept < 0 ? 1 : 0);
    for (const { box } of instances.slice(Math.min(kept, this.kept), Math.max(kept, this.kept))) {
      markRows(this.changed, box[1], box[3]);
    }
  }
  /** @param {ArrayBuffer} [used] is overwritten, if it fits */
  paint(used) {
    const { ranks, kept } = this;
    const ids = idsOf(ranks.length, kept, used);
    for (let i = 0; i < ranks.length; i++) ids[i] = ranks[i] <= kept ? ranks[i] : 0;
    return ids;
  }
  /** @returns {import("./panoptic.js").Segment[]} */
  segments() {
    return this.instances.slice(0, this.kept).map((instance, n) => {
      const { query, class_id, label, quality, area, color, label_color, box } = instance;
      const score = Math.min(1, instance.score);
      return {
        id: n + 1,
        key: `query-${query}-${class_id}`,
        class_id,
        label,
        kind: "thing",
        score,
        quality,
        area,
        queries: [query],
        color,
        colors: { label: label_color, score: this.colorOfScore(score) },
        box
      };
    });
  }
  /** Share of the shown picture that is in instances, 0–1. */
  coverage() {
    let covered = 0;
    for (let rank = 1; rank <= this.kept; rank++) covered += this.onTop[rank];
    return covered / this.ranks.length;
  }
};

// modules/merge/logits.js
var BEND = 2;
function* logitsFrom(planes, [height, width], steps) {
  const count = planes.length / 2;
  if (!Number.isInteger(count / (height * width))) {
    throw new RangeError(`Logits: wanted masks of ${height} × ${width}, got ${count} numbers.`);
  }
  const logits = new Float32Array(count);
  const rare = /* @__PURE__ */ new Map();
  const usual = Float32Array.from({ length: 2048 }, (_, n) => logitOfCode(n - 1024, steps));
  const logitOf2 = (code) => {
    if (code >= -1024 && code < 1024) return usual[code + 1024];
    if (!rare.has(code)) rare.set(code, logitOfCode(code, steps));
    return (
      /** @type {number} */
      rare.get(code)
    );
  };
  for (let first = 0; first < count; first += height * width) {
    let above = 0;
    for (let row = first; row < first + height * width; row += width) {
      let code = above;
      for (let i = row; i < row + width; i++) {
        const folded = planes[i] | planes[count + i] << 8;
        code += folded >>> 1 ^ -(folded & 1);
        logits[i] = logitOf2(code);
        if (i === row) above = code;
      }
    }
    yield;
  }
  return logits;
}
function logitOfCode(code, steps) {
  return BEND * Math.sinh(code / steps);
}

// modules/merge/boxes.js
var Boxes = class {
  /**
   * @param {number} height
   * @param {number} width
   * @param {number} owners how many there can be
   */
  constructor(height, width, owners) {
    this.size = [height, width];
    this.owners = owners;
    const room = bandsIn(height) * owners;
    this.left = new Int32Array(room);
    this.right = new Int32Array(room).fill(-1);
    this.top = new Int32Array(room);
    this.bottom = new Int32Array(room);
  }
  /**
   * Where an owner's pixels begin and end in a row there is a step, or the map's edge: no other pixel is looked at.
   *
   * @param {Ids} ids
   * @param {Int16Array} ownerOf by id, -1 for nobody
   * @param {Uint32Array[]} stepsOf by band
   * @param {Uint8Array} changed by band
   */
  follow(ids, ownerOf, stepsOf, changed) {
    const [height, width] = this.size;
    for (let band = 0; band < changed.length; band++) {
      if (!changed[band]) continue;
      this.right.fill(-1, band * this.owners, (band + 1) * this.owners);
      let y = band * BAND_ROWS;
      let row = y * width;
      for (const i of stepsOf[band]) {
        for (; i >= row + width; row += width) y++;
        const x = i - row;
        if (x + 1 === width || ids[i] === ids[i + 1]) continue;
        this.#touch(band, ownerOf[ids[i]], x, y);
        this.#touch(band, ownerOf[ids[i + 1]], x + 1, y);
      }
      const end = Math.min(height, (band + 1) * BAND_ROWS);
      for (y = band * BAND_ROWS; y < end; y++) {
        this.#touch(band, ownerOf[ids[y * width]], 0, y);
        this.#touch(band, ownerOf[ids[(y + 1) * width - 1]], width - 1, y);
      }
    }
  }
  /**
   * @param {number} owner
   * @returns {[left: number, top: number, width: number, height: number]} all zero where it has nothing
   */
  of(owner) {
    let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, -1, -1, -1];
    for (let at = owner; at < this.right.length; at += this.owners) {
      if (this.right[at] < 0) continue;
      left = Math.min(left, this.left[at]);
      right = Math.max(right, this.right[at]);
      if (top < 0) top = this.top[at];
      bottom = this.bottom[at];
    }
    return right < 0 ? [0, 0, 0, 0] : [left, top, right - left + 1, bottom - top + 1];
  }
  /**
   * @param {number} band
   * @param {number} owner
   * @param {number} x
   * @param {number} y
   */
  #touch(band, owner, x, y) {
    if (owner < 0) return;
    const at = band * this.owners + owner;
    if (this.right[at] < 0) {
      this.left[at] = this.right[at] = x;
      this.top[at] = this.bottom[at] = y;
      return;
    }
    if (x < this.left[at]) this.left[at] = x;
    if (x > this.right[at]) this.right[at] = x;
    if (y < this.top[at]) this.top[at] = y;
    if (y > this.bottom[at]) this.bottom[at] = y;
  }
};

// modules/merge/counts.js
function emptyCounts(count) {
  return {
    original: new Float32Array(count * LEVELS),
    gained: new Float32Array(count * LEVELS),
    lost: new Float32Array(lostFrom(count, 0))
  };
}
function lostFrom(by, from) {
  return (by * (by - 1) / 2 + from) * LEVELS;
}
function accumulate(counts, coarse, scale) {
  for (
    const which of
    /** @type {const} */
    ["original", "gained", "lost"]
  ) {
    const rows = counts[which];
    for (let first = 0; first < rows.length; first += LEVELS) {
      if (which !== "original") rows[first] = scale * coarse[which][first];
      for (let level = LEVELS - 2; level >= 0; level--) rows[first + level] += rows[first + level + 1];
    }
  }
}

// modules/merge/landscape.js
function landscapeOf(queries, inOrder, { original, gained, lost }, pixels, level, overlap) {
  const count = queries.length;
  const scores = Float64Array.from(/* @__PURE__ */ new Set([0, ...queries.map((query) => query.score)])).sort();
  const things = new Uint16Array(scores.length);
  const stuff = new Uint16Array(scores.length);
  const coverage = new Float64Array(scores.length);
  const then = {
    owned: new Float64Array(count),
    original: Float64Array.from(queries, (_, k) => original[k * LEVELS + level]),
    final: new Float64Array(count)
  };
  const segmentOf = new Uint16Array(count);
  let kept = 0;
  for (let step = scores.length - 1; step >= 0; step--) {
    for (; kept < count && queries[kept].score > scores[step]; kept++) {
      then.owned[kept] = gained[kept * LEVELS];
      then.final[kept] = gained[kept * LEVELS + level];
      for (let from = 0, at = lostFrom(kept, 0); from < kept; from++, at += LEVELS) {
        then.owned[from] -= lost[at];
        then.final[from] -= lost[at + level];
      }
    }
    const segments = settle(queries, inOrder, kept, then, overlap, segmentOf);
    let covered = 0;
    for (let k = 0; k < kept; k++) {
      if (!segmentOf[k]) continue;
      covered += then.final[k];
      if (queries[k].kind === "thing") things[step]++;
    }
    stuff[step] = segments - things[step];
    coverage[step] = Math.min(1, covered / pixels);
  }
  return { scores, things, stuff, coverage };
}

// modules/merge/naming.js
function nameAll(map, nameOf, ids) {
  let i = 0;
  if (ids instanceof Uint8Array) {
    const pairs = new Uint32Array(map.buffer, 0, map.length >> 1);
    const fours = new Uint32Array(ids.buffer, 0, map.length >> 2);
    let last = -1;
    let names = 0;
    for (let n = 0; n < fours.length; n++) {
      const one = pairs[2 * n];
      const other = pairs[2 * n + 1];
      if (one !== last || other !== last) {
        names = nameOf[one & 65535] | nameOf[one >>> 16] << 8;
        names |= nameOf[other & 65535] << 16 | nameOf[other >>> 16] << 24;
        last = one === other ? one : -1;
      }
      fours[n] = names;
    }
    i = fours.length << 2;
  }
  for (; i < map.length; i++) ids[i] = nameOf[map[i]];
}
function nameFaint(fine, coarse, nameOf, ids) {
  const [height, width] = fine.size;
  const [coarseHeight, coarseWidth] = coarse.size;
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor((y + 0.5) * coarseHeight / height) * coarseWidth;
    for (let x = 0; x < width; x++, i++) {
      const level = fine.map[i] & 255;
      const seen = level > 0 && level <= TOP_LEVEL;
      const at = row + Math.floor((x + 0.5) * coarseWidth / width);
      ids[i] = nameOf[seen ? fine.map[i] : coarse.map[at]];
    }
  }
}

// modules/merge/runs.js
var NOBODY = 255;
var LENGTH_BITS = 12;
var LENGTH_MASK = (1 << LENGTH_BITS) - 1;

// modules/merge/layer_finder.js
var LayerFinder = class {
  /**
   * @param {import("./surfaces.js").Surfaces} surfaces
   * @param {import("./layers.js").Layers} layers whose map and counts are filled
   * @param {ArrayLike<number>} scores
   * @param {number} floor the score × probability that a pixel's first owner must exceed
   */
  constructor(surfaces, layers, scores, floor) {
    const { width, tileColumns } = surfaces;
    this.surfaces = surfaces;
    this.layers = layers;
    this.scores = scores;
    this.floor = floor;
    this.logits = new Float64Array(TILE_HEIGHT * TILE_WIDTH);
    this.bounds = new Float64Array(2 * tileColumns);
    this.held = new Float64Array(TILE_HEIGHT * width);
    this.weights = new Float64Array(TILE_HEIGHT * width);
    this.least = new Float64Array(tileColumns);
    this.values = new Uint16Array(1 << 16);
    this.runs = new Uint32Array(1 << 12);
    this.valueCount = 0;
    this.runCount = 0;
  }
  /**
   * @param {number} tileRow
   * @returns {import("./layers.js").Band}
   */
  band(tileRow) {
    const { surfaces, layers, bounds } = this;
    const top = tileRow * TILE_HEIGHT;
    const bottom = Math.min(surfaces.height, top + TILE_HEIGHT);
    const runStart = new Uint32Array(layers.count + 1);
    const valueStart = new Uint32Array(layers.count + 1);
    this.held.fill(logitOf(this.floor));
    this.weights.fill(this.floor);
    this.least.fill(this.floor);
    this.valueCount = this.runCount = 0;
    for (let query = 0; query < layers.count; query++) {
      surfaces.boundRow(query, tileRow, bounds);
      for (let tile = 0; tile < surfaces.tileColumns; tile++) this.#visit(query, top, bottom, tile);
      runStart[query + 1] = this.runCount;
      valueStart[query + 1] = this.valueCount;
    }
    return {
      first: top * surfaces.width,
      runs: this.runs.slice(0, this.runCount),
      values: this.values.slice(0, this.valueCount),
      runStart,
      valueStart
    };
  }
  /**
   * Count the levels of a query in a tile, and let it join; mostly its bounds say enough.
   *
   * @param {number} query
   * @param {number} top
   * @param {number} bottom
   * @param {number} tile
   */
  #visit(query, top, bottom, tile) {
    const { surfaces, logits, bounds, least } = this;
    const { original } = this.layers.counts;
    const left = tile * TILE_WIDTH;
    const right = Math.min(surfaces.width, left + TILE_WIDTH);
    const pixels = (bottom - top) * (right - left);
    const level = levelOf(bounds[2 * tile]);
    const flat = level === levelOf(bounds[2 * tile + 1]);
    const mayWin = this.scores[query] * sigmoid(bounds[2 * tile + 1]) > least[tile];
    if (flat) original[query * LEVELS + level] += pixels;
    if (flat && !mayWin) return;
    surfaces.evaluate(query, top, bottom, left, right, logits);
    if (!flat) for (let i = 0; i < pixels; i++) original[query * LEVELS + levelOf(logits[i])]++;
    if (mayWin && this.#join(query, top, bottom, left, right)) {
      least[tile] = this.#leastWeight(bottom - top, left, right);
    }
  }
  /**
   * Give a query those pixels of a tile that it wins; says whether there are any.
   *
   * @param {number} query
   * @param {number} top
   * @param {number} bottom
   * @param {number} left
   * @param {number} right
   */
  #join(query, top, bottom, left, right) {
    this.#reserve((bottom - top) * (right - left));
    const { logits, held, weights, values, runs } = this;
    const { map, counts } = this.layers;
    const { gained, lost } = counts;
    const width = this.surfaces.width;
    const score = this.scores[query];
    let { valueCount, runCount } = this;
    for (let y = top, at = 0; y < bottom; y++) {
      let last = -2;
      for (let x = left, i = (y - top) * width + left; x < right; x++, i++, at++) {
        const logit = logits[at];
        if (logit <= held[i]) continue;
        const weight = score / (1 + Math.exp(-logit));
        if (weight <= weights[i]) continue;
        held[i] = logit;
        weights[i] = weight;
        const level = levelOf(logit);
        const pixel = top * width + i;
        const old = map[pixel];
        map[pixel] = query << 8 | level;
        values[valueCount++] = old;
        gained[query * LEVELS + level]++;
        if (old !== NOBODY) lost[lostFrom(query, old >> 8) + (old & 255)]++;
        if (i === last + 1) runs[runCount - 1]++;
        else runs[runCount++] = (i << LENGTH_BITS) + 1;
        last = i;
      }
    }
    const any = valueCount > this.valueCount;
    this.valueCount = valueCount;
    this.runCount = runCount;
    return any;
  }
  /**
   * @param {number} rows
   * @param {number} left
   * @param {number} right
   */
  #leastWeight(rows, left, right) {
    const { weights } = this;
    const width = this.surfaces.width;
    let found = Number.POSITIVE_INFINITY;
    for (let y = 0; y < rows; y++) {
      for (let i = y * width + left; i < y * width + right; i++) {
        if (weights[i] < found) found = weights[i];
      }
    }
    return found;
  }
  /**
   * Make room for a tile.
   *
   * @param {number} pixels
   */
  #reserve(pixels) {
    if (this.valueCount + pixels > this.values.length) {
      const longer = new Uint16Array(2 * this.values.length);
      longer.set(this.values);
      this.values = longer;
    }
    if (this.runCount + pixels > this.runs.length) {
      const longer = new Uint32Array(2 * this.runs.length);
      longer.set(this.runs);
      this.runs = longer;
    }
  }
};

// modules/merge/layers.js
function* findLayers(geometry, logits, scores, { least, budget }) {
  const count = scores.length;
  const surfaces = new Surfaces(geometry, logits);
  const { height, width, tileRows } = surfaces;
  const layers = {
    count,
    size: [height, width],
    map: new Uint16Array(height * width).fill(NOBODY),
    bands: [],
    counts: emptyCounts(count)
  };
  const finder = new LayerFinder(surfaces, layers, scores, least);
  let kept = 0;
  for (let tileRow = 0; tileRow < tileRows; tileRow++) {
    const band = finder.band(tileRow);
    kept += band.values.length;
    if (kept > budget) throw new RangeError(`More than ${budget} pixels change hands.`);
    layers.bands.push(band);
    yield;
  }
  return layers;
}
function swapLayer({ map, bands }, layer) {
  for (const { first, runs, values, runStart, valueStart } of bands) {
    let value = valueStart[layer];
    const end = runStart[layer + 1];
    for (let r = runStart[layer]; r < end; r++) {
      const run = runs[r];
      const start = first + (run >>> LENGTH_BITS);
      const stop = start + (run & LENGTH_MASK);
      for (let i = start; i < stop; i++, value++) {
        const other = values[value];
        values[value] = map[i];
        map[i] = other;
      }
    }
  }
}

// modules/merge/owners.js
var Owners = class {
  /**
   * @param {import("./preparing.js").Prepared} prepared all queries on its maps
   */
  constructor({ fine, coarse, counts }) {
    this.fine = fine;
    this.coarse = coarse;
    this.counts = counts;
    this.joined = fine.count;
    this.joinedCoarse = fine.count;
    this.pixels = new Float64Array(fine.count * LEVELS);
    for (let query = 0; query < fine.count; query++) this.#countIn(query);
  }
  /**
   * Let the first queries join, and the others leave.
   *
   * @param {number} kept
   */
  moveTo(kept) {
    while (this.joined < kept) {
      swapLayer(this.fine, this.joined);
      this.#countIn(this.joined++);
    }
    while (this.joined > kept) {
      swapLayer(this.fine, --this.joined);
      this.#countOut(this.joined);
    }
  }
  /** The map on which even the faintest owner is. */
  coarseMap() {
    while (this.joinedCoarse < this.joined) swapLayer(this.coarse, this.joinedCoarse++);
    while (this.joinedCoarse > this.joined) swapLayer(this.coarse, --this.joinedCoarse);
    return this.coarse;
  }
  /** @param {number} query */
  #countIn(query) {
    const first = query * LEVELS;
    this.pixels.set(this.counts.gained.subarray(first, first + LEVELS), first);
    for (let from = 0; from < query; from++) this.#exchange(query, from, -1);
  }
  /** @param {number} query */
  #countOut(query) {
    this.pixels.fill(0, query * LEVELS, (query + 1) * LEVELS);
    for (let from = 0; from < query; from++) this.#exchange(query, from, 1);
  }
  /**
   * @param {number} by
   * @param {number} from
   * @param {number} sign
   */
  #exchange(by, from, sign) {
    const { lost } = this.counts;
    const { pixels } = this;
    let at = lostFrom(by, from);
    if (!lost[at]) return;
    for (let i = from * LEVELS, end = i + LEVELS; i < end; i++, at++) pixels[i] += sign * lost[at];
  }
};

// modules/merge/panoptic.js
var Panoptic = class {
  /**
   * @param {import("./surfaces.js").Geometry} geometry
   * @param {import("./segment_rules.js").Query[]} queries by descending score
   * @param {import("./preparing.js").Prepared} prepared from the same
   * @param {(score: number) => [number, number, number]} colorOfScore
   */
  constructor(geometry, queries, prepared, colorOfScore) {
    const count = queries.length;
    this.size = geometry.shown;
    this.scale = geometry.photo[0] * geometry.photo[1] / prepared.fine.map.length;
    this.queries = queries;
    this.colorOfScore = colorOfScore;
    this.owners = new Owners(prepared);
    this.inOrder = Uint16Array.from(queries.keys()).sort((a, b) => queries[a].query - queries[b].query);
    this.segmentOf = new Uint16Array(count);
    this.firstOf = new Int16Array(1).fill(-1);
    this.ownerOf = new Int16Array(count).fill(-1);
    this.boxes = new Boxes(...geometry.shown, count);
    this.changed = new Uint8Array(bandsIn(geometry.shown[0]));
    this.level = -1;
    this.overlap = 0;
    this.owned = new Float64Array(count);
    this.original = new Float64Array(count);
    this.final = new Float64Array(count);
  }
  /** @param {Thresholds} thresholds */
  move({ score, mask, overlap }) {
    const { queries, owners, owned, original, final } = this;
    const below = queries.findIndex((query) => query.score <= score);
    const joined = owners.joined;
    owners.moveTo(below < 0 ? queries.length : below);
    const level = levelFrom(mask);
    this.changed.fill(level !== this.level || !level ? 1 : 0);
    this.level = level;
    this.overlap = overlap;
    for (let k = 0; k < queries.length; k++) {
      owned[k] = owners.pixels[k * LEVELS];
      original[k] = owners.counts.original[k * LEVELS + this.level];
      final[k] = owners.pixels[k * LEVELS + this.level];
    }
    const segments = settle(queries, this.inOrder, owners.joined, this, overlap, this.segmentOf);
    for (let k = Math.min(joined, owners.joined); k < Math.max(joined, owners.joined); k++) this.#mark(k);
    this.#findOwners(segments);
  }
  /** @param {number} segments how many there are */
  #findOwners(segments) {
    const { segmentOf, ownerOf } = this;
    this.firstOf = new Int16Array(segments + 1).fill(-1);
    for (const k of this.inOrder) {
      const id = segmentOf[k];
      if (id && this.firstOf[id] < 0) this.firstOf[id] = k;
      const owner = this.firstOf[id];
      if (owner !== ownerOf[k]) this.#mark(k);
      ownerOf[k] = owner;
    }
  }
  /**
   * Mark the bands in which a query can have pixels.
   *
   * @param {number} k
   */
  #mark(k) {
    this.owners.fine.bands.forEach(({ runStart }, band) => {
      if (runStart[k] < runStart[k + 1]) this.changed[band] = 1;
    });
  }
  /**
   * The id map of the thresholds moved to.
   *
   * @param {ArrayBuffer} [used] is overwritten, if it fits
   */
  paint(used) {
    const { fine } = this.owners;
    const ids = idsOf(fine.map.length, this.firstOf.length - 1, used);
    const room = Math.max(1, fine.count) << 8;
    const nameOf = ids instanceof Uint8Array ? new Uint8Array(room) : new Uint16Array(room);
    for (let k = 0; k < this.owners.joined; k++) {
      nameOf.fill(this.segmentOf[k], (k << 8) + this.level, (k << 8) + TOP_LEVEL + 1);
    }
    if (this.level) nameAll(fine.map, nameOf, ids);
    else nameFaint(fine, this.owners.coarseMap(), nameOf, ids);
    return ids;
  }
  /**
   * The segments of the thresholds moved to.
   *
   * @param {import("./ids.js").Ids} ids as painted
   * @param {import("./steps.js").Steps} steps that followed them
   * @returns {Segment[]}
   */
  segments(ids, steps) {
    this.boxes.follow(ids, this.firstOf, steps.ofBand, this.changed);
    const parts = Array.from(this.firstOf, () => []);
    for (const k of this.inOrder) parts[this.segmentOf[k]].push(k);
    return parts.slice(1).map((places, n) => this.#segment(n + 1, places));
  }
  /**
   * @param {number} id
   * @param {number[]} places of the queries that paint it
   * @returns {Segment}
   */
  #segment(id, places) {
    let area = 0;
    let scores = 0;
    let probability = 0;
    for (const k of places) {
      area += this.final[k];
      scores += this.final[k] * this.queries[k].score;
      probability += this.#probabilityOf(k);
    }
    const { query, class_id, label, kind, color, label_color } = this.queries[places[0]];
    const score = Math.min(1, scores / area);
    return {
      id,
      key: kind === "stuff" ? `class-${class_id}` : `query-${query}-${class_id}`,
      class_id,
      label,
      kind,
      score,
      quality: Math.min(1, probability / area),
      area: Math.round(area * this.scale),
      queries: places.map((k) => this.queries[k].query),
      color,
      colors: { label: label_color, score: this.colorOfScore(score) },
      box: this.boxes.of(places[0])
    };
  }
  /**
   * The sum of a query's probability over its final pixels, each taken for the middle of its level.
   *
   * @param {number} k
   */
  #probabilityOf(k) {
    let levels = (this.level + 0.5) * this.final[k];
    for (let i = k * LEVELS + this.level + 1; i < (k + 1) * LEVELS; i++) levels += this.owners.pixels[i];
    return levels / TOP_LEVEL;
  }
  /** @returns {Candidate[]} what became of each query, in the network's order */
  candidates() {
    const seen = /* @__PURE__ */ new Set([0]);
    return Array.from(this.inOrder, (k) => {
      const { query, class_id, label, score } = this.queries[k];
      const kept = k < this.owners.joined;
      const [owned, original, final] = [this.owned[k], this.original[k], this.final[k]];
      const segment_id = this.segmentOf[k];
      const first = !seen.has(segment_id) && seen.add(segment_id);
      const here = first ? FATES.segment : FATES.merged;
      const fate = kept ? fateOf(owned, original, final, this.overlap) ?? here : FATES.lowScore;
      const overlap = kept && original ? owned / original : null;
      return { query, class_id, label, score, owned, original, final, fate, overlap, segment_id };
    });
  }
  /** Share of the shown picture that is in segments, 0–1. */
  coverage() {
    let covered = 0;
    for (let k = 0; k < this.owners.joined; k++) if (this.segmentOf[k]) covered += this.final[k];
    return Math.min(1, covered / this.owners.fine.map.length);
  }
  /** What every score threshold would give, the other two being those moved to. */
  landscape() {
    const { counts, fine } = this.owners;
    return landscapeOf(this.queries, this.inOrder, counts, fine.map.length, this.level, this.overlap);
  }
};

// modules/merge/preparing.js
var COARSE_PIXELS = 32e4;
var FAINT = 0.05 / TOP_LEVEL;
var MOST_VALUES = 4e7;
function* prepare(geometry, logits, scores) {
  const limits = { least: FAINT, budget: MOST_VALUES };
  const fine = yield* findLayers(geometry, logits, scores, limits);
  const coarse = yield* findLayers(coarsened(geometry), logits, scores, { ...limits, least: -1 });
  accumulate(fine.counts, coarse.counts, fine.map.length / coarse.map.length);
  return { fine, coarse, counts: fine.counts };
}
function coarsened(geometry) {
  const [height, width] = geometry.shown;
  const step = Math.ceil(Math.sqrt(height * width / COARSE_PIXELS));
  if (step === 1) return geometry;
  const shown = [Math.ceil(height / step), Math.ceil(width / step)];
  const { grid, input, content } = geometry;
  return {
    grid,
    input: [shown[0] * input[0] / content[0], shown[1] * input[1] / content[1]],
    content: shown,
    photo: shown,
    shown
  };
}

// modules/merge/service.js
var UNPAINTED = { picture: null, move: -1, changedAt: null };
var SLICE_MS = 12;
function createService(say, pause) {
  let current = -1;
  let merge = null;
  async function load({ load: load2, description, bytes }) {
    current = load2;
    merge = null;
    const planes = await inflate(new Uint8Array(bytes));
    const work = preparing(description, planes);
    for (let until = 0; ; ) {
      if (performance.now() >= until) {
        await pause();
        if (load2 !== current) return;
        until = performance.now() + SLICE_MS;
      }
      const { done, value } = work.next();
      if (done) {
        merge = value;
        break;
      }
    }
    say({ type: "ready", load: load2 }, []);
  }
  function move({ load: load2, ...wanted }) {
    if (load2 !== current || !merge) return;
    const map = { ...merge(wanted), coat: null, load: load2 };
    say({ type: "map", load: load2, map }, buffersOf(frameOf(map)));
  }
  return async (message) => {
    try {
      if (message.type === "load") await load(message);
      else move(message);
    } catch (error) {
      if (message.load === current) merge = null;
      say({ type: "failed", load: message.load, message: String(error) }, []);
    }
  };
}
function* preparing({ geometry, steps, queries, pairs, score_colors }, planes) {
  const logits = yield* logitsFrom(planes, geometry.grid, steps);
  const colorOfScore = (score) => score_colors[Math.round(score * (score_colors.length - 1))];
  if (pairs) {
    return painted(geometry, new Instances(yield* findInstances(geometry, logits, pairs), colorOfScore));
  }
  if (!queries) throw new TypeError("Wanted queries or pairs, got neither.");
  const scores = queries.map((query) => query.score);
  const prepared = yield* prepare(geometry, logits, scores);
  return painted(geometry, new Panoptic(geometry, queries, prepared, colorOfScore));
}
function painted({ shown: [height, width] }, merging) {
  const steps = new Steps(height, width);
  const brush = new Brush(height);
  let landscapeOf2 = "";
  function landscapeAt({ mask, overlap }) {
    const key = `${mask} ${overlap}`;
    if (!(merging instanceof Panoptic) || key === landscapeOf2) return null;
    landscapeOf2 = key;
    return merging.landscape();
  }
  return ({ thresholds, coat, isNewCoat, used }) => {
    merging.move(thresholds);
    const ids = merging.paint(used?.ids);
    steps.follow(ids, merging.changed);
    brush.follow(merging.changed);
    const segments = merging.segments(ids, steps);
    const things = segments.filter((segment) => segment.kind === "thing").length;
    const map = {
      ids,
      steps: steps.all(used?.steps),
      width,
      height,
      segments,
      candidates: merging instanceof Panoptic ? merging.candidates() : null,
      landscape: landscapeAt(thresholds),
      counts: { things, stuff: segments.length - things, coverage: merging.coverage() },
      thresholds
    };
    return { ...map, ...coat ? brush.paint(map, coat, isNewCoat, used) : UNPAINTED };
  };
}

// modules/merge/worker.js
var bell = new MessageChannel();
var waiting = [];
bell.port1.onmessage = () => waiting.shift()?.();
var answer = createService(
  (message, transferred) => self.postMessage(message, { transfer: transferred }),
  () => new Promise((resolve) => {
    waiting.push(() => resolve(void 0));
    bell.port2.postMessage(null);
  })
);
self.onmessage = ({ data }) => answer(data);
