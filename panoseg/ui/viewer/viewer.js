/**
 * The picture: a photo, the segments painted over it, and a list to switch them on and off.
 *
 * Python sends the photo here, and through carriers (carrier.js) four more payloads:
 *   map    {photo, source, task, stamp, width, height, ids, scale, area, segments: [{id, key, label, kind, score, area, color}]}
 *          ids is base64 of a zlib stream of width × height bytes (or little-endian 16-bit words), row by row;
 *          scale is photo pixels per map pixel; color is [red, green, blue];
 *          key names a segment across thresholds, as its id may change, within one source: what is
 *          hidden is forgotten when another photo or model comes.
 *   style  {opacity: 0–1, outlines: boolean, selected: [segment keys]}
 *   ghost  {photo, bits} or null: a mask that is no segment, to be shown as stripes; bits are packed like
 *          ids, one byte per map pixel, 0 or 1
 *   doubt  {photo, values} or null: how sure each pixel is of its owner, packed like ids, one byte per map
 *          pixel, 0 (undecided) to 255 (sure); shown in place of the colours
 * Back go the keys of hidden segments, as the state value "hidden". Everything drawn is computed from
 * these in the browser; hiding a segment never waits for the server.
 */

const viewers = new WeakMap();

export default function (component) {
  const { parentElement, data } = component;
  let viewer = viewers.get(parentElement);
  if (!viewer) {
    viewer = createViewer(parentElement, data.viewer);
    viewers.set(parentElement, viewer);
  }
  viewer.report = (hidden) => component.setStateValue("hidden", hidden);
  viewer.showPhoto(data.photo);
  return () => {
    viewer.close();
    viewers.delete(parentElement);
  };
}

