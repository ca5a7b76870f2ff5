import {
  inboxOf
} from "./chunk-LLYNKWSO.js";
import {
  KEYS,
  actionOf,
  arriveAt,
  createHistory,
  createRoving,
  createTabs,
  createThresholdPanel,
  element,
  fillWindow,
  focusedIn,
  iconButton,
  keyOf,
  placeChildren,
  sameThresholds,
  sendFiles,
  svg,
  textButton,
  watchFiles,
  watchLostFocus,
  writeAddress
} from "./chunk-RIPXPYHN.js";
import {
  CHECKER,
  CHECKER_PIXELS,
  FATES,
  HEAT,
  TOP_LEVEL,
  buffersOf,
  colorOf,
  fillMasks,
  frameOf,
  levelFrom,
  pixelOf,
  rowsOf,
  stepsOf,
  tables,
  unpack
} from "./chunk-O7USXQNT.js";

// modules/look.js
var OPACITY_STEP = 0.05;
function createLook(rules) {
  const style = { ...rules.style };
  return {
    hidden: /* @__PURE__ */ new Set(),
    selected: /* @__PURE__ */ new Set(),
    style,
    thresholds: paperThresholds(rules),
    number: 0,
    source: null
  };
}
function paperThresholds({ thresholds }) {
  const values = Object.fromEntries(thresholds.map(({ name, paper }) => [name, paper]));
  return (
    /** @type {Thresholds} */
    values
  );
}
function reportOf(look) {
  const { number, source, style, thresholds } = look;
  const keys = { hidden: [...look.hidden], selected: [...look.selected] };
  return { number, source, ...keys, style, thresholds };
}
function outdateServer(look) {
  look.number += 1;
}
function takeServerLook(look, sent) {
  if (!sent || sent.heard < look.number) return false;
  if (sent.style) look.style = { ...sent.style };
  if (sent.thresholds) look.thresholds = { ...sent.thresholds };
  if (sent.source === look.source) {
    look.hidden = new Set(sent.hidden);
    look.selected = new Set(sent.selected);
  }
  return true;
}
function changeSource(look, source, sent) {
  if (look.source === source) return;
  const known = sent?.source === source ? sent : { hidden: [], selected: [] };
  look.source = source;
  look.hidden = new Set(known.hidden);
  look.selected = new Set(known.selected);
}
function selectionAfterClick(selected, key, add = false) {
  if (key === null) return add ? new Set(selected) : /* @__PURE__ */ new Set();
  const next = add ? new Set(selected) : /* @__PURE__ */ new Set();
  if (!(selected.has(key) && (add || selected.size === 1))) next.add(key);
  else next.delete(key);
  return next;
}

// modules/outcomes.js
function withOutcomes(segments, outcomes, noOutcome) {
  return segments.map((segment) => {
    const { outcome: _, ...colors } = segment.colors;
    if (outcomes) colors.outcome = outcomes.colors[segment.key] ?? noOutcome;
    const [outcome, reason] = [outcomes?.words[segment.key], outcomes?.reasons[segment.key]];
    return { ...segment, colors, outcome: outcome ?? "", reason: reason ?? "" };
  });
}
function partnersOf(keys, outcomes) {
  return [...keys].flatMap((key) => outcomes?.partners[key] ?? []);
}

// modules/geometry.js
var FIT = Object.freeze({ zoom: 1, x: 0.5, y: 0.5 });
function boundView(view, range) {
  const zoom = Math.min(range.max, Math.max(range.min, view.zoom));
  const bound = (value, room) => {
    const margin = Math.min(0.5, 0.5 * room / zoom);
    return Math.min(1 - margin, Math.max(margin, value));
  };
  return { zoom, x: bound(view.x, range.room.x), y: bound(view.y, range.room.y) };
}
function pictureAt(view, at) {
  return { x: view.x + (at.x - 0.5) / view.zoom, y: view.y + (at.y - 0.5) / view.zoom };
}
function stageAt(view, point) {
  return { x: 0.5 + (point.x - view.x) * view.zoom, y: 0.5 + (point.y - view.y) * view.zoom };
}
function zoomAt(view, factor, at, range) {
  const zoom = Math.min(range.max, Math.max(range.min, view.zoom * factor));
  const point = pictureAt(view, at);
  return boundView({ zoom, x: point.x - (at.x - 0.5) / zoom, y: point.y - (at.y - 0.5) / zoom }, range);
}
function panBy(view, across, down, range) {
  return boundView({ ...view, x: view.x - across / view.zoom, y: view.y - down / view.zoom }, range);
}
function viewOfBox(box, range, air = 0.2) {
  const zoom = (1 - air) / Math.max(box.width / range.room.x, box.height / range.room.y, 1e-6);
  return boundView({ zoom, x: box.x + box.width / 2, y: box.y + box.height / 2 }, range);
}
function zoomRange(pictureWidth, stageWidth, pixelRatio = 1, room = { x: 1, y: 1 }) {
  const one = pictureWidth / Math.max(1, stageWidth * pixelRatio);
  return { one, min: Math.min(1, one), max: Math.max(8, 40 * one), room };
}

// modules/state.js
var kept = /* @__PURE__ */ new Map();
function keptOf(name, rules) {
  const found = kept.get(name) ?? {
    look: createLook(rules),
    view: FIT,
    wipe: null,
    reasons: true,
    photo: null,
    history: createHistory(),
    tab: "segments",
    returning: null
  };
  kept.set(name, found);
  return found;
}
function createState() {
  return {
    photo: null,
    painted: "",
    map: null,
    nearMiss: null,
    ghost: { clicked: null, pointed: null, timer: 0, levels: /* @__PURE__ */ new Map() },
    doubt: null,
    outcomes: null,
    landscape: null,
    awaitsExact: false,
    pin: null,
    hovered: 0,
    pointed: null,
    range: zoomRange(1, 1)
  };
}
function currentMap({ map, photo, painted }) {
  return map && map.photo === photo?.key && map.photo === painted ? map : null;
}
function segmentOf({ map }, key) {
  return map?.segments.find((segment) => segment.key === key);
}
function focusedSegment(state, look) {
  const [last] = [...look.selected].slice(-1);
  return currentMap(state)?.byId.get(state.hovered) ?? segmentOf(state, last);
}

// modules/maps.js
async function showMap(viewer, payload) {
  const { state, kept: kept2, parts, inbox, preview } = viewer;
  const ids = await unpack(payload.ids, payload.bytes_per_id);
  if (payload !== inbox.latest.get("map")) return;
  if (isOutOfDate(viewer, payload)) return;
  if (kept2.look.source !== payload.source) kept2.history.clear();
  changeSource(kept2.look, payload.source, inbox.latest.get("look"));
  const steps = stepsOf(ids, payload.width);
  const hovered = state.map?.byId.get(state.hovered)?.key;
  preview.recycle(state.map?.merged ?? null);
  state.map = { ...payload, ids, steps, points: null, segments: [], byId: /* @__PURE__ */ new Map(), merged: null };
  state.awaitsExact = false;
  setSegments(viewer, payload.segments);
  keepHovered(viewer, hovered);
  if (!state.hovered) parts.tooltip.hide();
  viewer.redraw("all");
  viewer.drawNow();
}
function isOutOfDate({ state, kept: kept2, preview }, payload) {
  if (preview.source !== payload.source || state.map?.source !== payload.source) return false;
  return !sameThresholds(kept2.look.thresholds, payload.thresholds);
}
function showKnownMap(viewer) {
  const payload = viewer.inbox.latest.get("map");
  if (payload && sameThresholds(viewer.kept.look.thresholds, payload.thresholds)) showMap(viewer, payload);
}
function showMerged(viewer, merged) {
  const { state, preview } = viewer;
  const before = state.map;
  if (!before || before.source !== preview.source || !state.awaitsExact) return preview.recycle(merged);
  const hovered = before.byId.get(state.hovered)?.key;
  const { ids, steps, width, height, thresholds } = merged;
  const below = (merged.candidates ?? []).filter(({ fate }) => fate === FATES.lowScore);
  state.map = {
    ...before,
    ids,
    steps,
    width,
    height,
    thresholds,
    merged,
    stamp: `moving ${++moves}`,
    nothing: merged.segments.length ? "" : "Nothing is left at these thresholds.",
    points: null,
    segments: [],
    byId: /* @__PURE__ */ new Map(),
    below_score: below.map(({ score }) => score),
    missed: merged.candidates
  };
  if (merged.landscape) state.landscape = { photo: before.photo, ...merged.landscape };
  preview.recycle(before.merged);
  setSegments(viewer, merged.segments);
  keepHovered(viewer, hovered);
  viewer.redraw("thresholds");
  viewer.drawNow();
}
var moves = 0;
function keepHovered({ state }, key) {
  state.hovered = key && segmentOf(state, key)?.id || 0;
}
function setSegments({ state, parts, rules, redraw }, segments) {
  if (!state.map) return;
  const named = withOutcomes(segments, state.outcomes, rules.no_outcome);
  state.map.segments = named;
  state.map.byId = new Map(named.map((segment) => [segment.id, segment]));
  parts.list.show(named);
  parts.numbers.show(named, state.map.area);
  redraw("masks", "light", "labels", "list", "thresholds");
}

// modules/merge/coat.js
function coatOf({ hidden, selected, style }, { dimmed, lit, outline }) {
  if (style.color_by === "outcome" || style.doubt) return null;
  return { look: { hidden, selected, style }, rules: { dimmed, lit, outline } };
}
function isOfLook(coat, { hidden, selected, style }) {
  return coat?.look.hidden === hidden && coat.look.selected === selected && coat.look.style === style;
}
function isSameCoat(one, other) {
  if (!one || !other) return one === other;
  const { dimmed, lit, outline } = one.rules;
  const isOfRules = dimmed === other.rules.dimmed && lit === other.rules.lit && outline === other.rules.outline;
  return isOfRules && isOfLook(other, one.look);
}

// modules/tooltip.js
function createTooltip() {
  const tip = element("div", "tip");
  tip.hidden = true;
  return {
    element: tip,
    /**
     * Describe a segment (or void) at a pixel of the photo.
     *
     * @param {Segment | undefined} segment
     * @param {number} area of the photo
     * @param {{ x: number, y: number }} pixel
     * @param {boolean} isHidden
     */
    describe(segment, area, pixel, isHidden) {
      const at = `x ${pixel.x}, y ${pixel.y}`;
      tip.replaceChildren(
        element("b", "", segment ? nameOf(segment) : "void"),
        element(
          "small",
          "",
          segment ? `${numbersOf(segment, area)} · ${at}${isHidden ? " · hidden" : ""}` : `no segment · ${at}`
        )
      );
      if (segment?.outcome) tip.append(element("small", "", segment.outcome));
      if (segment?.reason) tip.append(element("small", "reason", segment.reason));
      tip.hidden = false;
    },
    /**
     * Add what else the pixel could be and, where it is void, why.
     *
     * @param {PixelAnswer} answer
     */
    explain({ why, rivals }) {
      tip.querySelectorAll(".why, .rivals").forEach((old) => {
        old.remove();
      });
      if (why) tip.append(element("small", "why", why));
      if (!rivals.length) return;
      const list = element("div", "rivals");
      for (const rival of rivals) {
        const { label, score, probability, weight, kept: kept2 } = rival;
        const product = score === null || probability === null ? weight.toFixed(3) : `${score.toFixed(3)} × ${probability.toFixed(3)} = ${weight.toFixed(3)}`;
        const row = [element("span", "label", label), element("span", "product", product)];
        if (!kept2) for (const cell2 of row) cell2.classList.add("filtered");
        list.append(...row);
      }
      tip.append(list);
    },
    /**
     * Stand beside a point of a board, both in its pixels, and never beyond its edges.
     *
     * @param {number} x
     * @param {number} y
     * @param {number} width
     * @param {number} height
     */
    place(x, y, width, height) {
      const left = Math.max(0, Math.min(x + 14, width - tip.offsetWidth - 4));
      const below = y + 14;
      const top = below + tip.offsetHeight > height ? below - tip.offsetHeight - 28 : below;
      tip.style.transform = `translate(${left}px, ${Math.max(0, top)}px)`;
    },
    hide() {
      tip.hidden = true;
    }
  };
}
function nameOf(segment) {
  return `${segment.label} ${segment.id}`;
}
function numbersOf(segment, area) {
  const share2 = (100 * segment.area / area).toFixed(1);
  const score = segment.score === null ? "" : `score ${segment.score.toFixed(3)} · `;
  return `${score}${segment.area.toLocaleString("en")} px, ${share2} %`;
}

// modules/changes.js
function changed({ redraw, reports }, ...parts) {
  redraw(...parts, "history");
  reports.schedule();
}
function setThresholds(viewer, thresholds, moving) {
  if (sameThresholds(thresholds, viewer.kept.look.thresholds)) return;
  noteBefore(viewer, moving);
  moveThresholds(viewer, thresholds);
  if (!moving) restThresholds(viewer);
}
function noteBefore(viewer, name) {
  viewer.kept.history.note(snapshotOf(viewer), name);
}
function moveThresholds({ kept: kept2, state, preview, redraw, rules }, thresholds) {
  kept2.look.thresholds = thresholds;
  outdateServer(kept2.look);
  state.awaitsExact = true;
  preview.move(state.map?.source, thresholds, coatOf(kept2.look, rules));
  redraw("thresholds", "history");
}
function restThresholds(viewer) {
  viewer.kept.history.rest();
  if (!viewer.state.awaitsExact) return;
  viewer.reports.schedule(0);
  showKnownMap(viewer);
}
function undo(viewer) {
  showSnapshot(viewer, viewer.kept.history.undo(snapshotOf(viewer)));
}
function redo(viewer) {
  showSnapshot(viewer, viewer.kept.history.redo(snapshotOf(viewer)));
}
function snapshotOf({ kept: kept2 }) {
  const { thresholds, hidden, selected, style } = kept2.look;
  return { thresholds, hidden, selected, style };
}
function showSnapshot(viewer, snapshot) {
  if (!snapshot) return;
  const { kept: kept2, state, preview, link, rules } = viewer;
  const moved = !sameThresholds(snapshot.thresholds, kept2.look.thresholds);
  Object.assign(kept2.look, snapshot);
  if (moved) {
    state.awaitsExact = true;
    preview.move(state.map?.source, snapshot.thresholds, coatOf(kept2.look, rules));
    showKnownMap(viewer);
  }
  link.tell("selected", partnersOf(snapshot.selected, state.outcomes));
  link.tell("style", snapshot.style);
  changed(viewer, "masks", "labels", "list", "tools", "thresholds");
}
function setHidden(viewer, keys, hidden) {
  const { look } = viewer.kept;
  noteBefore(viewer);
  const all = new Set(look.hidden);
  for (const key of keys) {
    if (hidden) all.add(key);
    else all.delete(key);
  }
  look.hidden = all;
  changed(viewer, "masks", "labels", "list");
}
function showOnly(viewer, keys) {
  const others = (viewer.state.map?.segments ?? []).filter(({ key }) => !keys.includes(key));
  noteBefore(viewer);
  viewer.kept.look.hidden = new Set(others.map(({ key }) => key));
  changed(viewer, "masks", "labels", "list");
}
function setSelected(viewer, keys) {
  const { state, kept: kept2, parts, link } = viewer;
  const { selected } = kept2.look;
  if (keys.size === selected.size && [...keys].every((key) => selected.has(key))) return;
  noteBefore(viewer);
  const segment = segmentOf(state, [...keys].at(-1));
  parts.announcement.textContent = segment && state.map ? `${nameOf(segment)} selected, ${numbersOf(segment, state.map.area)}` : "Nothing selected";
  showSelected(viewer, [...keys]);
  link.tell("selected", partnersOf(keys, state.outcomes));
}
function showSelected(viewer, keys) {
  viewer.kept.look.selected = new Set(keys);
  viewer.parts.list.reveal(keys.at(-1));
  viewer.parts.numbers.reveal(keys.at(-1));
  changed(viewer, "masks", "list");
}
function restyle(viewer, change) {
  const [name] = Object.keys(change);
  noteBefore(viewer, typeof Object.values(change)[0] === "number" ? name : void 0);
  showStyle(viewer, { ...viewer.kept.look.style, ...change });
  viewer.link.tell("style", viewer.kept.look.style);
}
function showStyle(viewer, style) {
  viewer.kept.look.style = style;
  if (viewer.isFirst) changed(viewer, "masks", "labels", "list", "tools");
  else viewer.redraw("masks", "labels", "list", "tools");
}
function setView(viewer, view) {
  showView(viewer, view);
  viewer.link.tell("view", viewer.kept.view);
}
function showView({ kept: kept2, state, redraw }, view) {
  kept2.view = view;
  redraw("view");
  if (state.hovered) redraw("light");
}
function setReasons(viewer, on) {
  showReasons(viewer, on);
  viewer.link.tell("reasons", on);
}
function showReasons({ kept: kept2, redraw }, on) {
  kept2.reasons = on;
  redraw("labels", "tools");
}
function setWipe(viewer, at) {
  showWipe(viewer, at);
  viewer.link.tell("wipe", at);
}
function showWipe({ kept: kept2, redraw }, at) {
  kept2.wipe = at;
  redraw("wipe", "tools");
}

// modules/close_up/edges.js
function edgesOf({ ids, columns, rows, width, height }, nameOf2) {
  const lines = [];
  for (let y = 0; y < rows - 1; y++) {
    for (let x = 0, at = y * columns, start = -1; x <= width; x++, at++) {
      const differs = x < width && nameOf2[ids[at]] !== nameOf2[ids[at + columns]];
      if (differs && start < 0) start = x;
      if (differs || start < 0) continue;
      lines.push(start, y + 1, x, y + 1);
      start = -1;
    }
  }
  for (let x = 0; x < columns - 1; x++) {
    for (let y = 0, at = x, start = -1; y <= height; y++, at += columns) {
      const differs = y < height && nameOf2[ids[at]] !== nameOf2[ids[at + 1]];
      if (differs && start < 0) start = y;
      if (differs || start < 0) continue;
      lines.push(x + 1, start, x + 1, y);
      start = -1;
    }
  }
  return lines;
}

// modules/close_up/mask_tile.js
function createMaskTile(tile2) {
  return { ...tile2, canvas: null, canvasTurn: -1, path: null, pathTurn: -1, hover: null, hoverId: 0 };
}
function paintedTile(tile2, { colors, outside }, cutout, turn) {
  const { ids, columns, width, height } = tile2;
  tile2.canvas ??= Object.assign(document.createElement("canvas"), { width, height });
  if (tile2.canvasTurn === turn) return tile2.canvas;
  tile2.canvasTurn = turn;
  const context = tile2.canvas.getContext("2d");
  if (!context) return tile2.canvas;
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0, at = y * columns; x < width; x++, i++, at++) {
      const id = ids[at];
      pixels[i] = cutout && outside[id] ? CHECKER[(x >> CHECKER_PIXELS) + (y >> CHECKER_PIXELS) & 1] : colors[id];
    }
  }
  context.putImageData(image, 0, 0);
  return tile2.canvas;
}
function edgePath(tile2, shown2, turn) {
  if (tile2.pathTurn !== turn || !tile2.path) tile2.path = pathOf(edgesOf(tile2, shown2));
  tile2.pathTurn = turn;
  return tile2.path;
}
function hoverPath(tile2, id) {
  if (tile2.hoverId !== id || !tile2.hover) {
    const own = new Uint8Array(65536);
    own[id] = 1;
    tile2.hover = pathOf(edgesOf(tile2, own));
  }
  tile2.hoverId = id;
  return tile2.hover;
}
function pathOf(lines) {
  const path = new Path2D();
  for (let i = 0; i < lines.length; i += 4) {
    path.moveTo(lines[i], lines[i + 1]);
    path.lineTo(lines[i + 2], lines[i + 3]);
  }
  return path;
}

// modules/close_up/pyramid.js
var SIDE = 256;
function frameOf2(view, { full }, { width, height }) {
  const [from, to] = [stageAt(view, { x: 0, y: 0 }), stageAt(view, { x: 1, y: 1 })];
  return { left: from.x * width, top: from.y * height, scale: (to.x - from.x) * width / full[1] };
}
function levelOf({ scale }, { full, width }) {
  const reduced = full[1] / width;
  if (reduced * scale <= 1) return null;
  const level = Math.max(0, Math.round(Math.log2(1 / scale)));
  return 2 ** level < reduced ? level : null;
}
function placesOn({ left, top, scale }, { full }, { width, height }, level) {
  const side = SIDE * 2 ** level * scale;
  const photo = SIDE * 2 ** level;
  const span = (from, room, size) => [
    Math.max(0, Math.floor(-from / side)),
    Math.min(Math.ceil(size / photo), Math.ceil((room - from) / side))
  ];
  const [firstColumn, endColumn] = span(left, width, full[1]);
  const [firstRow, endRow] = span(top, height, full[0]);
  const places = [];
  for (let row = firstRow; row < endRow; row++) {
    for (let column = firstColumn; column < endColumn; column++) {
      const far = Math.hypot(left + (column + 0.5) * side - width / 2, top + (row + 0.5) * side - height / 2);
      places.push({ level, column, row, far });
    }
  }
  places.sort((a, b) => a.far - b.far);
  return places.map(({ far: _, ...place }) => place);
}
function sizeOf({ level, column, row }, { full }, margin = 0) {
  const step2 = 2 ** level;
  const pixels = (size, at) => Math.min(SIDE + margin, Math.ceil((size - at * SIDE * step2) / step2));
  return { width: pixels(full[1], column), height: pixels(full[0], row) };
}

