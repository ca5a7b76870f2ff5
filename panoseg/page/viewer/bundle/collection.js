import {
  arriveAt,
  createHistory,
  createRoving,
  createTabs,
  createThresholdPanel,
  element,
  fillWindow,
  iconButton,
  setText,
  textButton,
  watchFiles,
  writeAddress
} from "./chunk-RIPXPYHN.js";

// modules/collection/counting.js
var AGAIN_MS = 150;
function createCounting(on) {
  const control = new AbortController();
  let asking = false;
  let again = false;
  let timer = 0;
  async function count() {
    clearTimeout(timer);
    again = asking;
    if (asking) return;
    asking = true;
    const run = on.run();
    const began = performance.now();
    let whole = true;
    try {
      const answer = await on.ask(control.signal);
      whole = answer.exact === answer.pictures && answer.whole;
      if (run === on.run()) on.heard(answer);
    } catch (error) {
      if (run === on.run() && !control.signal.aborted) on.failed(wordsOf(error));
    }
    asking = false;
    if (control.signal.aborted) return;
    if (again || run !== on.run()) count();
    else if (!whole) timer = setTimeout(count, Math.max(AGAIN_MS, performance.now() - began));
  }
  return {
    count,
    /** Of what is counted no more is wanted. */
    rest: () => clearTimeout(timer),
    close() {
      clearTimeout(timer);
      control.abort();
    }
  };
}
function wordsOf(error) {
  return error instanceof Error ? error.message : "The server did not answer.";
}

// modules/collection/place.js
var OWN = "panoseg.runs";
var MOST_OWN = 20;
var nameOf = (run) => `panoseg.collection.${run}`;
function recallPlace(run, usual) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(nameOf(run)) ?? "{}");
    return { ...usual, ...kept };
  } catch {
    return usual;
  }
}
function keepPlace(run, place) {
  try {
    sessionStorage.setItem(nameOf(run), JSON.stringify(place));
  } catch {
  }
}
function ownRuns() {
  try {
    const kept = JSON.parse(localStorage.getItem(OWN) ?? "[]");
    return Array.isArray(kept) ? kept.filter((each) => typeof each === "string") : [];
  } catch {
    return [];
  }
}
function keepOwnRuns(runs) {
  try {
    localStorage.setItem(OWN, JSON.stringify([...new Set(runs)].slice(0, MOST_OWN)));
  } catch {
  }
}

// modules/collection/following.js
var AGAIN_MS2 = 500;
function createFollowing(server, on) {
  let timer = 0;
  let closed = false;
  async function look() {
    clearTimeout(timer);
    const run = on.run();
    const stale = () => closed || run !== on.run();
    let busy = false;
    const listed = server.runs([run, ...ownRuns()]).catch(() => ({ runs: [] }));
    try {
      const [about, { runs }] = await Promise.all([server.run(run), listed]);
      if (stale()) return;
      busy = about.job?.state === "waiting" || about.job?.state === "running";
      const grown = about.pictures !== on.known();
      on.heard(about, runs);
      if (grown && about.pictures) {
        const pictures = await server.pictures(run);
        if (!stale()) on.grown(pictures);
      }
    } catch (error) {
      const { runs } = await listed;
      if (stale()) return;
      const problem = wordsOf(error);
      on.heard({ id: run, title: "", kind: "shared", job: null, pictures: 0, problem }, runs);
    }
    if (busy && !stale()) timer = setTimeout(look, AGAIN_MS2);
  }
  return {
    look,
    close() {
      closed = true;
      clearTimeout(timer);
    }
  };
}

