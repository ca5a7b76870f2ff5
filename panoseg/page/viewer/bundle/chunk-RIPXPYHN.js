// modules/files.js
var BOX = ".st-key-open input[type=file]";
function sendFiles(files) {
  const box = document.querySelector(BOX);
  if (!(box instanceof HTMLInputElement) || !files.length) return false;
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  box.files = transfer.files;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}
function watchFiles(take, hover) {
  const watching = new AbortController();
  const options = { capture: true, signal: watching.signal };
  let depth = 0;
  const holdsFiles = (event) => Boolean(event.dataTransfer?.types.includes("Files"));
  document.addEventListener(
    "dragenter",
    (event) => {
      if (!holdsFiles(event)) return;
      depth++;
      hover(true);
    },
    options
  );
  document.addEventListener(
    "dragleave",
    (event) => {
      if (!holdsFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (!depth) hover(false);
    },
    options
  );
  document.addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault(), options);
  document.addEventListener(
    "drop",
    (event) => {
      const files = [...event.dataTransfer?.files ?? []];
      depth = 0;
      hover(false);
      if (!files.length) return;
      event.preventDefault();
      event.stopPropagation();
      take(files);
    },
    options
  );
  document.addEventListener(
    "paste",
    (event) => {
      const files = [...event.clipboardData?.files ?? []];
      if (!files.length) return;
      event.preventDefault();
      take(files);
    },
    options
  );
  return () => watching.abort();
}

// modules/fill_window.js
var lastAbove = "";
function fillWindow(host) {
  const root = host.getRootNode();
  const outside = root instanceof ShadowRoot ? root.host : host;
  let last = lastAbove;
  if (last) host.style.setProperty("--above", last);
  function measure() {
    const scroller = scrollerOf(outside);
    const box = host.getBoundingClientRect();
    if (!box.width) return;
    const above = box.top + (scroller?.scrollTop ?? 0);
    const words = `${Math.max(0, Math.round(above))}px`;
    if (words !== last) host.style.setProperty("--above", words);
    last = lastAbove = words;
  }
  const watcher = new ResizeObserver(measure);
  for (let node2 = outside.parentElement; node2; node2 = node2.parentElement) watcher.observe(node2);
  watcher.observe(host);
  measure();
  return () => watcher.disconnect();
}
function scrollerOf(element2) {
  for (let node2 = element2.parentElement; node2; node2 = node2.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(node2).overflowY)) return node2;
  }
  return document.scrollingElement;
}

// modules/lost_focus.js
var MESSAGES = ".st-key-notices, .st-key-over-picture, .st-key-second";
var isVisitNew = true;
function arriveAt(place) {
  if (!isVisitNew) goOnAt(place);
  isVisitNew = false;
}
function goOnAt(place) {
  if (document.activeElement === document.body) place.focus({ preventScroll: true });
}
function watchLostFocus(board) {
  let pressed = null;
  const departures = new MutationObserver(() => {
    if (pressed?.isConnected) return;
    departures.disconnect();
    goOnAt(board);
  });
  const watching = new AbortController();
  function onKey({ key, target }) {
    departures.disconnect();
    if (!(target instanceof Element) || key !== "Enter" && key !== " ") return;
    pressed = target.closest("button");
    if (pressed?.closest(MESSAGES)) departures.observe(document.body, { childList: true, subtree: true });
  }
  const options = { capture: true, signal: watching.signal };
  document.addEventListener("keydown", onKey, options);
  document.addEventListener("pointerdown", () => departures.disconnect(), options);
  return () => {
    watching.abort();
    departures.disconnect();
  };
}