// modules/close_up/server.js
async function fetchPicture(address, signal) {
  const answer = await ask(address, signal);
  if (!answer) return null;
  return createImageBitmap(await answer.blob(), { colorSpaceConversion: "none" });
}
async function fetchPacked(address, signal) {
  const answer = await ask(address, signal);
  if (!answer?.body) return null;
  const stream = answer.body.pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}
async function fetchAnswer(address, signal) {
  const answer = await ask(address, signal);
  return answer ? answer.json() : null;
}
async function ask(address, signal) {
  const answer = await fetch(address, { signal });
  return answer.status === 200 ? answer : null;
}

// modules/close_up/tile_store.js
var MOST_KEPT = 160;
function createTileStore(load4, onLoad, drop = () => {
}, most = MOST_KEPT) {
  const entries = /* @__PURE__ */ new Map();
  async function ask2(address) {
    const asking = new AbortController();
    const entry = { tile: null, asking };
    entries.set(address, entry);
    try {
      const tile2 = await load4(address, asking.signal);
      if (entries.get(address) === entry) entry.tile = tile2;
      else if (tile2) drop(tile2);
      entry.asking = null;
      if (tile2) onLoad();
    } catch {
      if (entries.get(address) === entry) entries.delete(address);
    }
  }
  function remove(address) {
    const entry = entries.get(address);
    entries.delete(address);
    entry?.asking?.abort();
    if (entry?.tile) drop(entry.tile);
  }
  return {
    /**
     * These are looked at now, the first of them first.
     *
     * @param {string[]} addresses
     */
    want(addresses) {
      const wanted = new Set(addresses);
      for (const [address, entry] of [...entries]) {
        if (entry.asking && !wanted.has(address)) remove(address);
      }
      for (const address of addresses) {
        const entry = entries.get(address);
        if (!entry) ask2(address);
        else {
          entries.delete(address);
          entries.set(address, entry);
        }
      }
      for (const address of [...entries.keys()]) {
        if (entries.size <= most) break;
        if (!wanted.has(address)) remove(address);
      }
    },
    /** @param {string} address */
    get: (address) => entries.get(address)?.tile ?? null,
    /** Whether all of these have come, or are known not to be there. */
    has: (addresses) => addresses.every((address) => entries.has(address) && !entries.get(address)?.asking),
    clear() {
      for (const address of [...entries.keys()]) remove(address);
    },
    get size() {
      return entries.size;
    }
  };
}

// modules/close_up/close_up.js
var NOWHERE = { frame: { left: 0, top: 0, scale: 0 }, room: { width: 0, height: 0 } };
var HALO = "rgb(10 12 20 / 75%)";
function createCloseUp(onLoad) {
  const canvas = () => element("canvas", "close-up");
  return {
    photo: canvas(),
    masks: canvas(),
    light: canvas(),
    /** Where the server answers for this visitor. */
    folder: "",
    photos: createTileStore(fetchPicture, onLoad, (tile2) => tile2.close()),
    ids: createTileStore(fetchMaskTile, onLoad),
    /** @type {ReturnType<typeof tables> | null} what to paint for each id, for all tiles alike */
    tables: null,
    turn: 0
  };
}
async function fetchMaskTile(address, signal) {
  const { searchParams } = new URL(address);
  const [bytes, columns, rows, width, height] = (searchParams.get("size") ?? "").split("-").map(Number);
  const buffer = await fetchPacked(address, signal);
  if (!buffer) return null;
  const ids = bytes === 1 ? new Uint8Array(buffer) : new Uint16Array(buffer);
  return createMaskTile({ ids, columns, rows, width, height });
}
function drawCloseUp(viewer, needs) {
  const { state, kept: kept2, parts, closeUp } = viewer;
  const { canvases } = parts;
  if (!state.photo) return;
  if (needs("masks")) closeUp.tables = null;
  const sent = kept2.view.zoom <= 1 || state.photo.full[1] <= state.photo.width;
  const { frame, room } = sent ? NOWHERE : measure(viewer, state.photo);
  const level = sent ? null : levelOf(frame, state.photo);
  const map = currentMap(state);
  const isExact = map !== null && !map.merged;
  const places = level === null ? [] : placesOn(frame, state.photo, room, level);
  closeUp.photos.want(places.map((place) => photoAddress(viewer, place, frame)));
  closeUp.ids.want(isExact ? places.map((place) => idAddress(viewer, map, place)) : []);
  closeUp.photo.hidden = level === null;
  if (level !== null) drawPhoto(viewer, places, frame, room);
  const doubt = state.doubt && state.doubt.photo === map?.photo;
  const lent = !canvases.lent.hidden;
  const masks = level !== null && isExact && !doubt && !lent;
  closeUp.masks.hidden = closeUp.light.hidden = !masks;
  canvases.masks.style.visibility = masks || lent ? "hidden" : "";
  const striped = state.nearMiss && state.nearMiss.photo === map?.photo;
  canvases.light.style.visibility = masks && !striped ? "hidden" : "";
  if (masks) {
    drawMasks(viewer, map, places, frame, room);
    drawLight(viewer, map, places, frame, room);
  }
  describe(viewer, map, places, frame, masks);
}
function measure({ kept: kept2, parts, closeUp }, photo) {
  const { stage, board } = parts;
  const [own, around] = [stage.getBoundingClientRect(), board.getBoundingClientRect()];
  const [left, top] = [own.left - around.left, own.top - around.top];
  const [width, height] = [board.clientWidth, board.clientHeight];
  for (const canvas of [closeUp.photo, closeUp.masks, closeUp.light]) {
    const style = { left: -left, top: -top, width, height };
    for (const [name, value] of Object.entries(style)) canvas.style.setProperty(name, `${value}px`);
  }
  const ratio = devicePixelRatio;
  const size = { width: own.width * ratio, height: own.height * ratio };
  const frame = frameOf2(kept2.view, photo, size);
  return {
    frame: { ...frame, left: frame.left + left * ratio, top: frame.top + top * ratio },
    room: { width: Math.round(width * ratio), height: Math.round(height * ratio) }
  };
}
function describe(viewer, map, places, frame, masks) {
  const { photos, ids } = viewer.closeUp;
  const { dataset } = viewer.parts.host;
  const addresses = places.map((place) => photoAddress(viewer, place, frame));
  const photo = photos.has(addresses) ? " photo" : "";
  const exact = masks && map && ids.has(places.map((place) => idAddress(viewer, map, place))) ? " masks" : "";
  dataset.tilesThere = String(addresses.filter((address) => photos.get(address)).length);
  dataset.tiles = places.length ? `${places[0].level}${photo}${exact}` : "";
}
function exactIdAt(viewer, map, { x, y }) {
  if (map.merged || !viewer.state.photo) return null;
  const place = { level: 0, column: Math.floor(x / SIDE), row: Math.floor(y / SIDE) };
  const tile2 = viewer.closeUp.ids.get(idAddress(viewer, map, place));
  return tile2 ? tile2.ids[(y - SIDE * place.row) * tile2.columns + x - SIDE * place.column] : null;
}
function photoAddress({ state, closeUp }, { level, column, row }, { scale }) {
  const kind = scale >= 1 ? "png" : "jpg";
  return addressOf(closeUp, `photo/${state.photo?.key}/${level}/${column}-${row}.${kind}`);
}
function idAddress({ state, closeUp }, map, place) {
  if (!state.photo) return "";
  const all = sizeOf(place, state.photo, 1);
  const own = sizeOf(place, state.photo);
  const size = [map.bytes_per_id, all.width, all.height, own.width, own.height].join("-");
  const { level, column, row } = place;
  return addressOf(closeUp, `ids/${map.name}/${level}/${column}-${row}?size=${size}`);
}
function addressOf({ folder }, path) {
  return new URL(`${folder}/${path}`, document.baseURI).href;
}
function drawPhoto(viewer, places, frame, room) {
  const { closeUp, state } = viewer;
  const context = blank(closeUp.photo, room);
  if (!context || !state.photo) return;
  context.imageSmoothingEnabled = frame.scale < 1;
  for (const place of places) {
    const tile2 = closeUp.photos.get(photoAddress(viewer, place, frame));
    if (!tile2) continue;
    const [x, y, width, height] = boxOf(place, frame, tile2);
    context.drawImage(tile2, x, y, width, height);
  }
}
function drawMasks(viewer, map, places, frame, room) {
  const { closeUp, kept: kept2, rules, parts, state } = viewer;
  const context = blank(closeUp.masks, room);
  if (!context || !state.photo) return;
  if (!closeUp.tables) {
    closeUp.tables = tables(map.segments, kept2.look, rules);
    closeUp.turn++;
  }
  const { style } = kept2.look;
  const reduced = state.photo.full[1] / map.width;
  context.imageSmoothingEnabled = false;
  for (const place of places) {
    const tile2 = closeUp.ids.get(idAddress(viewer, map, place));
    const size = sizeOf(place, state.photo);
    const [x, y, width, height] = boxOf(place, frame, size);
    if (tile2) {
      const painted = paintedTile(tile2, closeUp.tables, style.cutout, closeUp.turn);
      context.drawImage(painted, x, y, width, height);
    } else {
      const part = 2 ** place.level / reduced;
      const from = [SIDE * place.column * part, SIDE * place.row * part];
      const [sourceWidth, sourceHeight] = [size.width * part, size.height * part];
      context.drawImage(
        parts.canvases.masks,
        from[0],
        from[1],
        sourceWidth,
        sourceHeight,
        x,
        y,
        width,
        height
      );
    }
  }
  if (!style.outlines) return;
  const { shown: shown2 } = closeUp.tables;
  const color = `rgb(${rules.outline.join(" ")})`;
  eachTile(viewer, map, places, frame, context, (tile2, size) => {
    strokePath(context, edgePath(tile2, shown2, closeUp.turn), color, style.outline_width / size);
  });
}
function drawLight(viewer, map, places, frame, room) {
  const context = blank(viewer.closeUp.light, room);
  const { hovered } = viewer.state;
  if (!context || !hovered) return;
  for (
    const [color, pixels] of
    /** @type {[string, number][]} */
    [
      [HALO, 4],
      ["#fff", 2]
    ]
  ) {
    eachTile(viewer, map, places, frame, context, (tile2, size) => {
      strokePath(context, hoverPath(tile2, hovered), color, pixels / size);
    });
  }
}
function eachTile(viewer, map, places, frame, context, draw2) {
  for (const place of places) {
    const tile2 = viewer.closeUp.ids.get(idAddress(viewer, map, place));
    if (!tile2) continue;
    const [x, y, width, height] = boxOf(place, frame, tile2);
    context.setTransform(width / tile2.width, 0, 0, height / tile2.height, x, y);
    draw2(tile2, width / tile2.width / devicePixelRatio);
  }
  context.resetTransform();
}
function strokePath(context, path, color, width) {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.lineCap = "square";
  context.stroke(path);
}
function boxOf({ level, column, row }, { left, top, scale }, { width, height }) {
  const pixel = scale * 2 ** level;
  const [x, y] = [Math.round(left + column * SIDE * pixel), Math.round(top + row * SIDE * pixel)];
  const right = Math.round(left + (column * SIDE + width) * pixel);
  const bottom = Math.round(top + (row * SIDE + height) * pixel);
  return [x, y, right - x, bottom - y];
}
function blank(canvas, { width, height }) {
  const context = canvas.getContext("2d");
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  } else {
    context?.clearRect(0, 0, width, height);
  }
  return context;
}

// modules/close_up/pin_paint.js
var WHITE = 4294967295;
var MASK_OPACITY = 0.72;
var RAMP = [
  [0, 32, 77],
  [124, 123, 120],
  [255, 233, 69]
];
function heatColor(probability) {
  const start = probability < 0.5 ? 0 : 1;
  const share2 = 2 * probability - start;
  const [red, green, blue] = RAMP[start].map(
    (value, i) => Math.round((1 - share2) * value + share2 * RAMP[start + 1][i])
  );
  return [red, green, blue];
}
var HEAT2 = Uint32Array.from({ length: 256 }, (_, level) => {
  const probability = Math.min(1, level / TOP_LEVEL);
  return pixelOf(heatColor(probability), Math.min(0.88, 4 * probability));
});
function paintPin(surface, { width, height }, levels, least, { way, color }) {
  const pixels = surface.all(width, height);
  fillPin(pixels, { width, height }, levels, least, way === "heat" ? HEAT2 : insideOf(color, least));
  surface.show();
}
function insideOf(color, least) {
  const inside = pixelOf(color, MASK_OPACITY);
  return Uint32Array.from({ length: 256 }, (_, level) => level >= least ? inside : 0);
}
function fillPin(pixels, { width, height }, levels, least, colors) {
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const inside = levels[i] >= least;
      const edge = inside && (x > 0 && levels[i - 1] < least || x + 1 < width && levels[i + 1] < least || y > 0 && levels[i - width] < least || y + 1 < height && levels[i + width] < least);
      pixels[i] = edge ? WHITE : colors[levels[i]];
    }
  }
}

// modules/close_up/pin.js
function pin(viewer, key, way = "mask") {
  const { state } = viewer;
  const map = currentMap(state);
  const segment = segmentOf(state, key);
  if (!map?.explained || !segment) return;
  if (state.pin?.key === key) return unpin(viewer);
  const [left, , width] = segment.box;
  const middle = { x: (left + width / 2) / map.width, y: 0.5 };
  const side = stageAt(viewer.kept.view, middle).x > 0.5 ? "left" : "right";
  state.pin = { ...pinOf(segment, map), way, side };
  load(viewer, map);
  changed2(viewer);
}
function unpin(viewer) {
  if (!viewer.state.pin) return;
  viewer.state.pin = null;
  changed2(viewer);
}
function showPinAs(viewer, way) {
  if (viewer.state.pin) viewer.state.pin.way = way;
  changed2(viewer);
}
function nextPin(viewer) {
  const { state, kept: kept2 } = viewer;
  const key = focusedSegment(state, kept2.look)?.key ?? state.pin?.key;
  if (!key) return;
  if (state.pin?.key !== key) pin(viewer, key);
  else if (state.pin.way === "mask") showPinAs(viewer, "heat");
  else unpin(viewer);
}
function changed2({ redraw }) {
  redraw("pin", "list");
}
function pinOf(segment, map) {
  const { key, color } = segment;
  return { key, source: map.source, title: nameOf(segment), color, map: "", levels: null, answer: null };
}
async function load(viewer, map) {
  const { state, closeUp } = viewer;
  const { pin: pin2 } = state;
  if (!pin2 || pin2.map === map.name) return;
  pin2.map = map.name;
  const path = `${map.name}/${pin2.key}`;
  try {
    const [levels, answer] = await Promise.all([
      fetchPacked(addressOf(closeUp, `probability/${path}`)),
      fetchAnswer(addressOf(closeUp, `query/${path}`))
    ]);
    if (state.pin !== pin2 || pin2.map !== map.name || !levels || !answer) return;
    pin2.levels = new Uint8Array(levels);
    pin2.answer = answer;
  } catch {
    if (pin2.map === map.name) pin2.map = "";
  }
  changed2(viewer);
}
function drawPin(viewer, map, needs) {
  const { state, parts, kept: kept2 } = viewer;
  if (state.pin && map && state.pin.source !== map.source) state.pin = null;
  const { pin: pin2 } = state;
  const fits = pin2 && map ? pin2.levels?.length === map.width * map.height : false;
  parts.canvases.pin.hidden = !fits;
  parts.over.classList.toggle("pinned", fits);
  parts.host.dataset.pinned = pin2 && fits ? `${pin2.key} ${pin2.way}` : "";
  if (!pin2 || !map) return parts.pin.hide();
  if (!map.merged) load(viewer, map);
  const segment = segmentOf(state, pin2.key);
  if (segment) pin2.title = nameOf(segment);
  const threshold = map.task === "panoptic" ? kept2.look.thresholds.mask : 0.5;
  parts.pin.show(pin2, threshold, fatesOf(pin2, map, segment));
  if (fits && pin2.levels && needs("pin", "thresholds", "masks")) {
    paintPin(parts.surfaces.pin, map, pin2.levels, levelFrom(threshold), pin2);
  }
}
function fatesOf({ answer }, map, segment) {
  const candidates = map.merged?.candidates;
  if (!answer) return [];
  if (candidates) {
    return answer.queries.flatMap((query) => {
      const found = candidates.find((candidate) => candidate.query === query);
      return found ? [{ query, words: `${found.fate[0].toUpperCase()}${found.fate.slice(1)}.` }] : [];
    });
  }
  if (answer.fates.length) return answer.fates;
  const words = segment ? `It is segment ${segment.id}.` : "It is no segment at these thresholds.";
  return [{ query: answer.queries[0], words }];
}

// modules/flicker.js
function flicker(viewer) {
  const { state, parts, link } = viewer;
  if (!state.outcomes)
    return parts.toast.show("Compare first: then B shows the other picture's segments here.");
  if (parts.canvases.lent.hidden) link.tell("lend", void 0);
  else stopFlicker(viewer);
}
function stopFlicker({ parts, redraw }) {
  if (parts.canvases.lent.hidden) return;
  parts.canvases.lent.hidden = true;
  parts.canvases.masks.style.visibility = "";
  parts.toolbar.showFlicker(false);
  redraw("tiles");
}
function lend({ isFirst, parts, link }) {
  if (!isFirst) link.tell("lent", parts.canvases.masks);
}
function showLent({ isFirst, parts, redraw }, masks) {
  if (!isFirst) return;
  const { lent } = parts.canvases;
  lent.width = masks.width;
  lent.height = masks.height;
  lent.getContext("2d")?.drawImage(masks, 0, 0);
  lent.hidden = false;
  parts.canvases.masks.style.visibility = "hidden";
  parts.toolbar.showFlicker(true);
  redraw("tiles");
}

// modules/actions.js
var ZOOM_STEP = 1.5;
var PAN_STEP = 0.15;
var MIDDLE = { x: 0.5, y: 0.5 };
var ACTIONS = {
  zoomIn: (viewer) => zoomBy(viewer, ZOOM_STEP),
  zoomOut: (viewer) => zoomBy(viewer, 1 / ZOOM_STEP),
  fit: (viewer) => setView(viewer, FIT),
  one: (viewer) => zoomBy(viewer, viewer.state.range.one / viewer.kept.view.zoom),
  left: (viewer) => pan(viewer, PAN_STEP, 0),
  right: (viewer) => pan(viewer, -PAN_STEP, 0),
  up: (viewer) => pan(viewer, 0, PAN_STEP),
  down: (viewer) => pan(viewer, 0, -PAN_STEP),
  zoomTo: (viewer) => onFocused(viewer, (segment) => zoomTo(viewer, segment)),
  next: (viewer) => selectNext(viewer, 1),
  previous: (viewer) => selectNext(viewer, -1),
  hide: (viewer) => onFocused(viewer, ({ key }) => setHidden(viewer, [key], !viewer.kept.look.hidden.has(key))),
  only: (viewer) => onFocused(viewer, ({ key }) => showOnly(viewer, [key])),
  all: (viewer) => setHidden(viewer, viewer.kept.look.hidden, false),
  pin: (viewer) => nextPin(viewer),
  clear: (viewer) => viewer.state.pin ? unpin(viewer) : setSelected(viewer, /* @__PURE__ */ new Set()),
  fainter: (viewer) => changeOpacity(viewer, -1),
  stronger: (viewer) => changeOpacity(viewer, 1),
  outlines: (viewer) => restyle(viewer, { outlines: !viewer.kept.look.style.outlines }),
  labels: (viewer) => restyle(viewer, { labels: !viewer.kept.look.style.labels }),
  colors: nextColors,
  cutout: (viewer) => restyle(viewer, { cutout: !viewer.kept.look.style.cutout }),
  doubt: (viewer) => restyle(viewer, { doubt: !viewer.kept.look.style.doubt }),
  flicker,
  reasons: (viewer) => setReasons(viewer, !viewer.kept.reasons),
  share,
  nextPicture: (viewer) => goToNext(viewer, 1),
  previousPicture: (viewer) => goToNext(viewer, -1),
  wipe: (viewer) => setWipe(viewer, viewer.kept.wipe === null ? 0.5 : null),
  undo: (viewer) => undo(viewer),
  redo: (viewer) => redo(viewer),
  paper: (viewer) => setThresholds(viewer, paperThresholds(viewer.rules)),
  explain: (viewer) => viewer.parts.howItWorks.toggle(),
  firstMinute: (viewer) => viewer.parts.firstMinute.begin(),
  help: (viewer) => viewer.parts.help.toggle()
};
async function share({ parts }) {
  try {
    await navigator.clipboard.writeText(location.href);
    parts.toast.show("Link copied.");
  } catch {
    parts.toast.show("The browser does not let the page copy: take the link from its address bar.");
  }
}
function goToNext(viewer, by) {
  const id = viewer.parts.filmstrip.next(by);
  if (id) goToPicture(viewer, id);
}
function openFiles({ parts }, files) {
  const words = files.length === 1 ? files[0].name : `${files.length} files`;
  parts.toast.show(sendFiles(files) ? `Opening ${words}…` : "The page takes no files just now.");
}
function goToPicture(viewer, id) {
  viewer.parts.filmstrip.mark(id);
  viewer.pictures.tell({ action: "show", id });
}
function zoomBy(viewer, factor, at = MIDDLE) {
  setView(viewer, zoomAt(viewer.kept.view, factor, at, viewer.state.range));
}
function pan(viewer, across, down) {
  setView(viewer, panBy(viewer.kept.view, across, down, viewer.state.range));
}
function zoomTo(viewer, segment) {
  const { state, kept: kept2, parts } = viewer;
  if (!state.map) return;
  const { width, height } = state.map;
  const [x, y, boxWidth, boxHeight] = segment.box;
  const box = { x: x / width, y: y / height, width: boxWidth / width, height: boxHeight / height };
  const target = viewOfBox(box, state.range);
  const there = Math.abs(target.zoom - kept2.view.zoom) + Math.abs(target.x - kept2.view.x) < 1e-6;
  setView(viewer, there ? FIT : target);
  parts.tooltip.hide();
}
function showPair(viewer, { left, right, box: [x, y, width, height] }) {
  setSelected(viewer, new Set(left ? [left] : []));
  viewer.link.tell("selected", right ? [right] : []);
  setView(viewer, viewOfBox({ x, y, width, height }, viewer.state.range, 0.5));
  viewer.parts.tooltip.hide();
}
function onFocused({ state, kept: kept2 }, act) {
  const segment = focusedSegment(state, kept2.look);
  if (segment) act(segment);
}
function selectNext(viewer, by) {
  const keys = viewer.parts.list.keys();
  const at = keys.indexOf([...viewer.kept.look.selected].at(-1) ?? "");
  const first = by > 0 ? 0 : -1;
  const key = keys.at((at < 0 ? first : at + by) % keys.length);
  if (key !== void 0) setSelected(viewer, /* @__PURE__ */ new Set([key]));
}
function changeOpacity(viewer, steps) {
  const from = Math.round(viewer.kept.look.style.opacity / OPACITY_STEP);
  const opacity = (from + steps) / Math.round(1 / OPACITY_STEP);
  restyle(viewer, { opacity: Math.min(1, Math.max(0, opacity)) });
}
function nextColors(viewer) {
  const ways = Object.keys(viewer.rules.color_by).filter((way) => way !== "outcome" || viewer.state.outcomes);
  const at = ways.indexOf(viewer.kept.look.style.color_by);
  restyle(viewer, { color_by: ways[(at + 1) % ways.length] });
}