// modules/collection/counts.js
function countOf(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

// modules/collection/quality_rules.js
var CLASS_SORTS = {
  pq: "PQ, worst first",
  name: "Name",
  missed: "Most missed",
  surplus: "Most surplus"
};
var LEAST_GAIN = 5e-4;
var HUES = [
  "#e03a5f",
  "#8f5bd6",
  "#2f86d6",
  "#1b9e94",
  "#7a8b2a",
  "#d9860a",
  "#b4532a",
  "#c2489b",
  "#5b6678",
  "#3f5bb0",
  "#8a6d1f"
];
var keyOf = ({ side, reason }) => `${side}: ${reason}`;
function huesOf(reasons) {
  return new Map(reasons.map((each, n) => [keyOf(each), HUES[n % HUES.length]]));
}
function conditionOf(loss, name) {
  return name ? `${keyOf(loss)} of ${name}` : keyOf(loss);
}
var foundCondition = (name) => `found: ${name}`;
function isAboutClass(conditions, name) {
  const whole = [`lost: ${name}`, foundCondition(name)];
  return conditions.some((one) => whole.includes(one) || one.endsWith(` of ${name}`));
}
function sortClasses(classes, by) {
  const rules = {
    pq: (a, b) => (a.pq ?? 2) - (b.pq ?? 2),
    name: (a, b) => a.name.localeCompare(b.name),
    missed: (a, b) => b.missed - a.missed,
    surplus: (a, b) => b.surplus - a.surplus
  };
  return [...classes].sort((a, b) => rules[by](a, b) || a.name.localeCompare(b.name));
}
function piecesOf({ name, found, lost }) {
  const total = lost.reduce((sum, { count }) => sum + count, found) || 1;
  const pieces = lost.map((loss) => ({
    share: loss.count / total,
    words: `${loss.count} ${loss.side}: ${loss.reason}`,
    condition: conditionOf(loss, name),
    key: keyOf(loss)
  }));
  return [
    { share: found / total, words: `${found} found`, condition: foundCondition(name), key: "" },
    ...pieces
  ];
}
function hundredths(value, digits = 1) {
  return value === null || value === void 0 ? "n/a" : (100 * value).toFixed(digits);
}
function progressInWords({ working, problem, done, total, reasons_at: at, figures }) {
  if (problem) return problem;
  if (!working) return "";
  const counted = total ? `${done} of ${total} pictures` : "the annotation";
  if (!at) return `Evaluating ${counted}`;
  const meanwhile = `score ${at.score}, mask ${at.mask}, overlap ${at.overlap}`;
  return figures ? `Reasons are still those at ${meanwhile}: ${counted}` : `Evaluating ${counted}; reasons are those at ${meanwhile}`;
}
function cellCondition(names, row, column) {
  if (row === column) return row === names.length ? "" : foundCondition(names[row]);
  if (row === names.length) return `surplus: nothing called ${names[column]}`;
  if (column === names.length) return `missed: ${names[row]} called nothing`;
  return `missed: ${names[row]} called ${names[column]}`;
}
function binCondition(side, bin, count) {
  return `${side}: ${(bin / count).toFixed(2)} .. ${((bin + 1) / count).toFixed(2)}`;
}
function wishesOf(classes) {
  return classes.filter(({ gain }) => gain > LEAST_GAIN).sort((a, b) => b.gain - a.gain);
}
function ranksOf(rows) {
  const known = [...new Set(rows.flat().filter((value) => value !== null))].sort((a, b) => a - b);
  const most = Math.max(1, known.length - 1);
  const place = new Map(known.map((value, n) => [value, n / most]));
  return rows.map((row) => row.map((value) => value === null ? 0 : place.get(value) ?? 0));
}
function nearestOn(axis, value) {
  return axis.reduce(
    (best, each, n) => Math.abs(each - value) < Math.abs(axis[best] - value) ? n : best,
    0
  );
}

// modules/collection/known.js
var FIRST_TAB = "numbers";
function nothingOf(run, data) {
  const place = recallPlace(run, {
    thresholds: data.thresholds,
    task: data.tasks[0],
    conditions: [],
    sort: "position",
    backward: false,
    tab: FIRST_TAB,
    top: 0,
    position: -1,
    ticked: []
  });
  return {
    run,
    about: null,
    positions: [],
    names: /* @__PURE__ */ new Map(),
    view: null,
    problem: "",
    notice: "",
    place,
    ticked: new Set(place.ticked),
    returns: true
  };
}
function tileOf({ run, view, names, place }, server, at) {
  const position = view?.order[at] ?? -1;
  const segments = view?.counts[at] ?? null;
  const counted = segments === null ? "…" : view?.sorted_by?.[at] ?? countOf(segments, "segment");
  return {
    name: names.get(position) ?? "",
    words: counted,
    quality: view?.pq && !view.sorted_by ? `PQ ${hundredths(view.pq[at])}` : "",
    photo: server.photoUrl(run, position),
    map: server.mapUrl(run, position, place, view)
  };
}

// modules/collection/asked.js
function parameters({ thresholds, task, conditions, sort, backward, tab }) {
  const query = new URLSearchParams({ ...asTexts(thresholds), task, sort });
  if (conditions.length) query.set("q", conditions.join(", "));
  if (backward) query.set("back", "1");
  if (tab === "evaluation") query.set("evaluate", "1");
  return query;
}
function mapParameters({ thresholds, task, conditions }, view) {
  const query = new URLSearchParams({ ...asTexts(thresholds), task });
  if (view?.lit.length) query.set("lit", view.lit.join("."));
  if (view?.lost) {
    query.set("lost", view.lost);
    query.set("q", conditions.join(", "));
  }
  return query;
}
function asTexts({ score, mask, overlap }) {
  return { score: String(score), mask: String(mask), overlap: String(overlap) };
}

// modules/collection/sheet.js
function createSheet(title) {
  const dialog = element("dialog", "collection-sheet");
  dialog.setAttribute("aria-label", title);
  const head = element("div", "sheet-head");
  const close = iconButton("close", "Close");
  close.onclick = () => dialog.close();
  head.append(element("h2", "", title), close);
  const body = element("div", "sheet-body");
  dialog.append(head, body);
  dialog.onkeydown = (event) => event.stopPropagation();
  dialog.onclick = (event) => {
    if (event.composedPath()[0] === dialog) dialog.close();
  };
  return {
    element: dialog,
    body,
    open: () => dialog.open || dialog.showModal(),
    close: () => dialog.close()
  };
}
function labelledSelect(title, options) {
  const label = element("label", "field");
  const select = element("select");
  select.replaceChildren(
    ...options.map(({ value, title: words }) => {
      const option = element("option", "", words);
      option.value = value;
      return option;
    })
  );
  label.append(element("span", "", title), select);
  return { element: label, select };
}

// modules/collection/download_sheet.js
var USUAL_FORMATS = ["coco-panoptic", "csv"];
var PICTURES = (
  /** @type {const} */
  {
    all: "All",
    left: "Those that the filters leave",
    ticked: "Ticked"
  }
);
var PIXEL_SIZE = /^\s*[\d.]+\s*[a-zµμ]{1,8}\s*$/i;
function createDownloadSheet(formats) {
  const sheet2 = createSheet("Download");
  const pictures = createPictureChoice();
  const kinds = createFormatChoice(formats, say);
  const measuring = createMeasuring(say);
  const status = element("p", "status");
  status.setAttribute("role", "status");
  const go = element("button", "primary", "Download");
  go.type = "button";
  sheet2.body.append(pictures.element, kinds.element, measuring.element, status, go);
  let shown = null;
  function say() {
    const chosen = kinds.chosen();
    measuring.offer(chosen.some((format) => format.measures));
    status.textContent = measuring.isWrong() ? "A pixel size is a number and a unit, such as 0.25mm." : chosen.map(({ title, help }) => `${title}: ${help}`).join(" ") || "Choose at least one format.";
    go.disabled = measuring.isWrong() || !chosen.length;
  }
  go.onclick = async () => {
    if (!shown) return;
    go.disabled = true;
    status.textContent = "Preparing; what the filters leave is counted exactly first.";
    try {
      const address = await shown.prepare({
        ...Object.fromEntries(parameters(shown.asked)),
        which: pictures.chosen(),
        positions: shown.ticked.join(","),
        formats: kinds.chosen().map(({ name }) => name).join(","),
        pixel: measuring.pixelSize()
      });
      const link = element("a");
      Object.assign(link, { href: address, download: "" });
      link.click();
      sheet2.close();
    } catch (error) {
      status.textContent = error instanceof Error ? error.message : "That did not work.";
    } finally {
      go.disabled = false;
    }
  };
  return {
    element: sheet2.element,
    /** @param {Downloadable} downloadable */
    open(downloadable) {
      shown = downloadable;
      pictures.show({ all: shown.all, left: shown.left, ticked: shown.ticked.length });
      say();
      sheet2.open();
    }
  };
}
function createPictureChoice() {
  const box = element("fieldset", "which");
  box.append(element("legend", "", "Pictures"));
  const names = (
    /** @type {(keyof typeof PICTURES)[]} */
    Object.keys(PICTURES)
  );
  const choices = names.map((name) => {
    const label = element("label");
    const radio = element("input");
    Object.assign(radio, { type: "radio", name: "which", value: name });
    const words = element("span");
    label.append(radio, words);
    box.append(label);
    return { name, radio, words };
  });
  return {
    element: box,
    /** Offer them, and choose what is most likely wanted. @param {Record<keyof typeof PICTURES, number>} counts */
    show(counts) {
      const usual = counts.ticked ? "ticked" : counts.left < counts.all && counts.left ? "left" : "all";
      for (const { name, radio, words } of choices) {
        words.textContent = `${PICTURES[name]} (${counts[name].toLocaleString("en")})`;
        radio.disabled = !counts[name];
        radio.checked = name === usual;
      }
    },
    chosen: () => choices.find(({ radio }) => radio.checked)?.name ?? "all"
  };
}
function createFormatChoice(formats, changed) {
  const box = element("fieldset", "formats");
  box.append(element("legend", "", "Formats"));
  const boxes = formats.map((format) => {
    const label = element("label");
    label.title = format.help;
    const tick = element("input");
    Object.assign(tick, { type: "checkbox", checked: USUAL_FORMATS.includes(format.name) });
    tick.onchange = changed;
    label.append(tick, element("span", "", format.title));
    box.append(label);
    return { format, tick };
  });
  return {
    element: box,
    chosen: () => boxes.filter(({ tick }) => tick.checked).map(({ format }) => format)
  };
}
function createMeasuring(changed) {
  const label = element("label", "field inline");
  const measure = element("input");
  measure.type = "checkbox";
  const pixel = element("input", "filter");
  Object.assign(pixel, { type: "text", placeholder: "1px, 0.25mm …", size: 10, maxLength: 20 });
  pixel.setAttribute("aria-label", "Pixel size");
  label.append(measure, element("span", "", "Measure each segment in the tables; a pixel is"), pixel);
  let offered = true;
  const on = () => offered && measure.checked;
  measure.onchange = changed;
  pixel.oninput = () => {
    measure.checked = Boolean(pixel.value);
    changed();
  };
  return {
    element: label,
    /** Only tables can hold them. @param {boolean} whether */
    offer(whether) {
      offered = whether;
      label.classList.toggle("off", !offered);
    },
    isWrong: () => Boolean(on() && pixel.value) && !PIXEL_SIZE.test(pixel.value),
    /** Empty where nothing is measured. */
    pixelSize: () => on() ? pixel.value || "1px" : ""
  };
}

// modules/collection/filters.js
function createFilters(on) {
  const box = element("div", "filters");
  const input = element("input", "filter");
  input.type = "search";
  input.placeholder = "person >= 2, area > 1 %, no sky, coverage < 80 %, a name …";
  input.setAttribute("aria-label", "Ask for pictures");
  input.setAttribute("list", "collection-words");
  const words = element("datalist");
  words.id = "collection-words";
  const chips = element("ul", "chips");
  const message = createMessage(() => input.focus());
  box.append(input, words, chips, message.element);
  let conditions = [];
  let drawn = "";
  input.onkeydown = (event) => {
    event.stopPropagation();
    if (event.key !== "Enter") return;
    take();
  };
  input.onchange = () => {
    if (input.value) take();
  };
  function take() {
    const added = splitConditions(input.value);
    input.value = "";
    if (added.length) on.change([.../* @__PURE__ */ new Set([...conditions, ...added])]);
  }
  return {
    element: box,
    input,
    /**
     * @param {string[]} now
     * @param {{ text: string, left: number | null }[] | null} left what each leaves, once it is known
     * @param {string} problem
     */
    show(now, left, problem) {
      conditions = now;
      message.show(problem, now);
      chips.hidden = !now.length;
      const wanted = JSON.stringify([now, left?.map((each) => each.left)]);
      if (wanted === drawn) return;
      drawn = wanted;
      const focused = [...chips.querySelectorAll("button")].findIndex((button) => button.matches(":focus"));
      chips.replaceChildren(
        ...now.map((text, n) => {
          const chip = element("li", "chip");
          chip.append(element("span", "name", text));
          if (left?.[n]) chip.append(element("span", "left", left[n].left?.toLocaleString("en") ?? "…"));
          const away = iconButton("close", `Remove “${text}”`);
          away.onclick = () => {
            on.change(now.filter((_, other) => other !== n));
            (chips.querySelectorAll("button")[n] ?? input).focus();
          };
          chip.append(away);
          return chip;
        })
      );
      chips.querySelectorAll("button")[focused]?.focus();
    },
    /** @param {string[]} labels */
    suggest(labels) {
      words.replaceChildren(
        ...labels.map((label) => {
          const option = element("option");
          option.value = label;
          return option;
        })
      );
    }
  };
}
function createMessage(leave) {
  const box = element("div", "message");
  const words = element("p", "problem");
  words.setAttribute("role", "alert");
  const away = iconButton("close", "Close this message");
  box.append(words, away);
  let [shown, closed] = ["", ""];
  away.onclick = () => {
    closed = shown;
    if (away.matches(":focus-visible")) leave();
    box.hidden = true;
  };
  return {
    element: box,
    /**
     * @param {string} problem
     * @param {string[]} conditions that were asked
     */
    show(problem, conditions) {
      shown = JSON.stringify([problem, conditions]);
      if (shown !== closed) closed = "";
      setText(words, problem);
      box.hidden = !problem || shown === closed;
    }
  };
}
function splitConditions(text) {
  return text.split(/[,;\n]/).map((part) => part.trim()).filter(Boolean);
}

// modules/collection/grid_rules.js
var GAP = 8;
var LEAST_WIDTH = 148;
var WIDTH = 216;
var CAPTION = 22;
function measureGrid(width, count) {
  const wanted = width < 500 ? LEAST_WIDTH : WIDTH;
  const columns = Math.max(1, Math.floor((width + GAP) / (wanted + GAP)));
  const tile = Math.max(80, Math.floor((width - GAP * (columns - 1)) / columns));
  const picture = Math.round(tile * 2 / 3);
  const height = picture + CAPTION;
  const rows = Math.ceil(count / columns);
  return { columns, width: tile, picture, height, rows, total: Math.max(0, rows * (height + GAP) - GAP) };
}
function inSight({ columns, height: tile }, top, height, count) {
  const around = height / 2;
  const first = Math.max(0, Math.floor((top - around) / (tile + GAP)));
  const end = Math.max(first, Math.ceil((top + height + around) / (tile + GAP)));
  return { first: Math.min(count, first * columns), end: Math.min(count, end * columns) };
}
function placeOf({ columns, width, height }, at) {
  return { left: at % columns * (width + GAP), top: Math.floor(at / columns) * (height + GAP) };
}
function keyLeads(key, at, count, { columns, height: tile }, height) {
  const screen = columns * Math.max(1, Math.floor(height / (tile + GAP)));
  const moves = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - columns >= 0 ? at - columns : at,
    ArrowDown: at + columns < count ? at + columns : at,
    PageUp: at - screen,
    PageDown: at + screen,
    Home: 0,
    End: count - 1
  };
  if (!(key in moves) || count === 0) return null;
  return Math.min(count - 1, Math.max(0, moves[key]));
}
function scrollTo(measures, at, top, height) {
  const place = placeOf(measures, at);
  if (place.top < top) return place.top;
  return Math.max(top, place.top + measures.height - height);
}

// modules/collection/tile.js
function createTile() {
  const node = element("div", "tile");
  node.setAttribute("role", "option");
  const frame = element("div", "frame");
  const photo = createLatest("photo");
  const map = createLatest("map");
  const tick = element("span", "tick");
  tick.title = "Tick this picture (Space)";
  tick.setAttribute("aria-hidden", "true");
  frame.append(photo.element, map.element, tick);
  const caption = element("div", "caption");
  const name = element("span", "name");
  const words = element("span", "about");
  const quality = element("span", "pq");
  caption.append(name, " ", words, " ", quality);
  node.append(frame, caption);
  return {
    element: node,
    tick,
    position: -1,
    drawn: "",
    // what of, in the grid's words
    /**
     * @param {TileContent} content
     * @param {boolean} passing whether it will be gone before it is looked at: nothing is fetched for it
     */
    show(content, passing) {
      if (this.position !== content.position) {
        this.position = content.position;
        photo.clear();
        map.clear();
        node.id = `tile-${content.position}`;
        node.dataset.position = String(content.position);
      }
      setText(name, content.name);
      setText(words, content.words);
      setText(quality, content.quality);
      quality.hidden = !content.quality;
      node.title = content.name;
      node.setAttribute("aria-selected", String(content.ticked));
      node.setAttribute("aria-posinset", String(content.place));
      node.setAttribute("aria-setsize", String(content.of));
      node.classList.toggle("ticked", content.ticked);
      node.classList.toggle("active", content.active);
      if (passing) return;
      photo.want(content.photo);
      map.want(content.map);
    },
    /** @param {import("./grid_rules.js").Measures} measures @param {{ left: number, top: number }} place */
    move({ width, height, picture }, { left, top }) {
      node.style.transform = `translate(${left}px, ${top}px)`;
      node.style.width = `${width}px`;
      node.style.height = `${height}px`;
      frame.style.height = `${picture}px`;
    },
    leave() {
      this.drawn = "";
      photo.clear();
      map.clear();
      node.remove();
    }
  };
}
function createLatest(kind) {
  const box = element("span", `layer ${kind}`);
  let wanted = "";
  let shown = "";
  let coming = null;
  async function load2() {
    const address = wanted;
    const picture = element("img");
    picture.alt = "";
    picture.decoding = "async";
    coming = picture;
    picture.src = address;
    let there = true;
    try {
      await picture.decode();
    } catch {
      there = false;
    }
    if (coming !== picture) return;
    coming = null;
    shown = address;
    box.classList.toggle("gone", !there);
    if (there) box.replaceChildren(picture);
    else box.replaceChildren();
    if (wanted !== address) load2();
  }
  return {
    element: box,
    /** @param {string} address */
    want(address) {
      wanted = address;
      if (!coming && wanted !== shown) load2();
    },
    clear() {
      if (coming) coming.src = "";
      coming = null;
      wanted = shown = "";
      box.classList.remove("gone");
      box.replaceChildren();
    }
  };
}