// modules/thresholds.js
var MOST_STEPS = 200;
function sameThresholds(one, other) {
  return Boolean(other) && one.score === other?.score && one.mask === other.mask && one.overlap === other.overlap;
}
function readValue(text, before) {
  const value = Number.parseFloat(text.replace(",", "."));
  if (!Number.isFinite(value)) return before;
  return Math.min(100, Math.max(0, Math.round(100 * value))) / 100;
}
function relevantThresholds(map, rules) {
  if (!map) return rules.thresholds.map(({ name }) => name);
  return map.thresholds ? rules.thresholds_of[map.task] ?? [] : [];
}
function countsInWords({ segments, area, below_score: below }) {
  const things = segments.filter(({ kind }) => kind === "thing").length;
  const covered = segments.reduce((sum, segment) => sum + segment.area, 0) / area;
  const parts = [
    `${things} ${things === 1 ? "thing" : "things"}`,
    `${segments.length - things} stuff`,
    `${Math.min(100, 100 * covered).toFixed(0)} % covered`
  ];
  if (below.length) parts.push(`${below.length} below the score`);
  return parts.join(" · ");
}
function createHistory() {
  let past = [];
  let future = [];
  let together = "";
  return {
    /**
     * Something is about to change.
     *
     * @param {Snapshot} before
     * @param {string} name of what belongs together until `rest`; empty for a step by itself
     */
    note(before, name = "") {
      if (!name || name !== together) past = [...past, before].slice(-MOST_STEPS);
      future = [];
      together = name;
    },
    /** What comes next is another step, whatever its name. */
    rest() {
      together = "";
    },
    /** @param {Snapshot} now */
    undo(now) {
      const before = past.pop();
      if (before) future.push(now);
      together = "";
      return before ?? null;
    },
    /** @param {Snapshot} now */
    redo(now) {
      const after = future.pop();
      if (after) past.push(now);
      together = "";
      return after ?? null;
    },
    /** Another picture: nothing of it was changed yet. */
    clear() {
      past = [];
      future = [];
      together = "";
    },
    get canUndo() {
      return past.length > 0;
    },
    get canRedo() {
      return future.length > 0;
    }
  };
}

// modules/dom.js
function element(tag, className = "", text = "") {
  const node2 = document.createElement(tag);
  if (className) node2.className = className;
  if (text) node2.textContent = text;
  return node2;
}
function iconButton(icon, name, keys = "") {
  const node2 = element("button", `icon ${icon}`);
  node2.type = "button";
  node2.innerHTML = svg(icon);
  node2.title = keys ? `${name} (${keys})` : name;
  node2.setAttribute("aria-label", name);
  return node2;
}
function textButton(text, title) {
  const button = element("button", "", text);
  button.type = "button";
  button.title = title;
  return button;
}
function setText(node2, text) {
  if (node2.textContent !== text) node2.textContent = text;
}
function placeChildren(parent, wanted) {
  const staying = new Set(wanted);
  for (const child of [...parent.childNodes]) {
    if (!staying.has(
      /** @type {HTMLElement} */
      child
    )) child.remove();
  }
  let next = parent.firstChild;
  for (const child of wanted) {
    if (child === next) next = next.nextSibling;
    else parent.insertBefore(child, next);
  }
}
function focusedIn(container) {
  const root = container.getRootNode();
  const focused = root instanceof ShadowRoot ? root.activeElement : null;
  return focused instanceof HTMLElement && container.contains(focused) ? focused : null;
}
function svg(icon) {
  return `<svg viewBox="0 0 20 20" aria-hidden="true">${ICONS[icon]}</svg>`;
}
var ICONS = {
  eye: '<path d="M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10z"/><circle class="pupil" cx="10" cy="10" r="2.4"/><path class="slash" d="M3.5 3.5l13 13"/>',
  plus: '<path d="M10 4v12M4 10h12"/>',
  minus: '<path d="M4 10h12"/>',
  fit: '<path d="M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4"/>',
  fill: '<circle cx="10" cy="10" r="6.5"/><path class="solid" d="M10 3.5a6.5 6.5 0 0 1 0 13z"/>',
  outline: '<path d="M4 12.5L6 5l6.5-1.5L17 9l-3 7-6.5.5z"/>',
  tag: '<path d="M3 3.5h6.5l7.5 7.5-6 6L3.5 10z"/><circle cx="7" cy="7" r="1"/>',
  question: '<path d="M3 4h14v9.5H9.5L6 17v-3.5H3z"/><path d="M7 7.5h6M7 10h4"/>',
  cutout: '<path d="M5.5 7.5l10 8M5.5 12.5l10-8"/><circle cx="4" cy="6" r="2"/><circle cx="4" cy="14" r="2"/>',
  wipe: '<rect x="3" y="4.5" width="14" height="11" rx="1.5"/><path d="M10 2v16"/><path class="solid" d="M10 4.5h5.5a1.5 1.5 0 0 1 1.5 1.5v8a1.5 1.5 0 0 1-1.5 1.5H10z"/>',
  undo: '<path d="M7 5L3.5 8.5 7 12"/><path d="M3.5 8.5H12a4 4 0 0 1 0 8H8"/>',
  redo: '<path d="M13 5l3.5 3.5L13 12"/><path d="M16.5 8.5H8a4 4 0 0 0 0 8h4"/>',
  paper: '<path d="M5 2.5h7l3.5 3.5v11.5H5z"/><path d="M12 2.5V6h3.5M8 10h5M8 13.5h5"/>',
  unsure: '<path d="M3 15c3 0 3-10 7-10s4 10 7 10"/><path class="solid" d="M3 15c3 0 3-10 7-10s4 10 7 10z"/><path d="M10 8v3M10 13.4v.2"/>',
  share: '<path d="M8.5 11.5l3-3M7.5 8.5L5 11a2.8 2.8 0 0 0 4 4l2.5-2.5M12.5 11.5L15 9a2.8 2.8 0 0 0-4-4L8.5 7.5"/>',
  flicker: '<path d="M3 6h9l-2.5-2.5M17 14H8l2.5 2.5"/><path class="solid" d="M3 6h14v8H3z"/>',
  close: '<path d="M5.5 5.5l9 9M14.5 5.5l-9 9"/>',
  pin: '<path d="M7 3h6l-.8 5 2.8 3H5l2.8-3z"/><path d="M10 11v6"/>',
  learn: '<path d="M2.5 7.5L10 4l7.5 3.5L10 11z"/><path d="M5.5 9.2v4c0 1 2 2.3 4.5 2.3s4.5-1.3 4.5-2.3v-4M17.5 7.5v5"/>',
  help: '<path d="M7.3 7.5a2.7 2.7 0 1 1 4.2 2.3c-1 .6-1.5 1.2-1.5 2.2"/><path d="M10 15v.2"/>'
};