// modules/near_miss_rules.js
var MOST = 20;
var MISSED = /* @__PURE__ */ new Set([FATES.lowScore, FATES.occluded, FATES.empty]);
function nearMisses(queries, leastScore) {
  return queries.filter((query) => isMissed(query) && query.score >= leastScore && query.original > 0).sort((a, b) => b.score - a.score).slice(0, MOST);
}
function withoutNearMisses({ missed, thresholds }) {
  if (missed) return "Nothing that the model saw was filtered away.";
  return thresholds ? "Only panoptic segmentations have near misses." : "No thresholds made this map, so none took anything away.";
}
function isMissed({ fate }) {
  return MISSED.has(fate);
}
function broughtBack({ fate, score, overlap: overlap2 }, thresholds) {
  if (fate === FATES.lowScore) return score > 0 ? { ...thresholds, score: belowInHundredths(score) } : null;
  if (fate === FATES.occluded && overlap2) return { ...thresholds, overlap: Math.floor(100 * overlap2) / 100 };
  return null;
}
function backWords(miss, now) {
  const back = broughtBack(miss, now);
  if (!back) return "";
  return back.score !== now.score ? `sets the score to ${back.score.toFixed(2)}` : `sets the overlap to ${back.overlap.toFixed(2)}`;
}
function belowInHundredths(score) {
  return Math.max(0, Math.ceil(100 * score) - 1) / 100;
}
function reasonOf({ fate, score, overlap: overlap2, under }, thresholds) {
  if (fate === FATES.lowScore) {
    return `Its score of ${roundedDown(score)} is not above ${thresholds.score.toFixed(2)}.`;
  }
  const over = under ? `${under} lies over it` : "Others lie over it";
  if (fate === FATES.occluded) {
    return `${over}: ${percent(overlap2 ?? 0)} of its mask is left, ${percent(thresholds.overlap)} is wanted.`;
  }
  return `${over} and wins every pixel that counts.`;
}
function percent(share2) {
  return `${(Math.floor(1e3 * share2) / 10).toFixed(1).replace(/\.0$/, "")} %`;
}
function roundedDown(score) {
  return (Math.floor(1e3 * score) / 1e3).toFixed(3);
}

// modules/near_miss_ghost.js
var MOST_KEPT2 = 8;
var PAUSE_MS = 60;
function inspect(viewer, query) {
  viewer.state.ghost.clicked = query;
  updateGhost(viewer);
}
function pointAtMiss(viewer, query) {
  const { ghost } = viewer.state;
  clearTimeout(ghost.timer);
  ghost.timer = setTimeout(() => {
    ghost.pointed = query;
    updateGhost(viewer);
  }, PAUSE_MS);
}
function updateGhost(viewer) {
  const { state, kept: kept2, redraw } = viewer;
  const { ghost, map } = state;
  const query = ghost.pointed ?? ghost.clicked;
  const miss = query === null ? void 0 : map?.missed?.find((seen) => seen.query === query && isMissed(seen));
  const levels = miss && map ? levelsOf(viewer, map, miss) : null;
  const before = state.nearMiss;
  state.nearMiss = null;
  if (miss && map && levels?.length === map.width * map.height) {
    const least = levelFrom(kept2.look.thresholds.mask);
    state.nearMiss = {
      photo: map.photo,
      name: miss.label,
      bits: levels.map((level) => Number(level >= least))
    };
  }
  if (before || state.nearMiss) redraw("light");
  redraw("list");
}
function levelsOf(viewer, map, { query, class_id }) {
  const { ghost } = viewer.state;
  const key = `${map.source} ${query}`;
  const known = ghost.levels.get(key);
  if (known === void 0)
    load2(viewer, key, addressOf(viewer.closeUp, `probability/${map.name}/query-${query}-${class_id}`));
  return known ?? null;
}
async function load2(viewer, key, address) {
  const { ghost } = viewer.state;
  ghost.levels.set(key, null);
  for (const oldest of ghost.levels.keys()) {
    if (ghost.levels.size <= MOST_KEPT2) break;
    ghost.levels.delete(oldest);
  }
  try {
    const levels = await fetchPacked(address);
    if (levels) ghost.levels.set(key, new Uint8Array(levels));
    else ghost.levels.delete(key);
  } catch {
    ghost.levels.delete(key);
    return;
  }
  if (ghost.levels.get(key)) updateGhost(viewer);
}

// modules/bring_back.js
function bringBack(viewer, miss) {
  noteBefore(viewer);
  inspect(viewer, null);
  viewer.kept.returning = miss.query;
  step(viewer, miss);
}
function goOnBringingBack(viewer) {
  const { kept: kept2, state } = viewer;
  if (kept2.returning === null) return;
  const miss = state.map?.missed?.find(({ query }) => query === kept2.returning);
  if (miss) step(viewer, miss);
  else kept2.returning = null;
}
function step(viewer, miss) {
  const { kept: kept2 } = viewer;
  const wanted = broughtBack(miss, kept2.look.thresholds);
  if (!wanted || wanted.score >= kept2.look.thresholds.score && wanted.overlap >= kept2.look.thresholds.overlap) {
    kept2.returning = null;
    return;
  }
  moveThresholds(viewer, wanted);
  restThresholds(viewer);
}

// modules/close_up/answers.js
var MOST_KEPT3 = 300;
function createAnswers(load4 = fetchAnswer) {
  const known = /* @__PURE__ */ new Map();
  let timer = 0;
  let asking = null;
  function cancel() {
    clearTimeout(timer);
    asking?.abort();
    asking = null;
  }
  return {
    cancel,
    /** @param {string} address */
    get: (address) => known.get(address) ?? null,
    /**
     * Ask once nothing else is asked for `pause` milliseconds; `then` is not called where nothing comes.
     *
     * @param {string} address
     * @param {(answer: PixelAnswer) => void} then
     * @param {number} pause
     */
    ask(address, then, pause) {
      cancel();
      timer = setTimeout(async () => {
        asking = new AbortController();
        const { signal } = asking;
        try {
          const answer = await load4(address, signal);
          if (!answer || signal.aborted) return;
          known.set(address, answer);
          for (const oldest of known.keys()) {
            if (known.size <= MOST_KEPT3) break;
            known.delete(oldest);
          }
          then(answer);
        } catch {
        }
      }, pause);
    }
  };
}

// modules/highlight.js
var WHITE2 = 4294967295;
var GLOW = 956301311;
var STRIPE_LIGHT = 3506438143;
var STRIPE_DARK = 3494912008;
function paintLight(surface, map, id, thickness, nearMiss) {
  const { width, height, ids } = map;
  const lit = map.byId.get(id)?.box ?? null;
  surface.only(width, height, nearMiss ? [0, 0, width, height] : lit, (pixels, box) => {
    const [left, top, boxWidth, boxHeight] = box;
    for (let y = 0, i = 0; y < boxHeight; y++) {
      const above = top + y >= thickness ? thickness * width : 0;
      const below = top + y + thickness < height ? thickness * width : 0;
      for (let x = 0, at = (top + y) * width + left; x < boxWidth; x++, i++, at++) {
        if (nearMiss?.[at]) {
          pixels[i] = (x + y) % 12 < 6 ? STRIPE_LIGHT : STRIPE_DARK;
        } else if (id && ids[at] === id) {
          const column = left + x;
          const inner = above && below && column >= thickness && column + thickness < width && ids[at - thickness] === id && ids[at + thickness] === id && ids[at - above] === id && ids[at + below] === id;
          pixels[i] = inner ? GLOW : WHITE2;
        }
      }
    }
  });
}

// modules/inner_points.js
var SAMPLES = 1 << 17;
var STRAIGHT = 3;
var DIAGONAL = 4;
function innerPoints(ids, width, height, count2) {
  const stride = Math.max(1, Math.ceil(Math.sqrt(width * height / SAMPLES)));
  const columns = Math.ceil(width / stride);
  const rows = Math.ceil(height / stride);
  const sample = new Uint16Array(columns * rows);
  for (let y = 0, i = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, i++) sample[i] = ids[y * stride * width + x * stride];
  }
  const depth = depths(sample, columns, rows);
  const best = new Int32Array(count2 + 1).fill(-1);
  for (let i = 0; i < sample.length; i++) {
    const id = sample[i];
    if (best[id] < 0 || depth[i] > depth[best[id]]) best[id] = i;
  }
  const points = Array.from(
    best,
    (i) => i < 0 ? null : {
      x: i % columns * stride,
      y: Math.floor(i / columns) * stride,
      reach: depth[i] * stride / STRAIGHT
    }
  );
  findMissed(points, ids, width);
  return points;
}
function depths(sample, columns, rows) {
  const far = STRAIGHT * (columns + rows);
  const depth = new Int32Array(sample.length);
  for (let y = 0, i = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, i++) {
      const edge = x === 0 || y === 0 || x === columns - 1 || y === rows - 1 || sample[i - 1] !== sample[i] || sample[i + 1] !== sample[i] || sample[i - columns] !== sample[i] || sample[i + columns] !== sample[i];
      depth[i] = edge ? STRAIGHT : far;
    }
  }
  const relax = (i, x, row, side) => {
    let best = depth[i];
    if (depth[i + row] + STRAIGHT < best) best = depth[i + row] + STRAIGHT;
    if (x > 0 && depth[i + row - 1] + DIAGONAL < best) best = depth[i + row - 1] + DIAGONAL;
    if (x < columns - 1 && depth[i + row + 1] + DIAGONAL < best) best = depth[i + row + 1] + DIAGONAL;
    if (depth[i + side] + STRAIGHT < best) best = depth[i + side] + STRAIGHT;
    depth[i] = best;
  };
  for (let y = 1; y < rows - 1; y++) {
    for (let x = 1; x < columns - 1; x++) relax(y * columns + x, x, -columns, -1);
  }
  for (let y = rows - 2; y > 0; y--) {
    for (let x = columns - 2; x > 0; x--) relax(y * columns + x, x, columns, 1);
  }
  return depth;
}
function findMissed(points, ids, width) {
  const missed = new Set([...points.keys()].filter((id) => points[id] === null));
  if (!missed.size) return;
  for (let i = 0; i < ids.length && missed.size; i++) {
    if (missed.delete(ids[i])) points[ids[i]] = { x: i % width, y: Math.floor(i / width), reach: 0.5 };
  }
}

// modules/paint.js
function createSurface(canvas) {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("The browser has no room for another canvas.");
  let image = context.createImageData(1, 1);
  let used = null;
  let shown2 = null;
  function setSize(width, height) {
    if (canvas.width === width && canvas.height === height) return;
    canvas.width = width;
    canvas.height = height;
    used = shown2 = null;
  }
  return {
    /**
     * The whole canvas's pixels; `show` puts them there.
     *
     * @param {number} width
     * @param {number} height
     */
    all(width, height) {
      setSize(width, height);
      if (image.width !== width || image.height !== height) image = context.createImageData(width, height);
      return new Uint32Array(image.data.buffer);
    },
    show() {
      shown2 = null;
      context.putImageData(image, 0, 0);
    },
    /**
     * Show a map that came painted: of one that follows another, the rows that changed.
     *
     * @param {MergedMap} map
     */
    put(map) {
      const { picture, coat, changedAt, width, height } = map;
      if (!picture || !coat || !changedAt) return;
      setSize(width, height);
      const since = shown2?.load === map.load ? shown2.move : -1;
      const bytes = new Uint8ClampedArray(
        /** @type {ArrayBuffer} */
        picture.buffer
      );
      const pixels = new ImageData(bytes, width, height);
      const isNew2 = Array.from(changedAt, (move) => move > since);
      for (const [from, to] of rowsOf(isNew2, height, coat.look.style.outline_width)) {
        context.putImageData(pixels, 0, 0, 0, from, width, to - from);
      }
      shown2 = { load: map.load, move: map.move };
    },
    /**
     * Make the canvas empty but for a box of pixels that `fill` sets.
     *
     * @param {number} width
     * @param {number} height
     * @param {Box | null} box
     * @param {(pixels: Uint32Array, box: Box) => void} fill
     */
    only(width, height, box, fill) {
      setSize(width, height);
      shown2 = null;
      if (used) context.clearRect(...used);
      used = box;
      if (!box) return;
      const part = context.createImageData(box[2], box[3]);
      fill(new Uint32Array(part.data.buffer), box);
      context.putImageData(part, box[0], box[1]);
    }
  };
}
function paintMasks(surface, map, look, rules, doubt) {
  const { width, height, merged } = map;
  if (!doubt && merged?.picture && isOfLook(merged.coat, look)) {
    surface.put(merged);
    return;
  }
  fillMasks(surface.all(width, height), map, look, rules, doubt);
  surface.show();
}

// modules/hit_test.js
function pixelAt(map, point) {
  const x = Math.floor(point.x * map.width);
  const y = Math.floor(point.y * map.height);
  return x >= 0 && y >= 0 && x < map.width && y < map.height ? { x, y } : null;
}
function idAt(map, pixel) {
  return map.ids[pixel.y * map.width + pixel.x];
}

// modules/close_up/pointed.js
function findAt(viewer, at) {
  return findIn(viewer, pictureAt(viewer.kept.view, at));
}
function findIn(viewer, point) {
  const { photo } = viewer.state;
  const map = currentMap(viewer.state);
  const shown2 = map && pixelAt(map, point);
  if (!photo || !shown2) return null;
  const [height, width] = photo.full;
  const pixel = { x: Math.floor(point.x * width), y: Math.floor(point.y * height) };
  const id = exactIdAt(viewer, map, pixel) ?? idAt(map, shown2);
  return { map, pixel, id, segment: map.byId.get(id) };
}

// modules/pointing.js
var REST_MS = 100;
function hover({ state, redraw }, id) {
  if (id === state.hovered) return;
  state.hovered = id;
  redraw("light", "list");
}
function pointAt(viewer, at) {
  const found = findAt(viewer, at);
  if (!found) return pointAway(viewer);
  viewer.state.pointed = null;
  hover(viewer, found.segment?.id ?? 0);
  describe2(viewer, at);
  viewer.link.tell("point", pictureAt(viewer.kept.view, at));
}
function pointAway(viewer) {
  viewer.parts.tooltip.hide();
  viewer.answers.cancel();
  hover(viewer, 0);
  viewer.link.tell("point", null);
}
function showPointed(viewer, point) {
  const { state, parts, redraw } = viewer;
  const found = point && findIn(viewer, point);
  state.pointed = found && point;
  hover(viewer, found?.segment?.id ?? 0);
  if (!found) parts.tooltip.hide();
  redraw("view");
}
function placeCross(viewer) {
  const { cross } = viewer.parts;
  const { pointed } = viewer.state;
  cross.hidden = !pointed;
  if (!pointed) return;
  const at = stageAt(viewer.kept.view, pointed);
  cross.style.left = `${100 * at.x}%`;
  cross.style.top = `${100 * at.y}%`;
  describe2(viewer, at);
}
function describe2(viewer, at, pause = REST_MS) {
  const { kept: kept2, parts, answers, closeUp } = viewer;
  const found = findAt(viewer, at);
  if (!found) return;
  const { map, pixel, segment } = found;
  const isHidden = segment !== void 0 && kept2.look.hidden.has(segment.key);
  const { stage, board } = parts;
  const [own, around] = [stage.getBoundingClientRect(), board.getBoundingClientRect()];
  const x = own.left - around.left + at.x * own.width;
  const y = own.top - around.top + at.y * own.height;
  const place = () => parts.tooltip.place(x, y, board.clientWidth, board.clientHeight);
  parts.tooltip.describe(segment, map.area, pixel, isHidden);
  answers.cancel();
  if (map.explained && !map.merged) {
    const address = addressOf(closeUp, `pixel/${map.name}/${pixel.x}-${pixel.y}`);
    const known = answers.get(address);
    const show = (answer) => {
      parts.tooltip.explain(answer);
      place();
      if (!pause && answer.why)
        parts.announcement.textContent = `Void at ${pixel.x}, ${pixel.y}. ${answer.why}`;
    };
    if (known) show(known);
    else answers.ask(address, show, pause);
  }
  place();
}
function explainVoid(viewer, at) {
  describe2(viewer, at, 0);
}