// modules/collection/grid.js
var FAST = 3;
var REST_MS = 100;
var Grid = class {
  #on;
  #scroller = element("div", "grid");
  #board = createBoard();
  /** @type {GridContent} */
  #content = {
    order: [],
    tile: () => ({ name: "", words: "", quality: "", photo: "", map: "" }),
    ticked: /* @__PURE__ */ new Set()
  };
  /** @type {Map<number, Tile>} by position */
  #tiles = /* @__PURE__ */ new Map();
  /** @type {Tile[]} that have left; rows leave and come at different frames */
  #spare = [];
  #active = 0;
  #lastTicked = -1;
  #begins = false;
  #frame = 0;
  #version = 0;
  // of the content
  #scrolled = { top: 0, time: 0 };
  #isFast = false;
  #resting = 0;
  #watcher = new ResizeObserver(() => this.#redraw());
  /** @param {GridHandlers} on */
  constructor(on) {
    this.#on = on;
    this.#scroller.append(this.#board);
    this.#board.onkeydown = (event) => this.#hearKey(event);
    this.#board.onclick = (event) => this.#hearClick(event);
    this.#scroller.onscroll = () => this.#hearScroll();
    this.#watcher.observe(this.#scroller);
  }
  get element() {
    return this.#scroller;
  }
  /** @param {GridContent} next */
  show(next) {
    const active = this.#content.order[this.#active];
    const isOther = next.order !== this.#content.order;
    this.#content = next;
    this.#version += 1;
    if (this.#begins && isOther) {
      this.#begins = false;
      this.#active = 0;
      this.#scroller.scrollTop = 0;
    } else {
      const again = next.order.indexOf(active);
      this.#active = again >= 0 ? again : Math.min(this.#active, Math.max(0, next.order.length - 1));
    }
    this.#redraw();
  }
  focus() {
    this.#board.focus({ preventScroll: true });
  }
  /** What is shown next is another order: it begins with its first picture. */
  begin() {
    this.#begins = true;
  }
  /** @returns {{ top: number, position: number }} */
  place() {
    return { top: this.#scroller.scrollTop, position: this.#content.order[this.#active] ?? -1 };
  }
  /** @param {{ top: number, position: number }} place */
  goTo({ top, position }) {
    const at = this.#content.order.indexOf(position);
    if (at >= 0) this.#active = at;
    this.#board.style.height = `${this.#measures().total}px`;
    this.#scroller.scrollTop = top;
    this.#draw();
  }
  close() {
    this.#watcher.disconnect();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#resting);
    for (const tile of this.#tiles.values()) tile.leave();
  }
  #measures() {
    return measureGrid(this.#board.clientWidth, this.#content.order.length);
  }
  #redraw() {
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }
  #draw() {
    this.#frame = 0;
    if (!this.#board.clientWidth) return;
    const { order } = this.#content;
    const measures = this.#measures();
    this.#board.style.height = `${measures.total}px`;
    const { scrollTop, clientHeight } = this.#scroller;
    const { first, end } = inSight(measures, scrollTop, clientHeight, order.length);
    const wanted = order.slice(first, end);
    this.#freeAllBut(new Set(wanted));
    wanted.forEach((position, n) => {
      const tile = this.#tiles.get(position) ?? this.#give(position);
      this.#drawTile(tile, first + n, measures);
    });
    for (const tile of this.#spare) if (tile.element.isConnected) tile.leave();
    const active = order[this.#active];
    if (this.#tiles.has(active)) this.#board.setAttribute("aria-activedescendant", `tile-${active}`);
    else this.#board.removeAttribute("aria-activedescendant");
  }
  /**
   * Most tiles stay as they are from one frame to the next.
   *
   * @param {Tile} tile
   * @param {number} at place in the order
   * @param {Measures} measures
   */
  #drawTile(tile, at, measures) {
    const active = at === this.#active;
    const drawn = [this.#version, at, active, measures.width, this.#isFast].join();
    if (tile.drawn === drawn) return;
    tile.drawn = drawn;
    const { order, ticked } = this.#content;
    tile.move(measures, placeOf(measures, at));
    tile.show(
      {
        ...this.#content.tile(at),
        position: order[at],
        ticked: ticked.has(order[at]),
        active,
        place: at + 1,
        of: order.length
      },
      this.#isFast
    );
  }
  /**
   * Tiles of pictures that have left, to be used again.
   *
   * @param {Set<number>} staying positions
   */
  #freeAllBut(staying) {
    for (const [position, tile] of this.#tiles) {
      if (staying.has(position)) continue;
      this.#tiles.delete(position);
      this.#spare.push(tile);
    }
  }
  /**
   * A tile for a picture that comes into sight.
   *
   * @param {number} position
   */
  #give(position) {
    const tile = this.#spare.pop() ?? createTile();
    this.#tiles.set(position, tile);
    if (!tile.element.isConnected) this.#board.append(tile.element);
    return tile;
  }
  /** @param {number} at */
  #activate(at) {
    this.#active = at;
    const { scrollTop, clientHeight } = this.#scroller;
    this.#scroller.scrollTop = scrollTo(this.#measures(), at, scrollTop, clientHeight);
    this.#redraw();
  }
  /**
   * @param {number} at
   * @param {boolean} further also all between this one and the last that was ticked
   */
  #tick(at, further) {
    const { order, ticked } = this.#content;
    const position = order[at];
    if (position === void 0) return;
    const from = further && this.#lastTicked >= 0 ? this.#lastTicked : at;
    this.#on.tick(order.slice(Math.min(from, at), Math.max(from, at) + 1), !ticked.has(position));
    this.#lastTicked = at;
  }
  #hearScroll() {
    const { top, time } = this.#scrolled;
    const now = performance.now();
    this.#scrolled = { top: this.#scroller.scrollTop, time: now };
    const isFast = Math.abs(this.#scrolled.top - top) > FAST * Math.max(1, now - time);
    clearTimeout(this.#resting);
    this.#isFast = isFast && now - time < REST_MS;
    if (this.#isFast) {
      this.#resting = setTimeout(() => {
        this.#isFast = false;
        this.#redraw();
      }, REST_MS);
    }
    this.#redraw();
    this.#on.scrolled();
  }
  /** @param {KeyboardEvent} event */
  #hearKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { order } = this.#content;
    const next = keyLeads(
      event.key,
      this.#active,
      order.length,
      this.#measures(),
      this.#scroller.clientHeight
    );
    if (next !== null) this.#activate(next);
    else if (event.key === "Enter" && order.length) this.#on.open(order[this.#active]);
    else if (event.key === " ") this.#tick(this.#active, event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  /** @param {MouseEvent} event */
  #hearClick(event) {
    const [inner] = event.composedPath();
    const tile = inner instanceof Element ? inner.closest(".tile") : null;
    if (!(tile instanceof HTMLElement)) return;
    const position = Number(tile.dataset.position);
    this.#active = this.#content.order.indexOf(position);
    if (inner instanceof Element && (inner.matches(".tick") || event.shiftKey)) {
      this.#tick(this.#active, event.shiftKey);
    } else {
      this.#on.open(position);
    }
    this.#redraw();
  }
};
function createBoard() {
  const board = element("div", "board");
  board.setAttribute("role", "listbox");
  board.setAttribute("aria-label", "Pictures");
  board.setAttribute("aria-multiselectable", "true");
  board.tabIndex = 0;
  return board;
}

// modules/collection/sending.js
var AT_ONCE = 3;
async function sendFiles(files, send, heard) {
  const waiting = [...files];
  const refused = [];
  let sent = 0;
  async function sendInTurn() {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      try {
        await send(file);
        sent += 1;
      } catch (error) {
        refused.push(error instanceof Error ? error.message : "A file could not be sent.");
      }
      heard({ sent, all: files.length, refused });
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, sendInTurn));
  if (!sent) throw new Error(refused[0] ?? "No file was sent.");
  return refused;
}
function refusedInWords(refused) {
  return refused.length ? `${refused.length} refused: ${refused[0]}` : "";
}

// modules/collection/make_sheet.js
function createMakeSheet(making, server, made) {
  const sheet2 = createSheet("New collection");
  const form = createForm(making);
  sheet2.body.append(...form.elements);
  let chosen = [];
  let strangers = 0;
  function take(given) {
    chosen = given.filter((file) => making.suffixes.some((end) => file.name.toLowerCase().endsWith(end)));
    strangers = given.length - chosen.length;
    showChosen();
  }
  function showChosen() {
    form.say(form.folder ? "" : filesInWords(chosen, strangers));
    form.go.disabled = !form.folder && !chosen.length;
  }
  async function make() {
    form.go.disabled = true;
    let run = "";
    try {
      ({ id: run } = await server.begin(form.title));
      const refused = form.folder ? [] : await send(run);
      await server.start(run, { model: form.model, ...form.folder ? { folder: form.folder } : {} });
      sheet2.close();
      made(run, refusedInWords(refused));
      chosen = [];
      strangers = 0;
      form.files.value = "";
      showChosen();
    } catch (error) {
      if (run) await server.remove(run).catch(() => {
      });
      form.say(error instanceof Error ? error.message : "That did not work.");
    } finally {
      form.go.disabled = false;
    }
  }
  function send(run) {
    return sendFiles(
      chosen,
      (file) => server.send(run, file),
      ({ sent, all, refused }) => form.say([`Sent ${sent} of ${all}`, refusedInWords(refused)].filter(Boolean).join(", "))
    );
  }
  form.source.onchange = () => {
    form.drop.hidden = Boolean(form.folder);
    showChosen();
  };
  form.files.onchange = () => take([...form.files.files ?? []]);
  form.go.onclick = make;
  showChosen();
  return {
    element: sheet2.element,
    /** @param {File[]} [given] */
    open(given) {
      if (given?.length) take(given);
      sheet2.open();
    }
  };
}
function createForm(making) {
  const name = element("input", "filter");
  Object.assign(name, { type: "text", maxLength: 80, placeholder: "My pictures" });
  const nameField = element("label", "field");
  nameField.append(element("span", "", "Name"), name);
  const source = labelledSelect("Pictures", [
    { value: "", title: "Files from this device" },
    ...making.folders.map((title, n) => ({ value: String(n), title: `Folder ${title}` }))
  ]);
  source.element.hidden = !making.folders.length;
  const { drop, files } = createDrop(making);
  const model = labelledSelect(
    "Model",
    making.models.map(({ name: value, title }) => ({ value, title }))
  );
  const status = element("p", "status");
  status.setAttribute("role", "status");
  const go = element("button", "primary", "Make it");
  go.type = "button";
  return {
    elements: [nameField, source.element, drop, model.element, status, go],
    source: source.select,
    drop,
    files,
    go,
    /** Number of the operator's folder that is chosen; empty where files are. */
    get folder() {
      return source.select.value;
    },
    /** What the run is to be called: a folder's has that folder's name, unless it was given one. */
    get title() {
      return name.value || (source.select.value ? source.select.selectedOptions[0].textContent ?? "" : "");
    },
    get model() {
      return model.select.value;
    },
    /** @param {string} words */
    say(words) {
      status.textContent = words;
    }
  };
}
function createDrop({ pictures, megabytes, suffixes }) {
  const files = element("input");
  Object.assign(files, { type: "file", multiple: true, accept: suffixes.join(",") });
  files.setAttribute("aria-label", "Pictures or archives");
  const bounds = `at most ${pictures} pictures and ${megabytes} MB`;
  const drop = element("div", "drop");
  drop.append(files, element("p", "", `Pictures, or zip and tar archives of them: ${bounds}.`));
  return { drop, files };
}
function filesInWords(files, strangers) {
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  const taken = files.length ? `${countOf(files.length, "file")}, ${(bytes / 1e6).toFixed(1)} MB` : "";
  const left = strangers ? `${countOf(strangers, "file")} left out: neither pictures nor archives` : "";
  return [taken, left].filter(Boolean).join(" · ");
}