// modules/address.js
function writeAddress(parameters) {
  const url = withParameters(location.href, parameters);
  if (url !== location.href) history.replaceState(history.state, "", url);
}
function withParameters(address, parameters) {
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters)) {
    if (value === null) url.searchParams.delete(name);
    else if (url.searchParams.get(name) !== value) url.searchParams.set(name, value);
  }
  return url.href;
}

// modules/keys.js
var KEYS = [
  [
    "Look closer",
    [
      ["zoomIn", ["+", "="], "+", "Zoom in"],
      ["zoomOut", ["-", "_"], "−", "Zoom out"],
      ["fit", ["0"], "0", "Show the whole picture"],
      ["one", ["1"], "1", "One pixel of the picture per pixel of the screen"],
      ["left", ["ArrowLeft"], "←", "Move left"],
      ["right", ["ArrowRight"], "→", "Move right"],
      ["up", ["ArrowUp"], "↑", "Move up"],
      ["down", ["ArrowDown"], "↓", "Move down"],
      ["zoomTo", ["f", "F"], "F", "Zoom to the segment, and back"],
      ["nextPicture", ["PageDown"], "PgDn", "Next picture"],
      ["previousPicture", ["PageUp"], "PgUp", "Picture before"]
    ]
  ],
  [
    "Segments",
    [
      ["next", ["n", "N"], "N", "Select the next one"],
      ["previous", ["p", "P"], "P", "Select the one before"],
      ["hide", ["h", "H"], "H", "Hide or show the segment"],
      ["only", ["i", "I"], "I", "Show only the segment"],
      ["pin", ["k", "K"], "K", "Pin the segment: its own mask; again, its probability; again, no longer"],
      ["all", ["a", "A"], "A", "Show all"],
      ["clear", ["Escape"], "Esc", "Unpin, or select nothing"],
      ["undo", ["Ctrl+z"], "Ctrl+Z", "Undo: thresholds, hiding, selection, style"],
      ["redo", ["Ctrl+Shift+z", "Ctrl+y"], "Ctrl+Y", "Redo"]
    ]
  ],
  [
    "Style",
    [
      ["fainter", ["["], "[", "Fainter colours"],
      ["stronger", ["]"], "]", "Stronger colours"],
      ["outlines", ["o", "O"], "O", "Outlines"],
      ["labels", ["l", "L"], "L", "Labels"],
      ["colors", ["m", "M"], "M", "Colour by segment, label, score or outcome of a comparison"],
      ["cutout", ["x", "X"], "X", "Cut out what is shown or selected"],
      [
        "doubt",
        ["u", "U"],
        "U",
        "Where it is unsure: red where a small change would give a pixel to another"
      ],
      ["wipe", ["w", "W"], "W", "Wipe between the photo and its segments"],
      ["reasons", ["y", "Y"], "Y", "Why segments are missing or extra, beside an annotation"],
      ["flicker", ["b", "B"], "B", "The second picture's segments here, and back"],
      ["share", ["s", "S"], "S", "Copy a link to what is shown"],
      ["explain", ["e", "E"], "E", "How it works: queries, step by step, three tasks, glossary"],
      ["help", ["?"], "?", "This sheet"]
    ]
  ]
];
var ACTION_OF_KEY = /* @__PURE__ */ new Map();
for (const [, rows] of KEYS) {
  for (const [action, keys] of rows) for (const key of keys) ACTION_OF_KEY.set(key, action);
}
function actionOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  if (altKey) return void 0;
  const held = ctrlKey || metaKey ? `Ctrl+${shiftKey ? "Shift+" : ""}${key.toLowerCase()}` : key;
  return ACTION_OF_KEY.get(held);
}
function keyOf(wanted) {
  return KEYS.flatMap(([, rows]) => rows).find(([action]) => action === wanted)?.[2] ?? "";
}