// modules/drawing.js
var CRISP = 0.999;
function createRedraw(draw2) {
  const dirty = /* @__PURE__ */ new Set();
  let frame = 0;
  function drawNow() {
    cancelAnimationFrame(frame);
    frame = 0;
    draw2((...wanted) => dirty.has("all") || wanted.some((part) => dirty.has(part)));
    dirty.clear();
  }
  return {
    /** @type {Redraw} */
    redraw(...parts) {
      for (const part of parts) dirty.add(part);
      frame ||= requestAnimationFrame(drawNow);
    },
    /** Draw what is to be drawn ahead of the next frame, which then has the less to do. */
    drawNow,
    cancel: () => cancelAnimationFrame(frame)
  };
}
function draw(viewer, needs) {
  const started = performance.now();
  const { state, kept: kept2, parts } = viewer;
  const map = currentMap(state);
  parts.busy.hidden = map !== null;
  parts.tabs.element.classList.toggle("waiting", !map);
  parts.over.hidden = parts.canvases.light.hidden = !map;
  if (needs("tools")) parts.toolbar.show(kept2.look.style, kept2.wipe !== null, comparedIn(viewer));
  if (needs("view")) placeView(viewer);
  if (needs("wipe", "tools")) parts.wipe.show(kept2.wipe, parts.over);
  if (needs("thresholds")) parts.thresholds.show(kept2.look.thresholds, map, fittingLandscape(state));
  if (needs("history")) parts.thresholds.showHistory(kept2.history);
  if (!map) {
    parts.notice.hidden = true;
    parts.colorLegend.show([], kept2.look, false);
    parts.justMissed.show(null, kept2.look.thresholds);
    return drawCloseUp(viewer, needs);
  }
  showNotice(viewer, map);
  drawSegments(viewer, map, needs);
  if (needs("masks", "thresholds", "pin")) drawPin(viewer, map, needs);
  if (needs("masks", "light", "view", "tiles")) drawCloseUp(viewer, needs);
  describeForTests(viewer, map);
  parts.host.dataset.drawMs = (performance.now() - started).toFixed(1);
}
function showNotice({ kept: kept2, parts }, map) {
  const { hidden } = kept2.look;
  const allHidden = map.segments.length > 0 && map.segments.every(({ key }) => hidden.has(key));
  const words = allHidden ? "Every segment is hidden: “All” or A shows them again." : map.nothing;
  parts.notice.hidden = !words;
  if (parts.notice.textContent !== words) parts.notice.textContent = words;
}
function drawSegments(viewer, map, needs) {
  const { state, kept: kept2, parts, rules } = viewer;
  const { look } = kept2;
  const { surfaces, stage } = parts;
  if (needs("masks")) stopFlicker(viewer);
  if (needs("masks")) paintMasks(surfaces.masks, map, look, rules, fitting(state.doubt, map)?.values);
  if (needs("light")) {
    const nearMiss = fitting(state.nearMiss, map)?.bits;
    paintLight(surfaces.light, map, state.hovered, outlineWidth(viewer), nearMiss);
  }
  if (needs("labels")) writeLabels(viewer, map);
  if (parts.labels.some() && needs("labels", "view"))
    parts.labels.place(kept2.view, stage.clientWidth, stage.clientHeight);
  if (needs("list", "masks")) {
    const hovered = map.byId.get(state.hovered)?.key;
    parts.list.mark(look, hovered, state.pin?.key);
    parts.numbers.mark(look, hovered);
    parts.differences.mark(look);
    showNearMisses(viewer, map);
  }
  if (needs("masks")) parts.colorLegend.show(map.segments, look, fitting(state.doubt, map) !== null);
}
function showNearMisses({ state, kept: kept2, parts, rules }, map) {
  const { thresholds } = kept2.look;
  const misses = map.missed && nearMisses(map.missed, rules.least_near_miss);
  parts.nearMisses.show(misses, thresholds, state.ghost.clicked, withoutNearMisses(map));
  parts.justMissed.show(misses, thresholds);
  parts.tabs.count("near-misses", misses ? misses.length : null);
}
function fitting(layer, map) {
  return layer?.photo === map.photo ? layer : null;
}
function fittingLandscape({ landscape, photo }) {
  return landscape?.photo === photo?.key ? landscape : null;
}
function describeForTests({ state, kept: kept2, parts }, map) {
  const { hidden, selected } = kept2.look;
  const count2 = (wanted) => String(map.segments.filter(({ key }) => wanted(key)).length);
  Object.assign(parts.host.dataset, {
    segments: String(map.segments.length),
    shown: count2((key) => !hidden.has(key)),
    selected: count2((key) => selected.has(key)),
    photo: map.photo,
    source: map.source,
    stamp: map.stamp,
    thresholds: map.thresholds ? Object.values(map.thresholds).map((value) => value.toFixed(2)).join(" ") : "",
    exact: String(!map.merged && (!map.thresholds || sameThresholds(map.thresholds, kept2.look.thresholds))),
    task: map.task,
    nearMiss: fitting(state.nearMiss, map)?.name ?? "",
    doubt: fitting(state.doubt, map) ? "shown" : "",
    outcomes: state.outcomes ? "shown" : "",
    hovered: map.byId.get(state.hovered)?.key ?? ""
  });
}
function placeView(viewer) {
  const { state, kept: kept2, parts } = viewer;
  if (!state.photo) return;
  kept2.view = boundView(kept2.view, state.range);
  const { zoom, x, y } = kept2.view;
  const { stage } = parts;
  stage.style.setProperty("--zoom", String(zoom));
  stage.style.setProperty("--left", `${100 * (0.5 - x * zoom)}%`);
  stage.style.setProperty("--top", `${100 * (0.5 - y * zoom)}%`);
  parts.board.classList.toggle("close", zoom > 1);
  stage.classList.toggle("crisp", zoom >= CRISP * state.range.one);
  parts.toolbar.showZoom(zoom / state.range.one);
  parts.host.dataset.zoom = zoom.toFixed(3);
  placeCross(viewer);
}
function writeLabels({ kept: kept2, parts, rules }, map) {
  const wanted = { names: kept2.look.style.labels, reasons: kept2.reasons };
  if (!wanted.names && !(wanted.reasons && map.segments.some(({ reason }) => reason)))
    return parts.labels.clear();
  map.points ??= innerPoints(map.ids, map.width, map.height, map.segments.length);
  const { shown: shown2 } = tables(map.segments, kept2.look, rules);
  parts.labels.show(
    map,
    map.points,
    map.segments.filter((segment) => shown2[segment.id]),
    wanted
  );
}
function comparedIn({ state: { outcomes }, kept: kept2 }) {
  const explained = Boolean(outcomes?.pairs?.some(({ reason }) => reason));
  return { outcomes: outcomes !== null, reasons: explained ? kept2.reasons : null };
}
function outlineWidth({ state, kept: kept2 }) {
  const scale = currentMap(state)?.scale ?? 1;
  return Math.max(1, Math.round(2 * state.range.one / (kept2.view.zoom * scale)));
}

// modules/from_python.js
var RECEIVERS = {
  map: showServerMap,
  pictures: ({ parts }, payload) => parts.filmstrip.show(payload),
  look: showLook,
  outcomes: showOutcomes,
  doubt: showDoubt,
  landscape: showLandscape,
  logits: ({ preview, isFirst }, payload) => isFirst && preview.load(payload)
};
function receive(viewer, topic, payload) {
  RECEIVERS[topic]?.(viewer, payload);
}
async function showServerMap(viewer, payload) {
  await showMap(viewer, payload);
  goOnBringingBack(viewer);
  updateGhost(viewer);
  viewer.parts.howItWorks.refresh();
  if (viewer.isFirst && viewer.state.map) viewer.parts.firstMinute.offer();
}
function showPhoto(viewer, photo) {
  const { state, kept: kept2, redraw } = viewer;
  const isKnown = state.photo?.key === photo.key;
  state.photo = photo;
  if (isKnown) return;
  if (kept2.photo !== photo.key) {
    kept2.photo = photo.key;
    if (viewer.isFirst) setView(viewer, FIT);
  }
  loadPhoto(viewer, photo.key);
  redraw("all");
}
async function loadPhoto(viewer, key) {
  const { state } = viewer;
  for (let pause = 250; pause <= 16e3; pause *= 2) {
    const photo = state.photo;
    if (photo?.key !== key) return;
    const bitmap = await fetchPicture(photo.url).catch(() => null);
    if (bitmap && state.photo?.key === key) return paintPhoto(viewer, photo, bitmap);
    bitmap?.close();
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
function paintPhoto(viewer, photo, bitmap) {
  const { canvases, stage, board } = viewer.parts;
  viewer.state.painted = photo.key;
  canvases.photo.width = photo.width;
  canvases.photo.height = photo.height;
  canvases.photo.getContext("bitmaprenderer")?.transferFromImageBitmap(bitmap);
  canvases.photo.setAttribute("role", "img");
  canvases.photo.setAttribute("aria-label", photo.name);
  board.setAttribute("aria-label", `${photo.name}; ? lists the keys`);
  stage.style.setProperty("--ratio", String(photo.full[1] / photo.full[0]));
  measure2(viewer);
  viewer.redraw("all");
}
function measure2({ state, parts, redraw }) {
  if (!state.photo) return;
  const { board, stage } = parts;
  state.range = zoomRange(state.photo.full[1], widthOf(stage), devicePixelRatio, roomOn(board, stage));
  redraw("view", "light");
}
function widthOf(element2) {
  return Number.parseFloat(getComputedStyle(element2).width) || element2.clientWidth;
}
function roomOn(board, stage) {
  return {
    x: Math.max(1, board.clientWidth / Math.max(1, stage.clientWidth)),
    y: Math.max(1, board.clientHeight / Math.max(1, stage.clientHeight))
  };
}
function showOutcomes(viewer, outcomes) {
  const { state, parts, redraw } = viewer;
  if (outcomes === state.outcomes) return;
  state.outcomes = outcomes;
  parts.host.classList.toggle("compared", Boolean(outcomes));
  parts.legend.show(outcomes?.legend ?? []);
  parts.differences.show(outcomes?.pairs ? outcomes : null);
  parts.tabs.offer("differences", Boolean(outcomes?.pairs));
  if (state.map) setSegments(viewer, state.map.segments);
  redraw("tools");
}
async function showDoubt({ state, inbox, redraw }, payload) {
  const values = payload && await unpack(payload.values);
  if (payload !== inbox.latest.get("doubt")) return;
  state.doubt = payload && values && { ...payload, values };
  redraw("masks", "light");
}
function showLandscape({ state, redraw }, payload) {
  if (!state.awaitsExact) state.landscape = payload;
  redraw("thresholds");
}
function showLook(viewer, payload) {
  const { kept: kept2, redraw, isFirst, link } = viewer;
  const { thresholds } = kept2.look;
  if (!takeServerLook(kept2.look, payload)) return;
  if (!sameThresholds(thresholds, kept2.look.thresholds)) showKnownMap(viewer);
  redraw("masks", "labels", "list", "tools", "thresholds");
  if (isFirst) link.tell("style", kept2.look.style);
  if (payload.address) writeAddress(payload.address);
}

// modules/gestures.js
var SLOP = 4;
var DOUBLE_MS = 350;
function watchGestures(board, stage, { canPan, canZoomOut, on }) {
  const pressed = /* @__PURE__ */ new Map();
  let start = null;
  let lastClick = { time: -Infinity, x: 0, y: 0 };
  const placeOf2 = (event) => placeOn(stage, event);
  watchWheel(board, canZoomOut, (factor, event) => on.zoom(factor, placeOf2(event)));
  board.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pressed.set(event.pointerId, { x: event.clientX, y: event.clientY });
    start = pressed.size === 1 ? { x: event.clientX, y: event.clientY } : null;
    if (pressed.size === 1) on.point(placeOf2(event));
  });
  board.addEventListener("pointermove", (event) => {
    if (!event.buttons) pressed.delete(event.pointerId);
    const before = pressed.get(event.pointerId);
    if (!before) return on.point(placeOf2(event));
    const now = { x: event.clientX, y: event.clientY };
    if (start && Math.hypot(now.x - start.x, now.y - start.y) > SLOP) {
      start = null;
      board.setPointerCapture(event.pointerId);
    }
    if (start) return;
    const box = stage.getBoundingClientRect();
    if (pressed.size === 2) {
      const [other] = [...pressed].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
      const middle = { clientX: (now.x + other.x) / 2, clientY: (now.y + other.y) / 2 };
      const factor = distance(now, other) / Math.max(1, distance(before, other));
      on.zoom(factor, placeOf2(middle));
      on.pan((now.x - before.x) / 2 / box.width, (now.y - before.y) / 2 / box.height);
    } else if (canPan()) {
      on.pan((now.x - before.x) / box.width, (now.y - before.y) / box.height);
    }
    pressed.set(event.pointerId, now);
  });
  board.addEventListener("pointerup", (event) => {
    const click = start && pressed.has(event.pointerId);
    pressed.delete(event.pointerId);
    start = null;
    if (!click) return;
    const double = event.timeStamp - lastClick.time < DOUBLE_MS && Math.hypot(event.clientX - lastClick.x, event.clientY - lastClick.y) < 2 * SLOP;
    lastClick = { time: double ? -Infinity : event.timeStamp, x: event.clientX, y: event.clientY };
    if (double) on.double(placeOf2(event));
    else on.click(placeOf2(event), isAdding(event));
  });
  board.addEventListener("pointercancel", (event) => {
    pressed.delete(event.pointerId);
    start = null;
    on.leave();
  });
  board.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch" && !pressed.has(event.pointerId)) on.leave();
  });
}
function watchWheel(board, canZoomOut, zoom) {
  board.addEventListener(
    "wheel",
    (event) => {
      const wanted = event.ctrlKey || event.metaKey || board.matches(":focus, :focus-within");
      const pixels = event.deltaY * [1, 16, 400][event.deltaMode];
      if (!wanted || pixels > 0 && !event.ctrlKey && !canZoomOut()) return;
      event.preventDefault();
      const speed = event.ctrlKey && Math.abs(pixels) < 50 ? 0.01 : 22e-4;
      zoom(Math.exp(-pixels * speed), event);
    },
    { passive: false }
  );
}
function isAdding({ shiftKey, ctrlKey, metaKey }) {
  return shiftKey || ctrlKey || metaKey;
}
function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
function placeOn(stage, { clientX, clientY }) {
  const box = stage.getBoundingClientRect();
  return { x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height };
}

// modules/sheets.js
var SHEET = '[data-testid="stDialog"]';
var CLOSE = '[aria-label="Close"]';
var PAGE = '[data-testid="stApp"]';
function isSheetOpen() {
  return document.querySelector(SHEET) !== null;
}
function watchSheets() {
  function onKey(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    const path = event.composedPath();
    const nodes = path.filter((node) => node instanceof Element);
    const isBelow = path[0] === document.body || nodes.some((node) => node.matches(PAGE));
    if (!isBelow || nodes.some((node) => node.matches(SHEET))) return;
    const close2 = document.querySelector(SHEET)?.querySelector(CLOSE);
    if (!close2) return;
    event.preventDefault();
    event.stopPropagation();
    close2.click();
  }
  document.addEventListener("keydown", onKey, true);
  return () => document.removeEventListener("keydown", onKey, true);
}

// modules/input.js
function watchPointer(viewer) {
  const { state, kept: kept2, parts } = viewer;
  watchGestures(parts.board, parts.stage, {
    canPan: () => kept2.view.zoom > 1,
    canZoomOut: () => kept2.view.zoom > Math.max(state.range.min, 1) * 1.001,
    on: {
      point: (at) => pointAt(viewer, at),
      leave: () => pointAway(viewer),
      click(at, add) {
        const found = findAt(viewer, at);
        if (!found) return;
        if (!found.segment) explainVoid(viewer, at);
        setSelected(viewer, selectionAfterClick(kept2.look.selected, found.segment?.key ?? null, add));
      },
      double(at) {
        const segment = findAt(viewer, at)?.segment;
        if (!segment) return;
        setSelected(viewer, /* @__PURE__ */ new Set([segment.key]));
        zoomTo(viewer, segment);
      },
      zoom: (factor, at) => zoomBy(viewer, factor, at),
      pan(across, down) {
        pointAway(viewer);
        pan(viewer, across, down);
      }
    }
  });
  parts.side.addEventListener("pointerdown", () => parts.tooltip.hide());
}
function watchKeys(viewer) {
  const { host, board, help, howItWorks, firstMinute } = viewer.parts;
  function onKey(event) {
    const [target] = event.composedPath();
    const path = event.composedPath();
    const inside = path.includes(host);
    const inAnother = !inside && path.some((node) => node instanceof Element && node.matches(".viewer"));
    if (inAnother || !inside && !host.matches(":hover")) return;
    if (help.isOpen() || howItWorks.isOpen() || isSheetOpen()) return;
    if (takesKey(target, event) || firstMinute.takes(target, event)) return;
    const action = actionOf(event);
    if (!action || /^(Arrow|Page)/.test(event.key) && target !== board) return;
    if (!inside && event.key === "Escape" && target !== document.body) return;
    event.preventDefault();
    event.stopPropagation();
    ACTIONS[action](viewer);
  }
  document.addEventListener("keydown", onKey, true);
  return () => document.removeEventListener("keydown", onKey, true);
}
var TEXT = "input:not([type=range], [type=radio], [type=checkbox], [type=file], [type=button])";
function takesKey(target, { key, ctrlKey, metaKey }) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches("input[type=number]")) {
    return ctrlKey || metaKey || key.length > 1 || /[0-9eE.,+-]/.test(key);
  }
  return target.isContentEditable || target.matches(`${TEXT}, select, textarea, [role=textbox], [role=combobox]`);
}

// modules/linked_viewers.js
var groups = /* @__PURE__ */ new Map();
function groupOf(first) {
  const group2 = groups.get(first) ?? /* @__PURE__ */ new Set();
  groups.set(first, group2);
  return group2;
}
function joinGroup(group2, receive2) {
  group2.add(receive2);
  return {
    /** @type {Receive} */
    tell(topic, value) {
      for (const other of group2) if (other !== receive2) other(topic, value);
    },
    leave() {
      group2.delete(receive2);
    }
  };
}

// modules/menus.js
var BUTTON = '[data-testid="stPopoverButton"]';
var MENU = '[data-testid="stPopoverBody"]';
var GROUP = '[role="radiogroup"]';
var COMING = '[data-testid="stSkeleton"]';
var HELP = '[data-testid="stTooltipIcon"]';
var CONTROLS = "a[href], button, input, select, textarea, [tabindex]";
function watchMenus() {
  const arrivals = new MutationObserver(() => enter());
  const departures = new MutationObserver(() => {
    if (document.activeElement === document.body) enter();
  });
  const watching = new AbortController();
  function enter() {
    const menu = document.querySelector(MENU);
    if (menu?.querySelector(COMING)) return;
    const first = controlsOf(menu).find((each) => !each.closest(HELP));
    const chosen = first?.closest(GROUP)?.querySelector('[aria-checked="true"]') ?? first;
    chosen?.focus();
    if (chosen && document.activeElement === chosen) arrivals.disconnect();
  }
  function onKey(event) {
    const target = event.target instanceof Element ? event.target : null;
    if (event.key === "Tab") return leave(event, target);
    if (event.key !== "Enter" && event.key !== " ") return;
    if (target?.closest(MENU)) stay();
    const button = target?.closest(BUTTON);
    if (!button) return;
    arrivals.disconnect();
    if (button.getAttribute("aria-expanded") === "false")
      arrivals.observe(document.body, { childList: true, subtree: true, attributes: true });
  }
  function stay() {
    departures.disconnect();
    departures.observe(document.body, { childList: true, subtree: true, attributes: true });
  }
  function leave(event, target) {
    arrivals.disconnect();
    const menu = target?.closest(MENU) ?? null;
    const edge = controlsOf(menu).at(event.shiftKey ? 0 : -1);
    const button = document.querySelector(`${BUTTON}[aria-expanded="true"]`);
    const isEdge = target === edge || edge?.closest(GROUP)?.contains(target);
    if (!menu || !isEdge || !button) return;
    event.preventDefault();
    button.click();
    button.focus();
  }
  const options = { capture: true, signal: watching.signal };
  document.addEventListener("keydown", onKey, options);
  const rest = () => {
    arrivals.disconnect();
    departures.disconnect();
  };
  document.addEventListener("pointerdown", rest, options);
  return () => {
    watching.abort();
    rest();
  };
}
function controlsOf(menu) {
  if (!menu) return [];
  const all = menu.querySelectorAll(CONTROLS);
  return [...all].filter(
    (each) => (each.tabIndex >= 0 || each.dataset.tabindex !== void 0) && !each.matches(":disabled") && each.checkVisibility({ visibilityProperty: true })
  );
}

// modules/close_up/pin_card.js
var MOST_FATES = 3;
var WAYS = [
  ["mask", "Mask", "Every pixel that it would have if nothing competed for it"],
  ["heat", "Probability", "How probable each pixel is"]
];
function createPinCard(on) {
  const card = element("section", "pin-card");
  card.setAttribute("aria-label", "Pinned segment");
  card.hidden = true;
  const title = element("b", "name");
  const close2 = iconButton("close", "Unpin", "Esc");
  close2.onclick = on.close;
  const ways = WAYS.map(([way, words, about]) => {
    const button = textButton(words, about);
    button.onclick = () => on.show(way);
    return { way, button };
  });
  const head = element("div", "pin-head");
  head.append(title, ...ways.map(({ button }) => button), close2);
  const scale = createScale();
  const classes = element("div", "classes");
  const fates = element("div", "fates");
  card.append(head, scale.element, classes, fates);
  return {
    element: card,
    /**
     * @param {Pin} pin
     * @param {number} threshold of the mask
     * @param {{ query: number, words: string }[]} told what became of each of its queries
     */
    show({ title: name, way, side, answer }, threshold, told) {
      card.hidden = false;
      card.classList.toggle("left", side === "left");
      title.textContent = name;
      for (const { way: own, button } of ways) button.setAttribute("aria-pressed", String(own === way));
      scale.show(way === "heat", threshold);
      const rows = (answer?.classes ?? []).flatMap(({ label, probability }) => {
        const bar = element("span", "bar");
        bar.style.setProperty("--share", `${100 * probability}%`);
        return [element("span", "label", label), bar, element("span", "number", probability.toFixed(3))];
      });
      classes.replaceChildren(...rows);
      const several = told.length > 1;
      const lines = told.slice(0, MOST_FATES).map(({ query, words }) => element("p", "", several ? `Query ${query}: ${words}` : words));
      if (told.length > MOST_FATES) lines.push(element("p", "", `… and ${told.length - MOST_FATES} more.`));
      fates.replaceChildren(...answer ? lines : [element("p", "", "One moment…")]);
    },
    hide() {
      card.hidden = true;
    }
  };
}
function createScale() {
  const scale = element("div", "scale");
  const mark = element("span", "mark");
  const ramp = element("div", "ramp");
  const stops = [0, 0.25, 0.5, 0.75, 1].map((at) => `rgb(${heatColor(at).join(" ")})`);
  ramp.style.background = `linear-gradient(90deg, ${stops.join(", ")})`;
  ramp.append(mark);
  scale.append(element("span", "", "0"), ramp, element("span", "", "1"));
  return {
    element: scale,
    /**
     * @param {boolean} wanted
     * @param {number} threshold
     */
    show(wanted, threshold) {
      scale.hidden = !wanted;
      mark.style.left = `${100 * threshold}%`;
      mark.title = `Mask threshold ${threshold.toFixed(2)}`;
    }
  };
}