// modules/collection/progress.js
function createProgress(on) {
  const box = element("div", "progress");
  const bar = element("progress");
  const words = element("span", "words");
  words.setAttribute("role", "status");
  const stop = textButton("Stop", "Stop at the next picture; what is done stays");
  const goOn = textButton("Continue", "Go on where it stopped");
  const retry = textButton("Try again", "Predict once more what failed");
  const remove = textButton("Remove", "Take this collection and its pictures off the server");
  stop.onclick = on.stop;
  goOn.onclick = on.goOn;
  retry.onclick = on.retry;
  remove.onclick = on.remove;
  box.append(bar, words, stop, goOn, retry, remove);
  return {
    element: box,
    /** @param {RunAnswer} run */
    show(run) {
      const { job } = run;
      const busy = job?.state === "waiting" || job?.state === "running";
      const own = run.kind === "own";
      const waiting = run.waiting ?? 0;
      const steps = [stop, goOn, retry];
      const focused = [...steps, remove].find((button) => button.matches(":focus"));
      setText(words, inWords(run));
      words.classList.toggle("problem", job?.state === "failed");
      bar.hidden = !busy || !job?.total;
      bar.max = Math.max(1, job?.total ?? 1);
      bar.value = (job?.done ?? 0) + (job?.failed ?? 0);
      bar.setAttribute("aria-label", "Pictures that are done");
      stop.hidden = !own || !busy;
      stop.setAttribute("aria-disabled", String(Boolean(job?.stopping)));
      goOn.hidden = !own || busy || !waiting;
      retry.hidden = !own || busy || !run.failed || Boolean(waiting);
      remove.hidden = !own || busy;
      box.hidden = !words.textContent && !own;
      if (!focused?.hidden) return;
      const next = steps.find((button) => !button.hidden);
      if (next) next.focus();
      else on.left();
    }
  };
}
function inWords({ job, waiting = 0, failed = 0 }) {
  if (job?.state === "waiting") {
    return job.place > 1 ? `${job.place - 1} before this one` : "Next in line";
  }
  if (job?.state === "running") {
    if (job.stopping) return "Stopping after this picture";
    if (!job.total) return job.words || "Starting";
    const left = job.seconds_left === null ? "" : ` · ${timeInWords(job.seconds_left)} left`;
    const wrong = job.failed ? ` · ${job.failed} failed` : "";
    return `${job.done + job.failed} of ${job.total}${left}${wrong}`;
  }
  if (job?.state === "failed") return job.words;
  if (waiting) return `Stopped: ${waiting} ${waiting === 1 ? "picture waits" : "pictures wait"}`;
  if (failed) return `${failed} ${failed === 1 ? "picture" : "pictures"} failed`;
  return "";
}
function timeInWords(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

// modules/collection/bars.js
var MOST = 60;
function createNumbersPanel(toggle) {
  const panel = element("div", "collection-numbers");
  const sections = [
    createSection("Segments per label", toggle),
    createSection("Scores", toggle),
    createSection("Areas", toggle)
  ];
  const about = element("p", "about");
  panel.append(about, ...sections.map((section2) => section2.element));
  return {
    element: panel,
    /**
     * @param {ViewAnswer | null} view null while nothing is counted
     * @param {string[]} conditions
     */
    show(view, conditions) {
      for (const section2 of sections) section2.element.hidden = !view;
      if (!view) setText(about, "");
      if (!view) return;
      const pictures = view.order.length;
      const each = pictures ? `, ${(view.segments / pictures).toFixed(1)} per picture` : "";
      const known = view.known === view.pictures;
      setText(about, countOf(view.segments, "segment") + (known ? each : ""));
      sections[0].show(view.bars.labels, conditions);
      const scores = view.bars.scores;
      const first = scores.findIndex((bar) => bar.segments);
      sections[1].show(first < 0 ? [] : scores.slice(Math.min(first, scores.length - 4)), conditions);
      sections[2].show(view.segments ? view.bars.areas : [], conditions);
    }
  };
}
function createSection(title, toggle) {
  const box = element("section", "bars");
  box.setAttribute("aria-label", title);
  const list = element("div", "bar-list");
  box.append(element("h3", "", title), list);
  box.hidden = true;
  let rows = [];
  const roving = createRoving(list, () => rows.map((row) => [row.element]));
  return {
    element: box,
    /**
     * @param {BarAnswer[]} bars
     * @param {string[]} conditions
     */
    show(bars, conditions) {
      const shown = bars.slice(0, MOST);
      box.hidden = !shown.length;
      const most = Math.max(1, ...shown.map(({ segments }) => segments));
      while (rows.length < shown.length) rows.push(createBar(toggle));
      rows.slice(shown.length).forEach((row) => {
        row.element.remove();
      });
      rows = rows.slice(0, shown.length);
      shown.forEach((bar, n) => {
        rows[n].show(bar, most, conditions.includes(bar.condition));
        if (!rows[n].element.isConnected) list.append(rows[n].element);
      });
      roving.refresh();
    }
  };
}
function createBar(toggle) {
  const button = element("button", "bar-row");
  button.type = "button";
  const name = element("span", "name");
  const track = element("span", "bar-track");
  const block = element("span", "block");
  const number = element("span", "share");
  track.append(block);
  button.append(name, track, number);
  let condition = "";
  button.onclick = () => toggle(condition);
  return {
    element: button,
    /**
     * @param {BarAnswer} bar
     * @param {number} most
     * @param {boolean} pressed
     */
    show(bar, most, pressed) {
      condition = bar.condition;
      setText(name, bar.title);
      setText(number, bar.segments.toLocaleString("en"));
      block.hidden = !bar.segments;
      block.style.width = `${100 * bar.segments / most}%`;
      block.style.background = bar.color ? `rgb(${bar.color.join(" ")})` : "";
      button.title = `${bar.segments} segments in ${bar.pictures} pictures`;
      button.setAttribute("aria-pressed", String(pressed));
    }
  };
}

// modules/collection/quality_trust.js
var LEAST = { proposals: 4, segments: 1.5 };
var MORE = 2.5;
function trustOf({ segments, proposals }, toggle) {
  const svg = shape("svg", { viewBox: "-14 -6 132 124", class: "trust", role: "group" });
  svg.append(
    shape("rect", { x: 0, y: 0, width: 100, height: 100, class: "frame" }),
    shape("path", { d: "M0 100L100 0", class: "ideal" })
  );
  for (const value of [0, 0.5, 1]) {
    const [x, y] = [
      shape("text", { x: 100 * value, y: 110 }),
      shape("text", { x: -9, y: 102 - 100 * value })
    ];
    x.textContent = y.textContent = String(value);
    svg.append(x, y);
  }
  const lines = [proposals && curve(proposals, "proposals", toggle), curve(segments, "segments", toggle)];
  const curves = lines.filter((each) => each !== null);
  svg.append(...curves.map(({ line }) => line));
  const dots = curves.flatMap((each) => each.dots).sort((a, b) => radiusOf(b) - radiusOf(a));
  svg.append(...dots);
  const box = element("div");
  box.append(svg);
  createRoving(box, () => curves.map((each) => each.dots).filter((each) => each.length)).refresh();
  const before = proposals ? `, before the threshold ${hundredths(proposals.ece)} %` : "";
  const words = `Calibration error of predicted segments ${hundredths(segments.ece)} %${before}.`;
  svg.setAttribute("aria-label", words);
  const kinds = proposals ? "predicted segments (blue), or queries before the threshold (violet)," : "segments";
  return [
    "Trust in scores",
    `How many are right (upwards) of those with a score (to the right): on the dashed line 0.8 is right in 80 of 100. A click on a dot leaves the pictures with ${kinds} of that score. ${words}`,
    box
  ];
}
function curve({ count, confidence, accuracy }, kind, toggle) {
  const most = Math.max(1, ...count);
  const points = count.map((each, n) => ({ n, each, x: 100 * (confidence[n] ?? 0), y: 100 - 100 * (accuracy[n] ?? 0) })).filter(({ each }) => each > 0);
  const side = kind === "segments" ? "predicted" : "proposed";
  const dots = points.map(({ n, each, x, y }) => {
    const condition = binCondition(side, n, count.length);
    const words = `${side}, score ${(x / 100).toFixed(2)}: right in ${(100 - y).toFixed(0)} %; ${Math.round(each)} of them`;
    const dot = shape("circle", {
      cx: x,
      cy: y,
      r: LEAST[kind] + MORE * Math.sqrt(each / most),
      class: kind,
      role: "button",
      "aria-label": words,
      "data-condition": condition
    });
    const title = shape("title", {});
    title.textContent = words;
    dot.append(title);
    dot.addEventListener("click", () => toggle(condition));
    dot.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      toggle(condition);
    });
    return dot;
  });
  return {
    line: shape("polyline", { points: points.map(({ x, y }) => `${x},${y}`).join(" "), class: kind }),
    dots
  };
}
var radiusOf = (dot) => Number(dot.getAttribute("r"));
function shape(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

// modules/collection/quality_marks.js
function createMarks(on) {
  const box = element("details", "quality-marks");
  const body = element("div");
  box.append(element("summary", "", "Thresholds, confusion, trust in scores"), body);
  let run = "";
  let wanted = "";
  let shown = "";
  let asked = [];
  async function draw() {
    if (!box.open || !wanted || wanted === shown) return;
    const key = wanted;
    shown = key;
    try {
      const marks = await on.ask();
      if (key !== shown) return;
      const focused = body.querySelector(":focus")?.getAttribute("aria-label");
      body.replaceChildren(
        ...marks.surface ? [surfaceOf(marks.surface, on.move)] : [],
        confusionOf(marks.confusion, on.toggle),
        section(...trustOf(marks.trust, on.toggle))
      );
      press();
      if (focused) focusAgain(focused);
    } catch (error) {
      if (key !== shown) return;
      shown = "";
      body.replaceChildren(element("p", "about", wordsOf(error)));
    }
  }
  function press() {
    for (const mark of body.querySelectorAll("[data-condition]")) {
      const condition = mark.getAttribute("data-condition") ?? "";
      mark.setAttribute("aria-pressed", String(asked.includes(condition)));
    }
  }
  function focusAgain(words) {
    const place = placeIn(words);
    for (const mark of body.querySelectorAll("[aria-label]")) {
      if (placeIn(mark.getAttribute("aria-label") ?? "") !== place) continue;
      if (mark instanceof HTMLElement || mark instanceof SVGElement) mark.focus({ preventScroll: true });
      return;
    }
  }
  box.ontoggle = draw;
  return {
    element: box,
    /**
     * What is drawn stays until there is something newer, whatever is evaluated meanwhile.
     *
     * @param {string} now the run that is looked at
     * @param {string[]} conditions
     */
    show(now, conditions) {
      if (now !== run) this.hide();
      run = now;
      asked = conditions;
      press();
    },
    /** @param {string} key of the evaluation that is there */
    draw(key) {
      wanted = key;
      box.hidden = false;
      draw();
    },
    hide() {
      wanted = shown = run = "";
      box.hidden = true;
      body.replaceChildren();
    }
  };
}
var placeIn = (words) => words.replace(/^PQ \S+ |: .*$/g, "");
function section(title, about, ...children) {
  const box = element("section", "bars");
  box.setAttribute("aria-label", title);
  box.append(element("h3", "", title), element("p", "about", about), ...children);
  return box;
}
function surfaceOf({ scores, overlaps, pq, now, best, classes }, move) {
  const rows = pq[String(now.mask)] ?? Object.values(pq)[0];
  const ranks = ranksOf(rows);
  const grid = element("div", "surface");
  grid.style.gridTemplateColumns = `repeat(${scores.length}, minmax(0, 1fr))`;
  const here = [nearestOn(scores, now.score), nearestOn(overlaps, now.overlap)];
  const lines = [];
  for (let j = overlaps.length - 1; j >= 0; j--) {
    const line = scores.map((score, i) => {
      const words = `PQ ${hundredths(rows[i][j], 2)} at score ${score}, overlap ${overlaps[j]}`;
      const cell = cellButton(words, () => {
        for (const one of grid.querySelectorAll(".here")) one.classList.remove("here");
        cell.classList.add("here");
        move({ score, overlap: overlaps[j] });
      });
      cell.style.setProperty("--strength", `${Math.round(8 + 92 * ranks[i][j] ** 1.6)}%`);
      cell.classList.toggle("here", i === here[0] && j === here[1]);
      cell.classList.toggle("best", best?.score === score && best?.overlap === overlaps[j]);
      return cell;
    });
    lines.push(line);
    grid.append(...line);
  }
  createRoving(grid, () => lines).refresh();
  return section(
    "PQ by thresholds",
    `Score from left to right, overlap upwards; the stronger the better. A point stands for all pictures: a click sets both thresholds. ${bestInWords(best)}`,
    grid,
    ...wishes(classes, move)
  );
}
function bestInWords(best) {
  if (!best) return "";
  if (best.pq <= best.before) return "None of them is better than where they stand.";
  const held = best.held_out === null ? "" : `, ${hundredths(best.held_out, 2)} on pictures that did not choose it`;
  const gain = hundredths(best.pq - best.before, 2);
  return `Best: PQ ${hundredths(best.pq)} at score ${best.score}, overlap ${best.overlap} (+${gain}${held}).`;
}
function wishes(classes, move) {
  const wanted = wishesOf(classes);
  if (!wanted.length) return [];
  const row = element("div", "wishes");
  const buttons = wanted.map(({ name, score, gain }) => {
    const button = element("button", "wish", `${name} ${score} (+${hundredths(gain, 2)})`);
    button.type = "button";
    button.title = `Set the score threshold, for all classes, to what is best for ${name}: PQ of ${name} +${hundredths(gain, 2)}`;
    button.setAttribute("aria-label", `${name}: score ${score}, PQ +${hundredths(gain, 2)}`);
    button.onclick = () => move({ score });
    return button;
  });
  row.append(...buttons);
  createRoving(row, () => [buttons]).refresh();
  return [
    element(
      "p",
      "about",
      "Score thresholds that classes would like, each for itself; a click sets it for all."
    ),
    row
  ];
}
function confusionOf({ names, table }, toggle) {
  const count = names.length;
  if (!count) return section("What is taken for what", "Nothing is taken for anything else.");
  const grid = element("div", "confusion");
  grid.style.gridTemplateColumns = `minmax(0, 1fr) repeat(${count + 1}, 20px)`;
  grid.append(element("span"));
  const lines = [];
  for (const name of [...names, "missed"]) grid.append(element("span", "column", name));
  table.forEach((row, i) => {
    const name = names[i] ?? "nothing there";
    grid.append(element("span", "name", name));
    const sum = Math.max(
      1,
      row.reduce((all, each) => all + each, 0)
    );
    const line = row.map((value, j) => {
      const called = names[j] ?? "missed";
      const condition = cellCondition(names, i, j);
      const words = i === j ? `${name}: ${value} found` : `${name}, ${j === count ? called : `called ${called}`}: ${value}`;
      const cell = cellButton(words, () => toggle(condition));
      cell.disabled = !value || !condition;
      if (!cell.disabled) cell.dataset.condition = condition;
      cell.classList.toggle("right", i === j);
      cell.textContent = value ? String(value) : "";
      cell.style.setProperty("--strength", `${value ? Math.round(15 + 75 * Math.sqrt(value / sum)) : 0}%`);
      return cell;
    });
    lines.push(line);
    grid.append(...line);
  });
  const stops = lines.map((line) => line.filter((cell) => !cell.disabled)).filter((line) => line.length);
  createRoving(grid, () => stops).refresh();
  return section(
    "What is taken for what",
    "Rows are annotated, columns predicted: the classes with most errors. A click leaves the pictures of a cell.",
    grid
  );
}
function cellButton(words, click) {
  const cell = element("button", "cell");
  cell.type = "button";
  cell.title = words;
  cell.setAttribute("aria-label", words);
  cell.tabIndex = -1;
  cell.onclick = click;
  return cell;
}

// modules/collection/quality_rows.js
function createRows(list, toggle) {
  let rows = [];
  return {
    /** @param {RowContent[]} wanted */
    show(wanted) {
      while (rows.length < wanted.length) rows.push(createRow(toggle));
      for (const row of rows.slice(wanted.length)) row.element.remove();
      rows = rows.slice(0, wanted.length);
      wanted.forEach((content, n) => {
        rows[n].show(content);
        if (!rows[n].element.isConnected) list.append(rows[n].element);
      });
    }
  };
}
function createRow(toggle) {
  const button = element("button", "bar-row");
  button.type = "button";
  const name = element("span", "name");
  const track = element("span", "bar-track quality-track");
  const value = element("span", "share");
  button.append(name, track, value);
  let condition = "";
  let drawn = "";
  button.onclick = (event) => {
    const [inner] = event.composedPath();
    toggle(inner instanceof HTMLElement && inner.dataset.condition || condition);
  };
  return {
    element: button,
    /** @param {RowContent} content */
    show(content) {
      condition = content.condition;
      const now = JSON.stringify(content);
      if (now === drawn) return;
      drawn = now;
      name.textContent = content.name;
      value.textContent = content.value;
      button.title = content.title;
      button.setAttribute("aria-pressed", String(content.pressed));
      track.replaceChildren(
        ...content.pieces.map((piece) => {
          const part = element("span", "piece");
          part.style.width = `${100 * piece.share}%`;
          part.style.background = piece.color;
          if (piece.words) part.title = piece.words;
          if (piece.condition) part.dataset.condition = piece.condition;
          return part;
        })
      );
    }
  };
}

// modules/collection/quality_panel.js
var FOUND = "#2a9d5c";
var GROUPS = (
  /** @type {const} */
  [
    ["all", "PQ"],
    ["things", "PQ of things"],
    ["stuff", "PQ of stuff"]
  ]
);
function createQualityPanel(on) {
  const panel = element("div", "collection-quality");
  const cards = GROUPS.map(([group, title]) => createCard(group, title));
  const numbers = element("div", "quality-numbers");
  numbers.append(...cards.map((card) => card.element));
  const progress = createBar2();
  const notes = element("ul", "quality-notes");
  const reasons = createReasons(on.toggle);
  const classes = createClasses(on.toggle);
  const losses = createLosses(on.open);
  const marks = createMarks({ ask: on.marks, toggle: on.toggle, move: on.move });
  const found = element("div");
  found.append(reasons.element, classes.element, losses.element, marks.element, notes);
  found.hidden = true;
  panel.append(numbers, progress.element, found);
  return {
    element: panel,
    /**
     * @param {QualityAnswer | null} quality
     * @param {string[]} conditions
     * @param {Map<number, string>} names of the pictures, by position
     * @param {string} run
     */
    show(quality, conditions, names, run) {
      numbers.hidden = found.hidden = !quality;
      progress.show(quality);
      if (!quality) {
        marks.hide();
        return;
      }
      for (const card of cards) card.show(quality);
      const hues = huesOf(quality.reasons);
      reasons.show(quality.reasons, hues, conditions);
      classes.show(quality.classes, hues, conditions);
      losses.show(quality.losses, names);
      marks.show(run, conditions);
      const there = quality.figures && !quality.working;
      if (there) marks.draw(JSON.stringify([run, quality.total, quality.reasons_at]));
      const words = quality.notes.join("\n");
      if (notes.dataset.words === words) return;
      notes.dataset.words = words;
      notes.replaceChildren(...quality.notes.map((note) => element("li", "", note)));
    }
  };
}
function createCard(group, title) {
  const box = element("div", `quality-number ${group}`);
  const value = element("b");
  const parts = element("small", "parts");
  const [sq, rq] = [element("span"), element("span")];
  parts.append(sq, " ", rq);
  box.append(element("small", "", title), value, parts);
  return {
    element: box,
    /** @param {QualityAnswer} quality */
    show({ figures, problem }) {
      const found = figures?.[group];
      value.textContent = figures || problem ? hundredths(found?.pq) : "…";
      sq.textContent = found?.count ? `SQ ${hundredths(found.sq)}` : "";
      rq.textContent = found?.count ? `RQ ${hundredths(found.rq)}` : "";
      box.title = found ? `Mean over the classes that occur: ${found.count}` : "";
    }
  };
}
function createBar2() {
  const box = element("div", "quality-progress");
  const bar = element("progress");
  bar.setAttribute("aria-label", "Pictures that are evaluated");
  const words = element("span", "words");
  words.setAttribute("role", "status");
  box.append(bar, words);
  return {
    element: box,
    /** @param {QualityAnswer | null} quality */
    show(quality) {
      const told = quality ? progressInWords(quality) : "Evaluating…";
      if (words.textContent !== told) words.textContent = told;
      bar.hidden = !quality?.working || !quality.total;
      bar.max = Math.max(1, quality?.total ?? 1);
      bar.value = quality?.done ?? 0;
      box.hidden = !told;
    }
  };
}
function createReasons(toggle) {
  const box = element("section", "bars reasons");
  box.setAttribute("aria-label", "Where it is lost");
  const list = element("div", "bar-list");
  const about = element("p", "about", "PQ points that mending would gain, and how many segments it takes.");
  box.append(element("h3", "", "Where it is lost"), about, list);
  const rows = createRows(list, toggle);
  return {
    element: box,
    /**
     * @param {ReasonAnswer[]} reasons
     * @param {Map<string, string>} hues
     * @param {string[]} conditions
     */
    show(reasons, hues, conditions) {
      box.hidden = !reasons.length;
      const most = Math.max(1e-9, ...reasons.map(({ pq }) => pq ?? 0));
      rows.show(
        reasons.map((each) => {
          const condition = conditionOf(each);
          const gain = `+${hundredths(Math.max(0, each.pq ?? 0), 2)}`;
          return {
            name: each.words,
            condition,
            pressed: conditions.includes(condition),
            value: `${gain} · ${each.count}`,
            title: `${each.side}: ${each.reason}. Mended, ${each.count} segments would gain ${gain} points of PQ.`,
            pieces: [
              {
                share: Math.max(0, each.pq ?? 0) / most,
                color: hues.get(condition) ?? "",
                condition,
                words: ""
              }
            ]
          };
        })
      );
    }
  };
}
function createClasses(toggle) {
  const box = element("section", "bars");
  box.setAttribute("aria-label", "Classes");
  const sort = labelledSelect(
    "Sort classes by",
    Object.entries(CLASS_SORTS).map(([value, title]) => ({ value, title }))
  );
  const list = element("div", "bar-list");
  box.append(element("h3", "", "Classes"), sort.element, list);
  const rows = createRows(list, toggle);
  let draw = () => {
  };
  sort.select.onchange = () => draw();
  return {
    element: box,
    /**
     * @param {ClassQuality[]} classes
     * @param {Map<string, string>} hues
     * @param {string[]} conditions
     */
    show(classes, hues, conditions) {
      box.hidden = !classes.length;
      draw = () => {
        const by = (
          /** @type {ClassSort} */
          sort.select.value
        );
        rows.show(
          sortClasses(classes, by).map((each) => {
            const condition = `lost: ${each.name}`;
            const pieces = piecesOf(each);
            const what = pieces.map(({ words }) => words).join(", ");
            return {
              name: each.name,
              condition,
              pressed: isAboutClass(conditions, each.name),
              value: hundredths(each.pq),
              title: `${each.name}: SQ ${hundredths(each.sq)}, RQ ${hundredths(each.rq)}; ${what}`,
              pieces: pieces.map(({ share, words, condition: one, key }) => ({
                share,
                words: words && `${each.name}: ${words}`,
                color: key ? hues.get(key) ?? "" : FOUND,
                condition: one
              }))
            };
          })
        );
      };
      draw();
    }
  };
}
function createLosses(open) {
  const box = element("section", "bars");
  box.setAttribute("aria-label", "Segments that were lost");
  const list = element("div", "losses");
  box.append(element("h3", "", "In the pictures that are shown first"), list);
  let drawn = "";
  return {
    element: box,
    /**
     * @param {QualityAnswer["losses"]} losses
     * @param {Map<number, string>} names
     */
    show(losses, names) {
      box.hidden = !losses.length;
      const now = JSON.stringify([losses, names.size]);
      if (now === drawn) return;
      drawn = now;
      list.replaceChildren(
        ...losses.map(({ position, side, words }) => {
          const name = names.get(position) ?? "";
          const row = element("button", `loss ${side}`);
          row.type = "button";
          row.title = `Open ${name} beside its annotation`;
          row.append(element("span", "words", words), element("span", "picture", name));
          row.onclick = () => open(position);
          return row;
        })
      );
    }
  };
}

// modules/collection/segment_pages.js
var PAGE = 200;
var SegmentPages = class {
  #ask;
  #came;
  /** @type {Map<number, Row[]>} by their first row */
  #pages = /* @__PURE__ */ new Map();
  /** @type {Set<number>} */
  #coming = /* @__PURE__ */ new Set();
  #control = new AbortController();
  total = 0;
  /**
   * @param {(first: number, signal: AbortSignal) => Promise<Page<Row>>} ask for the page that begins with this row
   * @param {() => void} came called when one is there
   */
  constructor(ask, came) {
    this.#ask = ask;
    this.#came = came;
  }
  /** Whether what was asked is answered, if only by its first page. */
  get isKnown() {
    return this.#pages.has(0);
  }
  /**
   * The row at a place; where it is not there yet, its page is fetched.
   *
   * @param {number} at
   * @returns {Row | undefined}
   */
  row(at) {
    const first = at - at % PAGE;
    const page = this.#pages.get(first);
    if (!page) this.fetch(first);
    return page?.[at - first];
  }
  /** Nothing of what is there, or on its way, is wanted any more. */
  forget() {
    this.#control.abort();
    this.#control = new AbortController();
    this.#pages = /* @__PURE__ */ new Map();
    this.#coming = /* @__PURE__ */ new Set();
  }
  /** @param {number} first */
  async fetch(first) {
    if (this.#coming.has(first) || this.#pages.has(first)) return;
    this.#coming.add(first);
    const { signal } = this.#control;
    try {
      const page = await this.#ask(first, signal);
      if (signal.aborted) return;
      this.total = page.total;
      this.#pages.set(first, page.rows);
    } catch {
      return;
    } finally {
      if (!signal.aborted) this.#coming.delete(first);
    }
    this.#came();
  }
};

// modules/collection/segment_table.js
var AROUND = 5;
var PAUSE_MS = 150;
var COLUMNS = [
  { name: "label", title: "Label", most: false },
  { name: "picture", title: "Picture", most: false },
  { name: "score", title: "Score", most: true },
  { name: "area", title: "Area", most: true }
];
function createSegmentTable(on) {
  const search = createSearch(begin);
  const head = createHead(begin);
  const scroller = element("div", "table-rows");
  const board = element("div", "board");
  board.tabIndex = 0;
  board.setAttribute("role", "listbox");
  board.setAttribute("aria-label", "Segments");
  const nothing = element("p", "nothing", "No label and no picture here is called so.");
  nothing.hidden = true;
  scroller.append(board, nothing);
  const panel = element("div", "segment-table");
  panel.append(search.input, head.element, scroller);
  const pages = new SegmentPages(
    (first, signal) => on.ask({ search: search.input.value, ...head.order(), first }, signal),
    draw
  );
  let frame = 0;
  let seen = false;
  let active = 0;
  const rowHeight = () => Number.parseFloat(getComputedStyle(panel).getPropertyValue("--row")) || 28;
  function begin() {
    pages.forget();
    scroller.scrollTop = active = 0;
    if (seen) pages.fetch(0);
  }
  function draw() {
    frame = 0;
    const height = rowHeight();
    board.style.height = `${pages.total * height}px`;
    const first = Math.max(0, Math.floor(scroller.scrollTop / height) - AROUND);
    const end = Math.min(pages.total, first + Math.ceil(scroller.clientHeight / height) + 2 * AROUND);
    const rows = [];
    for (let at = first; at < end; at += 1) {
      const row = pages.row(at);
      if (!row) continue;
      const node = createRow2(row, at * height, on.open);
      node.id = `segment-row-${at}`;
      node.setAttribute("aria-posinset", String(at + 1));
      node.setAttribute("aria-setsize", String(pages.total));
      node.setAttribute("aria-selected", String(at === active));
      rows.push(node);
    }
    board.replaceChildren(...rows);
    if (active >= first && active < end) board.setAttribute("aria-activedescendant", `segment-row-${active}`);
    else board.removeAttribute("aria-activedescendant");
    nothing.hidden = !pages.isKnown || pages.total > 0 || !search.input.value.trim();
  }
  board.onkeydown = (event) => {
    const { key, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey || key === "ArrowLeft" || key === "ArrowRight") return;
    const height = rowHeight();
    const next = keyLeads(key, active, pages.total, { columns: 1, height }, scroller.clientHeight);
    const row = pages.row(active);
    if (next !== null) {
      active = next;
      const top = active * height;
      scroller.scrollTop = Math.min(top, Math.max(scroller.scrollTop, top + height - scroller.clientHeight));
      draw();
    } else if (key === "Enter" && row) on.open(row);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  scroller.onscroll = () => {
    frame ||= requestAnimationFrame(draw);
  };
  const watcher = new ResizeObserver(() => {
    const now = scroller.clientHeight > 0;
    const comes = now && !seen;
    seen = now;
    if (comes) begin();
    else if (now) draw();
  });
  watcher.observe(scroller);
  return {
    element: panel,
    refresh: begin,
    close() {
      watcher.disconnect();
      pages.forget();
      search.close();
      cancelAnimationFrame(frame);
    }
  };
}
function createSearch(changed) {
  const input = element("input", "filter");
  input.type = "search";
  input.placeholder = "Search labels and names";
  input.setAttribute("aria-label", "Search segments");
  let timer = 0;
  input.onkeydown = (event) => event.stopPropagation();
  input.oninput = () => {
    clearTimeout(timer);
    timer = setTimeout(changed, PAUSE_MS);
  };
  return { input, close: () => clearTimeout(timer) };
}
function createHead(changed) {
  const row = element("div", "table-head");
  let by = "picture";
  let down = false;
  const heads = COLUMNS.map(({ name, title, most }) => {
    const button = element("button", most ? "sort number" : "sort", title);
    button.type = "button";
    button.onclick = () => {
      down = by === name ? !down : most;
      by = name;
      show();
      changed();
    };
    row.append(button);
    return { name, button };
  });
  function show() {
    for (const { name, button } of heads) {
      button.dataset.sorted = name === by ? down ? "down" : "up" : "";
      button.setAttribute("aria-pressed", String(name === by));
    }
  }
  show();
  return { element: row, order: () => ({ by, down }) };
}
function createRow2(row, top, open) {
  const node = element("button", "segment-row");
  node.type = "button";
  node.tabIndex = -1;
  node.setAttribute("role", "option");
  node.style.top = `${top}px`;
  const swatch = element("span", "swatch");
  swatch.style.background = swatch.style.borderColor = `rgb(${row.color.join(" ")})`;
  const label = element("span", "label");
  label.append(swatch, element("span", "name", row.label));
  node.append(
    label,
    element("span", "name picture", row.picture),
    element("span", "score", row.score.toFixed(3)),
    element("span", "score", `${(100 * row.area).toFixed(1)} %`)
  );
  node.title = `${row.label} in ${row.picture}`;
  node.onclick = () => open(row);
  return node;
}

// modules/collection/threshold_steps.js
function createThresholdSteps(rules, on) {
  const history = createHistory();
  const now = () => ({
    thresholds: on.asked().thresholds,
    hidden: /* @__PURE__ */ new Set(),
    selected: /* @__PURE__ */ new Set(),
    style: rules.style
  });
  const handlers = {
    move(values, moving) {
      history.note(now(), moving ?? "");
      if (moving) on.move(values);
      else set({ ...on.asked().thresholds, ...values });
    },
    rest() {
      history.rest();
      set(on.asked().thresholds);
    },
    act(action) {
      if (action === "paper") {
        history.note(now());
        set(
          /** @type {Thresholds} */
          Object.fromEntries(rules.thresholds.map((each) => [each.name, each.paper]))
        );
        return;
      }
      const step = action === "undo" ? history.undo(now()) : history.redo(now());
      if (step) set(step.thresholds);
    }
  };
  function set(thresholds) {
    on.change({ thresholds });
  }
  return { handlers, history };
}

// modules/collection/side.js
var NO_MAP = { segments: [], area: 1, below_score: [] };
function createSide(rules, server, on) {
  const thresholds = createCollectionThresholds(rules, on);
  const numbers = createNumbersPanel(on.toggle);
  const quality = createQualityPanel({
    toggle: on.toggle,
    open: (position) => on.open(position),
    marks: () => server.marks(on.run(), on.asked()),
    move: thresholds.move
  });
  const table = createSegmentTable({
    ask: (asked, signal) => server.segments(on.run(), on.asked(), asked, signal),
    open: (row) => on.open(row.position, row)
  });
  const failures = element("ul", "failures");
  const tabs = createTabs(
    "About the collection",
    [
      { name: "numbers", title: "Numbers", panel: numbers.element },
      { name: "segments", title: "Segments", panel: table.element },
      { name: "evaluation", title: "Evaluation", panel: quality.element },
      { name: "failures", title: "Failed", panel: failures }
    ],
    (tab) => on.change({ tab })
  );
  tabs.offer("evaluation", false);
  const side = element("div", "side");
  side.append(thresholds.element, tabs.element);
  return {
    element: side,
    table,
    /** @param {Shown} shown */
    show({ about, view, place, names }) {
      thresholds.show(about, view, place);
      numbers.show(view?.known ? view : null, place.conditions);
      quality.show(view?.quality ?? null, place.conditions, names, on.run());
      showFailures(failures, about);
      tabs.show(place.tab);
      if (about) tabs.offer("evaluation", Boolean(about.annotated));
      tabs.count("segments", view?.known ? view.matching : null);
      tabs.offer("failures", Boolean(about?.failed));
      tabs.count("failures", about?.failed || null);
    },
    close: () => table.close()
  };
}
function createCollectionThresholds(rules, on) {
  const steps = createThresholdSteps(rules, on);
  const panel = createThresholdPanel(rules, steps.handlers);
  const exactness = element("div", "exactness whole");
  exactness.append(element("span"));
  panel.element.append(exactness);
  return {
    element: panel.element,
    move: steps.handlers.move,
    /**
     * @param {RunAnswer | null} about
     * @param {ViewAnswer | null} view
     * @param {Shown["place"]} place
     */
    show(about, view, place) {
      const finished = about?.has_thresholds === false;
      const { task, thresholds } = place;
      panel.show(thresholds, { ...NO_MAP, task, thresholds: finished ? null : thresholds }, null);
      panel.showHistory(steps.history);
      panel.element.classList.toggle("off", finished);
      panel.say(finished ? "Finished maps, no logits: thresholds are off." : countsInWords(view));
      const share = view?.pictures ? view.exact / view.pictures : 1;
      exactness.style.setProperty("--share", String(share));
      exactness.classList.toggle("whole", share === 1);
    }
  };
}
function countsInWords(view) {
  if (!view) return "";
  const counts = `${countOf(view.segments, "segment")} in ${countOf(view.order.length, "picture")}`;
  const evaluating = view.evaluating && !view.quality ? ` · ${view.evaluating}` : "";
  if (view.exact === view.pictures) return counts + evaluating;
  if (!view.known) return "Counting…";
  const [exact, all] = [view.exact, view.pictures].map((count) => count.toLocaleString("en"));
  return `about ${counts} · ${exact} of ${all} counted${evaluating}`;
}
function showFailures(list, about) {
  const failures = about?.failures ?? [];
  if (list.childElementCount === failures.length) return;
  list.replaceChildren(
    ...failures.map(({ name, error }) => {
      const row = element("li", "", name);
      row.append(element("span", "about", error));
      return row;
    })
  );
}

// modules/collection/tools.js
function createTools(data, on, make, download) {
  const runs = namedSelect("runs", "Collection");
  runs.onchange = () => on.choose(runs.value);
  const fresh = textButton("New", "Have your own pictures looked at");
  fresh.onclick = make;
  fresh.hidden = !data.making.pictures || !data.making.models.length;
  const count = element("span", "count");
  count.setAttribute("role", "status");
  const task = namedSelect("task", "Task");
  fill(
    task,
    data.tasks.map((name) => ({ name, title: name[0].toUpperCase() + name.slice(1) }))
  );
  task.onchange = () => on.change({ task: task.value });
  const order = createOrder(data.sorts, on);
  const save = textButton("Download", "Files of all pictures, of those that are left, or of the ticked ones");
  save.className = "save";
  save.onclick = download;
  const row = element("div", "tools-row");
  row.append(runs, fresh, count, element("span", "spring"), task, ...order.elements, save);
  return {
    element: row,
    /**
     * @param {RunBrief[]} found
     * @param {string} run the one that is looked at
     */
    showRuns(found, run) {
      const offered = found.map(({ id, title, kind }) => ({
        name: id,
        title: kind === "own" ? `${title} (mine)` : title
      }));
      const isOffered = offered.some(({ name }) => name === run);
      fill(runs, isOffered ? offered : [{ name: run, title: "Choose a collection" }, ...offered]);
      runs.value = run;
    },
    /** @param {Shown} shown */
    show(shown) {
      const { about, view, place } = shown;
      setText(count, countInWords(shown));
      task.value = place.task;
      task.disabled = about?.has_thresholds === false;
      order.show(place, Boolean(about?.annotated));
      save.disabled = !(view?.pictures ?? about?.pictures);
    }
  };
}
function createOrder(sorts, on) {
  const sort = namedSelect("sort-by", "Sort by");
  fill(sort, sorts);
  sort.onchange = () => on.change({ sort: sort.value, backward: false });
  const backward = textButton("↓", "The other end first");
  backward.className = "backward";
  backward.setAttribute("aria-label", "The other end first");
  backward.onclick = () => on.change({ backward: backward.getAttribute("aria-pressed") !== "true" });
  return {
    elements: [sort, backward],
    /**
     * @param {{ sort: string, backward: boolean }} place
     * @param {boolean} annotated whether pictures have a PQ
     */
    show(place, annotated) {
      for (const option of sort.options) option.hidden = option.value === "pq" && !annotated;
      sort.value = place.sort;
      backward.setAttribute("aria-pressed", String(place.backward));
      setText(backward, place.backward ? "↑" : "↓");
    }
  };
}
function countInWords({ about, view, ticked }) {
  const all = view?.pictures ?? about?.pictures ?? 0;
  if (!all) return "";
  const left = view?.order.length ?? all;
  const pictures = left === all ? countOf(all, "picture") : `${left.toLocaleString("en")} of ${all.toLocaleString("en")}`;
  return ticked ? `${pictures}, ${ticked.toLocaleString("en")} ticked` : pictures;
}
function namedSelect(kind, name) {
  const select = element("select", kind);
  select.setAttribute("aria-label", name);
  return select;
}
function fill(select, options) {
  const now = [...select.options].map(({ value, textContent }) => `${value}
${textContent}`).join("\n");
  if (now === options.map(({ name, title }) => `${name}
${title}`).join("\n")) return;
  select.replaceChildren(
    ...options.map(({ name, title }) => {
      const option = element("option", "", title);
      option.value = name;
      return option;
    })
  );
}

// modules/collection/parts.js
function createParts(data, server, on) {
  const make = createMakeSheet(data.making, server, on.made);
  const download = createDownloadSheet(data.formats);
  const tools = createTools(
    data,
    on,
    () => make.open(),
    () => download.open(on.downloadable())
  );
  const progress = createProgress({
    stop: () => on.job("stop"),
    goOn: () => on.job("continue"),
    retry: () => on.job("retry"),
    remove: () => on.job("remove"),
    left: () => grid.focus()
  });
  const filters = createFilters({ change: (conditions) => on.change({ conditions }) });
  const nothing = element("p", "nothing");
  nothing.setAttribute("role", "status");
  const grid = new Grid({ open: on.open, tick: on.tick, scrolled: on.scrolled });
  const main = element("div", "main");
  main.append(tools.element, progress.element, filters.element, nothing, grid.element);
  const side = createSide(data.rules, server, on);
  const layout = element("div", "layout");
  layout.append(main, side.element);
  const box = element("div");
  box.append(layout, make.element, download.element);
  return {
    element: box,
    grid,
    table: side.table,
    showRuns: tools.showRuns,
    /** @param {File[]} files that were dropped */
    take(files) {
      if (files.length && data.making.pictures && data.making.models.length) make.open(files);
    },
    /** @param {string[]} labels */
    suggest: (labels) => filters.suggest(labels),
    /** @param {Shown} shown */
    show(shown) {
      const { about, view, place, problem } = shown;
      tools.show(shown);
      if (about) progress.show(about);
      progress.element.hidden ||= !about;
      filters.show(place.conditions, view?.conditions ?? null, problem);
      side.show(shown);
      setText(nothing, whyNothing(shown));
      nothing.hidden = !nothing.textContent;
      grid.element.hidden = !nothing.hidden;
    },
    close() {
      grid.close();
      side.close();
    }
  };
}
function whyNothing({ about, view, place, problem }) {
  if (!about) return "Opening…";
  if (about.problem) return about.problem;
  if (!about.pictures) return about.job?.state === "failed" ? "" : "The first pictures are on their way.";
  if (!view && problem)
    return `Nothing could be counted: ${place.conditions.length ? "remove a filter" : "load the page again"}.`;
  if (!view) return "Counting…";
  if (!view.order.length) return place.conditions.length ? "No picture is left: remove a filter." : "";
  return "";
}

// modules/collection/server.js
var Server = class {
  #folder;
  /** @param {() => string} folder where the server answers this visitor, relative to the page */
  constructor(folder) {
    this.#folder = folder;
  }
  /**
   * @param {string[]} own ids of runs that this browser made
   * @returns {Promise<{ runs: RunBrief[] }>}
   */
  runs(own) {
    return this.#ask(`runs?own=${encodeURIComponent(own.join(","))}`);
  }
  /**
   * @param {string} run
   * @returns {Promise<RunAnswer>}
   */
  run(run) {
    return this.#ask(below(run));
  }
  /**
   * @param {string} run
   * @returns {Promise<PicturesAnswer>}
   */
  pictures(run) {
    return this.#ask(`${below(run)}/pictures`);
  }
  /**
   * @param {string} run
   * @param {Asked} asked
   * @param {AbortSignal} signal
   * @returns {Promise<ViewAnswer>}
   */
  view(run, asked, signal) {
    return this.#question(`${below(run)}/view?${parameters(asked)}`, { signal });
  }
  /**
   * @param {string} run
   * @param {Asked} asked
   * @returns {Promise<MarksAnswer>}
   */
  marks(run, asked) {
    return this.#question(`${below(run)}/marks?${parameters(asked)}`);
  }
  /**
   * @param {string} run
   * @param {Asked} asked
   * @param {{ search: string, by: string, down: boolean, first: number }} table
   * @param {AbortSignal} signal
   * @returns {Promise<SegmentsAnswer>}
   */
  segments(run, asked, { search, by, down, first }, signal) {
    const table = new URLSearchParams({ search, by, down: down ? "1" : "0", first: String(first) });
    return this.#question(`${below(run)}/segments?${parameters(asked)}&${table}`, { signal });
  }
  /**
   * @param {string} run
   * @param {number} position
   */
  photoUrl(run, position) {
    return this.#address(`${below(run)}/photo/${position}.jpg`);
  }
  /**
   * @param {string} run
   * @param {number} position
   * @param {Asked} asked
   * @param {import("./asked.js").Lit | null} view
   */
  mapUrl(run, position, asked, view) {
    return this.#address(`${below(run)}/map/${position}.png?${mapParameters(asked, view)}`);
  }
  /**
   * Where an archive can be fetched from, once.
   *
   * @param {string} run
   * @param {Record<string, string>} wanted
   */
  async download(run, wanted) {
    const { id } = await this.#do(`${below(run)}/download`, { body: new URLSearchParams(wanted) });
    return this.#address(`${below(run)}/download/${encodeURIComponent(id)}`);
  }
  /**
   * @param {string} title
   * @returns {Promise<{ id: string }>}
   */
  begin(title) {
    return this.#do(`new?${new URLSearchParams({ title })}`);
  }
  /**
   * @param {string} run
   * @param {File} file
   */
  send(run, file) {
    const name = encodeURIComponent(file.name);
    return this.#ask(`files/${encodeURIComponent(run)}/${name}`, { method: "PUT", body: file });
  }
  /**
   * @param {string} run
   * @param {Record<string, string>} [how]
   */
  start(run, how = {}) {
    return this.#do(`start/${encodeURIComponent(run)}?${new URLSearchParams(how)}`);
  }
  /** @param {string} run */
  stop(run) {
    return this.#do(`stop/${encodeURIComponent(run)}`);
  }
  /** @param {string} run */
  remove(run) {
    return this.#do(`remove/${encodeURIComponent(run)}`);
  }
  /** @param {string} path */
  #address(path) {
    return new URL(`${this.#folder()}/${path}`, document.baseURI).href;
  }
  /**
   * @param {string} path
   * @param {RequestInit} [options]
   * @returns {Promise<any>}
   */
  async #ask(path, options) {
    const answer = await fetch(this.#address(path), options);
    if (!answer.ok) throw new Error((await answer.text()).slice(0, 300) || "The server did not answer.");
    return answer.json();
  }
  /**
   * The answer, unless the question made no sense: the server says so within an answer that is as good as others.
   *
   * @param {string} path
   * @param {RequestInit} [options]
   */
  async #question(path, options) {
    const answer = await this.#ask(path, options);
    if (answer.problem) throw new Error(answer.problem);
    return answer;
  }
  /**
   * @param {string} path
   * @param {RequestInit} [options]
   */
  #do(path, options) {
    return this.#ask(path, { method: "POST", ...options });
  }
};
function below(run) {
  return `run/${run.replace(/[^\w-]/g, "_")}`;
}