function createViewer(root, name) {
  const host = element("div", "viewer");
  root.append(host);
  const layout = element("div", "layout");
  const stage = element("div", "stage");
  const canvases = Object.fromEntries(
    ["photo", "masks", "light"].map((layer) => [layer, element("canvas", layer)]),
  );
  const tip = element("div", "tip");
  const busy = element("div", "busy", "Finding segments…");
  const panel = createPanel();
  tip.hidden = true;
  busy.setAttribute("role", "status");
  stage.append(...Object.values(canvases), tip, busy);
  layout.append(stage, panel.element);
  host.append(layout);

  const state = {
    photo: null, // {key, width, height, url} as sent
    map: null, // the last map payload with its ids decoded
    style: { opacity: 0.6, outlines: true, selected: [] },
    ghost: null, // {photo, bits} decoded
    doubt: null, // {photo, values} decoded
    hidden: new Set(), // keys
    hovered: 0, // segment id
  };
  let frame = 0;
  let reportTimer = 0;
  const numbers = { map: 0, ghost: 0, doubt: 0 }; // of the last payload of each topic

  function showPhoto(photo) {
    if (state.photo?.key === photo.key) return;
    state.photo = photo;
    const image = new Image();
    image.onload = () => {
      if (state.photo !== photo) return;
      canvases.photo.width = photo.width;
      canvases.photo.height = photo.height;
      canvases.photo.getContext("2d").drawImage(image, 0, 0, photo.width, photo.height);
      stage.style.aspectRatio = `${photo.width} / ${photo.height}`;
      stage.style.maxWidth = `calc(72vh * ${photo.width / photo.height})`;
      canvases.photo.setAttribute("role", "img");
      canvases.photo.setAttribute("aria-label", photo.name);
      redraw();
    };
    image.src = photo.url;
    redraw();
  }

  async function showMap(payload) {
    const number = ++numbers.map;
    const ids = await unpack(payload.ids, payload.bytes_per_id);
    if (number !== numbers.map) return; // a newer one came meanwhile
    if (state.hidden.size && state.map.source !== payload.source) setHidden([]);
    state.map = { ...payload, ids, byId: new Map(payload.segments.map((s) => [s.id, s])) };
    state.hovered = 0;
    tip.hidden = true;
    panel.show(payload.segments);
    redraw();
  }

  async function showLayer(topic, payload, field) {
    const number = ++numbers[topic];
    const bytes = payload && (await unpack(payload[field]));
    if (number !== numbers[topic]) return;
    state[topic] = payload && { ...payload, [field]: bytes };
    redraw();
  }

  function deliver(topic, payload) {
    if (topic === "map") showMap(payload);
    if (topic === "ghost") showLayer("ghost", payload, "bits");
    if (topic === "doubt") showLayer("doubt", payload, "values");
    if (topic === "style") {
      state.style = payload;
      redraw();
    }
  }

  function redraw() {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  }

  function draw() {
    // A map of another photo is never painted over this one.
    const current = state.map && state.map.photo === state.photo?.key;
    busy.hidden = current;
    canvases.masks.hidden = canvases.light.hidden = !current;
    canvases.masks.style.display = canvases.light.style.display = current ? "" : "none";
    if (!current) return;
    const started = performance.now();
    const { map, style, hidden } = state;
    const fits = (layer) => (layer?.photo === map.photo ? layer : null);
    paintMasks(canvases.masks, map, style, (segment) => !hidden.has(segment.key), fits(state.doubt)?.values);
    paintLight(canvases.light, map, state.hovered, fits(state.ghost)?.bits);
    panel.mark(hidden, new Set(style.selected), map.byId.get(state.hovered)?.key);
    // For tests and benchmarks: what is on screen, and what it cost.
    host.dataset.segments = map.segments.length;
    host.dataset.shown = map.segments.filter((s) => !hidden.has(s.key)).length;
    host.dataset.photo = map.photo;
    host.dataset.stamp = map.stamp;
    host.dataset.task = map.task;
    host.dataset.ghost = fits(state.ghost)?.name ?? "";
    host.dataset.doubt = fits(state.doubt) ? "shown" : "";
    host.dataset.drawMs = (performance.now() - started).toFixed(1);
  }

  function setHidden(keys) {
    state.hidden = new Set(keys);
    redraw();
    clearTimeout(reportTimer);
    reportTimer = setTimeout(() => viewers.get(root)?.report([...state.hidden]), 120);
  }

  function hover(id) {
    if (id === state.hovered) return;
    state.hovered = id;
    redraw();
  }

  function point(event) {
    const { map } = state;
    if (!map || busy.hidden === false) return;
    const box = canvases.photo.getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left) / box.width) * map.width);
    const y = Math.floor(((event.clientY - box.top) / box.height) * map.height);
    if (x < 0 || y < 0 || x >= map.width || y >= map.height) return leave();
    const id = map.ids[y * map.width + x];
    hover(id);
    const at = `x ${Math.floor((x + 0.5) * map.scale)}, y ${Math.floor((y + 0.5) * map.scale)}`;
    describe(tip, map.byId.get(id), map.area, at, (segment) => state.hidden.has(segment.key));
    tip.hidden = false;
    const left = event.clientX - box.left + 14;
    const top = event.clientY - box.top + 14;
    tip.style.left = `${Math.max(0, Math.min(left, box.width - tip.offsetWidth - 4))}px`;
    tip.style.top = `${top + tip.offsetHeight > box.height ? top - tip.offsetHeight - 28 : top}px`;
  }

  function leave() {
    tip.hidden = true;
    hover(0);
  }

  canvases.photo.onpointermove = point;
  canvases.photo.onpointerdown = point;
  canvases.photo.onpointercancel = leave;
  // A finger leaves as soon as it is lifted: what it pointed at stays named until the next touch.
  canvases.photo.onpointerleave = (event) => event.pointerType === "touch" || leave();
  panel.element.onpointerdown = () => (tip.hidden = true);

  panel.onHover = (key) => hover(state.map?.segments.find((s) => s.key === key)?.id ?? 0);
  panel.onToggle = (key) => {
    const keys = new Set(state.hidden);
    if (!keys.delete(key)) keys.add(key);
    setHidden(keys);
  };
  panel.onAll = () => setHidden([]);
  panel.onNone = () => setHidden(state.map?.segments.map((s) => s.key) ?? []);
  panel.onOnly = (key) =>
    setHidden(state.map.segments.map((s) => s.key).filter((other) => other !== key));

  const mailboxes = (globalThis[Symbol.for("panoseg.mailboxes")] ??= new Map());
  if (!mailboxes.has(name)) mailboxes.set(name, { latest: new Map(), deliver: null });
  const mailbox = mailboxes.get(name);
  mailbox.deliver = deliver;
  for (const [topic, payload] of mailbox.latest) deliver(topic, payload);

  return {
    showPhoto,
    close() {
      cancelAnimationFrame(frame);
      clearTimeout(reportTimer);
      if (mailbox.deliver === deliver) mailbox.deliver = null;
      host.remove();
    },
  };
}