// modules/color_legend.js
var MOST_LABELS = { usual: 12, phone: 5, narrow: 3 };
var TICKS = [0, 0.5, 0.8, 0.9, 1];
function createColorLegend({ score_ramp: ramp }) {
  const legend = element("div", "color-legend");
  legend.setAttribute("role", "group");
  legend.setAttribute("aria-label", "What the colours mean");
  let shown2 = "";
  return {
    element: legend,
    /**
     * @param {Segment[]} segments
     * @param {Pick<Look, "hidden" | "style">} look
     * @param {boolean} doubt whether doubt is shown in place of the segments
     */
    show(segments, look, doubt) {
      const { color_by: by, cutout, opacity } = look.style;
      const entries = by === "label" && !cutout && opacity && !doubt ? labelsOf(segments, look) : [];
      const kind = doubt ? "doubt" : cutout || !opacity || !segments.length ? "" : by;
      const key = JSON.stringify([kind, entries]);
      if (key === shown2) return;
      shown2 = key;
      if (kind === "doubt") legend.replaceChildren(...doubtScale());
      else if (kind === "score") legend.replaceChildren(...scoreScale(ramp));
      else legend.replaceChildren(...labelRows(entries));
      legend.hidden = !legend.children.length;
      legend.className = `color-legend ${kind}`;
    }
  };
}
function labelsOf(segments, { hidden }) {
  const byLabel = /* @__PURE__ */ new Map();
  for (const segment of segments) {
    if (hidden.has(segment.key)) continue;
    const color = `rgb(${colorOf(segment, "label").join(" ")})`;
    const entry = byLabel.get(segment.label) ?? { words: segment.label, color, area: 0 };
    entry.area += segment.area;
    byLabel.set(segment.label, entry);
  }
  const entries = [...byLabel.values()].sort((a, b) => b.area - a.area);
  return entries.map(({ words, color }) => ({ words, color }));
}
function labelRows(entries) {
  const rows = entries.slice(0, MOST_LABELS.usual).map(({ words, color }) => {
    const row = element("span", "entry");
    const swatch = element("span", "swatch");
    swatch.style.background = swatch.style.borderColor = color;
    row.append(swatch, element("span", "", words));
    return row;
  });
  const rests = Object.entries(MOST_LABELS).filter(([, most]) => entries.length > most).map(([where, most]) => element("span", `rest ${where}`, `and ${entries.length - most} more`));
  return [...rows, ...rests];
}
function scoreScale(ramp) {
  const bar = element("span", "ramp");
  bar.style.background = `linear-gradient(90deg, ${ramp.map((color) => `rgb(${color.join(" ")})`).join(", ")})`;
  const ticks = element("span", "ticks");
  for (const at of TICKS) {
    const tick = element("span", "", String(at));
    tick.style.left = `${100 * at}%`;
    ticks.append(tick);
  }
  return [element("span", "title", "Score"), bar, ticks];
}
function doubtScale() {
  const bar = element("span", "ramp");
  const stops = Array.from({ length: 17 }, (_, n) => {
    const pixel = HEAT[Math.round(200 * n / 16)];
    const alpha = (pixel >>> 24) / 255;
    return `rgb(${pixel & 255} ${pixel >>> 8 & 255} ${pixel >>> 16 & 255} / ${alpha.toFixed(2)})`;
  });
  bar.style.background = `linear-gradient(90deg, ${stops.join(", ")})`;
  const ends = element("span", "ends");
  ends.append(element("span", "", "undecided"), element("span", "", "sure"));
  return [element("span", "title", "Whose pixel it is"), bar, ends];
}

// modules/differences.js
var MOST_ROWS = 500;
var MEASURES = (
  /** @type {const} */
  ["PQ", "SQ", "RQ"]
);
function createDifferences(onPick) {
  const panel = element("div", "differences");
  const quality = element("table", "quality");
  quality.setAttribute("aria-label", "Panoptic quality of this picture");
  const list = element("ul", "difference-list");
  const note = element("p", "none");
  panel.append(quality, list, note);
  let drawn = null;
  let rows = [];
  return {
    element: panel,
    /** @param {OutcomesPayload | null} outcomes */
    show(outcomes) {
      if (outcomes === drawn) return;
      drawn = outcomes;
      quality.replaceChildren(...outcomes ? qualityRows(outcomes) : []);
      rows = (outcomes?.pairs ?? []).slice(0, MOST_ROWS).map((pair) => createRow(pair, onPick));
      list.replaceChildren(...rows.map(({ element: element2 }) => element2));
      note.textContent = outcomes ? notesOf(outcomes) : "";
      note.hidden = !note.textContent;
    },
    /** @param {Look} look */
    mark({ selected }) {
      for (const { button, pair } of rows)
        button.setAttribute("aria-pressed", String(pair.left !== null && selected.has(pair.left)));
    }
  };
}
function qualityRows({ quality }) {
  const head = element("tr");
  head.append(...["", ...MEASURES, "Classes"].map((title) => cell("th", title)));
  return [
    head,
    ...quality.map(({ group: group2, values, classes }) => {
      const row = element("tr");
      row.append(cell("th", group2));
      for (const n of MEASURES.keys()) row.append(cell("td", values ? (100 * values[n]).toFixed(1) : "n/a"));
      row.append(cell("td", String(classes)));
      return row;
    })
  ];
}
function cell(tag, text) {
  return element(tag, "", text);
}
function createRow(pair, onPick) {
  const row = element("li", `difference ${pair.outcome}`);
  const button = element("button", "difference-pick");
  button.type = "button";
  const swatch = element("span", "swatch");
  swatch.style.background = swatch.style.borderColor = `rgb(${pair.color.join(" ")})`;
  button.append(swatch, element("span", "name", pair.name), element("span", "score", pair.words));
  if (pair.reason) button.append(element("span", "reason", pair.reason));
  button.title = "Select it and zoom both pictures to it";
  button.onclick = () => onPick(pair);
  row.append(button);
  return { element: row, button, pair };
}
function notesOf({ pairs, strangers }) {
  const left = pairs.length - MOST_ROWS;
  return [left > 0 ? `${left.toLocaleString("en")} more are not listed.` : "", strangers].filter(Boolean).join(" ");
}

// modules/filmstrip.js
function createFilmstrip(on) {
  const strip = element("nav", "filmstrip");
  strip.setAttribute("aria-label", "Pictures");
  const list = element("ul", "tiles");
  const opener = createOpener(on);
  strip.append(opener.element, list);
  list.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const tiles = tilesOf(list);
    const at = tiles.findIndex((tile2) => tile2.matches(":focus"));
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + tiles.length, Home: 0, End: tiles.length - 1 }[event.key];
    if (to === void 0) return;
    event.preventDefault();
    event.stopPropagation();
    tiles[to % tiles.length]?.focus();
  };
  let drawn = "";
  let shown2 = { current: "", uploads: 0, pictures: [], limits: { short: "", words: "" } };
  return {
    element: strip,
    /** @param {PicturesPayload} payload */
    show(payload) {
      shown2 = payload;
      const words = JSON.stringify(payload);
      if (words === drawn) return;
      drawn = words;
      opener.tell(payload.limits);
      const hadFocus = list.matches(":focus-within");
      list.replaceChildren(
        ...payload.pictures.map(
          (picture, n) => createTile(picture, picture.id === payload.current, n < payload.uploads, on)
        )
      );
      const current = list.querySelector("[aria-current] .tile");
      if (hadFocus && current instanceof HTMLElement) current.focus();
      reveal(list, current);
    },
    /**
     * Mark a tile at once; the picture itself comes from the server.
     *
     * @param {string} id
     */
    mark(id) {
      for (const item of list.children) {
        if (item instanceof HTMLElement && item.dataset.id === id) item.setAttribute("aria-current", "true");
        else item.removeAttribute("aria-current");
      }
    },
    /**
     * The id of the picture so many further on in the row.
     *
     * @param {number} by
     */
    next(by) {
      const { pictures, current } = shown2;
      const at = pictures.findIndex(({ id }) => id === current);
      return pictures.at((at + by) % Math.max(1, pictures.length))?.id;
    }
  };
}
function createOpener(on) {
  const input = element("input");
  Object.assign(input, { type: "file", multiple: true, hidden: true });
  input.setAttribute("aria-label", "Photos");
  input.onchange = () => {
    if (input.files?.length) on.open([...input.files]);
    input.value = "";
  };
  const button = iconButton("plus", "Open photo");
  button.className = "open-photo";
  const limit = element("span", "limit");
  button.removeAttribute("aria-label");
  limit.setAttribute("aria-hidden", "true");
  button.append(element("span", "", "Open photo"), limit);
  button.onclick = () => input.click();
  const box = element("div", "opener");
  box.append(button, input);
  return {
    element: box,
    /** @param {PicturesPayload["limits"]} limits */
    tell({ short, words }) {
      limit.textContent = short;
      button.title = `Choose files; or drop them anywhere, or paste one (Ctrl+V). ${words}`;
    }
  };
}
function createTile({ id, title, url, state, words }, current, uploaded, on) {
  const item = element("li", `tile-item ${state}`);
  item.dataset.id = id;
  if (current) item.setAttribute("aria-current", "true");
  const tile2 = element("button", "tile");
  tile2.type = "button";
  tile2.tabIndex = current ? 0 : -1;
  tile2.title = words ? `${title}: ${words}` : title;
  const missing = state === "failed" ? "cannot be read" : "waiting";
  tile2.setAttribute("aria-label", url ? title : `${title}, ${missing}`);
  tile2.onclick = () => on.show(id);
  if (url) {
    const image = element("img");
    image.src = url;
    image.alt = "";
    image.draggable = false;
    tile2.append(image);
  } else {
    tile2.append(element("span", "tile-words", missing));
  }
  item.append(tile2);
  if (uploaded) {
    const remove = iconButton("close", `Remove ${title}`);
    remove.tabIndex = -1;
    remove.onclick = () => on.remove(id);
    item.append(remove);
    tile2.onkeydown = (event) => {
      if (event.key === "Delete") on.remove(id);
    };
  }
  return item;
}
function tilesOf(list) {
  return [...list.querySelectorAll("button.tile")].filter((tile2) => tile2 instanceof HTMLElement);
}
function reveal(list, tile2) {
  if (!(tile2 instanceof HTMLElement)) return;
  const left = tile2.offsetLeft - list.offsetLeft;
  if (left < list.scrollLeft || left + tile2.offsetWidth > list.scrollLeft + list.clientWidth)
    list.scrollLeft = left - list.clientWidth / 2;
}

// modules/first_minute_rules.js
var KEY = "panoseg.first-minute";
function isNew(storage, address) {
  try {
    return new URL(address).search === "" && storage.getItem(KEY) === null;
  } catch {
    return false;
  }
}
function remember(storage) {
  try {
    storage.setItem(KEY, "closed");
  } catch {
  }
}
function placeBeside(target, card, page, gap = 12) {
  const inside = (at, size, all) => Math.max(gap, Math.min(at, all - size - gap));
  const right = target.left + target.width;
  const bottom = target.top + target.height;
  const left = inside(target.left + (target.width - card.width) / 2, card.width, page.width);
  const top = inside(target.top, card.height, page.height);
  if (target.left - gap - card.width >= gap) return { left: target.left - gap - card.width, top };
  if (right + gap + card.width <= page.width - gap) return { left: right + gap, top };
  if (bottom + gap + card.height <= page.height - gap) return { left, top: bottom + gap };
  if (target.top - gap - card.height >= gap) return { left, top: target.top - gap - card.height };
  return { left, top: inside(bottom - card.height - gap, card.height, page.height) };
}

// modules/first_minute.js
function createFirstMinute(host, steps, after) {
  const card = createCard();
  const ring = element("div", "first-minute-ring");
  ring.hidden = true;
  let at = 0;
  let offered = false;
  const place = () => card.element.hidden || placeAt(steps[at].target(), host, card.element, ring);
  const following = followPage(host, place);
  function show(step2) {
    at = step2;
    card.say(steps[step2], step2, steps.length);
    card.element.hidden = false;
    following.begin();
    place();
  }
  function go(step2) {
    if (step2 >= steps.length) return end();
    steps[step2].target()?.scrollIntoView({ block: "nearest" });
    show(step2);
  }
  function end() {
    if (card.element.matches(":focus-within")) after.focus({ preventScroll: true });
    card.element.hidden = ring.hidden = true;
    following.end();
    remember(localStorageOf());
  }
  card.next.onclick = () => go(at + 1);
  card.close.onclick = end;
  card.element.onkeydown = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    end();
  };
  return {
    elements: [card.element, ring],
    /** The first map is there: show them to somebody who is new. */
    offer() {
      if (offered) return;
      offered = true;
      if (isNew(localStorageOf(), addressAtFirst())) show(0);
    },
    /** Show them, whoever it is. */
    begin() {
      go(0);
      card.next.focus();
    },
    /**
     * Whether a key is theirs.
     *
     * @param {EventTarget} target
     * @param {KeyboardEvent} event
     */
    takes: (target, event) => event.key === "Escape" && target instanceof Node && card.element.contains(target),
    close: following.end
  };
}
function createCard() {
  const card = element("section", "first-minute");
  card.setAttribute("aria-label", "First steps");
  const title = element("b", "title");
  const words = element("p");
  const count2 = element("span", "count");
  const next = textButton("Next", "");
  const close2 = iconButton("close", "Close for ever", "Esc");
  const head = element("div", "first-minute-head");
  const foot = element("div", "first-minute-foot");
  head.append(title, close2);
  foot.append(count2, next);
  card.append(head, words, foot);
  card.hidden = true;
  return {
    element: card,
    next,
    close: close2,
    /**
     * @param {Step} step
     * @param {number} at
     * @param {number} of
     */
    say(step2, at, of) {
      title.textContent = step2.title;
      words.textContent = step2.words;
      count2.textContent = `${at + 1} of ${of}`;
      next.textContent = at + 1 < of ? "Next" : "Done";
    }
  };
}
function placeAt(target, host, card, ring) {
  const page = host.getBoundingClientRect();
  const about = target && isSeen(target) ? target.getBoundingClientRect() : null;
  ring.hidden = !about;
  const { left, top, width, height } = about ?? { ...page.toJSON(), height: page.height - 8 };
  const box = { left: left - page.left, top: top - page.top, width, height };
  const where = placeBeside(box, { width: card.offsetWidth, height: card.offsetHeight }, page);
  Object.assign(card.style, { left: `${where.left}px`, top: `${where.top}px` });
  Object.assign(ring.style, {
    left: `${box.left - 4}px`,
    top: `${box.top - 4}px`,
    width: `${width + 8}px`,
    height: `${height + 8}px`
  });
}
function isSeen(target) {
  const { top, height } = target.getBoundingClientRect();
  const around = target.closest(".side")?.getBoundingClientRect();
  const middle = top + height / 2;
  return height > 0 && (!around || middle > around.top && middle < around.bottom);
}
function followPage(host, moved) {
  const watcher = new ResizeObserver(moved);
  const options = { capture: true, passive: true };
  return {
    begin() {
      watcher.observe(host);
      for (const part of host.querySelectorAll(".layout > *, .side > *")) watcher.observe(part);
      for (const target of [window, host]) target.addEventListener("scroll", moved, options);
    },
    end() {
      watcher.disconnect();
      for (const target of [window, host]) target.removeEventListener("scroll", moved, options);
    }
  };
}
function addressAtFirst() {
  return performance.getEntriesByType("navigation")[0]?.name ?? location.href;
}
function localStorageOf() {
  try {
    return localStorage;
  } catch {
    return {
      getItem() {
        throw new Error("The browser remembers nothing.");
      },
      setItem() {
      }
    };
  }
}

// modules/first_steps.js
function firstSteps({ thresholds, list, tabs }) {
  return [
    {
      title: "Drag a threshold",
      words: "Score says how sure the model must be. Drag it to the left, and the picture shows more, at once.",
      target: () => thresholds.element.querySelector(".threshold")
    },
    {
      title: "Click a segment",
      words: "Here or in the picture: it lights up. The eye hides it, and a double click zooms to it.",
      target: () => list.element.closest("[hidden]") ? null : list.element.querySelector(".row")
    },
    {
      title: "Look what was missed",
      words: "Near misses are what the model saw and a threshold took away, why, and how to bring it back. The cap below the picture explains how it all works.",
      target: () => tabs.button("near-misses") ?? null
    }
  ];
}

// modules/help_sheet.js
var POINTER = [
  ["Point", "Outline and name a segment; rest for what else the pixel could be"],
  ["Click", "Select it, or no longer; with Shift, Ctrl or ⌘: it, too. Nothing there: why"],
  ["Double click", "Zoom to it, and back"],
  ["Ctrl or ⌘ + wheel", "Zoom to the pointer"],
  ["Wheel", "The same once you have clicked the picture; before that the page scrolls"],
  ["Drag", "Move the enlarged picture"],
  ["Two fingers", "Zoom and move"]
];
var MORE = [
  ["First steps", "Three steps that point at the page's controls", "firstMinute"],
  ["How it works", "How the map comes about, on this picture, and what each number means", "explain"]
];
function createHelp(act) {
  const sheet2 = element("dialog", "sheet");
  sheet2.setAttribute("aria-label", "Mouse and keys");
  sheet2.tabIndex = -1;
  const columns = element("div", "columns");
  const close2 = element("button", "close", "Close");
  columns.append(section("Mouse and touch", POINTER));
  for (const [title, rows] of KEYS) {
    columns.append(
      section(
        title,
        rows.map(([, , shown2, does]) => [shown2, does])
      )
    );
  }
  close2.type = "button";
  close2.onclick = () => sheet2.close();
  sheet2.onclick = (event) => {
    if (event.target === sheet2) sheet2.close();
  };
  const more = element("div", "more");
  for (const [words, about, action] of MORE) {
    const button = textButton(words, about);
    button.onclick = () => {
      sheet2.close();
      act(action);
    };
    more.append(button);
  }
  more.append(close2);
  sheet2.append(element("h2", "", "Mouse and keys"), columns, more);
  return {
    element: sheet2,
    toggle() {
      if (sheet2.open) return sheet2.close();
      sheet2.showModal();
      sheet2.focus();
      sheet2.scrollTop = 0;
    },
    isOpen: () => sheet2.open
  };
}
function section(title, rows) {
  const part = element("section");
  const list = element("dl");
  for (const [shown2, does] of rows) {
    const term = element("dt");
    term.append(element("kbd", "", shown2));
    list.append(term, element("dd", "", does));
  }
  part.append(element("h3", "", title), list);
  return part;
}

// modules/how_it_works/glossary.js
var OF_PIXELS = [
  ["Query", "One of the network's guesses: a mask, and a probability for each class and for “no object”."],
  ["Mask probability", "How sure a query is that a pixel is in its mask, from 0 to 1."],
  ["Score × probability", "What queries compete with for a pixel: the largest product wins it."],
  [
    "Left of a mask",
    "The share of a query's own mask that others did not win: the overlap threshold looks at it."
  ],
  ["Void", "Pixels that belong to no segment."],
  [
    "Doubt",
    "How close the second best query comes to a pixel's owner: red where a small change gives it to another."
  ]
];
var OF_PICTURES = [
  ["Coverage", "The share of the picture that is in some segment."],
  [
    "Things and stuff",
    "How many objects that can be counted, and how many classes of what cannot, such as sky."
  ],
  ["Near misses", "How many queries saw something that a threshold filtered away."],
  ["Zoom", "Screen pixels per pixel of the photo: at 100 % one is one."]
];
var OF_COMPARISONS = [
  [
    "IoU",
    "Intersection over union: the pixels that two masks share, of all that either has; above 0.5 they match."
  ],
  ["SQ", "Segmentation quality: the mean IoU of the pairs that match."],
  [
    "RQ",
    "Recognition quality: pairs that match, divided by those pairs and half of all segments without a partner."
  ],
  ["PQ", "Panoptic quality: SQ × RQ of each class, and of these the mean."],
  ["Classes", "How many classes that mean is over."]
];
function glossaryOf({ columns, thresholds }) {
  return [
    ["A segment", columns.map(({ title, about }) => [title, about])],
    [
      "The thresholds",
      thresholds.map(({ name, help }) => [`${name[0].toUpperCase()}${name.slice(1)}`, help])
    ],
    ["Queries and pixels", OF_PIXELS],
    ["The whole picture", OF_PICTURES],
    ["A comparison", OF_COMPARISONS]
  ];
}
function glossaryPage(rules) {
  const page = element("div", "lesson-page glossary");
  for (const [title, entries] of glossaryOf(rules)) {
    const part = element("section");
    const list = element("dl");
    for (const [term, meaning] of entries) list.append(element("dt", "", term), element("dd", "", meaning));
    part.append(element("h3", "", title), list);
    page.append(part);
  }
  return page;
}

// modules/how_it_works/lesson.js
async function askLesson(viewer, part) {
  const name = lessonOf(viewer);
  return name ? fetchAnswer(addressOf(viewer.closeUp, `lesson/${name}/${part}`)) : null;
}
function lessonOf({ state }) {
  const map = currentMap(state);
  return map?.explained && !map.merged ? map.name : "";
}
async function unpacked(told) {
  return { ...told, ids: await unpack(told.ids, told.bytes_per_id) };
}

