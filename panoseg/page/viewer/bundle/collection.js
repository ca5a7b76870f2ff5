import {
  createHistory,
  createTabs,
  createThresholdPanel,
  element,
  fillWindow,
  iconButton,
  textButton,
  watchFiles,
  writeAddress
} from "./chunk-HHYFOJA7.js";

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
    else if (!whole) timer = setTimeout(count, AGAIN_MS);
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
    try {
      const [about, { runs }] = await Promise.all([server.run(run), server.runs([run, ...ownRuns()])]);
      if (stale()) return;
      busy = about.job?.state === "waiting" || about.job?.state === "running";
      const grown = about.pictures !== on.known();
      on.heard(about, runs);
      if (grown && about.pictures) {
        const pictures = await server.pictures(run);
        if (!stale()) on.grown(pictures);
      }
    } catch (error) {
      if (stale()) return;
      const problem = wordsOf(error);
      on.heard({ id: run, title: "", kind: "shared", job: null, pictures: 0, problem }, []);
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
     * @param {ViewAnswer} view
     * @param {string[]} conditions
     */
    show(view, conditions) {
      const pictures = view.order.length;
      const each = pictures ? `, ${(view.segments / pictures).toFixed(1)} per picture` : "";
      const known = view.known === view.pictures;
      about.textContent = `${view.segments.toLocaleString("en")} segments${known ? each : ""}`;
      sections[0].show(view.bars.labels, conditions);
      const scores = view.bars.scores;
      const first = scores.findIndex((bar) => bar.segments);
      sections[1].show(first < 0 ? [] : scores.slice(Math.min(first, scores.length - 4)), conditions);
      sections[2].show(view.bars.areas, conditions);
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
      name.textContent = bar.title;
      number.textContent = bar.segments.toLocaleString("en");
      block.hidden = !bar.segments;
      block.style.width = `${100 * bar.segments / most}%`;
      block.style.background = bar.color ? `rgb(${bar.color.join(" ")})` : "";
      button.title = `${bar.segments} segments in ${bar.pictures} pictures`;
      button.setAttribute("aria-pressed", String(pressed));
    }
  };
}