/* Decoding ------------------------------------------------------------------------------------ */

/** Bytes, or 16-bit words, from base64 of a zlib stream. */
async function unpack(base64, bytesPerValue = 1) {
  const packed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const buffer = await new Response(stream).arrayBuffer();
  return bytesPerValue === 1 ? new Uint8Array(buffer) : new Uint16Array(buffer);
}

/* Painting ------------------------------------------------------------------------------------ */

// Pixels as a canvas holds them on every machine that runs a browser: 0xAABBGGRR.
const WHITE = 0xffffffff;
const GLOW = 0x55ffffff;
const STRIPE_LIGHT = 0xd0ffffff;
const STRIPE_DARK = 0xd0502008;
// Nothing where a pixel is sure of its owner; yellow, then red, then dark red where it is not.
const HEAT = Uint32Array.from({ length: 256 }, (_, sure) => {
  const doubt = Math.max(0, 1 - sure / 200);
  const [red, green, blue] = doubt < 0.5 ? [255, 225 - 300 * doubt, 40] : [255 - 230 * (doubt - 0.5), 75 - 150 * (doubt - 0.5), 40];
  const alpha = Math.min(1, 2.2 * doubt) * 235;
  return ((Math.round(alpha) << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
});
const DIMMED = 0.35; // of the opacity, for what is not selected while something is

/** Paint shown segments in their colours, or how doubtful each pixel is, with borders. */
function paintMasks(canvas, map, style, isShown, doubt) {
  const { width, height, ids, segments } = map;
  const selected = new Set(style.selected);
  const anySelected = segments.some((segment) => selected.has(segment.key));
  const count = segments.length + 1;
  const colors = new Uint32Array(count);
  const shown = new Uint16Array(count); // the id itself, or 0 where hidden
  for (const segment of segments) {
    if (!isShown(segment)) continue;
    shown[segment.id] = segment.id;
    const [red, green, blue] = segment.color;
    const lit = anySelected && selected.has(segment.key);
    const opacity = !anySelected
      ? style.opacity
      : lit
        ? Math.max(style.opacity, 0.75)
        : style.opacity * DIMMED;
    colors[segment.id] = ((Math.round(opacity * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  }
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  if (doubt) {
    for (let i = 0; i < pixels.length; i++) pixels[i] = HEAT[doubt[i]];
  } else {
    for (let i = 0; i < pixels.length; i++) pixels[i] = colors[ids[i]];
  }
  if (style.outlines) paintBorders(pixels, ids, shown, width, height);
  context.putImageData(image, 0, 0);
}

/** White where a pixel and its right or lower neighbour show different segments. */
function paintBorders(pixels, ids, shown, width, height) {
  for (let y = 0, i = 0; y < height; y++) {
    const below = y + 1 < height ? width : 0;
    for (let x = 0; x < width; x++, i++) {
      const id = ids[i];
      const right = x + 1 < width ? ids[i + 1] : id;
      const lower = ids[i + below];
      if (id === right && id === lower) continue;
      const here = shown[id];
      if (here !== shown[right] || here !== shown[lower]) pixels[i] = WHITE;
    }
  }
}

/** Brighten the segment under the pointer, whether it is shown or not, and stripe the ghost. */
function paintLight(canvas, map, id, ghost) {
  const { width, height, ids } = map;
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  if (!id && !ghost) return;
  const [left, top, boxWidth, boxHeight] = ghost ? [0, 0, width, height] : map.byId.get(id).box;
  const image = context.createImageData(boxWidth, boxHeight);
  const pixels = new Uint32Array(image.data.buffer);
  for (let y = 0, i = 0; y < boxHeight; y++) {
    for (let x = 0, at = (top + y) * width + left; x < boxWidth; x++, i++, at++) {
      if (ghost?.[at]) pixels[i] = (x + y) % 12 < 6 ? STRIPE_LIGHT : STRIPE_DARK;
      else if (id && ids[at] === id) pixels[i] = GLOW;
    }
  }
  context.putImageData(image, left, top);
}

/* Words: labels come from models, so they are only ever set as text ---------------------------- */

function describe(tip, segment, area, at, isHidden) {
  if (!segment) {
    tip.replaceChildren(element("b", "", "void"), element("small", "", `no segment · ${at}`));
    return;
  }
  const share = ((100 * segment.area) / area).toFixed(1);
  tip.replaceChildren(
    element("b", "", `${segment.label} ${segment.id}`),
    element(
      "small",
      "",
      `score ${segment.score.toFixed(3)} · ${segment.area.toLocaleString("en")} px, ${share} % · ${at}` +
        (isHidden(segment) ? " · hidden" : ""),
    ),
  );
}

function createPanel() {
  const panel = element("section", "panel");
  panel.setAttribute("aria-label", "Segments");
  const bar = element("div", "bar");
  const count = element("span", "count");
  count.setAttribute("role", "status");
  const all = element("button", "", "All");
  const none = element("button", "", "None");
  all.title = "Show every segment";
  none.title = "Hide every segment";
  bar.append(count, all, none);
  const list = element("ul", "list");
  panel.append(bar, list);
  const rows = new Map(); // key → {row, eye}

  const self = {
    element: panel,
    show(segments) {
      rows.clear();
      const children = [];
      for (const [kind, title] of [["thing", "Things"], ["stuff", "Stuff"]]) {
        const group = segments.filter((segment) => segment.kind === kind);
        if (!group.length) continue;
        children.push(element("li", "heading", title));
        children.push(...group.map((segment) => createRow(segment)));
      }
      if (!children.length) children.push(element("li", "none", "No segments at these thresholds."));
      list.replaceChildren(...children);
    },
    mark(hidden, selected, hovered) {
      let shown = 0;
      for (const [key, { row, eye }] of rows) {
        const isHidden = hidden.has(key);
        shown += !isHidden;
        row.classList.toggle("hidden", isHidden);
        row.classList.toggle("selected", selected.has(key));
        row.classList.toggle("hovered", key === hovered);
        eye.setAttribute("aria-pressed", String(!isHidden));
      }
      const noun = rows.size === 1 ? "segment" : "segments";
      count.textContent = shown === rows.size ? `${shown} ${noun}` : `${shown} of ${rows.size} shown`;
    },
  };

  function createRow(segment) {
    const row = element("li", "row");
    row.dataset.key = segment.key;
    const title = `${segment.label} ${segment.id}`;
    const eye = element("button", "eye");
    eye.innerHTML = EYE; // a constant of this file
    eye.setAttribute("aria-label", `Show ${title}`);
    const swatch = element("span", "swatch");
    swatch.style.background = swatch.style.borderColor = `rgb(${segment.color.join(" ")})`;
    const name = element("span", "name", title);
    name.title = title;
    const score = element("span", "score", segment.score.toFixed(2));
    const only = element("button", "only", "Only");
    only.setAttribute("aria-label", `Show only ${title}`);
    eye.onclick = () => self.onToggle(segment.key);
    only.onclick = () => self.onOnly(segment.key);
    row.onpointerenter = () => self.onHover(segment.key);
    row.onpointerleave = () => self.onHover(null);
    row.append(eye, swatch, name, score, only);
    rows.set(segment.key, { row, eye });
    return row;
  }

  all.onclick = () => self.onAll();
  none.onclick = () => self.onNone();
  return self;
}

const EYE = `<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8
5.5S2 10 2 10z"/><circle class="pupil" cx="10" cy="10" r="2.4"/><path class="slash" d="M3.5 3.5l13 13"/></svg>`;

function element(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}