// modules/how_it_works/lesson_paint.js
var INSIDE = 0.85;
var OUTSIDE = 0.3;
var PAINTED = 0.72;
function fillQuery(pixels, levels, least, color) {
  const table = Uint32Array.from(
    { length: 256 },
    (_, level) => pixelOf(color, level >= least ? INSIDE : OUTSIDE * level / TOP_LEVEL)
  );
  for (let i = 0; i < pixels.length; i++) pixels[i] = table[levels[i]];
}
function colorTable(colors) {
  return Uint32Array.from([0, ...colors.map((color) => pixelOf(color, PAINTED))]);
}
function fillBetween(pixels, from, to, share2) {
  const before = colorTable(from?.colors ?? []);
  const after = colorTable(to?.colors ?? []);
  const mixed = new Uint32Array(before.length * after.length);
  for (let a = 0, at = 0; a < before.length; a++) {
    for (let b = 0; b < after.length; b++) mixed[at++] = between(before[a], after[b], share2);
  }
  const { length } = after;
  for (let i = 0; i < pixels.length; i++) {
    pixels[i] = mixed[(from ? from.ids[i] : 0) * length + (to ? to.ids[i] : 0)];
  }
}
function between(from, to, share2) {
  if (from === to || share2 <= 0) return from;
  if (share2 >= 1) return to;
  const [fromAlpha, toAlpha] = [(from >>> 24) * (1 - share2), (to >>> 24) * share2];
  const alpha = fromAlpha + toAlpha;
  if (!alpha) return 0;
  let pixel = Math.round(alpha) << 24;
  for (const shift of [0, 8, 16]) {
    const value = ((from >>> shift & 255) * fromAlpha + (to >>> shift & 255) * toAlpha) / alpha;
    pixel |= Math.round(value) << shift;
  }
  return pixel >>> 0;
}

// modules/how_it_works/queries_page.js
var ABOUT = "The network does not draw a map. It fills in a fixed number of forms, its queries: each has a mask, and a label with a score. What a query finds probable is in its colour; what it finds less probable than the mask threshold is faint.";
async function queriesPage(lesson, photo) {
  const levels = await unpack(lesson.levels);
  const { width, height, queries } = lesson;
  const least = levelFrom(lesson.mask);
  const small = element("canvas");
  Object.assign(small, { width, height });
  small.getContext("2d")?.drawImage(photo, 0, 0, width, height);
  const tiles = queries.map((query, n) => {
    const own = (
      /** @type {Uint8Array} */
      levels.subarray(n * width * height, (n + 1) * width * height)
    );
    return tile(query, maskOf(query, own, least, lesson), small);
  });
  const saying = queries.filter(({ nothing }) => !nothing).length;
  const page = element("div", "lesson-page");
  page.append(element("p", "lesson-about", ABOUT));
  page.append(
    ...gallery(`${saying} of ${queries.length} say what they see, the surest first`, tiles.slice(0, saying)),
    ...gallery(`${queries.length - saying} say “no object”`, tiles.slice(saying))
  );
  return page;
}
function gallery(title, tiles) {
  if (!tiles.length) return [];
  const list = element("ul", "query-tiles");
  list.append(...tiles);
  return [element("h3", "", title), list];
}
function maskOf({ color }, levels, least, { width, height }) {
  const canvas = element("canvas", "query-mask");
  const surface = createSurface(canvas);
  fillQuery(surface.all(width, height), levels, least, color);
  surface.show();
  return canvas;
}
function tile({ query, label, score, fate, nothing }, mask, photo) {
  const node = element("li", nothing ? "query-tile nothing" : "query-tile");
  node.dataset.query = String(query);
  const picture = element("div", "query-picture");
  const ground = element("canvas", "query-photo");
  Object.assign(ground, { width: photo.width, height: photo.height });
  ground.getContext("2d")?.drawImage(photo, 0, 0);
  picture.append(ground, mask);
  const words = element("div", "query-words");
  words.append(element("b", "name", label), element("span", "number", score.toFixed(2)));
  node.append(picture, words);
  if (!nothing) node.append(element("div", "query-fate", fate));
  node.title = `Query ${query}`;
  return node;
}

// modules/how_it_works/lesson_picture.js
function createPicture(photo, width, height) {
  const box = element("div", "lesson-picture");
  const ground = element("canvas", "lesson-photo");
  const paint = element("canvas", "lesson-paint");
  Object.assign(ground, { width, height });
  ground.getContext("2d")?.drawImage(photo, 0, 0, width, height);
  box.style.setProperty("--ratio", String(width / height));
  box.append(ground, paint);
  const surface = createSurface(paint);
  return {
    element: box,
    /** @param {(pixels: Uint32Array) => void} fill */
    paint(fill) {
      fill(surface.all(width, height));
      surface.show();
    }
  };
}

// modules/how_it_works/lesson_words.js
function stepWords({ queries, thresholds, steps: [argmax, score, mask, overlap2] }) {
  const nothing = queries - argmax.competing;
  return [
    {
      title: "The photo",
      rule: `The network looks once. It gives ${count(queries, "query", "queries")}: each is a mask and a label with a score.`,
      here: nothing ? `${nothing} of them say “no object” and take no further part.` : ""
    },
    {
      title: "Argmax",
      rule: "Each pixel goes to the query whose score × mask probability is the largest there.",
      here: `${count(argmax.competing, "query", "queries")} compete, ${argmax.owners} win pixels.`
    },
    {
      title: `Score > ${shown(thresholds.score)}`,
      rule: "A query that is less sure of its label leaves. Its pixels go to the best of those that stay.",
      here: leaveWords(argmax.competing - score.competing, score.competing)
    },
    {
      title: `Mask ≥ ${shown(thresholds.mask)}`,
      rule: "A pixel that its winner itself finds less probable belongs to nobody: it is void.",
      here: `${percent2(1 - mask.coverage)} of the picture is void.`
    },
    {
      title: `Overlap ≥ ${shown(thresholds.overlap)}`,
      rule: "Others may have won much of a query's mask. If too little of it is left, the query goes, and its pixels are void.",
      here: `${droppedWords(overlap2)} ${countsWords(overlap2)} remain.`
    }
  ];
}
function leaveWords(leave, stay) {
  const left = leave === 1 ? "One leaves" : `${leave || "None"} leave${leave ? "" : "s"}`;
  return `${left}, ${stay} ${stay === 1 ? "stays" : "stay"}.`;
}
function droppedWords({ dropped, largest_dropped: largest }) {
  if (!dropped) return "None goes here;";
  const named = largest.map(({ label, left }) => `${label} (${percent2(left)} left)`).join(", ");
  const more = dropped - largest.length;
  return `${dropped === 1 ? "One goes" : `${dropped} go`}: ${named}${more > 0 ? ` and ${more} more` : ""}.`;
}
var TASK_WORDS = {
  panoptic: ["Panoptic", "Every pixel once: each thing by itself, and stuff by its class."],
  instances: [
    "Instances",
    "Things alone, each with a whole mask. Where they overlap, the surest lies on top."
  ],
  semantic: ["Semantic", "A class for every pixel: two of a kind are one, and nothing is void."]
};
function countsWords({ things, stuff }) {
  return `${count(things, "thing", "things")} and ${stuff} stuff`;
}
function percent2(share2) {
  if (share2 > 0 && share2 < 5e-3) return "less than 1 %";
  if (share2 < 1 && share2 > 0.995) return "more than 99 %";
  return `${Math.round(100 * share2)} %`;
}
function shown(threshold) {
  return threshold.toFixed(2);
}
function count(number, one, many) {
  return `${number} ${number === 1 ? one : many}`;
}

// modules/how_it_works/steps_page.js
var MS_A_STEP = 2200;
var MOVING = 0.45;
async function stepsPage(lesson, photo) {
  const maps = await Promise.all(lesson.steps.map(unpacked));
  const words = stepWords(lesson);
  const last = maps.length;
  const picture = createPicture(photo, maps[0].width, maps[0].height);
  const list = createStepList(words, goTo);
  const range = createScrub(last, goTo);
  const play = textButton("Play", "Go through the steps");
  const player = createPlayer(last, show, (playing) => {
    play.textContent = playing ? "Pause" : "Play";
  });
  play.onclick = () => player.isPlaying() ? player.stop() : player.start(Number(range.value));
  function show(at) {
    const from = Math.min(last, Math.floor(at));
    picture.paint(
      (pixels) => fillBetween(pixels, maps[from - 1] ?? null, maps[from] ?? maps[last - 1], at - from)
    );
    const nearest = Math.round(at);
    list.mark(nearest);
    range.value = String(at);
    range.style.setProperty("--share", `${100 * at / last}%`);
    range.setAttribute("aria-valuetext", words[nearest].title);
    page.dataset.at = at.toFixed(2);
  }
  function goTo(at) {
    player.stop();
    show(at);
  }
  const controls = element("div", "scrub-controls");
  controls.append(play, range);
  const shown2 = element("div", "steps-shown");
  shown2.append(picture.element, controls);
  const page = element("div", "lesson-page steps-page");
  page.append(shown2, list.element);
  show(0);
  return { element: page, stop: player.stop };
}
function createStepList(words, goTo) {
  const list = element("ol", "step-list");
  const buttons = words.map(({ title, rule, here }, n) => {
    const button = textButton("", "");
    button.className = "step";
    button.append(element("b", "", title), element("span", "", rule), element("span", "here", here));
    button.onclick = () => goTo(n);
    const item = element("li");
    item.append(button);
    list.append(item);
    return button;
  });
  return {
    element: list,
    /** @param {number} step */
    mark(step2) {
      buttons.forEach((button, n) => {
        if (n === step2) button.setAttribute("aria-current", "step");
        else button.removeAttribute("aria-current");
      });
    }
  };
}
function createScrub(last, goTo) {
  const range = element("input", "scrub");
  Object.assign(range, { type: "range", min: 0, max: last, step: 0.01, value: 0 });
  range.setAttribute("aria-label", "Step");
  range.oninput = () => goTo(Number(range.value));
  range.onkeydown = (event) => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    goTo(Math.min(last, Math.max(0, Math.round(4 * Number(range.value) + by) / 4)));
  };
  return range;
}
function createPlayer(last, show, tell) {
  let frame = 0;
  function stop() {
    cancelAnimationFrame(frame);
    frame = 0;
    tell(false);
  }
  function start(at) {
    const begin = at >= last ? 0 : Math.floor(at);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    tell(true);
    let since = null;
    const go = (now) => {
      since ??= now;
      const gone = (now - since) / MS_A_STEP;
      const done = Math.floor(gone);
      const part = still ? 0 : Math.min(1, (gone - done) / MOVING);
      show(Math.min(last, begin + done + part));
      if (begin + gone >= last) stop();
      else frame = requestAnimationFrame(go);
    };
    frame = requestAnimationFrame(go);
  }
  return { start, stop, isPlaying: () => frame !== 0 };
}

// modules/how_it_works/tasks_page.js
var ABOUT2 = "One look of the network, three questions. The page's task asks one of them.";
async function tasksPage({ tasks }, photo) {
  const row = element("div", "task-row");
  for (const map of await Promise.all(tasks.map(unpacked))) {
    const [title, about] = TASK_WORDS[map.name];
    const picture = createPicture(photo, map.width, map.height);
    picture.paint((pixels) => fillBetween(pixels, map, map, 1));
    const card = element("figure", "task-card");
    card.dataset.task = map.name;
    const words = element("figcaption");
    const counts = `${countsWords(map)}; ${percent2(map.coverage)} of the picture`;
    words.append(element("b", "", title), element("span", "", about), element("span", "here", counts));
    card.append(picture.element, words);
    row.append(card);
  }
  const page = element("div", "lesson-page");
  page.append(element("p", "lesson-about", ABOUT2), row);
  return page;
}

// modules/how_it_works/sheet.js
var WAITING = "One moment…";
var NOTHING = "There is nothing to explain yet: this needs a picture that the model has segmented.";
var FAILED = "The server did not answer. Close this sheet and open it again.";
function createLessons(viewer, rules) {
  const panels = {
    steps: element("div", "lesson"),
    queries: element("div", "lesson"),
    tasks: element("div", "lesson"),
    glossary: element("div", "lesson")
  };
  panels.glossary.append(glossaryPage(rules));
  for (const panel of Object.values(panels)) panel.tabIndex = 0;
  const pages = createPages(viewer, panels);
  const tabs = createTabs(
    "How it works",
    [
      { name: "steps", title: "Step by step", panel: panels.steps },
      { name: "queries", title: "Queries", panel: panels.queries },
      { name: "tasks", title: "Three tasks", panel: panels.tasks },
      { name: "glossary", title: "Glossary", panel: panels.glossary }
    ],
    (name) => show(name)
  );
  const sheet2 = createSheet(tabs.element);
  sheet2.onclose = pages.stop;
  let shown2 = "steps";
  function show(name) {
    shown2 = name;
    pages.stop();
    if (name !== "glossary") pages.fill(
      /** @type {Part} */
      name
    );
  }
  return {
    element: sheet2,
    isOpen: () => sheet2.open,
    toggle() {
      if (sheet2.open) return sheet2.close();
      sheet2.showModal();
      show(shown2);
    },
    /** Another map is shown. */
    refresh() {
      if (sheet2.open) show(shown2);
    }
  };
}
function createSheet(content) {
  const sheet2 = element("dialog", "sheet lessons");
  sheet2.setAttribute("aria-label", "How it works");
  const close2 = iconButton("close", "Close", "Esc");
  close2.onclick = () => sheet2.close();
  sheet2.onclick = (event) => {
    if (event.target === sheet2) sheet2.close();
  };
  const head = element("div", "lessons-head");
  head.append(element("h2", "", "How it works"), close2);
  sheet2.append(head, content);
  return sheet2;
}
function createPages(viewer, panels) {
  const filled = /* @__PURE__ */ new Map();
  let stop = () => {
  };
  async function fill(part) {
    const map = lessonOf(viewer());
    if (map && filled.get(part) === map) return;
    filled.set(part, map);
    say(panels[part], map ? WAITING : NOTHING);
    if (!map) return;
    try {
      const lesson = await askLesson(viewer(), part);
      const page = lesson && await pageOf(part, lesson);
      if (filled.get(part) !== map) return;
      if (page) panels[part].replaceChildren(page);
      else filled.delete(part);
    } catch {
      if (filled.get(part) !== map) return;
      filled.delete(part);
      say(panels[part], FAILED);
    }
  }
  async function pageOf(part, lesson) {
    const { photo } = viewer().parts.canvases;
    if (part === "queries") return queriesPage(lesson, photo);
    if (part === "tasks") return tasksPage(lesson, photo);
    const page = await stepsPage(lesson, photo);
    stop = page.stop;
    return page.element;
  }
  return {
    fill,
    /** Have nothing move that is not seen. */
    stop: () => stop()
  };
}
function say(panel, words) {
  const line = element("p", "lesson-note", words);
  line.setAttribute("role", "status");
  panel.replaceChildren(line);
}

// modules/just_missed.js
var MOST2 = 8;
function createJustMissed(on) {
  const row = element("div", "just-missed");
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", "Just missed: press to bring back");
  row.tabIndex = -1;
  const none = element("span", "none");
  let buttons = /* @__PURE__ */ new Map();
  const roving = createRoving(row, () => [[...buttons.values()].map((button) => button.element)]);
  let shown2 = "";
  return {
    element: row,
    /**
     * @param {Seen[] | null} misses the likeliest first; null where the task has none
     * @param {Thresholds} thresholds
     */
    show(misses, thresholds) {
      const returning = (misses ?? []).filter((miss) => broughtBack(miss, thresholds)).slice(0, MOST2);
      const words = JSON.stringify([returning, thresholds, misses === null]);
      if (words === shown2) return;
      shown2 = words;
      const focused = focusedIn(row);
      const at = focused ? [...row.children].indexOf(focused) : -1;
      const known = buttons;
      buttons = new Map(returning.map((miss) => [miss.query, known.get(miss.query) ?? createButton(on)]));
      for (const miss of returning) buttons.get(miss.query)?.show(miss, thresholds);
      none.textContent = misses ? "Nothing was just missed." : "";
      const all = [...buttons.values()].map((button) => button.element);
      placeChildren(row, all.length ? all : [none]);
      roving.refresh();
      if (focused && !row.contains(focused)) (all[Math.min(at, all.length - 1)] ?? row).focus();
    }
  };
}
function createButton(on) {
  const button = element("button", "returning");
  button.type = "button";
  const name = element("span", "name");
  const score = element("span", "score");
  button.append(name, " ", score);
  return {
    element: button,
    /**
     * @param {Seen} miss
     * @param {Thresholds} thresholds
     */
    show(miss, thresholds) {
      const does = backWords(miss, thresholds);
      name.textContent = miss.label;
      score.textContent = (Math.floor(100 * miss.score) / 100).toFixed(2);
      button.title = `Bring back ${miss.label}: ${does}`;
      button.setAttribute("aria-label", `Bring back ${miss.label} ${score.textContent}: ${does}`);
      button.onclick = () => on.bringBack(miss);
      button.onpointerenter = () => on.point(miss.query);
      button.onfocus = () => button.matches(":focus-visible") && on.point(miss.query);
      button.onpointerleave = button.onblur = () => on.point(null);
    }
  };
}