// modules/tabs.js
function createTabs(label, tabs, onChoose) {
  const box = element("section", "tabs");
  const bar = element("div", "tab-bar");
  bar.setAttribute("role", "tablist");
  bar.setAttribute("aria-label", label);
  const buttons = tabs.map((tab) => createButton(tab, () => choose(tab.name)));
  const placeOf = (name) => tabs.findIndex((tab) => tab.name === name);
  bar.append(...buttons);
  bar.onkeydown = (event) => {
    const next = neighbourOf(
      buttons.filter((button) => !button.hidden),
      event.key
    );
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    next.focus();
    next.click();
  };
  box.append(bar, ...tabs.map(({ panel }) => panel));
  function choose(name) {
    show(name);
    onChoose(name);
  }
  function show(name) {
    tabs.forEach((tab, n) => {
      const chosen = tab.name === name;
      buttons[n].setAttribute("aria-selected", String(chosen));
      buttons[n].tabIndex = chosen ? 0 : -1;
      tab.panel.hidden = !chosen;
    });
  }
  show(tabs[0].name);
  return {
    element: box,
    show,
    /** @param {string} name */
    button: (name) => buttons[placeOf(name)],
    /**
     * Say in a tab how many there are, or nothing (null).
     *
     * @param {string} name
     * @param {number | null} count
     */
    count(name, count) {
      const n = placeOf(name);
      const words = count === null ? tabs[n].title : `${tabs[n].title} ${count.toLocaleString("en")}`;
      if (buttons[n].textContent === words) return;
      buttons[n].replaceChildren(...count === null ? [words] : [`${tabs[n].title} `, numberOf(count)]);
    },
    /**
     * Offer a tab or not; when the one that is seen goes, the first comes.
     *
     * @param {string} name
     * @param {boolean} offered
     */
    offer(name, offered) {
      const button = buttons[placeOf(name)];
      if (button.hidden === !offered) return;
      button.hidden = !offered;
      if (!offered && isChosen(button)) choose(tabs[0].name);
    }
  };
}
function createButton({ name, title, panel }, onclick) {
  const button = element("button", "tab", title);
  button.type = "button";
  button.id = `tab-${name}`;
  button.setAttribute("role", "tab");
  button.setAttribute("aria-controls", `panel-${name}`);
  button.onclick = onclick;
  panel.id = `panel-${name}`;
  panel.setAttribute("role", "tabpanel");
  panel.setAttribute("aria-labelledby", button.id);
  return button;
}
function neighbourOf(buttons, key) {
  const at = buttons.findIndex(isChosen);
  const places = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 };
  return key in places ? buttons.at(places[key] % buttons.length) : void 0;
}
function isChosen(button) {
  return button.getAttribute("aria-selected") === "true";
}
function numberOf(count) {
  return element("span", "number", count.toLocaleString("en"));
}

