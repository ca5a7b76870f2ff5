/**
 * The picture: a photo, the segments painted over it, and a list to switch them on and off.
 *
 * Python sends the photo here, and through elements of their own (inbox.js) five more payloads:
 *   map    {photo, source, task, stamp, width, height, bytes_per_id, ids, scale, area, segments: [{id, key, label,
 *          kind, score, area, box, color, colors}]}
 *          ids is base64 of a zlib stream of width × height bytes (or little-endian 16-bit words), row by row;
 *          scale is photo pixels per map pixel; color is [red, green, blue], colors has one for each way to
 *          colour (palette.js); key names a segment across thresholds, as its id may change, within one
 *          source: what is hidden or selected is forgotten when another photo or model comes
 *          score is null where there is none
 *   look   {heard, source, hidden: [keys], selected: [keys], style or null} (look.js)
 *   ghost  {photo, name, bits} or null: a mask that is no segment, to be shown as stripes; bits are packed like
 *          ids, one byte per map pixel, 0 or 1
 *   doubt  {photo, values} or null: how sure each pixel is of its owner, packed like ids, one byte per map
 *          pixel, 0 (undecided) to 255 (sure); shown in place of the colours
 *   outcomes  {colors: {key: color}, words: {key: text}, partners: {key: [keys of the other viewer's]},
 *          legend: [{words, color, count}]} or null: what a comparison made of the segments
 * A viewer that stands beside another (`beside` is that one's name) has neither toolbar nor list; the two move
 * together (linked_viewers.js), and the style is the first one's.
 *
 * Back goes the look, as the state value "look". Everything drawn is computed from these in the browser;
 * nothing that is seen waits for the server.
 */

import { findSteps } from "./borders.js";
import { unpack } from "./unpack.js";
import { element } from "./dom.js";
import { boundView, FIT, panBy, pictureAt, stageAt, viewOfBox, zoomAt, zoomRange } from "./geometry.js";
import { watchGestures } from "./gestures.js";
import { createHelp } from "./help_sheet.js";
import { idAt, pixelAt } from "./hit_test.js";
import { actionOf } from "./keys.js";
import { createLabels } from "./labels.js";
import { createLegend } from "./outcome_legend.js";
import { joinLink } from "./linked_viewers.js";
import { createList } from "./segment_list.js";
import { adopt, createLook, reportOf, select, turnTo } from "./look.js";
import { inboxOf } from "./inbox.js";
import { partnersOf, withOutcomes } from "./outcomes.js";
import { createSurface, paintLight, paintMasks } from "./paint.js";
import { COLOR_BY, tables } from "./palette.js";
import { innerPoints } from "./inner_points.js";
import { applyStyles } from "./styles.js";
import { createTip, nameOf, numbersOf } from "./tooltip.js";
import { createToolbar } from "./toolbar.js";
import { createWipe } from "./wipe.js";

const REPORT_MS = 120; // the server hears of changes once the visitor pauses
const ZOOM_STEP = 1.5;
const PAN_STEP = 0.15;
// From here on pixels are shown as squares; closer to 1:1 they would come out at uneven sizes.
const CRISP = 1.5;

const viewers = new WeakMap();

export default function (component) {
  const { parentElement, data } = component;
  let viewer = viewers.get(parentElement);
  if (!viewer) {
    viewer = createViewer(parentElement, data.viewer, data.beside);
    viewers.set(parentElement, viewer);
  }
  viewer.setReport((look) => component.setStateValue("look", look));
  viewer.showPhoto(data.photo);
  return () => {
    viewer.close();
    viewers.delete(parentElement);
  };
}