// modules/labels.js
function createLabels() {
  const layer = element("div", "labels");
  layer.setAttribute("aria-hidden", "true");
  let items = [];
  return {
    element: layer,
    /**
     * Write at these segments of a map, largest first.
     *
     * @param {{ width: number, height: number }} map
     * @param {(InnerPoint | null)[]} points by id, in pixels of the map
     * @param {Segment[]} segments
     * @param {{ names: boolean, reasons: boolean }} wanted
     */
    show(map, points, segments, { names, reasons }) {
      const reason = (segment) => reasons ? segment.reason : "";
      const ranked = [...segments].sort(
        (a, b) => Number(Boolean(reason(b))) - Number(Boolean(reason(a))) || b.area - a.area
      );
      items = ranked.flatMap((segment) => {
        const point = points[segment.id];
        const why = reason(segment);
        if (!point || !(why || names)) return [];
        const node = why ? element("span", "reason", why) : element("span", "", nameOf(segment));
        const [x, y] = [(point.x + 0.5) / map.width, (point.y + 0.5) / map.height];
        return [{ node, x, y, width: 0, height: 0, whole: Boolean(why) }];
      });
      layer.replaceChildren(...items.map((item) => item.node));
      for (const item of items) {
        item.width = item.node.offsetWidth;
        item.height = item.node.offsetHeight;
      }
    },
    some: () => items.length > 0,
    clear() {
      items = [];
      layer.replaceChildren();
    },
    /**
     * Put each where the view shows its point; `width` and `height` are the stage's.
     *
     * @param {View} view
     * @param {number} width
     * @param {number} height
     */
    place(view, width, height) {
      const taken = [];
      for (const item of items) {
        const at = stageAt(view, item);
        let left = at.x * width - item.width / 2;
        let top = at.y * height - item.height / 2;
        if (item.whole && at.x >= 0 && at.x <= 1 && at.y >= 0 && at.y <= 1) {
          left = Math.max(0, Math.min(left, width - item.width));
          top = Math.max(0, Math.min(top, height - item.height));
        }
        const box = [left, top, left + item.width, top + item.height];
        const free = !taken.some((other) => overlap(box, other));
        if (free) taken.push(box);
        item.node.style.visibility = free ? "" : "hidden";
        item.node.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
      }
    }
  };
}
function overlap(a, b) {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

// modules/near_miss_list.js
function createNearMissList(on) {
  const panel = element("div", "near-miss-panel");
  const list = element("ul", "near-miss-list");
  const none = element("p", "none");
  panel.append(list, none);
  panel.tabIndex = -1;
  let shown2 = "";
  return {
    element: panel,
    /**
     * @param {Seen[] | null} misses null where the map has none
     * @param {Thresholds} thresholds
     * @param {number | null} inspected the query whose mask is shown
     * @param {string} otherwise what to say where there are none
     */
    show(misses, thresholds, inspected, otherwise) {
      if (panel.hidden) return;
      const words = JSON.stringify([misses, thresholds, inspected, otherwise]);
      if (words === shown2) return;
      shown2 = words;
      none.hidden = Boolean(misses?.length);
      none.textContent = otherwise;
      const focused = focusedIn(list);
      const place = focused && placeOf(list, focused);
      list.replaceChildren(...(misses ?? []).map((miss) => createRow2(miss, thresholds, inspected, on)));
      if (place) focusAgain(panel, list, place);
    }
  };
}
function createRow2(miss, thresholds, inspected, on) {
  const row = element("li", miss.query === inspected ? "miss inspected" : "miss");
  row.dataset.query = String(miss.query);
  const pick = element("button", "miss-pick");
  pick.type = "button";
  pick.setAttribute("aria-pressed", String(miss.query === inspected));
  const name = element("span", "name", miss.label);
  const score = element("span", "score", roundedDown(miss.score));
  pick.append(name, score, element("span", "reason", reasonOf(miss, thresholds)));
  pick.title = "Show its mask in the picture";
  pick.onclick = () => on.inspect(miss.query === inspected ? null : miss.query);
  row.onpointerenter = () => on.point(miss.query);
  row.onpointerleave = () => on.point(null);
  pick.onfocus = () => pick.matches(":focus-visible") && on.point(miss.query);
  pick.onblur = () => on.point(null);
  row.append(pick);
  const does = backWords(miss, thresholds);
  if (does) {
    const button = textButton("Bring back", does);
    button.setAttribute("aria-label", `Bring back ${miss.label}: ${does}`);
    button.className = "bring-back";
    button.onclick = () => on.bringBack(miss);
    row.append(button);
  }
  return row;
}
function placeOf(list, focused) {
  const row = focused.closest("li");
  return {
    query: row?.dataset.query ?? "",
    at: row ? [...list.children].indexOf(row) : 0,
    isBack: focused.matches(".bring-back")
  };
}
function focusAgain(panel, list, { query, at, isBack }) {
  const row = list.querySelector(`[data-query="${CSS.escape(query)}"]`) ?? list.children[Math.min(at, list.children.length - 1)];
  const button = row?.querySelector(isBack ? ".bring-back" : ".miss-pick") ?? row?.querySelector("button");
  (button ?? panel).focus();
}

// modules/numbers_rules.js
function valueIn(segment, column, area) {
  if (column === "area_fraction") return segment.area / area;
  const value = (
    /** @type {Record<string, unknown>} */
    /** @type {unknown} */
    segment[column]
  );
  return typeof value === "number" || typeof value === "string" ? value : null;
}
function textOf(segment, column, area) {
  const value = valueIn(segment, column, area);
  if (value === null) return "–";
  if (typeof value === "string") return value;
  if (column === "area_fraction") return (100 * value).toFixed(1);
  return Number.isInteger(value) && column !== "score" && column !== "quality" ? value.toLocaleString("en") : value.toFixed(3);
}
function sorted(segments, { column, descending }, area) {
  const sign = descending ? -1 : 1;
  return [...segments].sort((a, b) => {
    const [one, other] = [valueIn(a, column, area), valueIn(b, column, area)];
    if (one === null || other === null) return Number(one === null) - Number(other === null) || a.id - b.id;
    const difference = typeof one === "string" || typeof other === "string" ? String(one).localeCompare(String(other), "en") : one - other;
    return sign * difference || a.id - b.id;
  });
}
function areasByLabel(segments) {
  const found = /* @__PURE__ */ new Map();
  for (const segment of segments) {
    const entry = found.get(segment.label) ?? { label: segment.label, area: 0, segments: [] };
    entry.area += segment.area;
    entry.segments.push(segment);
    found.set(segment.label, entry);
  }
  return [...found.values()].sort((a, b) => b.area - a.area || a.label.localeCompare(b.label, "en"));
}

// modules/area_bars.js
var MOST_LABELS2 = 60;
var MOST_BLOCKS = 60;
function createAreaBars(on) {
  const chart = element("div", "area-bars");
  chart.setAttribute("aria-hidden", "true");
  chart.tabIndex = -1;
  let blocks = [];
  return {
    element: chart,
    /**
     * @param {Segment[]} segments
     * @param {number} area of the photo
     */
    show(segments, area) {
      blocks = [];
      const labels = areasByLabel(segments).slice(0, MOST_LABELS2);
      const longest = labels[0]?.area ?? 1;
      chart.replaceChildren(
        ...labels.flatMap(({ label, area: pixels, segments: members }) => {
          const bar = element("span", "bar-track");
          const bySize = [...members].sort((a, b) => b.area - a.area).slice(0, MOST_BLOCKS);
          for (const segment of bySize) {
            const node = element("span", "block");
            node.style.width = `${100 * segment.area / longest}%`;
            node.title = `${nameOf(segment)}: ${numbersOf(segment, area)}`;
            node.onclick = (event) => on.select(segment.key, isAdding(event));
            node.onpointerenter = () => on.hover(segment.key);
            node.onpointerleave = () => on.hover(null);
            blocks.push({ node, segment });
            bar.append(node);
          }
          const name = element("span", "name", label);
          name.title = label;
          return [name, bar, element("span", "share", `${(100 * pixels / area).toFixed(1)} %`)];
        })
      );
    },
    /**
     * @param {Look} look
     * @param {string | undefined} hovered key
     */
    mark({ selected, hidden, style }, hovered) {
      for (const { node, segment } of blocks) {
        node.style.background = `rgb(${colorOf(segment, style.color_by).join(" ")})`;
        node.classList.toggle("faint", selected.size ? !selected.has(segment.key) : hidden.has(segment.key));
        node.classList.toggle("hovered", segment.key === hovered);
      }
    }
  };
}

// modules/numbers.js
var MOST_ROWS2 = 1e3;
function createNumbers(columns, on) {
  const panel = element("div", "numbers-panel");
  const bars = createAreaBars(on);
  const table = createTable(columns, on);
  panel.append(bars.element, table.element);
  let segments = [];
  let area = 1;
  let stale = false;
  return {
    element: panel,
    /**
     * @param {Segment[]} others
     * @param {number} pixels of the photo
     */
    show(others, pixels) {
      segments = others;
      area = pixels;
      stale = true;
    },
    /**
     * Draw what is new, and say what is selected, hidden and pointed at; nothing while the panel is not seen.
     *
     * @param {Look} look
     * @param {string | undefined} hovered key
     */
    mark(look, hovered) {
      if (panel.hidden) return;
      if (stale) {
        table.show(segments, area);
        bars.show(segments, area);
        stale = false;
      }
      table.mark(look, hovered);
      bars.mark(look, hovered);
    },
    /** @param {string | undefined} key */
    reveal(key) {
      if (!panel.hidden) table.reveal(key);
    }
  };
}
function createTable(columns, on) {
  const { scroll, table, head, body, more } = createFrame();
  let order = { column: columns[0].name, descending: false };
  let segments = [];
  let area = 1;
  let rows = /* @__PURE__ */ new Map();
  const heads = columns.map((column) => createHead(column, () => sortBy(column)));
  head.append(...heads.map(({ element: element2 }) => element2));
  const roving = createRoving(table, () => [
    heads.map(({ button }) => button),
    ...[...rows.values()].map((row) => [row.element])
  ]);
  roving.refresh();
  markHeads();
  function sortBy({ name, numeric }) {
    const descending = order.column === name ? !order.descending : numeric && name !== "id";
    order = { column: name, descending };
    markHeads();
    fill();
    on.hover(null);
  }
  function markHeads() {
    for (const { element: cell2, name } of heads) {
      const mine = name === order.column;
      cell2.setAttribute("aria-sort", mine ? order.descending ? "descending" : "ascending" : "none");
    }
  }
  function fill() {
    const shown2 = sorted(segments, order, area).slice(0, MOST_ROWS2);
    const known = rows;
    rows = /* @__PURE__ */ new Map();
    for (const segment of shown2) {
      const row = known.get(segment.key) ?? createRow3(columns, segment, on);
      row.update(segment, area);
      rows.set(segment.key, row);
    }
    placeChildren(
      body,
      [...rows.values()].map((row) => row.element)
    );
    roving.refresh();
    const left = segments.length - shown2.length;
    more.hidden = left <= 0;
    more.textContent = `${left.toLocaleString("en")} more rows are in the CSV.`;
  }
  return {
    element: scroll,
    /**
     * @param {Segment[]} others
     * @param {number} pixels of the photo
     */
    show(others, pixels) {
      segments = others;
      area = pixels;
      fill();
    },
    /**
     * @param {Look} look
     * @param {string | undefined} hovered
     */
    mark(look, hovered) {
      for (const row of rows.values()) row.mark(look, hovered);
    },
    /** @param {string | undefined} key */
    reveal(key) {
      rows.get(key ?? "")?.element.scrollIntoView({ block: "nearest" });
    }
  };
}
function createFrame() {
  const scroll = element("div", "numbers-scroll");
  const table = element("table", "numbers");
  table.setAttribute("role", "grid");
  table.setAttribute("aria-multiselectable", "true");
  table.setAttribute("aria-label", "Segments in numbers");
  const [top, head, body] = [element("thead"), element("tr"), element("tbody")];
  const more = element("p", "none");
  top.append(head);
  table.append(top, body);
  scroll.append(table, more);
  return { scroll, table, head, body, more };
}
function createHead({ name, title, about, numeric }, onclick) {
  const cell2 = element("th", numeric ? "number" : "");
  cell2.scope = "col";
  const button = element("button", "sort", title);
  button.type = "button";
  button.title = `${about} Press to sort.`;
  button.onclick = onclick;
  cell2.append(button);
  return { element: cell2, button, name };
}
function createRow3(columns, segment, on) {
  let current = segment;
  const row = element("tr");
  const { key } = segment;
  row.dataset.key = key;
  row.tabIndex = -1;
  row.onclick = (event) => on.select(key, isAdding(event));
  row.onkeydown = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    on.select(key, isAdding(event));
  };
  row.onfocus = () => row.matches(":focus-visible") && on.hover(key);
  row.onblur = () => on.hover(null);
  row.onpointerenter = () => on.hover(key);
  row.onpointerleave = () => on.hover(null);
  const swatch = element("span", "swatch");
  const cells = columns.map(({ name, numeric }) => {
    const cell2 = element("td", numeric ? "number" : "");
    if (name === "label") cell2.append(swatch, element("span", "name"));
    return cell2;
  });
  row.append(...cells);
  return {
    element: row,
    /**
     * @param {Segment} again the same one at other thresholds
     * @param {number} area
     */
    update(again, area) {
      current = again;
      columns.forEach(({ name }, n) => {
        const target = name === "label" ? cells[n].lastElementChild : cells[n];
        const text = textOf(again, name, area);
        if (target && target.textContent !== text) target.textContent = text;
      });
    },
    /**
     * @param {Look} look
     * @param {string | undefined} hovered
     */
    mark({ hidden, selected, style }, hovered) {
      row.classList.toggle("hidden", hidden.has(key));
      row.classList.toggle("selected", selected.has(key));
      row.classList.toggle("hovered", key === hovered);
      row.setAttribute("aria-selected", String(selected.has(key)));
      row.title = nameOf(current);
      swatch.style.background = swatch.style.borderColor = `rgb(${colorOf(current, style.color_by).join(" ")})`;
    }
  };
}

// modules/outcome_legend.js
function createLegend() {
  const legend = element("ul", "legend");
  legend.setAttribute("aria-label", "Outcome");
  return {
    element: legend,
    /** @param {LegendEntry[]} entries */
    show(entries) {
      legend.replaceChildren(
        ...entries.map(({ words, color, count: count2 }) => {
          const entry = element("li");
          const swatch = element("span", "swatch");
          swatch.style.background = swatch.style.borderColor = `rgb(${color.join(" ")})`;
          entry.append(swatch, element("b", "", String(count2)), element("span", "", words));
          return entry;
        })
      );
    }
  };
}

// modules/list_groups.js
var KINDS = [
  ["thing", "Things"],
  ["stuff", "Stuff"]
];
function groupsOf(segments) {
  return KINDS.flatMap(([kind, title]) => {
    const byLabel = /* @__PURE__ */ new Map();
    for (const segment of segments) {
      if (segment.kind !== kind) continue;
      const members = byLabel.get(segment.label);
      if (members) members.push(segment);
      else byLabel.set(segment.label, [segment]);
    }
    const groups2 = [...byLabel].map(([label, members]) => ({ label, segments: members }));
    groups2.sort((a, b) => a.label.localeCompare(b.label, "en"));
    return groups2.length ? [{ title, groups: groups2 }] : [];
  });
}
function matching(segments, filter) {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return segments.filter((segment) => {
    const label = `${segment.label} ${segment.id}`.toLowerCase();
    return words.every((word) => label.includes(word));
  });
}

// modules/list_rows.js
function createHead2(title, level, on) {
  let keys = [];
  const head = element("li", `head ${level}`);
  const eye = eyeButton(`Show all ${title}`, () => on.toggle(keys));
  const number = element("span", "number");
  const tools = element("span", "tools");
  tools.append(onlyButton(title, () => on.only(keys)));
  head.append(eye, element("span", "name", title), number, tools);
  let marked = "";
  return {
    element: head,
    /** @param {Segment[]} members */
    update(members) {
      keys = members.map((segment) => segment.key);
    },
    /** @param {Look} look */
    mark({ hidden }) {
      const shown2 = keys.filter((key) => !hidden.has(key)).length;
      const words = shown2 === keys.length ? `${shown2}` : `${shown2} of ${keys.length}`;
      if (words === marked) return;
      marked = words;
      eye.setAttribute("aria-pressed", shown2 === keys.length ? "true" : shown2 ? "mixed" : "false");
      number.textContent = words;
    }
  };
}
function createRow4(key, on) {
  let current = null;
  let title = "";
  let marked = "";
  const row = element("li", "row");
  row.dataset.key = key;
  const eye = eyeButton("", () => on.toggle([key]));
  const pick = pickButton(key, on);
  row.onpointerenter = () => on.hover(key);
  row.onpointerleave = () => on.hover(null);
  const pin2 = iconButton("pin", "");
  pin2.onclick = () => on.pin(key);
  const only = onlyButton("", () => on.only([key]));
  const tools = element("span", "tools");
  tools.append(pin2, only);
  row.append(eye, pick.element, tools);
  function name(words) {
    title = words;
    eye.setAttribute("aria-label", `Show ${title}`);
    nameOnly(only, title);
    pin2.title = `Pin ${title} (${keyOf("pin")})`;
    pin2.setAttribute("aria-label", `Pin ${title}`);
    pick.name(title);
  }
  return {
    element: row,
    /**
     * @param {Segment} again the same one, perhaps at other thresholds
     * @param {boolean} indented
     */
    update(again, indented) {
      if (nameOf(again) !== title) name(nameOf(again));
      if (again.score !== current?.score) pick.score(again.score);
      row.classList.toggle("indented", indented);
      current = again;
    },
    /**
     * @param {Look} look
     * @param {string | undefined} hovered key
     * @param {string | undefined} pinned key
     */
    mark({ hidden, selected, style }, hovered, pinned) {
      if (!current) return;
      const [isHidden, isSelected] = [hidden.has(key), selected.has(key)];
      const color = `rgb(${colorOf(current, style.color_by).join(" ")})`;
      const now = `${isHidden} ${isSelected} ${key === hovered} ${key === pinned} ${color}`;
      if (now === marked) return;
      marked = now;
      pin2.setAttribute("aria-pressed", String(key === pinned));
      row.classList.toggle("hidden", isHidden);
      row.classList.toggle("selected", isSelected);
      row.classList.toggle("hovered", key === hovered);
      eye.setAttribute("aria-pressed", String(!isHidden));
      pick.element.setAttribute("aria-pressed", String(isSelected));
      pick.swatch.style.background = pick.swatch.style.borderColor = color;
    }
  };
}
function pickButton(key, on) {
  const pick = element("button", "pick");
  pick.type = "button";
  const swatch = element("span", "swatch");
  const name = element("span", "name");
  const number = element("span", "score");
  pick.append(swatch, name, " ", number);
  pick.onclick = (event) => on.select(key, isAdding(event));
  return {
    element: pick,
    swatch,
    /** @param {string} title */
    name(title) {
      name.textContent = name.title = title;
    },
    /** @param {number | null} score */
    score(score) {
      const words = score?.toFixed(2) ?? "";
      if (number.textContent !== words) number.textContent = words;
    }
  };
}
function onlyButton(title, onclick) {
  const only = textButton("Only", "");
  only.className = "only";
  nameOnly(only, title);
  only.onclick = onclick;
  return only;
}
function nameOnly(button, title) {
  button.title = `Show only ${title}`;
  button.setAttribute("aria-label", button.title);
}
function eyeButton(name, onclick) {
  const eye = element("button", "eye");
  eye.type = "button";
  eye.innerHTML = svg("eye");
  eye.setAttribute("aria-label", name);
  eye.onclick = onclick;
  return eye;
}

// modules/segment_list.js
function createList(on) {
  const { panel, list, count: count2, all, none, filter } = createPanel();
  let segments = [];
  let lines = arrange([], noLines(), on);
  const nothing = element("li", "none");
  const roving = createRoving(
    list,
    () => lines.elements.map((line) => [...line.querySelectorAll("button")]).filter((line) => line.length)
  );
  all.onclick = () => on.show([...lines.rows.keys()]);
  none.onclick = () => on.hide([...lines.rows.keys()]);
  filter.oninput = refilter;
  filter.onkeydown = (event) => {
    if (event.key !== "Escape" || !filter.value) return;
    event.stopPropagation();
    filter.value = "";
    refilter();
  };
  function refilter() {
    fill();
    on.filter();
  }
  function fill() {
    const before = lines.elements;
    lines = arrange(matching(segments, filter.value), lines, on);
    const { elements } = lines;
    nothing.textContent = segments.length ? "No label matches." : "No segments.";
    if (elements.length && elements.length === before.length && elements.every((one, n) => one === before[n]))
      return;
    placeChildren(list, elements.length ? elements : [nothing]);
    roving.refresh();
  }
  return {
    element: panel,
    /**
     * List other segments.
     *
     * @param {Segment[]} others
     */
    show(others) {
      segments = others;
      fill();
    },
    /**
     * Say which are hidden, selected and pointed at, and in which colours they are painted.
     *
     * @param {Look} look
     * @param {string | undefined} hovered key
     * @param {string | undefined} pinned key
     */
    mark(look, hovered, pinned) {
      for (const row of lines.rows.values()) row.mark(look, hovered, pinned);
      for (const head of lines.heads.values()) head.mark(look);
      const words = countWords(segments, look);
      if (count2.textContent !== words) count2.textContent = words;
    },
    /**
     * Bring a row into sight, moving nothing but the list.
     *
     * @param {string | undefined} key
     */
    reveal(key) {
      const row = lines.rows.get(key ?? "")?.element;
      if (row) scrollTo(list, row);
    },
    /** Keys in the order of the list. */
    keys: () => [...lines.rows.keys()]
  };
}
function noLines() {
  return { elements: [], rows: /* @__PURE__ */ new Map(), heads: /* @__PURE__ */ new Map() };
}
function arrange(segments, before, on) {
  const lines = noLines();
  const addHead = (title, level, members) => {
    const name = `${level} ${members[0].kind} ${title}`;
    const head = before.heads.get(name) ?? createHead2(title, level, on);
    head.update(members);
    lines.heads.set(name, head);
    lines.elements.push(head.element);
  };
  for (const { title, groups: groups2 } of groupsOf(segments)) {
    const ofKind = groups2.flatMap((group2) => group2.segments);
    addHead(title, "heading", ofKind);
    for (const { label, segments: members } of groups2) {
      const many = members.length > 1;
      if (many) addHead(label, "label", members);
      for (const member of members) {
        const row = before.rows.get(member.key) ?? createRow4(member.key, on);
        row.update(member, many);
        lines.rows.set(member.key, row);
        lines.elements.push(row.element);
      }
    }
  }
  return lines;
}
function createPanel() {
  const panel = element("section", "panel");
  panel.setAttribute("aria-label", "Segments");
  const bar = element("div", "bar");
  const count2 = element("span", "count");
  count2.setAttribute("role", "status");
  const all = textButton("All", "Show every listed segment");
  const none = textButton("None", "Hide every listed segment");
  const filter = element("input", "filter");
  filter.type = "search";
  filter.placeholder = "Filter";
  filter.setAttribute("aria-label", "Filter segments by label");
  bar.append(count2, all, none, filter);
  const list = element("ul", "list");
  panel.append(bar, list);
  return { panel, list, count: count2, all, none, filter };
}
function countWords(segments, { hidden }) {
  const shown2 = segments.filter(({ key }) => !hidden.has(key)).length;
  if (shown2 < segments.length) return `${shown2} of ${segments.length} shown`;
  return `${shown2} ${shown2 === 1 ? "segment" : "segments"}`;
}
function scrollTo(list, row) {
  const top = row.offsetTop - list.offsetTop;
  const bottom = top + row.offsetHeight;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
}

// modules/toast.js
var SHOWN_MS = 2500;
function createToast() {
  const node = element("p", "toast");
  node.hidden = true;
  node.setAttribute("role", "status");
  let timer = 0;
  return {
    element: node,
    /** @param {string} words */
    show(words) {
      node.textContent = words;
      node.hidden = false;
      clearTimeout(timer);
      timer = setTimeout(() => {
        node.hidden = true;
      }, SHOWN_MS);
    }
  };
}