// modules/landscape.js
var NAMESPACE = "http://www.w3.org/2000/svg";
var WIDTH = 200;
var HEIGHT = 34;
function createLandscape({ least_near_miss: leastNearMiss }) {
  const drawing = node("svg", "landscape");
  drawing.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  drawing.setAttribute("preserveAspectRatio", "none");
  drawing.setAttribute("role", "img");
  const segments = node("path", "segments");
  const things = node("path", "things");
  const coverage = node("path", "coverage");
  const marks = node("path", "near-misses");
  drawing.append(segments, things, coverage, marks);
  let drawn = null;
  let marked = "";
  return {
    element: drawing,
    /**
     * @param {LandscapePayload | null} landscape
     * @param {number} score the present threshold
     * @param {number[]} below scores of what it took away
     */
    show(landscape, score, below) {
      if (landscape !== drawn) {
        drawn = landscape;
        const paths = landscape ? pathsOf(landscape) : { segments: "", things: "", coverage: "" };
        segments.setAttribute("d", paths.segments);
        things.setAttribute("d", paths.things);
        coverage.setAttribute("d", paths.coverage);
      }
      const worthIt = landscape ? below.filter((value) => value >= leastNearMiss) : [];
      const path = worthIt.map((value) => `M${(WIDTH * value).toFixed(1)} ${HEIGHT}v-9`).join("");
      if (path !== marked) marks.setAttribute("d", path);
      marked = path;
      drawing.setAttribute("aria-hidden", String(!landscape));
      drawing.setAttribute("aria-label", landscape ? wordsOf(landscape, score) : "");
    }
  };
}
function pathsOf({ scores, things, stuff, coverage }) {
  const all = Array.from(things, (count, i) => count + stuff[i]);
  const most = Math.max(1, ...all);
  const ends = [...Array.from(scores).slice(1), 1];
  const steps = (values) => Array.from(values, (value, i) => {
    const level = (HEIGHT - 1 - (HEIGHT - 4) * value).toFixed(1);
    return `${(WIDTH * scores[i]).toFixed(1)} ${level}L${(WIDTH * ends[i]).toFixed(1)} ${level}`;
  }).join("L");
  const area = (counts) => `M0 ${HEIGHT}L${steps(Array.from(counts, (count) => count / most))}L${WIDTH} ${HEIGHT}Z`;
  return { segments: area(all), things: area(things), coverage: `M${steps(coverage)}` };
}
function wordsOf({ scores, things, stuff, coverage }, score) {
  let i = 0;
  while (i + 1 < scores.length && scores[i + 1] <= score) i++;
  return `${things[i]} things and ${stuff[i]} stuff cover ${(100 * coverage[i]).toFixed(0)} % of the picture`;
}
function node(tag, className) {
  const made = document.createElementNS(NAMESPACE, tag);
  made.setAttribute("class", className);
  return made;
}