// modules/collection/server.js
function createServer(folder) {
  const address = (path) => new URL(`${folder()}/${path}`, document.baseURI).href;
  const below = (run) => `run/${encodeURIComponent(run)}`;
  async function ask(path, options) {
    const answer = await fetch(address(path), options);
    if (!answer.ok) throw new Error((await answer.text()).slice(0, 300) || "The server did not answer.");
    return answer.json();
  }
  return {
    /**
     * @param {string[]} own ids of runs that this browser made
     * @returns {Promise<{ runs: RunBrief[] }>}
     */
    runs: (own) => ask(`runs?own=${encodeURIComponent(own.join(","))}`),
    /**
     * @param {string} run
     * @returns {Promise<RunAnswer>}
     */
    run: (run) => ask(below(run)),
    /**
     * @param {string} run
     * @returns {Promise<PicturesAnswer>}
     */
    pictures: (run) => ask(`${below(run)}/pictures`),
    /**
     * @param {string} run
     * @param {Asked} asked
     * @param {AbortSignal} signal
     * @returns {Promise<ViewAnswer>}
     */
    view: (run, asked, signal) => ask(`${below(run)}/view?${parameters(asked)}`, { signal }).then(sound),
    /**
     * @param {string} run
     * @param {Asked} asked
     * @returns {Promise<MarksAnswer>}
     */
    marks: (run, asked) => ask(`${below(run)}/marks?${parameters(asked)}`).then(sound),
    /**
     * @param {string} run
     * @param {Asked} asked
     * @param {{ search: string, by: string, down: boolean, first: number }} table
     * @param {AbortSignal} signal
     * @returns {Promise<SegmentsAnswer>}
     */
    segments(run, asked, { search, by, down, first }, signal) {
      const table = new URLSearchParams({ search, by, down: down ? "1" : "0", first: String(first) });
      return ask(`${below(run)}/segments?${parameters(asked)}&${table}`, { signal }).then(sound);
    },
    /**
     * @param {string} run
     * @param {number} position
     */
    photoUrl: (run, position) => address(`${below(run)}/photo/${position}.jpg`),
    /**
     * @param {string} run
     * @param {number} position
     * @param {Asked} asked
     * @param {number[]} lit
     */
    mapUrl(run, position, { thresholds, task }, lit) {
      const query = new URLSearchParams({ ...asTexts(thresholds), task });
      if (lit.length) query.set("lit", lit.join("."));
      return address(`${below(run)}/map/${position}.png?${query}`);
    },
    /**
     * Where an archive can be fetched from, once.
     *
     * @param {string} run
     * @param {Record<string, string>} wanted
     */
    async download(run, wanted) {
      const { id } = await ask(`${below(run)}/download`, {
        method: "POST",
        body: new URLSearchParams(wanted)
      });
      return address(`${below(run)}/download/${encodeURIComponent(id)}`);
    },
    /**
     * @param {string} title
     * @returns {Promise<{ id: string }>}
     */
    begin: (title) => ask(`new?${new URLSearchParams({ title })}`, { method: "POST" }),
    /**
     * @param {string} run
     * @param {File} file
     */
    send: (run, file) => ask(`files/${encodeURIComponent(run)}/${encodeURIComponent(file.name)}`, { method: "PUT", body: file }),
    /**
     * @param {string} run
     * @param {Record<string, string>} [how]
     */
    start: (run, how = {}) => ask(`start/${encodeURIComponent(run)}?${new URLSearchParams(how)}`, { method: "POST" }),
    /** @param {string} run */
    stop: (run) => ask(`stop/${encodeURIComponent(run)}`, { method: "POST" }),
    /** @param {string} run */
    remove: (run) => ask(`remove/${encodeURIComponent(run)}`, { method: "POST" })
  };
}
function sound(answer) {
  if (answer.problem) throw new Error(answer.problem);
  return answer;
}
function parameters({ thresholds, task, conditions, sort, backward, tab }) {
  const query = new URLSearchParams({ ...asTexts(thresholds), task, sort });
  if (conditions.length) query.set("q", conditions.join(", "));
  if (backward) query.set("back", "1");
  if (tab === "evaluation") query.set("evaluate", "1");
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
function createDownloadSheet(formats) {
  const sheet2 = createSheet("Download");
  const which = element("fieldset", "which");
  which.append(element("legend", "", "Pictures"));
  const choices = ["all", "left", "ticked"].map((value) => {
    const label = element("label");
    const radio = element("input");
    Object.assign(radio, { type: "radio", name: "which", value });
    const words = element("span");
    label.append(radio, words);
    which.append(label);
    return { value, radio, words };
  });
  const list = element("fieldset", "formats");
  list.append(element("legend", "", "Formats"));
  const boxes = formats.map((format) => {
    const label = element("label");
    label.title = format.help;
    const box = element("input");
    Object.assign(box, {
      type: "checkbox",
      checked: format.name === "coco-panoptic" || format.name === "csv"
    });
    box.onchange = say;
    label.append(box, element("span", "", format.title));
    list.append(label);
    return { format, box };
  });
  const measured = element("label", "field inline");
  const measure = element("input");
  measure.type = "checkbox";
  const pixel = element("input", "filter");
  Object.assign(pixel, { type: "text", placeholder: "1px, 0.25mm …", size: 10, maxLength: 20 });
  pixel.setAttribute("aria-label", "Pixel size");
  pixel.oninput = () => {
    measure.checked = Boolean(pixel.value);
    say();
  };
  measure.onchange = say;
  measured.append(measure, element("span", "", "Measure each segment in the tables; a pixel is"), pixel);
  const status = element("p", "status");
  status.setAttribute("role", "status");
  const go = element("button", "primary", "Download");
  go.type = "button";
  sheet2.body.append(which, list, measured, status, go);
  let shown = null;
  function say() {
    const chosen = boxes.filter(({ box }) => box.checked);
    const tables = chosen.some(({ format }) => format.measures);
    measured.classList.toggle("off", !tables);
    const wrong = measure.checked && tables && pixel.value && !/^\s*[\d.]+\s*[a-zµμ]{1,8}\s*$/i.test(pixel.value);
    status.textContent = wrong ? "A pixel size is a number and a unit, such as 0.25mm." : chosen.length ? chosen.map(({ format }) => `${format.title}: ${format.help}`).join(" ") : "Choose at least one format.";
    go.disabled = Boolean(wrong) || !chosen.length;
  }
  go.onclick = async () => {
    if (!shown) return;
    const chosen = boxes.filter(({ box }) => box.checked);
    const tables = chosen.some(({ format }) => format.measures);
    go.disabled = true;
    status.textContent = "Preparing; what the filters leave is counted exactly first.";
    try {
      const address = await shown.prepare({
        ...Object.fromEntries(parameters(shown.asked)),
        which: choices.find(({ radio }) => radio.checked)?.value ?? "all",
        positions: shown.ticked.join(","),
        formats: chosen.map(({ format }) => format.name).join(","),
        pixel: tables && measure.checked ? pixel.value || "1px" : ""
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
      const counts = { all: shown.all, left: shown.left, ticked: shown.ticked.length };
      const titles = { all: "All", left: "Those that the filters leave", ticked: "Ticked" };
      for (const { value, radio, words } of choices) {
        const name = (
          /** @type {keyof typeof counts} */
          value
        );
        words.textContent = `${titles[name]} (${counts[name].toLocaleString("en")})`;
        radio.disabled = !counts[name];
      }
      const usual = counts.ticked ? "ticked" : counts.left < counts.all && counts.left ? "left" : "all";
      for (const { value, radio } of choices) radio.checked = value === usual;
      say();
      sheet2.open();
    }
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
  const error = element("p", "problem");
  error.setAttribute("role", "alert");
  box.append(input, words, chips, error);
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
     * @param {{ text: string, left: number }[] | null} left what each leaves, once it is known
     * @param {string} problem
     */
    show(now, left, problem) {
      conditions = now;
      error.textContent = problem;
      error.hidden = !problem;
      chips.hidden = !now.length;
      const wanted = JSON.stringify([now, left?.map((each) => each.left)]);
      if (wanted === drawn) return;
      drawn = wanted;
      chips.replaceChildren(
        ...now.map((text, n) => {
          const chip = element("li", "chip");
          chip.append(element("span", "name", text));
          if (left?.[n]) chip.append(element("span", "left", left[n].left.toLocaleString("en")));
          const away = iconButton("close", `Remove “${text}”`);
          away.onclick = () => on.change(now.filter((_, other) => other !== n));
          chip.append(away);
          return chip;
        })
      );
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
  frame.append(photo.element, map.element, tick);
  const caption = element("div", "caption");
  const name = element("span", "name");
  const words = element("span", "about");
  caption.append(name, words);
  node.append(frame, caption);
  return {
    element: node,
    tick,
    position: -1,
    /** @param {TileContent} content */
    show(content) {
      if (this.position !== content.position) {
        this.position = content.position;
        photo.clear();
        map.clear();
        node.id = `tile-${content.position}`;
        node.dataset.position = String(content.position);
      }
      set(name, content.name);
      set(words, content.words);
      node.title = content.name;
      node.setAttribute("aria-label", `${content.name}, ${content.words}`);
      node.setAttribute("aria-selected", String(content.ticked));
      node.setAttribute("aria-posinset", String(content.place));
      node.setAttribute("aria-setsize", String(content.of));
      node.classList.toggle("ticked", content.ticked);
      node.classList.toggle("active", content.active);
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
function set(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// modules/collection/grid.js
function createGrid(on) {
  const scroller = element("div", "grid");
  const board = element("div", "board");
  board.setAttribute("role", "listbox");
  board.setAttribute("aria-label", "Pictures");
  board.setAttribute("aria-multiselectable", "true");
  board.tabIndex = 0;
  scroller.append(board);
  let content = { order: [], tile: () => ({ name: "", words: "", photo: "", map: "" }), ticked: /* @__PURE__ */ new Set() };
  const tiles = /* @__PURE__ */ new Map();
  let active = 0;
  let lastTicked = -1;
  let begins = false;
  let frame = 0;
  const measures = () => measureGrid(board.clientWidth, content.order.length);
  function draw() {
    frame = 0;
    if (!board.clientWidth) return;
    const measured = measures();
    board.style.height = `${measured.total}px`;
    const { first, end } = inSight(measured, scroller.scrollTop, scroller.clientHeight, content.order.length);
    const wanted = content.order.slice(first, end);
    const kept = new Set(wanted);
    const free = [];
    for (const [position, tile] of tiles) {
      if (!kept.has(position)) {
        tiles.delete(position);
        free.push(tile);
      }
    }
    wanted.forEach((position, n) => {
      const at = first + n;
      let tile = tiles.get(position);
      if (!tile) {
        tile = free.pop() ?? createTile();
        tiles.set(position, tile);
        if (!tile.element.isConnected) board.append(tile.element);
      }
      tile.move(measured, placeOf(measured, at));
      tile.show({
        ...content.tile(at),
        position,
        ticked: content.ticked.has(position),
        active: at === active,
        place: at + 1,
        of: content.order.length
      });
    });
    for (const tile of free) tile.leave();
    const shown = content.order[active];
    if (tiles.has(shown)) board.setAttribute("aria-activedescendant", `tile-${shown}`);
    else board.removeAttribute("aria-activedescendant");
  }
  function redraw() {
    if (!frame) frame = requestAnimationFrame(draw);
  }
  function activate(at) {
    active = at;
    scroller.scrollTop = scrollTo(measures(), at, scroller.scrollTop, scroller.clientHeight);
    redraw();
  }
  function tick(at, further) {
    const position = content.order[at];
    if (position === void 0) return;
    const ticked = !content.ticked.has(position);
    const from = further && lastTicked >= 0 ? lastTicked : at;
    on.tick(content.order.slice(Math.min(from, at), Math.max(from, at) + 1), ticked);
    lastTicked = at;
  }
  board.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = keyLeads(event.key, active, content.order.length, measures(), scroller.clientHeight);
    if (next !== null) activate(next);
    else if (event.key === "Enter" && content.order.length) on.open(content.order[active]);
    else if (event.key === " ") tick(active, event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  board.onclick = (event) => {
    const target = event.composedPath().find((each) => each instanceof HTMLElement && each.matches(".tile"));
    if (!(target instanceof HTMLElement)) return;
    const position = Number(target.dataset.position);
    const at = content.order.indexOf(position);
    active = at;
    const [inner] = event.composedPath();
    if (inner instanceof HTMLElement && inner.matches(".tick") || event.shiftKey) tick(at, event.shiftKey);
    else on.open(position);
    redraw();
  };
  scroller.onscroll = () => {
    redraw();
    on.scrolled();
  };
  const watcher = new ResizeObserver(redraw);
  watcher.observe(scroller);
  return {
    element: scroller,
    board,
    /** @param {GridContent} next */
    show(next) {
      const shown = content.order[active];
      const other = next.order !== content.order;
      content = next;
      if (begins && other) {
        begins = false;
        active = 0;
        scroller.scrollTop = 0;
        redraw();
        return;
      }
      const again = content.order.indexOf(shown);
      active = again >= 0 ? again : Math.min(active, Math.max(0, content.order.length - 1));
      redraw();
    },
    redraw,
    /** What is shown next is another order: it begins with its first picture. */
    begin() {
      begins = true;
    },
    /** @returns {{ top: number, position: number }} */
    place: () => ({ top: scroller.scrollTop, position: content.order[active] ?? -1 }),
    /** @param {{ top: number, position: number }} place */
    goTo({ top, position }) {
      const at = content.order.indexOf(position);
      if (at >= 0) active = at;
      board.style.height = `${measures().total}px`;
      scroller.scrollTop = top;
      draw();
    },
    close() {
      watcher.disconnect();
      cancelAnimationFrame(frame);
      for (const tile of tiles.values()) tile.leave();
    }
  };
}

// modules/collection/make_sheet.js
var AT_ONCE = 3;
function createMakeSheet(making, server, made) {
  const sheet2 = createSheet("New collection");
  const name = element("input", "filter");
  name.type = "text";
  name.maxLength = 80;
  name.placeholder = "My pictures";
  const nameField = element("label", "field");
  nameField.append(element("span", "", "Name"), name);
  const model = labelledSelect(
    "Model",
    making.models.map(({ name: value, title }) => ({ value, title }))
  );
  const source = labelledSelect("Pictures", [
    { value: "", title: "Files from this device" },
    ...making.folders.map((title, n) => ({ value: String(n), title: `Folder ${title}` }))
  ]);
  source.element.hidden = !making.folders.length;
  const files = element("input");
  files.type = "file";
  files.multiple = true;
  files.accept = making.suffixes.join(",");
  files.setAttribute("aria-label", "Pictures or archives");
  const drop = element("div", "drop");
  drop.append(
    files,
    element(
      "p",
      "",
      `Pictures, or zip and tar archives of them: at most ${making.pictures} pictures and ${making.megabytes} MB.`
    )
  );
  const status = element("p", "status");
  status.setAttribute("role", "status");
  const go = element("button", "primary", "Make it");
  go.type = "button";
  sheet2.body.append(nameField, source.element, drop, model.element, status, go);
  let chosen = [];
  source.select.onchange = () => {
    drop.hidden = source.select.value !== "";
    say();
  };
  files.onchange = () => take([...files.files ?? []]);
  function take(given) {
    chosen = given.filter((file) => making.suffixes.some((end) => file.name.toLowerCase().endsWith(end)));
    say();
  }
  function say(words = "") {
    const bytes = chosen.reduce((sum, file) => sum + file.size, 0);
    const counted = `${chosen.length} ${chosen.length === 1 ? "file" : "files"}, ${(bytes / 1e6).toFixed(1)} MB`;
    status.textContent = words || (chosen.length && !source.select.value ? counted : "");
    go.disabled = !source.select.value && !chosen.length;
  }
  async function make() {
    go.disabled = true;
    let run = "";
    try {
      const folder = source.select.value;
      const title = name.value || source.select.selectedOptions[0].textContent || "";
      ({ id: run } = await server.begin(folder ? title : name.value));
      const refused = folder ? [] : await send(run);
      const how = { model: model.select.value, ...folder ? { folder } : {} };
      await server.start(run, how);
      sheet2.close();
      made(run, refused.length ? `${refused.length} refused: ${refused[0]}` : "");
      chosen = [];
      files.value = "";
      say();
    } catch (error) {
      if (run) await server.remove(run).catch(() => {
      });
      say(error instanceof Error ? error.message : "That did not work.");
    } finally {
      go.disabled = false;
    }
  }
  async function send(run) {
    const waiting = [...chosen];
    const all = waiting.length;
    const refused = [];
    let sent = 0;
    async function sender() {
      for (let file = waiting.shift(); file; file = waiting.shift()) {
        try {
          await server.send(run, file);
          sent += 1;
        } catch (error) {
          refused.push(error instanceof Error ? error.message : file.name);
        }
        say(`Sent ${sent} of ${all}${refused.length ? `, ${refused.length} refused: ${refused[0]}` : ""}`);
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, sender));
    if (!sent) throw new Error(refused[0] ?? "No file was sent.");
    return refused;
  }
  go.onclick = make;
  say();
  return {
    element: sheet2.element,
    /** @param {File[]} [given] */
    open(given) {
      if (given?.length) take(given);
      sheet2.open();
    }
  };
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
      words.textContent = inWords(run);
      bar.hidden = !busy || !job?.total;
      bar.max = Math.max(1, job?.total ?? 1);
      bar.value = (job?.done ?? 0) + (job?.failed ?? 0);
      bar.setAttribute("aria-label", "Pictures that are done");
      stop.hidden = !own || !busy;
      stop.disabled = Boolean(job?.stopping);
      goOn.hidden = !own || busy || !waiting;
      retry.hidden = !own || busy || !run.failed || Boolean(waiting);
      remove.hidden = !own || busy;
      box.hidden = !words.textContent && !own;
    }
  };
}
function inWords({ job, waiting = 0, failed = 0, problem }) {
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
  return problem;
}
function timeInWords(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

// modules/collection/quality_rules.js
var CLASS_SORTS = {
  pq: "PQ, worst first",
  name: "Name",
  missed: "Most missed",
  surplus: "Most surplus"
};
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
  return [{ share: found / total, words: `${found} found`, condition: "", key: "" }, ...pieces];
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
  if (row === column) return "";
  if (row === names.length) return `surplus: ${names[column]}`;
  if (column === names.length) return `missed: ${names[row]}`;
  return `missed: wrong class of ${names[row]}`;
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

// modules/collection/quality_marks.js
function createMarks(on) {
  const box = element("details", "quality-marks");
  const body = element("div");
  box.append(element("summary", "", "Thresholds, confusion, trust in scores"), body);
  let wanted = "";
  let shown = "";
  async function draw() {
    if (!box.open || !wanted || wanted === shown) return;
    const key = wanted;
    shown = key;
    try {
      const marks = await on.ask();
      if (key !== shown) return;
      body.replaceChildren(
        ...marks.surface ? [surfaceOf(marks.surface, on.move)] : [],
        confusionOf(marks.confusion, on.toggle),
        trustOf(marks.trust)
      );
    } catch (error) {
      if (key !== shown) return;
      shown = "";
      body.replaceChildren(element("p", "about", wordsOf(error)));
    }
  }
  box.ontoggle = draw;
  return {
    element: box,
    /** @param {string} key of the evaluation that is there; empty while there is none */
    show(key) {
      wanted = key;
      box.hidden = !key;
      draw();
    }
  };
}
function section(title, about, ...children) {
  const box = element("section", "bars");
  box.setAttribute("aria-label", title);
  box.append(element("h3", "", title), element("p", "about", about), ...children);
  return box;
}
function surfaceOf({ scores, overlaps, pq, now, best }, move) {
  const rows = pq[String(now.mask)] ?? Object.values(pq)[0];
  const ranks = ranksOf(rows);
  const grid = element("div", "surface");
  grid.style.gridTemplateColumns = `repeat(${scores.length}, minmax(0, 1fr))`;
  const here = [nearestOn(scores, now.score), nearestOn(overlaps, now.overlap)];
  for (let j = overlaps.length - 1; j >= 0; j--) {
    scores.forEach((score, i) => {
      const words2 = `PQ ${hundredths(rows[i][j], 2)} at score ${score}, overlap ${overlaps[j]}`;
      const cell = cellButton(words2, () => move({ score, overlap: overlaps[j] }));
      cell.style.setProperty("--strength", `${Math.round(8 + 92 * ranks[i][j] ** 1.6)}%`);
      cell.classList.toggle("here", i === here[0] && j === here[1]);
      cell.classList.toggle("best", best?.score === score && best?.overlap === overlaps[j]);
      grid.append(cell);
    });
  }
  const gain = best ? hundredths(best.pq - best.before, 2) : "";
  const held = best?.held_out == null ? "" : `, ${hundredths(best.held_out, 2)} on pictures that did not choose it`;
  const words = best ? `Best: PQ ${hundredths(best.pq)} at score ${best.score}, overlap ${best.overlap} (+${gain}${held}).` : "";
  return section(
    "PQ by thresholds",
    `Score from left to right, overlap upwards; the stronger the better. A click sets both. ${words}`,
    grid
  );
}
function confusionOf({ names, table }, toggle) {
  const count = names.length;
  if (!count) return section("What is taken for what", "Nothing is taken for anything else.");
  const grid = element("div", "confusion");
  grid.style.gridTemplateColumns = `minmax(0, 1fr) repeat(${count + 1}, 20px)`;
  grid.append(element("span"));
  for (const name of [...names, "missed"]) grid.append(element("span", "column", name));
  table.forEach((row, i) => {
    const name = names[i] ?? "nothing there";
    grid.append(element("span", "name", name));
    const sum = Math.max(
      1,
      row.reduce((all, each) => all + each, 0)
    );
    row.forEach((value, j) => {
      const called = names[j] ?? "missed";
      const condition = cellCondition(names, i, j);
      const words = i === j ? `${name}: ${value} found` : `${name}, ${j === count ? called : `called ${called}`}: ${value}`;
      const cell = cellButton(words, () => toggle(condition));
      cell.disabled = !value || !condition;
      cell.classList.toggle("right", i === j);
      cell.textContent = value ? String(value) : "";
      cell.style.setProperty("--strength", `${value ? Math.round(15 + 75 * Math.sqrt(value / sum)) : 0}%`);
      grid.append(cell);
    });
  });
  return section(
    "What is taken for what",
    "Rows are annotated, columns predicted: the classes with most errors.",
    grid
  );
}
function trustOf({ segments, proposals }) {
  const svg = shape("svg", { viewBox: "-14 -6 132 124", class: "trust", role: "img" });
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
  if (proposals) svg.append(...curve(proposals, "proposals"));
  svg.append(...curve(segments, "segments"));
  const before = proposals ? `, before the threshold ${hundredths(proposals.ece)} %` : "";
  const words = `Calibration error of predicted segments ${hundredths(segments.ece)} %${before}.`;
  svg.setAttribute("aria-label", words);
  return section(
    "Trust in scores",
    `How many are right (upwards) of those with a score (to the right): on the dashed line 0.8 is right in 80 of 100. ${words}`,
    svg
  );
}
function curve({ count, confidence, accuracy }, kind) {
  const most = Math.max(1, ...count);
  const points = count.map((each, n) => ({ each, x: 100 * (confidence[n] ?? 0), y: 100 - 100 * (accuracy[n] ?? 0) })).filter(({ each }) => each > 0);
  return [
    shape("polyline", { points: points.map(({ x, y }) => `${x},${y}`).join(" "), class: kind }),
    ...points.map(({ each, x, y }) => {
      const dot = shape("circle", { cx: x, cy: y, r: 1.5 + 2.5 * Math.sqrt(each / most), class: kind });
      const words = shape("title", {});
      words.textContent = `Score ${(x / 100).toFixed(2)}: right in ${(100 - y).toFixed(0)} %; ${Math.round(each)} of them`;
      dot.append(words);
      return dot;
    })
  ];
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
function shape(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
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
  panel.append(
    numbers,
    progress.element,
    reasons.element,
    classes.element,
    losses.element,
    marks.element,
    notes
  );
  return {
    element: panel,
    /**
     * @param {QualityAnswer | null} quality
     * @param {string[]} conditions
     * @param {Map<number, string>} names of the pictures, by position
     * @param {string} run
     */
    show(quality, conditions, names, run) {
      numbers.hidden = !quality;
      progress.show(quality);
      if (!quality) return;
      for (const card of cards) card.show(quality);
      const hues = huesOf(quality.reasons);
      reasons.show(quality.reasons, hues, conditions);
      classes.show(quality.classes, hues, conditions);
      losses.show(quality.losses, names);
      const there = quality.figures && !quality.working;
      marks.show(there ? JSON.stringify([run, quality.total, quality.reasons_at]) : "");
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
  const parts = element("small");
  box.append(element("small", "", title), value, parts);
  return {
    element: box,
    /** @param {QualityAnswer} quality */
    show({ figures }) {
      const found = figures?.[group];
      value.textContent = figures ? hundredths(found?.pq) : "…";
      parts.textContent = found?.count ? `SQ ${hundredths(found.sq)} · RQ ${hundredths(found.rq)}` : "";
      box.title = found ? `Mean over ${found.count} classes that occur` : "";
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
              pressed: conditions.some((one) => one === condition || one.endsWith(` of ${each.name}`)),
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

// modules/collection/segment_table.js
var ROW = 28;
var PAGE = 200;
var PAUSE_MS = 150;
var COLUMNS = [
  { name: "label", title: "Label" },
  { name: "picture", title: "Picture" },
  { name: "score", title: "Score" },
  { name: "area", title: "Area" }
];
function createSegmentTable(on) {
  const panel = element("div", "segment-table");
  const search = element("input", "filter");
  search.type = "search";
  search.placeholder = "Search labels and names";
  search.setAttribute("aria-label", "Search segments");
  const head = element("div", "table-head");
  const scroller = element("div", "table-rows");
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "region");
  scroller.setAttribute("aria-label", "Segments");
  const board = element("div", "board");
  scroller.append(board);
  panel.append(search, head, scroller);
  let by = "picture";
  let down = false;
  let total = 0;
  let timer = 0;
  let frame = 0;
  let seen = false;
  let pages = /* @__PURE__ */ new Map();
  let coming = /* @__PURE__ */ new Set();
  let control = new AbortController();
  const heads = COLUMNS.map(({ name, title }) => {
    const button = element("button", `sort ${name}`, title);
    button.type = "button";
    button.onclick = () => {
      down = by === name ? !down : name === "score" || name === "area";
      by = name;
      begin();
    };
    head.append(button);
    return { name, button };
  });
  function begin() {
    control.abort();
    control = new AbortController();
    pages = /* @__PURE__ */ new Map();
    coming = /* @__PURE__ */ new Set();
    scroller.scrollTop = 0;
    for (const { name, button } of heads) {
      button.dataset.sorted = name === by ? down ? "down" : "up" : "";
      button.setAttribute("aria-pressed", String(name === by));
    }
    if (seen) fetchPage(0);
  }
  async function fetchPage(first) {
    if (coming.has(first) || pages.has(first)) return;
    coming.add(first);
    const { signal } = control;
    try {
      const answer = await on.ask({ search: search.value, by, down, first }, signal);
      if (signal.aborted) return;
      total = answer.total;
      pages.set(first, answer.rows);
    } catch {
      return;
    } finally {
      if (!signal.aborted) coming.delete(first);
    }
    draw();
  }
  function draw() {
    frame = 0;
    board.style.height = `${total * ROW}px`;
    const first = Math.max(0, Math.floor(scroller.scrollTop / ROW) - 5);
    const end = Math.min(total, first + Math.ceil(scroller.clientHeight / ROW) + 10);
    const rows = [];
    for (let at = first; at < end; at += 1) {
      const page = at - at % PAGE;
      const row = pages.get(page)?.[at - page];
      if (row) rows.push(rowOf(row, at));
      else fetchPage(page);
    }
    board.replaceChildren(...rows);
  }
  function rowOf(row, at) {
    const node = element("button", "segment-row");
    node.type = "button";
    node.style.top = `${at * ROW}px`;
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
    node.onclick = () => on.open(row);
    return node;
  }
  search.onkeydown = (event) => event.stopPropagation();
  search.oninput = () => {
    clearTimeout(timer);
    timer = setTimeout(begin, PAUSE_MS);
  };
  scroller.onscroll = () => {
    frame ||= requestAnimationFrame(draw);
  };
  const watcher = new ResizeObserver(() => {
    const now = scroller.clientHeight > 0;
    if (now && !seen) {
      seen = true;
      begin();
    } else if (now) draw();
    seen = now;
  });
  watcher.observe(scroller);
  begin();
  return {
    element: panel,
    refresh: begin,
    close() {
      watcher.disconnect();
      control.abort();
      clearTimeout(timer);
      cancelAnimationFrame(frame);
    }
  };
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
      else set2({ ...on.asked().thresholds, ...values });
    },
    rest() {
      history.rest();
      set2(on.asked().thresholds);
    },
    act(action) {
      if (action === "paper") {
        history.note(now());
        set2(
          /** @type {Thresholds} */
          Object.fromEntries(rules.thresholds.map((each) => [each.name, each.paper]))
        );
        return;
      }
      const step = action === "undo" ? history.undo(now()) : history.redo(now());
      if (step) set2(step.thresholds);
    }
  };
  function set2(thresholds) {
    on.change({ thresholds });
  }
  return { handlers, history };
}

// modules/collection/parts.js
var NO_MAP = { segments: [], area: 1, below_score: [] };
function createParts(data, server, on) {
  const grid = createGrid({ open: on.open, tick: on.tick, scrolled: on.scrolled });
  const filters = createFilters({ change: (conditions) => on.change({ conditions }) });
  const numbers = createNumbersPanel(on.toggle);
  const quality = createQualityPanel({
    toggle: on.toggle,
    open: (position) => on.open(position),
    marks: () => server.marks(on.run(), on.asked()),
    move: (moved) => steps.handlers.move(moved)
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
  const steps = createThresholdSteps(data.rules, on);
  const thresholds = createThresholdPanel(data.rules, steps.handlers);
  const exactness = element("div", "exactness whole");
  exactness.append(element("span"));
  thresholds.element.append(exactness);
  const make = createMakeSheet(data.making, server, on.made);
  const download = createDownloadSheet(data.formats);
  const progress = createProgress({
    stop: () => on.job("stop"),
    goOn: () => on.job("continue"),
    retry: () => on.job("retry"),
    remove: () => on.job("remove")
  });
  const tools = createTools(
    data,
    on,
    () => make.open(),
    () => download.open(on.downloadable())
  );
  const nothing = element("p", "nothing");
  nothing.setAttribute("role", "status");
  const main = element("div", "main");
  main.append(tools.element, progress.element, filters.element, nothing, grid.element);
  const side = element("div", "side");
  side.append(thresholds.element, tabs.element);
  const layout = element("div", "layout");
  layout.append(main, side);
  const box = element("div");
  box.append(layout, make.element, download.element);
  return {
    element: box,
    grid,
    table,
    runs: tools.runs,
    /** @param {File[]} files that were dropped */
    take(files) {
      if (files.length && data.making.pictures && data.making.models.length) make.open(files);
    },
    /** @param {string[]} labels */
    suggest: (labels) => filters.suggest(labels),
    /** @param {Known} known */
    show(known) {
      const { about, view, place, problem } = known;
      tools.show(known);
      if (about) progress.show(about);
      progress.element.hidden ||= !about;
      filters.show(place.conditions, view?.conditions ?? null, problem);
      const task = about?.has_thresholds === false ? "none" : place.task;
      thresholds.show(place.thresholds, { ...NO_MAP, task }, null);
      thresholds.showHistory(steps.history);
      thresholds.element.classList.toggle("off", about?.has_thresholds === false);
      thresholds.say(countsInWords(about, view));
      const share = view?.pictures ? view.exact / view.pictures : 1;
      exactness.style.setProperty("--share", String(share));
      exactness.classList.toggle("whole", share === 1);
      if (view) numbers.show(view, place.conditions);
      quality.show(view?.quality ?? null, place.conditions, known.names, on.run());
      tabs.show(place.tab);
      if (about) tabs.offer("evaluation", Boolean(about.annotated));
      tabs.count("segments", view ? view.matching : null);
      tabs.offer("failures", Boolean(about?.failed));
      tabs.count("failures", about?.failed || null);
      showFailures(failures, about);
      nothing.textContent = why(known);
      nothing.hidden = !nothing.textContent;
      grid.element.hidden = !nothing.hidden;
    },
    close() {
      grid.close();
      table.close();
    }
  };
}
function createTools(data, on, make, download) {
  const row = element("div", "tools-row");
  const runs = element("select", "runs");
  runs.setAttribute("aria-label", "Collection");
  runs.onchange = () => on.choose(runs.value);
  const fresh = textButton("New", "Have your own pictures looked at");
  fresh.onclick = make;
  fresh.hidden = !data.making.pictures || !data.making.models.length;
  const count = element("span", "count");
  count.setAttribute("role", "status");
  const task = element("select", "task");
  task.setAttribute("aria-label", "Task");
  fill(
    task,
    data.tasks.map((name) => ({ name, title: name[0].toUpperCase() + name.slice(1) }))
  );
  task.onchange = () => on.change({ task: task.value });
  const sort = element("select", "sort-by");
  sort.setAttribute("aria-label", "Sort by");
  fill(sort, data.sorts);
  const backward = textButton("↓", "The other end first");
  backward.setAttribute("aria-label", "The other end first");
  sort.onchange = () => on.change({ sort: sort.value, backward: false });
  backward.onclick = () => on.change({ backward: backward.getAttribute("aria-pressed") !== "true" });
  const save = textButton("Download", "Files of all pictures, of those that are left, or of the ticked ones");
  save.onclick = download;
  row.append(runs, fresh, count, element("span", "spring"), task, sort, backward, save);
  return {
    element: row,
    runs: {
      /**
       * @param {RunBrief[]} found
       * @param {string} run
       */
      show(found, run) {
        fill(
          runs,
          found.map(({ id, title, kind }) => ({
            name: id,
            title: kind === "own" ? `${title} (mine)` : title
          }))
        );
        runs.value = run;
      }
    },
    /** @param {Known} known */
    show({ about, view, place, ticked }) {
      const all = view?.pictures ?? about?.pictures ?? 0;
      const left = view?.order.length ?? all;
      const of = left === all ? `${all.toLocaleString("en")} pictures` : `${left.toLocaleString("en")} of ${all.toLocaleString("en")}`;
      const words = all ? `${of}${ticked ? `, ${ticked} ticked` : ""}` : "";
      if (count.textContent !== words) count.textContent = words;
      task.value = place.task;
      task.disabled = about?.has_thresholds === false;
      for (const option of sort.options) option.hidden = option.value === "pq" && !about?.annotated;
      sort.value = place.sort;
      backward.setAttribute("aria-pressed", String(place.backward));
      backward.textContent = place.backward ? "↑" : "↓";
      save.disabled = !all;
    }
  };
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
function countsInWords(about, view) {
  if (about?.has_thresholds === false) return "Finished maps, no logits: thresholds have no effect.";
  if (!view) return "";
  const about_ = view.exact < view.pictures ? "about " : "";
  const counted = view.exact < view.pictures ? ` · ${view.exact} of ${view.pictures} counted` : "";
  return `${about_}${view.segments.toLocaleString("en")} segments in ${view.order.length.toLocaleString("en")} pictures${counted}`;
}
function why({ about, view, place }) {
  if (!about) return "Opening…";
  if (about.problem) return about.problem;
  if (!about.pictures) return about.job?.state === "failed" ? "" : "The first pictures are on their way.";
  if (!view) return "Counting…";
  if (!view.order.length) return place.conditions.length ? "No picture is left: remove a filter." : "";
  return "";
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

// modules/collection/collection.js
var FIRST_TAB = "numbers";
var EVALUATION = "evaluation";
var DEMO = "demo";
var opened = /* @__PURE__ */ new WeakMap();
function collection_default({ parentElement, data, setStateValue }) {
  const collection = opened.get(parentElement) ?? openCollection(parentElement, data);
  opened.set(parentElement, collection);
  collection.update(data, (report) => setStateValue("open", report));
  return () => {
    collection.close();
    opened.delete(parentElement);
  };
}
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
function openCollection(parent, first) {
  let data = first;
  let tell = () => {
  };
  let closed = false;
  const server = createServer(() => data.folder);
  let known = nothingOf(first.run, first);
  const counting = createCounting({
    run: () => known.run,
    ask: (signal) => server.view(known.run, known.place, signal),
    heard(view) {
      const news = !known.view || known.view.exact < known.view.pictures;
      known = { ...known, view, problem: "" };
      if (news && view.exact === view.pictures) parts.table.refresh();
      draw();
    },
    failed: (problem) => {
      known = { ...known, problem };
      draw();
    }
  });
  const following = createFollowing(server, {
    run: () => known.run,
    known: () => known.positions.length,
    heard(about, runs) {
      const made = known.about?.job?.state === "running" && about.job?.state !== "running";
      known = { ...known, about };
      if (made && about.pictures) counting.count();
      if (runs.length) parts.runs.show(runs, known.run);
      parts.suggest(about.labels?.map(({ label }) => label) ?? []);
      draw();
    },
    grown({ positions, names }) {
      known = { ...known, positions, names: new Map(positions.map((each, n) => [each, names[n]])) };
      counting.count();
      draw();
    }
  });
  const host = element("div", "collection");
  const parts = createParts(first, server, {
    choose,
    change,
    move,
    toggle,
    open,
    tick,
    scrolled: keep,
    asked: () => known.place,
    run: () => known.run,
    downloadable: () => ({
      prepare: (wanted) => server.download(known.run, wanted),
      asked: known.place,
      all: known.positions.length,
      left: known.view?.order.length ?? 0,
      ticked: [...known.ticked]
    }),
    made(run, notice) {
      keepOwnRuns([run, ...ownRuns()]);
      choose(run);
      known = { ...known, notice };
    },
    job
  });
  host.append(parts.element);
  parent.appendChild(host);
  applyCollectionStyles(host);
  const stopFilling = fillWindow(host);
  const forgetFiles = watchFiles(
    (files) => parts.take(files),
    (over) => host.classList.toggle("dropping", over)
  );
  function keep() {
    if (closed || known.returns || !parts.grid.element.clientHeight) return;
    keepPlace(known.run, { ...known.place, ...parts.grid.place(), ticked: [...known.ticked] });
  }
  function choose(run) {
    keep();
    counting.rest();
    known = nothingOf(run, data);
    writeAddress({ run: run === DEMO ? null : run });
    draw();
    following.look();
  }
  async function job(action) {
    const { run } = known;
    try {
      if (action === "stop") await server.stop(run);
      else if (action === "remove") {
        await server.remove(run);
        keepOwnRuns(ownRuns().filter((each) => each !== run));
        choose(DEMO);
        return;
      } else await server.start(run, action === "retry" ? { retry: "1" } : {});
    } catch (error) {
      known = { ...known, problem: wordsOf(error) };
    }
    following.look();
  }
  function change(changed) {
    known = { ...known, place: { ...known.place, ...changed } };
    if ("sort" in changed || "backward" in changed || "conditions" in changed) parts.grid.begin();
    draw();
    keep();
    if ("tab" in changed) {
      if (changed.tab === EVALUATION) counting.count();
      return;
    }
    parts.table.refresh();
    counting.count();
  }
  function move(moved) {
    const thresholds = { ...known.place.thresholds, ...moved };
    known = { ...known, place: { ...known.place, thresholds } };
    draw();
    counting.count();
  }
  function toggle(condition) {
    const { conditions } = known.place;
    const without = conditions.filter((each) => each !== condition);
    change({ conditions: without.length < conditions.length ? without : [...conditions, condition] });
  }
  function open(position, row) {
    const { run, place, ticked } = known;
    keepPlace(run, { ...place, ...parts.grid.place(), position, ticked: [...ticked] });
    const { thresholds, task } = place;
    const beside = place.tab === EVALUATION && Boolean(known.about?.annotated);
    tell({ number: Date.now(), run, position, thresholds, task, beside, key: row?.key ?? null });
  }
  function tick(positions, on) {
    for (const position of positions) {
      if (on) known.ticked.add(position);
      else known.ticked.delete(position);
    }
    draw();
    keep();
  }
  function draw() {
    const { run, about, view, place, ticked, names } = known;
    const problem = known.problem || known.notice;
    parts.show({ about, view, place, problem, names, ticked: ticked.size });
    parts.grid.show({
      order: view?.order ?? [],
      ticked,
      tile: (at) => {
        const position = view?.order[at] ?? -1;
        const segments = view?.counts[at] ?? 0;
        return {
          name: names.get(position) ?? "",
          words: `${segments} ${segments === 1 ? "segment" : "segments"}${pqInWords(view, at)}`,
          photo: server.photoUrl(run, position),
          map: server.mapUrl(run, position, place, view?.lit ?? [])
        };
      }
    });
    if (!known.returns || !view?.order.length) return;
    known.returns = false;
    parts.grid.goTo({ top: place.top, position: place.position });
  }
  draw();
  following.look();
  return {
    /**
     * @param {CollectionData} now
     * @param {(report: object) => void} teller
     */
    update(now, teller) {
      const other = now.run !== data.run;
      data = now;
      tell = teller;
      if (other && now.run !== known.run) choose(now.run);
    },
    close() {
      closed = true;
      following.close();
      counting.close();
      stopFilling();
      forgetFiles();
      parts.close();
      host.remove();
    }
  };
}
function pqInWords(view, at) {
  return view?.pq ? ` · PQ ${hundredths(view.pq[at])}` : "";
}
export {
  collection_default as default
};