// modules/toolbar.js
function createToolbar(rules, act, restyle2) {
  const bar = element("div", "toolbar");
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "View and style");
  const zoom = createZoom(act);
  const colorBy = createColorBy(rules, restyle2);
  const labels = actionButton(act, "tag", "Labels", "labels");
  const cutout = actionButton(act, "cutout", "Cut out", "cutout");
  const wipe = actionButton(act, "wipe", "Before and after", "wipe");
  const flicker2 = actionButton(act, "flicker", "Other picture's segments here", "flicker");
  const reasons = actionButton(act, "question", "Why it is missing or extra", "reasons");
  flicker2.hidden = reasons.hidden = true;
  const doubt = actionButton(act, "unsure", "Where is it unsure?", "doubt");
  const strength = createStrength(rules, act, restyle2);
  bar.append(
    zoom.element,
    group(colorBy.element, labels, reasons, cutout, wipe, doubt, flicker2),
    strength.element,
    group(
      actionButton(act, "share", "Copy link", "share"),
      actionButton(act, "learn", "How it works", "explain"),
      actionButton(act, "help", "Keys", "help")
    )
  );
  const lines = () => [[...bar.querySelectorAll("button")].filter((button) => !button.hidden)];
  const roving = createRoving(bar, lines);
  roving.refresh();
  return {
    element: bar,
    showZoom: zoom.show,
    /** @param {boolean} on */
    showFlicker: (on) => setPressed(flicker2, on),
    /**
     * @param {Style} style
     * @param {boolean} wiping
     * @param {{ outcomes: boolean, reasons: boolean | null }} compared whether segments can be coloured by outcome,
     *   and whether the reasons are shown; null where there are none
     */
    show(style, wiping, compared) {
      colorBy.show(style, compared.outcomes);
      strength.show(style);
      setPressed(labels, style.labels);
      setPressed(cutout, style.cutout);
      setPressed(wipe, wiping);
      setPressed(doubt, style.doubt);
      flicker2.hidden = !compared.outcomes;
      reasons.hidden = compared.reasons === null;
      setPressed(reasons, compared.reasons === true);
      roving.refresh();
    }
  };
}
function createZoom(act) {
  const percent3 = element("button", "percent");
  percent3.type = "button";
  percent3.title = `One picture pixel per screen pixel (${keyOf("one")})`;
  percent3.onclick = () => act("one");
  return {
    element: group(
      actionButton(act, "minus", "Zoom out", "zoomOut"),
      percent3,
      actionButton(act, "plus", "Zoom in", "zoomIn"),
      actionButton(act, "fit", "Fit", "fit")
    ),
    /** @param {number} ratio screen pixels per picture pixel */
    show(ratio) {
      const words = `${Math.round(100 * ratio)} %`;
      if (percent3.textContent === words) return;
      percent3.textContent = words;
      percent3.setAttribute("aria-label", `Zoom ${words}, press for 100 %`);
    }
  };
}
function createColorBy(rules, restyle2) {
  const choice = element("select", "color-by");
  choice.title = `Colour by (${keyOf("colors")})`;
  choice.setAttribute("aria-label", "Colour by");
  for (const [value, words] of Object.entries(rules.color_by)) {
    const option = element("option", "", words);
    option.value = value;
    choice.append(option);
  }
  choice.onchange = () => restyle2({ color_by: choice.value });
  return {
    element: choice,
    /**
     * @param {Style} style
     * @param {boolean} compared
     */
    show(style, compared) {
      for (const option of choice.options) option.hidden = option.value === "outcome" && !compared;
      if (choice.value !== style.color_by) choice.value = style.color_by;
    }
  };
}
function createStrength(rules, act, restyle2) {
  let shown2 = rules.style;
  let lastOpacity = rules.style.opacity;
  const colors = iconButton("fill", "Colours");
  colors.onclick = () => restyle2({ opacity: shown2.opacity ? 0 : lastOpacity });
  const opacity = slider("Opacity", 0, 100, 100 * OPACITY_STEP, (value) => restyle2({ opacity: value / 100 }));
  const outlines = actionButton(act, "outline", "Outlines", "outlines");
  const width = slider(
    "Outline width",
    1,
    rules.widest_outline,
    1,
    (value) => restyle2({ outlines: true, outline_width: value })
  );
  return {
    element: group(colors, opacity, outlines, width),
    /** @param {Style} style */
    show(style) {
      shown2 = style;
      if (style.opacity) lastOpacity = style.opacity;
      setValue(opacity, Math.round(100 * style.opacity), "%");
      setValue(width, style.outline_width, "pixels");
      setPressed(colors, style.opacity > 0);
      setPressed(outlines, style.outlines);
    }
  };
}
function actionButton(act, icon, name, action) {
  const button = iconButton(icon, name, keyOf(action));
  button.onclick = () => act(action);
  return button;
}
function setPressed(button, on) {
  button.setAttribute("aria-pressed", String(on));
}
function group(...children) {
  const node = element("div", "group");
  node.append(...children);
  return node;
}
function slider(name, least, most, step2, change) {
  const input = element("input");
  Object.assign(input, { type: "range", min: least, max: most, step: step2, title: name });
  input.setAttribute("aria-label", name);
  input.oninput = () => change(Number(input.value));
  return input;
}
function setValue(input, value, unit) {
  if (Number(input.value) !== value) input.value = String(value);
  input.setAttribute("aria-valuetext", `${value} ${unit}`);
  const share2 = (value - Number(input.min)) / (Number(input.max) - Number(input.min));
  input.style.setProperty("--share", `${100 * share2}%`);
}

// modules/wipe.js
var STEP = 0.02;
function createWipe(move) {
  const line = element("div", "wipe-line");
  line.tabIndex = 0;
  line.hidden = true;
  line.setAttribute("role", "slider");
  line.setAttribute("aria-label", "Line between the photo and its segments");
  line.setAttribute("aria-valuemin", "0");
  line.setAttribute("aria-valuemax", "100");
  let at = 0.5;
  const go = (value) => move(Math.min(1, Math.max(0, value)));
  line.onpointerdown = (event) => {
    event.stopPropagation();
    line.setPointerCapture(event.pointerId);
  };
  line.onpointermove = (event) => {
    event.stopPropagation();
    if (!line.hasPointerCapture(event.pointerId)) return;
    const box = line.parentElement?.getBoundingClientRect();
    if (box) go((event.clientX - box.left) / box.width);
  };
  line.onpointerup = (event) => event.stopPropagation();
  line.onkeydown = (event) => {
    const places = { ArrowLeft: at - STEP, ArrowRight: at + STEP, Home: 0, End: 1 };
    const wanted = places[event.key];
    if (wanted === void 0) return;
    event.preventDefault();
    event.stopPropagation();
    go(wanted);
  };
  return {
    element: line,
    /**
     * Stand at a fraction of the stage, or nowhere (null).
     *
     * @param {number | null} place
     * @param {HTMLElement} over what lies right of the line only
     */
    show(place, over) {
      line.hidden = place === null;
      over.style.clipPath = place === null ? "" : `inset(-100vmax -100vmax -100vmax ${100 * place}%)`;
      if (place === null) return;
      at = place;
      line.style.left = `${100 * place}%`;
      line.setAttribute("aria-valuenow", String(Math.round(100 * place)));
    }
  };
}

// modules/parts.js
function createParts(viewer, rules) {
  const canvases = {
    photo: element("canvas", "photo"),
    masks: element("canvas", "masks"),
    lent: element("canvas", "lent"),
    // of the second picture (flicker.js)
    light: element("canvas", "light"),
    pin: element("canvas", "pin")
  };
  const justMissed = createJustMissed(missHandlers(viewer));
  const parts = {
    host: element("div", "viewer"),
    board: element("div", "board"),
    // what the stage stands on, and an enlarged picture fills
    side: element("div", "side"),
    stage: element("div", "stage"),
    over: element("div", "over"),
    // what the wipe's line cuts off
    canvases,
    surfaces: {
      masks: createSurface(canvases.masks),
      light: createSurface(canvases.light),
      pin: createSurface(canvases.pin)
    },
    labels: createLabels(),
    tooltip: createTooltip(),
    help: createHelp((action) => ACTIONS[action](viewer())),
    howItWorks: createLessons(viewer, rules),
    busy: element("div", "busy", "One moment…"),
    notice: element("p", "notice"),
    announcement: element("div", "announcement"),
    // read aloud, not seen
    cross: element("div", "cross"),
    legend: createLegend(),
    toast: createToast(),
    filmstrip: createFilmstrip({
      show: (id) => goToPicture(viewer(), id),
      remove: (id) => viewer().pictures.tell({ action: "remove", id }),
      open: (files) => openFiles(viewer(), files)
    }),
    colorLegend: createColorLegend(rules),
    pin: createPinCard({ show: (way) => showPinAs(viewer(), way), close: () => unpin(viewer()) }),
    toolbar: createToolbar(
      rules,
      (action) => ACTIONS[action](viewer()),
      (change) => restyle(viewer(), change)
    ),
    wipe: createWipe((at) => setWipe(viewer(), at)),
    ...createInspector(viewer, rules),
    thresholds: createThresholdPanel(
      rules,
      {
        move: (values, name) => setThresholds(viewer(), { ...viewer().kept.look.thresholds, ...values }, name),
        rest: () => restThresholds(viewer()),
        act: (action) => ACTIONS[action](viewer())
      },
      justMissed.element
    ),
    justMissed
  };
  const firstMinute = createFirstMinute(parts.host, firstSteps(parts), parts.board);
  parts.busy.setAttribute("role", "status");
  parts.notice.setAttribute("role", "status");
  parts.notice.hidden = true;
  parts.announcement.setAttribute("role", "status");
  parts.board.tabIndex = 0;
  parts.board.setAttribute("role", "application");
  parts.board.setAttribute("aria-roledescription", "picture");
  parts.cross.hidden = true;
  return { ...parts, firstMinute };
}
function layOut(parts, closeUp, isFirst) {
  const { host, board, side, stage, over, canvases } = parts;
  canvases.lent.hidden = true;
  over.append(canvases.masks, canvases.lent, closeUp.masks, canvases.pin, parts.labels.element);
  stage.append(canvases.photo, closeUp.photo, over, canvases.light, closeUp.light);
  stage.append(parts.wipe.element, parts.cross);
  board.append(stage, parts.tooltip.element);
  const words = element("div", "words");
  words.append(parts.busy, parts.toast.element, parts.notice, parts.colorLegend.element);
  const area = element("div", "area");
  const floating = element("div", "floating");
  floating.append(board, isFirst ? parts.toolbar.element : parts.legend.element, words);
  area.append(floating, ...isFirst ? [parts.filmstrip.element] : []);
  const layout = element("div", "layout");
  side.append(parts.thresholds.element, parts.tabs.element);
  layout.append(area, parts.pin.element, ...isFirst ? [side] : []);
  host.append(
    ...isFirst ? parts.firstMinute.elements : [],
    layout,
    parts.announcement,
    parts.help.element,
    parts.howItWorks.element
  );
  host.classList.toggle("beside", !isFirst);
}
function createInspector(viewer, rules) {
  const handlers = listHandlers(viewer);
  const list = createList(handlers);
  const numbers = createNumbers(rules.columns, handlers);
  const nearMisses2 = createNearMissList(missHandlers(viewer));
  const differences = createDifferences((pair) => showPair(viewer(), pair));
  const tabs = createTabs(
    "What was found",
    [
      { name: "segments", title: "Segments", panel: list.element },
      { name: "near-misses", title: "Near misses", panel: nearMisses2.element },
      { name: "numbers", title: "Numbers", panel: numbers.element },
      { name: "differences", title: "Differences", panel: differences.element }
    ],
    (name) => {
      viewer().kept.tab = name;
      viewer().redraw("list");
      tabs.element.scrollIntoView({ block: "nearest" });
    }
  );
  tabs.offer("differences", false);
  return { list, numbers, nearMisses: nearMisses2, differences, tabs };
}
function missHandlers(viewer) {
  return {
    inspect: (query) => inspect(viewer(), query),
    point: (query) => pointAtMiss(viewer(), query),
    bringBack: (miss) => bringBack(viewer(), miss)
  };
}
function listHandlers(viewer) {
  return {
    toggle(keys) {
      const { hidden } = viewer().kept.look;
      setHidden(
        viewer(),
        keys,
        keys.every((key) => !hidden.has(key))
      );
    },
    show: (keys) => setHidden(viewer(), keys, false),
    hide: (keys) => setHidden(viewer(), keys, true),
    pin: (key) => pin(viewer(), key),
    only: (keys) => showOnly(viewer(), keys),
    select(key, add) {
      setSelected(viewer(), selectionAfterClick(viewer().kept.look.selected, key, add));
    },
    hover(key) {
      const { state, link } = viewer();
      hover(viewer(), segmentOf(state, key)?.id ?? 0);
      link.tell("hovered", partnersOf(key ? [key] : [], state.outcomes));
    },
    filter: () => viewer().redraw("list")
  };
}

// modules/merge/client.js
var MOST_FRAMES = 2;
var MergeClient = class {
  /** @type {Worker | null} */
  #worker = null;
  #load = 0;
  #ready = false;
  #busy = false;
  /** @type {Wish | null} */
  #wanted = null;
  /** @type {Coat | null} of the map that was asked for last */
  #coat = null;
  /** @type {Frame[]} */
  #used = [];
  /**
   * @param {object} hooks
   * @param {() => Worker} hooks.start
   * @param {() => void} [hooks.onReady] the prediction can be merged from now on
   * @param {(map: MergedMap) => void} hooks.onMap
   * @param {(reason: string) => void} [hooks.onUnavailable]
   */
  constructor({ start, onReady = () => {
  }, onMap, onUnavailable = () => {
  } }) {
    this.start = start;
    this.onReady = onReady;
    this.onMap = onMap;
    this.onUnavailable = onUnavailable;
  }
  /** Whether moves are answered. */
  get ready() {
    return this.#ready;
  }
  /**
   * Take a prediction in place of the one before. The bytes are gone afterwards.
   *
   * @param {Description} description
   * @param {ArrayBuffer} bytes
   */
  load(description, bytes) {
    this.#forget();
    try {
      this.#worker ??= this.#started();
      this.#worker.postMessage({ type: "load", load: this.#load, description, bytes }, [bytes]);
    } catch (error) {
      this.#giveUp(String(error));
    }
  }
  /**
   * Ask for a map; until the prediction is ready the last wish is remembered.
   *
   * @param {Thresholds} thresholds
   * @param {Coat | null} [coat] in which it is to be painted
   */
  move(thresholds, coat = null) {
    this.#wanted = { thresholds, coat };
    this.#next();
  }
  /**
   * Give back a map that is no longer looked at: its arrays are gone afterwards.
   *
   * @param {MergedMap} map
   */
  recycle(map) {
    const frame = frameOf(map);
    const isNew2 = frame.ids.byteLength > 0 && !this.#used.some(({ ids }) => ids === frame.ids);
    if (isNew2 && this.#used.length < MOST_FRAMES) this.#used.push(frame);
  }
  /** End the worker; another prediction starts a new one. */
  dispose() {
    this.#worker?.terminate();
    this.#worker = null;
    this.#forget();
  }
  #started() {
    const worker = this.start();
    worker.onmessage = ({ data }) => this.#hear(data);
    worker.onerror = (event) => this.#giveUp(event.message || "The worker did not start.");
    worker.onmessageerror = () => this.#giveUp("The worker was not understood.");
    return worker;
  }
  /** @param {Answer} answer */
  #hear(answer) {
    if (answer.load !== this.#load) return;
    if (answer.type === "failed") {
      this.#giveUp(answer.message);
    } else if (answer.type === "ready") {
      this.#ready = true;
      this.onReady();
      this.#next();
    } else {
      this.#busy = false;
      this.onMap({ ...answer.map, coat: this.#coat });
      this.#next();
    }
  }
  #next() {
    const worker = this.#worker;
    if (!worker || !this.#ready || this.#busy || !this.#wanted) return;
    const { thresholds, coat } = this.#wanted;
    const isNewCoat = !isSameCoat(coat, this.#coat);
    const used = this.#used.pop() ?? null;
    this.#coat = coat;
    this.#wanted = null;
    this.#busy = true;
    const message = { type: "move", load: this.#load, thresholds, coat, isNewCoat, used };
    worker.postMessage(message, used ? buffersOf(used) : []);
  }
  /** No prediction: answers about the one before are not listened to. */
  #forget() {
    this.#load++;
    this.#ready = this.#busy = false;
    this.#wanted = this.#coat = null;
    this.#used = [];
  }
  /** @param {string} reason */
  #giveUp(reason) {
    this.dispose();
    this.onUnavailable(reason);
  }
};
function startWorker() {
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
}

// modules/preview.js
function createPreview(onMap, start = startWorker) {
  let source = null;
  const client = new MergeClient({
    start,
    onMap,
    onUnavailable() {
      source = null;
    }
  });
  return {
    /** Of which maps are made here, or null. */
    get source() {
      return source;
    },
    /** @param {LogitsPayload | null} payload */
    load(payload) {
      source = payload?.description ? payload.source : null;
      if (payload?.description) client.load(payload.description, payload.packed.slice().buffer);
      else client.dispose();
    },
    /**
     * Ask for a map, if the segments of this source can be merged here.
     *
     * @param {string | undefined} wanted
     * @param {Thresholds} thresholds
     * @param {Coat | null} coat
     */
    move(wanted, thresholds, coat) {
      if (source !== null && source === wanted) client.move(thresholds, coat);
    },
    /** @param {MergedMap | null} map that is no longer looked at */
    recycle(map) {
      if (map) client.recycle(map);
    },
    dispose: () => client.dispose()
  };
}

// modules/side_by_side.js
var RECEIVERS2 = {
  joined: greet,
  view: showView,
  wipe: showWipe,
  style: showStyle,
  reasons: showReasons,
  lend,
  lent: showLent,
  point: showPointed,
  hovered: (viewer, [key]) => hover(viewer, segmentOf(viewer.state, key)?.id ?? 0),
  selected: showSelected
};
function receiveFromLinked(viewer, topic, value) {
  RECEIVERS2[topic](viewer, value);
}
function greet({ isFirst, link, kept: kept2 }) {
  if (!isFirst) return;
  link.tell("view", kept2.view);
  link.tell("wipe", kept2.wipe);
  link.tell("style", kept2.look.style);
  link.tell("reasons", kept2.reasons);
}

// modules/styles.js
var sheet = await load3();
function applyStyles(node) {
  const root = node.getRootNode();
  if (root instanceof ShadowRoot) root.adoptedStyleSheets = [sheet];
}
async function load3() {
  const answer = await fetch(new URL("./styles.css", import.meta.url));
  if (!answer.ok) throw new Error(`The viewer's style sheet: wanted status 200, got ${answer.status}.`);
  return new CSSStyleSheet().replace(await answer.text());
}

// modules/to_python.js
var PAUSE_MS2 = 120;
function createReports(look) {
  let send = () => {
  };
  let timer = 0;
  let pending = false;
  return {
    /**
     * Whom to send reports to from now on: Streamlit has another function for it at each of its runs.
     *
     * @param {(report: Report) => void} to
     */
    sendTo(to) {
      send = to;
    },
    /**
     * The look has changed; report it after a pause, or at once where nothing more will come.
     *
     * @param {number} pause milliseconds
     */
    schedule(pause = PAUSE_MS2) {
      outdateServer(look);
      clearTimeout(timer);
      pending = true;
      timer = setTimeout(() => {
        pending = false;
        send(reportOf(look));
      }, pause);
    },
    /** Report at once what waits for a pause: something else is about to be asked of the server. */
    flush() {
      if (!pending) return;
      clearTimeout(timer);
      pending = false;
      send(reportOf(look));
    },
    cancel: () => clearTimeout(timer)
  };
}

// modules/viewer.js
var viewers = /* @__PURE__ */ new WeakMap();
function viewer_default({ parentElement, data, setStateValue }) {
  const opened = viewers.get(parentElement) ?? openViewer(parentElement, data);
  viewers.set(parentElement, opened);
  opened.viewer.reports.sendTo((report) => setStateValue("look", report));
  opened.tellPicturesTo((report) => setStateValue("picture", report));
  opened.viewer.closeUp.folder = data.close_up;
  showPhoto(opened.viewer, data.photo);
  return () => {
    opened.close();
    viewers.delete(parentElement);
  };
}
function openViewer(parent, { viewer: name, beside, rules }) {
  const kept2 = keptOf(name, rules);
  const frames = createRedraw((needs) => draw(viewer, needs));
  let tellPictures = () => {
  };
  let told = Date.now();
  const viewer = {
    isFirst: !beside,
    rules,
    kept: kept2,
    state: createState(),
    parts: createParts(() => viewer, rules),
    inbox: inboxOf(name),
    redraw: frames.redraw,
    drawNow: frames.drawNow,
    reports: createReports(kept2.look),
    closeUp: createCloseUp(() => viewer.redraw("tiles")),
    answers: createAnswers(),
    preview: createPreview((map) => {
      showMerged(viewer, map);
      goOnBringingBack(viewer);
      updateGhost(viewer);
    }),
    pictures: { tell: (what) => tellPictures({ number: ++told, ...what }) },
    link: joinGroup(groupOf(beside ?? name), (topic, value) => receiveFromLinked(viewer, topic, value))
  };
  const { host } = viewer.parts;
  layOut(viewer.parts, viewer.closeUp, viewer.isFirst);
  viewer.parts.tabs.show(viewer.kept.tab);
  host.dataset.name = name;
  applyStyles(parent);
  parent.appendChild(host);
  const endings = [...watchPage(viewer), frames.cancel];
  viewer.link.tell("joined", void 0);
  greet(viewer);
  if (viewer.isFirst) arriveAt(viewer.parts.board);
  return {
    viewer,
    close: () => close(viewer, endings),
    /** @param {(report: object) => void} to Streamlit has another function for it at each of its runs */
    tellPicturesTo(to) {
      tellPictures = to;
    }
  };
}
function watchPage(viewer) {
  const { host, board, stage } = viewer.parts;
  watchPointer(viewer);
  const watcher = new ResizeObserver(() => measure2(viewer));
  watcher.observe(stage);
  watcher.observe(board);
  const endings = [
    watchKeys(viewer),
    () => watcher.disconnect(),
    fillWindow(host),
    reportBeforeOthers(viewer),
    viewer.inbox.subscribe((topic, payload) => receive(viewer, topic, payload))
  ];
  if (viewer.isFirst) {
    const forgetFiles = watchFiles(
      (files) => openFiles(viewer, files),
      (over) => board.classList.toggle("dropping", over)
    );
    endings.push(forgetFiles, watchMenus(), watchSheets(), watchLostFocus(board));
  }
  return endings;
}
function reportBeforeOthers({ parts, reports }) {
  const elsewhere = new AbortController();
  const flush = (event) => event.composedPath().includes(parts.host) || reports.flush();
  for (const kind of ["pointerdown", "keydown"])
    document.addEventListener(kind, flush, { capture: true, signal: elsewhere.signal });
  return () => elsewhere.abort();
}
function close(viewer, endings) {
  for (const end of endings) end();
  viewer.reports.cancel();
  pointAway(viewer);
  viewer.link.leave();
  viewer.preview.dispose();
  viewer.answers.cancel();
  viewer.closeUp.photos.clear();
  viewer.closeUp.ids.clear();
  viewer.parts.firstMinute.close();
  viewer.parts.host.remove();
}
export {
  viewer_default as default
};