// modules/threshold_panel.js
var KEYS_REST_MS = 60;
function createThresholdPanel(rules, on, ...foot) {
  const panel = element("section", "thresholds");
  panel.setAttribute("aria-label", "Thresholds");
  const undo = iconButton("undo", "Undo", keyOf("undo"));
  const redo = iconButton("redo", "Redo", keyOf("redo"));
  const paper = iconButton("paper", "The paper's values");
  undo.onclick = () => on.act("undo");
  redo.onclick = () => on.act("redo");
  paper.onclick = () => on.act("paper");
  const head = element("div", "thresholds-head");
  head.append(element("span", "title", "Thresholds"), undo, redo, paper);
  const landscape = createLandscape(rules);
  const rows = rules.thresholds.map((rule) => createRow(rule, on, rule.name === "score" ? landscape : null));
  const counts = element("p", "counts");
  panel.append(head, ...rows.map((row) => row.element), counts, ...foot);
  return {
    element: panel,
    /**
     * @param {Thresholds} values
     * @param {SegmentMap | null} map
     * @param {LandscapePayload | null} shown
     */
    show(values, map, shown) {
      const relevant = relevantThresholds(map, rules);
      for (const row of rows) row.show(values[row.name], relevant.includes(row.name));
      paper.disabled = !relevant.length || rules.thresholds.every((rule) => values[rule.name] === rule.paper);
      landscape.show(relevant.length > 1 ? shown : null, values.score, map?.below_score ?? []);
      this.say(map ? countsInWords(map) : "");
    },
    /** Something else in place of the counts. @param {string} words */
    say(words) {
      if (counts.textContent !== words) counts.textContent = words;
    },
    /** @param {History} history */
    showHistory(history2) {
      undo.disabled = !history2.canUndo;
      redo.disabled = !history2.canRedo;
    }
  };
}
function createRow({ name, help, paper }, on, landscape) {
  const title = name[0].toUpperCase() + name.slice(1);
  const words = `${help} Double click: the paper's ${paper.toFixed(2)}.`;
  const range = element("input");
  Object.assign(range, { type: "range", min: 0, max: 1, step: 0.01, title: words });
  range.setAttribute("aria-label", title);
  const typed = element("input", "typed");
  Object.assign(typed, { type: "number", min: 0, max: 1, step: 0.01, title: words });
  typed.setAttribute("aria-label", `${title} as a number`);
  const track = element("div", "track");
  const mark = element("span", "paper-mark");
  mark.style.setProperty("--at", String(paper));
  track.append(...landscape ? [landscape.element] : [], mark, range);
  const row = element("div", landscape ? "threshold tall" : "threshold");
  const label = element("span", "name", title);
  label.title = words;
  row.append(label, track, typed);
  watchRange(range, name, on);
  range.ondblclick = () => on.move({ [name]: paper });
  typed.onchange = () => {
    const before = Number(range.value);
    const value = readValue(typed.value, before);
    typed.value = value.toFixed(2);
    on.move({ [name]: value });
  };
  return {
    element: row,
    name,
    /**
     * @param {number} value
     * @param {boolean} enabled
     */
    show(value, enabled) {
      if (Number(range.value) !== value) range.value = String(value);
      range.style.setProperty("--share", `${100 * value}%`);
      range.setAttribute("aria-valuetext", value.toFixed(2));
      if (typed.getRootNode() instanceof ShadowRoot && !typed.matches(":focus"))
        typed.value = value.toFixed(2);
      range.disabled = typed.disabled = !enabled;
      row.classList.toggle("off", !enabled);
    }
  };
}
function watchRange(range, name, on) {
  let dragged = false;
  let timer = 0;
  range.onpointerdown = () => {
    dragged = true;
  };
  range.oninput = () => {
    clearTimeout(timer);
    on.move({ [name]: Number(range.value) }, name);
    if (!dragged) timer = setTimeout(on.rest, KEYS_REST_MS);
  };
  range.onpointerup = range.onpointercancel = () => {
    if (!dragged) return;
    dragged = false;
    on.rest();
  };
}

// modules/roving.js
function createRoving(container, lines) {
  let stop = null;
  function refresh() {
    const all = lines().flat();
    if (!stop || !all.includes(stop)) stop = all[0] ?? null;
    for (const one of all) {
      const index = one === stop ? 0 : -1;
      if (one.tabIndex !== index || !one.hasAttribute("tabindex")) one.tabIndex = index;
    }
  }
  container.addEventListener("focusin", (event) => {
    const [target] = event.composedPath();
    if (!isStop(target) || !lines().some((line) => line.includes(target))) return;
    stop = target;
    refresh();
  });
  container.addEventListener("keydown", (event) => {
    const [target] = event.composedPath();
    if (!isStop(target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = neighbour(lines(), target, event.key);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    next.focus();
  });
  return { refresh };
}
var isStop = (target) => target instanceof HTMLElement || target instanceof SVGElement;
function neighbour(lines, from, key) {
  const row = lines.findIndex((line) => line.includes(from));
  if (row < 0) return null;
  const column = lines[row].indexOf(from);
  const across = (by) => lines[row + by] && (lines[row + by][column] ?? lines[row + by].at(-1));
  const ways = {
    ArrowLeft: () => lines[row][column - 1],
    ArrowRight: () => lines[row][column + 1],
    ArrowUp: () => across(-1),
    ArrowDown: () => across(1),
    Home: () => (lines.length > 1 ? lines[0] : lines[row])[0],
    End: () => lines.length > 1 ? lines[lines.length - 1][0] : lines[row].at(-1)
  };
  return ways[key]?.() ?? null;
}

export {
  sameThresholds,
  createHistory,
  element,
  iconButton,
  textButton,
  setText,
  placeChildren,
  focusedIn,
  svg,
  sendFiles,
  watchFiles,
  fillWindow,
  writeAddress,
  KEYS,
  actionOf,
  keyOf,
  arriveAt,
  watchLostFocus,
  createTabs,
  createRoving,
  createThresholdPanel
};