function createViewer(root, name, beside) {
  const inbox = inboxOf(name);
  const group = (inboxOf(beside ?? name).group ??= new Set());
  const kept = (inbox.kept ??= { look: createLook(), view: FIT, photo: null, wipe: null });
  const { look } = kept;
  const state = {
    photo: null, // {key, width, height, url} as sent
    map: null, // the last map payload with its ids decoded
    ghost: null, // {photo, name, bits} decoded
    doubt: null, // {photo, values} decoded
    outcomes: null, // as sent
    hovered: 0, // segment id
    pointed: null, // the point of the picture that is pointed at in another viewer
    range: zoomRange(1, 1),
  };
  let report = () => {};
  let reportTimer = 0;
  const numbers = { map: 0, ghost: 0, doubt: 0 }; // of the last payload of each topic

  /* What stands where ------------------------------------------------------------------------ */

  const host = element("div", "viewer");
  const left = element("div", "left");
  const stage = element("div", "stage");
  const over = element("div", "over");
  const canvases = Object.fromEntries(
    ["photo", "masks", "light"].map((layer) => [layer, element("canvas", layer)]),
  );
  const surfaces = { masks: createSurface(canvases.masks), light: createSurface(canvases.light) };
  const labels = createLabels();
  const tip = createTip();
  const help = createHelp();
  const busy = element("div", "busy", "One moment…");
  const said = element("div", "said"); // read aloud, not seen
  const toolbar = createToolbar((action) => actions[action](), restyle);
  const legend = createLegend();
  const cross = element("div", "cross");
  const wipe = createWipe(setWipe);
  const list = createList({
    toggle: (keys) =>
      setHidden(
        keys,
        keys.every((key) => !look.hidden.has(key)),
      ),
    show: (keys) => setHidden(keys, false),
    hide: (keys) => setHidden(keys, true),
    only: showOnly,
    select: (key, add) => setSelected(select(look.selected, key, add)),
    hover(key) {
      hover(segmentOf(key)?.id ?? 0);
      link.tell("hovered", partnersOf(key ? [key] : [], state.outcomes));
    },
    filter: () => redraw("list"),
  });
  busy.setAttribute("role", "status");
  said.setAttribute("role", "status");
  stage.tabIndex = 0;
  stage.setAttribute("role", "application");
  stage.setAttribute("aria-roledescription", "picture");
  over.append(canvases.masks, labels.element);
  cross.hidden = true;
  stage.append(canvases.photo, over, canvases.light, wipe.element, cross, tip.element, busy);
  left.append(beside ? legend.element : toolbar.element, stage);
  const layout = element("div", "layout");
  layout.append(left, ...(beside ? [] : [list.element]));
  host.append(layout, said, help.element);
  host.classList.toggle("beside", Boolean(beside));
  host.dataset.name = name;
  applyStyles(root.getRootNode());
  root.append(host);

  /* What Python sends ------------------------------------------------------------------------ */

  function showPhoto(photo) {
    if (state.photo?.key === photo.key) return;
    state.photo = photo;
    if (kept.photo !== photo.key) {
      kept.photo = photo.key;
      if (!beside) setView(FIT);
    }
    const image = new Image();
    image.onload = () => {
      if (state.photo !== photo) return;
      canvases.photo.width = photo.width;
      canvases.photo.height = photo.height;
      canvases.photo.getContext("2d").drawImage(image, 0, 0, photo.width, photo.height);
      canvases.photo.setAttribute("role", "img");
      canvases.photo.setAttribute("aria-label", photo.name);
      stage.setAttribute("aria-label", `${photo.name}; ? lists the keys`);
      stage.style.aspectRatio = `${photo.width} / ${photo.height}`;
      left.style.maxWidth = `max(280px, calc(68vh * ${photo.width / photo.height}))`;
      measure();
      redraw("all");
    };
    image.src = photo.url;
    redraw("all");
  }

  async function showMap(payload) {
    const number = ++numbers.map;
    const ids = await unpack(payload.ids, payload.bytes_per_id);
    if (number !== numbers.map) return; // a newer one came meanwhile
    const { width, segments } = payload;
    turnTo(look, payload.source, inbox.latest.get("look"));
    state.map = {
      ...payload,
      ids,
      steps: findSteps(ids, width),
      points: null, // found when they are needed first
    };
    state.hovered = 0;
    tip.hide();
    setSegments(segments);
  }

  /** What a comparison made of the segments may come before them or later. */
  function showOutcomes(outcomes) {
    if (outcomes === state.outcomes) return;
    state.outcomes = outcomes;
    host.classList.toggle("compared", Boolean(outcomes));
    legend.show(outcomes?.legend ?? []);
    if (state.map) setSegments(state.map.segments);
  }

  function setSegments(segments) {
    const { map } = state;
    map.segments = withOutcomes(segments, state.outcomes);
    map.byId = new Map(map.segments.map((segment) => [segment.id, segment]));
    list.show(map.segments);
    redraw("all");
  }

  async function showLayer(topic, payload, field) {
    const number = ++numbers[topic];
    const bytes = payload && (await unpack(payload[field]));
    if (number !== numbers[topic]) return;
    state[topic] = payload && { ...payload, [field]: bytes };
    redraw("masks", "light");
  }

  function deliver(topic, payload) {
    if (topic === "map") showMap(payload);
    if (topic === "ghost") showLayer("ghost", payload, "bits");
    if (topic === "doubt") showLayer("doubt", payload, "values");
    if (topic === "outcomes") showOutcomes(payload);
    if (topic === "look" && adopt(look, payload)) {
      redraw("masks", "labels", "list", "tools");
      if (!beside) link.tell("style", look.style);
    }
  }

  /* What viewers side by side tell one another ----------------------------------------------- */

  const hear = {
    joined() {
      if (beside) return;
      link.tell("view", kept.view);
      link.tell("wipe", kept.wipe);
      link.tell("style", look.style);
      link.tell("room", toolbar.element.offsetHeight);
    },
    view: showView,
    wipe: showWipe,
    style: showStyle,
    room: legend.fill,
    point: showPoint,
    hovered: ([key]) => hover(segmentOf(key)?.id ?? 0),
    selected(keys) {
      look.selected = new Set(keys);
      list.reveal(keys.at(-1));
      changed("masks", "list");
    },
  };
  const link = joinLink(group, (topic, value) => hear[topic](value));

  /** What the other viewer's pointer would point at here. */
  function showPoint(point) {
    state.pointed = isCurrent() ? point : null;
    const pixel = state.pointed && pixelAt(state.map, state.pointed);
    hover(pixel ? idAt(state.map, pixel) : 0);
    if (!pixel) tip.hide();
    redraw("view");
  }

  /* What is drawn ---------------------------------------------------------------------------- */

  const dirty = new Set();
  let frame = 0;

  /** Draw some parts again at the next frame: masks, light, labels, view, wipe, list, tools, or all. */
  function redraw(...parts) {
    for (const part of parts) dirty.add(part);
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      draw((...wanted) => dirty.has("all") || wanted.some((part) => dirty.has(part)));
      dirty.clear();
    });
  }

  function draw(needs) {
    const started = performance.now();
    const { map } = state;
    // A map of another photo is never painted over this one, nor listed beside it.
    const current = Boolean(map && map.photo === state.photo?.key);
    busy.hidden = current;
    list.element.classList.toggle("waiting", !current);
    over.hidden = canvases.light.hidden = !current;
    if (needs("tools")) toolbar.show(look.style, kept.wipe !== null, state.outcomes !== null);
    if (needs("view")) placeView();
    if (needs("wipe", "tools")) wipe.show(kept.wipe, over);
    if (!current) return;
    const fits = (layer) => (layer?.photo === map.photo ? layer : null);
    if (needs("masks")) paintMasks(surfaces.masks, map, look, fits(state.doubt)?.values);
    if (needs("light")) paintLight(surfaces.light, map, state.hovered, lightWidth(), fits(state.ghost)?.bits);
    if (needs("labels")) showLabels();
    if (needs("labels", "view")) labels.place(kept.view, stage.clientWidth, stage.clientHeight);
    if (needs("list", "masks")) list.mark(look, map.byId.get(state.hovered)?.key);
    // For tests and benchmarks: what is on screen, and what it cost.
    host.dataset.segments = map.segments.length;
    host.dataset.shown = map.segments.filter((segment) => !look.hidden.has(segment.key)).length;
    host.dataset.selected = map.segments.filter((segment) => look.selected.has(segment.key)).length;
    host.dataset.photo = map.photo;
    host.dataset.source = map.source;
    host.dataset.stamp = map.stamp;
    host.dataset.task = map.task;
    host.dataset.ghost = fits(state.ghost)?.name ?? "";
    host.dataset.doubt = fits(state.doubt) ? "shown" : "";
    host.dataset.outcomes = state.outcomes ? "shown" : "";
    host.dataset.hovered = map.byId.get(state.hovered)?.key ?? "";
    host.dataset.drawMs = (performance.now() - started).toFixed(1);
  }

  function placeView() {
    if (!state.photo) return;
    const { zoom, x, y } = (kept.view = boundView(kept.view, state.range));
    stage.style.setProperty("--zoom", zoom);
    stage.style.setProperty("--left", `${100 * (0.5 - x * zoom)}%`);
    stage.style.setProperty("--top", `${100 * (0.5 - y * zoom)}%`);
    stage.classList.toggle("close", zoom > 1);
    stage.classList.toggle("crisp", zoom >= CRISP * state.range.one);
    toolbar.showZoom(zoom / state.range.one);
    host.dataset.zoom = zoom.toFixed(3);
    placeCross();
  }

  function placeCross() {
    cross.hidden = !state.pointed;
    if (!state.pointed) return;
    const at = stageAt(kept.view, state.pointed);
    cross.style.left = `${100 * at.x}%`;
    cross.style.top = `${100 * at.y}%`;
    describe(at);
  }

  function showLabels() {
    if (!look.style.labels) return labels.clear();
    const { map } = state;
    map.points ??= innerPoints(map.ids, map.width, map.height, map.segments.length);
    const { shown } = tables(map.segments, look);
    labels.show(
      map,
      map.segments.filter((segment) => shown[segment.id]),
    );
  }

  /** About two pixels of the screen, in pixels of the map. */
  function lightWidth() {
    return Math.max(1, Math.round((2 * state.range.one) / kept.view.zoom));
  }

  /* What the visitor changes ----------------------------------------------------------------- */

  function changed(...parts) {
    redraw(...parts);
    look.number += 1;
    clearTimeout(reportTimer);
    reportTimer = setTimeout(() => report(reportOf(look)), REPORT_MS);
  }

  function setHidden(keys, hidden) {
    look.hidden = new Set(look.hidden);
    for (const key of keys) {
      if (hidden) look.hidden.add(key);
      else look.hidden.delete(key);
    }
    changed("masks", "labels", "list");
  }

  function showOnly(keys) {
    const others = state.map.segments.map((segment) => segment.key).filter((key) => !keys.includes(key));
    look.hidden = new Set(others);
    changed("masks", "labels", "list");
  }

  function setSelected(keys) {
    if (keys.size === look.selected.size && [...keys].every((key) => look.selected.has(key))) return;
    look.selected = keys;
    const [last] = [...keys].slice(-1);
    const segment = segmentOf(last);
    said.textContent = segment
      ? `${nameOf(segment)} selected, ${numbersOf(segment, state.map.area)}`
      : "Nothing selected";
    list.reveal(last);
    changed("masks", "list");
    link.tell("selected", partnersOf(keys, state.outcomes));
  }

  function restyle(change) {
    showStyle({ ...look.style, ...change });
    link.tell("style", look.style);
  }

  /** The style is the first viewer's to report. */
  function showStyle(style) {
    look.style = style;
    if (beside) redraw("masks", "labels", "list", "tools");
    else changed("masks", "labels", "list", "tools");
  }

  function setView(view) {
    showView(view);
    link.tell("view", kept.view);
  }

  function showView(view) {
    kept.view = view;
    redraw("view");
    if (state.hovered) redraw("light");
  }

  function setWipe(at) {
    showWipe(at);
    link.tell("wipe", at);
  }

  function showWipe(at) {
    kept.wipe = at;
    redraw("wipe", "tools");
  }

  function hover(id) {
    if (id === state.hovered) return;
    state.hovered = id;
    redraw("light", "list");
  }

  const segmentOf = (key) => state.map?.segments.find((segment) => segment.key === key);
  const isCurrent = () => Boolean(state.map) && state.map.photo === state.photo?.key;

  /** The segment under a point of the stage: undefined for void, null outside of the picture. */
  function segmentAt(at) {
    const pixel = isCurrent() && pixelAt(state.map, pictureAt(kept.view, at));
    return pixel ? state.map.byId.get(idAt(state.map, pixel)) : null;
  }

  /** The one that keys are about: pointed at or, failing that, selected last. */
  function meant() {
    const [last] = [...look.selected].slice(-1);
    return (isCurrent() && state.map.byId.get(state.hovered)) || segmentOf(last);
  }

  function leave() {
    tip.hide();
    hover(0);
    link.tell("point", null);
  }

  /** Name what lies at a point of the stage, beside it. */
  function describe(at) {
    const { map } = state;
    const segment = segmentAt(at);
    const pixel = pixelAt(map, pictureAt(kept.view, at));
    if (!pixel) return;
    const inPhoto = {
      x: Math.floor((pixel.x + 0.5) * map.scale),
      y: Math.floor((pixel.y + 0.5) * map.scale),
    };
    tip.describe(segment, map.area, inPhoto, look.hidden.has(segment?.key));
    const [width, height] = [stage.clientWidth, stage.clientHeight];
    tip.place(at.x * width, at.y * height, width, height);
  }

  function zoomTo(segment) {
    if (!segment) return;
    const { width, height } = state.map;
    const [x, y, boxWidth, boxHeight] = segment.box;
    const box = { x: x / width, y: y / height, width: boxWidth / width, height: boxHeight / height };
    const target = viewOfBox(box, state.range);
    const there = Math.abs(target.zoom - kept.view.zoom) + Math.abs(target.x - kept.view.x) < 1e-6;
    setView(there ? FIT : target);
    tip.hide();
  }

  function step(by) {
    const keys = list.keys();
    if (!keys.length) return;
    const [last] = [...look.selected].slice(-1);
    const at = keys.indexOf(last);
    const next = at < 0 ? (by > 0 ? 0 : -1) : at + by;
    setSelected(new Set([keys.at(next % keys.length)]));
  }

  const middle = { x: 0.5, y: 0.5 };
  const zoomBy = (factor, at = middle) => setView(zoomAt(kept.view, factor, at, state.range));
  const pan = (across, down) => setView(panBy(kept.view, across, down, state.range));
  const actions = {
    zoomIn: () => zoomBy(ZOOM_STEP),
    zoomOut: () => zoomBy(1 / ZOOM_STEP),
    fit: () => setView(FIT),
    one: () => zoomBy(state.range.one / kept.view.zoom),
    left: () => pan(PAN_STEP, 0),
    right: () => pan(-PAN_STEP, 0),
    up: () => pan(0, PAN_STEP),
    down: () => pan(0, -PAN_STEP),
    zoomTo: () => zoomTo(meant()),
    next: () => step(1),
    previous: () => step(-1),
    hide: () => meant() && setHidden([meant().key], !look.hidden.has(meant().key)),
    only: () => meant() && showOnly([meant().key]),
    all: () => setHidden(look.hidden, false),
    clear: () => setSelected(new Set()),
    fainter: () => restyle({ opacity: Math.max(0, Math.round(20 * look.style.opacity - 1) / 20) }),
    stronger: () => restyle({ opacity: Math.min(1, Math.round(20 * look.style.opacity + 1) / 20) }),
    outlines: () => restyle({ outlines: !look.style.outlines }),
    labels: () => restyle({ labels: !look.style.labels }),
    colors: () => {
      const ways = Object.keys(COLOR_BY).filter((way) => way !== "outcome" || state.outcomes);
      restyle({ color_by: ways[(ways.indexOf(look.style.color_by) + 1) % ways.length] });
    },
    cutout: () => restyle({ cutout: !look.style.cutout }),
    wipe: () => setWipe(kept.wipe === null ? 0.5 : null),
    help: () => help.toggle(),
  };

  watchGestures(stage, {
    canPan: () => kept.view.zoom > 1,
    canZoomOut: () => kept.view.zoom > Math.max(state.range.min, 1) * 1.001,
    on: {
      point(at) {
        const segment = segmentAt(at);
        if (segment === null) return leave();
        state.pointed = null;
        hover(segment?.id ?? 0);
        describe(at);
        link.tell("point", pictureAt(kept.view, at));
      },
      leave,
      click(at, add) {
        const segment = segmentAt(at);
        if (segment !== null) setSelected(select(look.selected, segment?.key ?? null, add));
      },
      double(at) {
        const segment = segmentAt(at);
        if (!segment) return;
        setSelected(new Set([segment.key]));
        zoomTo(segment);
      },
      zoom: zoomBy,
      pan,
    },
  });
  list.element.addEventListener("pointerdown", () => tip.hide());

  function onKey(event) {
    const target = event.composedPath()[0];
    const inside = event.composedPath().includes(host);
    // Whoever points at the picture means it, even before it has the focus.
    if (!inside && !(document.activeElement === document.body && host.matches(":hover"))) return;
    if (target.matches?.("input:not([type=range]), select, textarea") || help.isOpen()) return;
    const action = actionOf(event);
    // Arrows move the picture only where nothing else could want them.
    if (!action || (event.key.startsWith("Arrow") && target !== stage)) return;
    event.preventDefault();
    event.stopPropagation();
    actions[action]();
  }
  document.addEventListener("keydown", onKey, true);

  function measure() {
    if (!state.photo) return;
    state.range = zoomRange(state.photo.width, stage.clientWidth, devicePixelRatio);
    redraw("view", "light");
    if (!beside) link.tell("room", toolbar.element.offsetHeight);
  }
  const watcher = new ResizeObserver(measure);
  watcher.observe(stage);
  if (!beside) watcher.observe(toolbar.element);

  const unsubscribe = inbox.subscribe(deliver);
  link.tell("joined");
  hear.joined();

  return {
    showPhoto,
    setReport(to) {
      report = to;
    },
    close() {
      cancelAnimationFrame(frame);
      clearTimeout(reportTimer);
      watcher.disconnect();
      document.removeEventListener("keydown", onKey, true);
      leave();
      link.leave();
      unsubscribe();
      host.remove();
    },
  };
}