// modules/collection/styles.js
var sheet = await load();
function applyCollectionStyles(node) {
  const root = node.getRootNode();
  if (root instanceof ShadowRoot) root.adoptedStyleSheets = [sheet];
}
async function load() {
  const answer = await fetch(new URL("./collection_styles.css", import.meta.url));
  if (!answer.ok) throw new Error(`The style sheet: wanted status 200, got ${answer.status}.`);
  return new CSSStyleSheet().replace(await answer.text());
}

// modules/collection/opened_collection.js
var EVALUATION = "evaluation";
var DEMO = "demo";
var OpenedCollection = class {
  #data;
  #known;
  /** @type {(report: object) => void} */
  #tell = () => {
  };
  #closed = false;
  #server = new Server(() => this.#data.folder);
  #counting = createCounting({
    run: () => this.#known.run,
    ask: (signal) => this.#server.view(this.#known.run, this.#known.place, signal),
    heard: (view) => this.#hearView(view),
    failed: (problem) => this.#learn({ problem })
  });
  #following = createFollowing(this.#server, {
    run: () => this.#known.run,
    known: () => this.#known.positions.length,
    heard: (about, runs) => this.#hearAbout(about, runs),
    grown: (pictures) => this.#hearPictures(pictures)
  });
  #host = element("div", "collection");
  #parts;
  /** @type {(() => void)[]} what the page is watched with */
  #stops;
  /**
   * @param {Node} parent
   * @param {CollectionData} data
   */
  constructor(parent, data) {
    this.#data = data;
    this.#known = nothingOf(data.run, data);
    this.#parts = createParts(data, this.#server, this.#handlers());
    this.#host.append(this.#parts.element);
    parent.appendChild(this.#host);
    applyCollectionStyles(this.#host);
    this.#stops = [
      fillWindow(this.#host),
      watchFiles(
        (files) => this.#parts.take(files),
        (over) => this.#host.classList.toggle("dropping", over)
      )
    ];
    this.#draw();
    this.#host.tabIndex = -1;
    arriveAt(this.#host);
    this.#following.look();
  }
  /**
   * Python has something to say.
   *
   * @param {CollectionData} data
   * @param {(report: object) => void} tell tells it which picture was opened
   */
  update(data, tell) {
    const isOther = data.run !== this.#data.run;
    this.#data = data;
    this.#tell = tell;
    if (isOther && data.run !== this.#known.run) this.#choose(data.run);
  }
  close() {
    this.#closed = true;
    this.#following.close();
    this.#counting.close();
    for (const stop of this.#stops) stop();
    this.#parts.close();
    this.#host.remove();
  }
  /** @returns {Handlers} what the visitor can do, and what parts ask for */
  #handlers() {
    return {
      choose: (run) => this.#choose(run),
      change: (changed) => this.#change(changed),
      move: (moved) => this.#move(moved),
      toggle: (condition) => this.#toggle(condition),
      open: (position, row) => this.#open(position, row),
      tick: (positions, on) => this.#tick(positions, on),
      scrolled: () => this.#keep(),
      asked: () => this.#known.place,
      run: () => this.#known.run,
      downloadable: () => this.#downloadable(),
      made: (run, notice) => {
        keepOwnRuns([run, ...ownRuns()]);
        this.#choose(run);
        this.#known.notice = notice;
      },
      job: (action) => this.#job(action)
    };
  }
  // What the server says.
  /** @param {ViewAnswer} view */
  #hearView(view) {
    const before = this.#known.view;
    const wasCounting = !before || before.exact < before.pictures;
    if (wasCounting && view.exact === view.pictures) this.#parts.table.refresh();
    this.#learn({ view, problem: "" });
  }
  /**
   * @param {RunAnswer} about
   * @param {RunBrief[]} runs
   */
  #hearAbout(about, runs) {
    const isMade = this.#known.about?.job?.state === "running" && about.job?.state !== "running";
    if (isMade && about.pictures) this.#counting.count();
    if (runs.length) this.#parts.showRuns(runs, this.#known.run);
    this.#parts.suggest(about.labels?.map(({ label }) => label) ?? []);
    this.#learn({ about });
  }
  /** @param {PicturesAnswer} pictures */
  #hearPictures({ positions, names }) {
    this.#counting.count();
    this.#learn({ positions, names: new Map(positions.map((each, n) => [each, names[n]])) });
  }
  /** @param {Partial<Known>} learnt */
  #learn(learnt) {
    Object.assign(this.#known, learnt);
    this.#draw();
  }
  // What the visitor does.
  /** Go to another run. @param {string} run */
  #choose(run) {
    this.#keep();
    this.#counting.rest();
    this.#known = nothingOf(run, this.#data);
    writeAddress({ run: run === DEMO ? null : run, picture: null });
    this.#draw();
    this.#following.look();
  }
  /** @param {Partial<Place>} changed */
  #change(changed) {
    this.#known.place = { ...this.#known.place, ...changed };
    if ("sort" in changed || "backward" in changed || "conditions" in changed) this.#parts.grid.begin();
    this.#draw();
    this.#keep();
    if ("tab" in changed) {
      if (changed.tab === EVALUATION) this.#counting.count();
      return;
    }
    this.#parts.table.refresh();
    this.#counting.count();
  }
  /** While a slider is dragged, tiles in sight and numbers follow. @param {Partial<Thresholds>} moved */
  #move(moved) {
    const { place } = this.#known;
    this.#learn({ place: { ...place, thresholds: { ...place.thresholds, ...moved } } });
    this.#counting.count();
  }
  /** @param {string} condition */
  #toggle(condition) {
    const { conditions } = this.#known.place;
    const without = conditions.filter((each) => each !== condition);
    this.#change({
      conditions: without.length < conditions.length ? without : [...conditions, condition]
    });
  }
  /**
   * @param {number[]} positions
   * @param {boolean} on
   */
  #tick(positions, on) {
    for (const position of positions) {
      if (on) this.#known.ticked.add(position);
      else this.#known.ticked.delete(position);
    }
    this.#draw();
    this.#keep();
  }
  /**
   * @param {number} position
   * @param {SegmentRow} [row] of the table, whose segment is to be selected
   */
  #open(position, row) {
    const { run, about, place, ticked } = this.#known;
    keepPlace(run, { ...place, ...this.#parts.grid.place(), position, ticked: [...ticked] });
    const { thresholds, task } = place;
    const beside = place.tab === EVALUATION && Boolean(about?.annotated);
    this.#tell({ number: Date.now(), run, position, thresholds, task, beside, key: row?.key ?? null });
  }
  /** @param {"stop" | "continue" | "retry" | "remove"} action */
  async #job(action) {
    const { run } = this.#known;
    if (action === "remove") return this.#remove(run);
    this.#learn({ notice: "" });
    try {
      if (action === "stop") await this.#server.stop(run);
      else await this.#server.start(run, action === "retry" ? { retry: "1" } : {});
    } catch (error) {
      this.#learn({ notice: wordsOf(error) });
    }
    this.#following.look();
  }
  /** Gone before the server has heard of it, so that nothing more of it is asked for. @param {string} run */
  async #remove(run) {
    const own = ownRuns();
    keepOwnRuns(own.filter((each) => each !== run));
    this.#choose(DEMO);
    try {
      await this.#server.remove(run);
    } catch (error) {
      keepOwnRuns(own);
      this.#learn({ notice: wordsOf(error) });
      this.#following.look();
    }
  }
  #downloadable() {
    const { run, place, positions, view, ticked } = this.#known;
    return {
      /** @param {Record<string, string>} wanted */
      prepare: (wanted) => this.#server.download(run, wanted),
      asked: place,
      all: positions.length,
      left: view?.order.length ?? 0,
      ticked: [...ticked]
    };
  }
  // What is shown and remembered.
  #draw() {
    const { about, view, place, ticked, names, problem, notice } = this.#known;
    const { grid } = this.#parts;
    this.#parts.show({ about, view, place, problem: problem || notice, names, ticked: ticked.size });
    grid.show({
      order: view?.order ?? [],
      ticked,
      tile: (at) => tileOf(this.#known, this.#server, at)
    });
    if (!this.#known.returns || !view?.order.length) return;
    this.#known.returns = false;
    grid.goTo({ top: place.top, position: place.position });
    if (this.#host.matches(":focus")) grid.focus();
  }
  #keep() {
    const { run, place, ticked, returns } = this.#known;
    const { grid } = this.#parts;
    if (this.#closed || returns || !grid.element.clientHeight) return;
    keepPlace(run, { ...place, ...grid.place(), ticked: [...ticked] });
  }
};

// modules/collection/collection.js
var opened = /* @__PURE__ */ new WeakMap();
function collection_default({ parentElement, data, setStateValue }) {
  const collection = opened.get(parentElement) ?? new OpenedCollection(parentElement, data);
  opened.set(parentElement, collection);
  collection.update(data, (report) => setStateValue("open", report));
  return () => {
    collection.close();
    opened.delete(parentElement);
  };
}
export {
  collection_default as default
};
