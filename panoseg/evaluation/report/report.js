"use strict";
// The report: its data stand in the page. Names come from annotations and models, and are only ever set as text.

const data = JSON.parse(document.getElementById("data").textContent);
const tip = document.getElementById("tip");
const report = document.getElementById("report");
const HUES = ["#e03a5f", "#8f5bd6", "#2f86d6", "#1b9e94", "#7a8b2a", "#d9860a", "#b4532a", "#c2489b", "#5b6678", "#3f5bb0", "#8a6d1f"];

const percent = (value, digits = 1) => (value === null || value === undefined ? "n/a" : (100 * value).toFixed(digits));
const signed = (value, digits = 1) => (value === null || value === undefined ? "n/a" : `${value >= 0 ? "+" : "−"}${Math.abs(100 * value).toFixed(digits)}`);
const range = (found) => (found ? `${percent(found.low)} to ${percent(found.high)}` : "n/a");

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  fill(made, attributes, children);
  return made;
}

function shape(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  fill(made, attributes, children);
  return made;
}

function fill(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "style") made.style.cssText = value;
    else if (key === "tip") says(made, value);
    else if (key === "click") made.addEventListener("click", value);
    else if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
}

// What a mark says, to the pointer, a finger and the keyboard. Of the marks that come by the hundred, whose numbers
// stand in the tables, none is a tab stop.
function says(mark, words) {
  mark.setAttribute("tabindex", mark.classList.contains("hover") || mark.tagName === "I" ? "-1" : "0");
  mark.setAttribute("aria-label", words);
  if (!mark.hasAttribute("role")) mark.setAttribute("role", "img");
  mark.addEventListener("pointermove", (event) => showTip(words, event.clientX, event.clientY));
  mark.addEventListener("pointerleave", hideTip);
  mark.addEventListener("blur", hideTip);
  mark.addEventListener("focus", () => {
    const box = mark.getBoundingClientRect();
    showTip(words, box.left + box.width / 2, box.bottom);
  });
}

function showTip(words, x, y) {
  tip.textContent = words;
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(6, Math.min(x + 14, innerWidth - width - 6))}px`;
  tip.style.top = `${y + 18 + height > innerHeight ? Math.max(6, y - height - 12) : y + 18}px`;
}

function hideTip() {
  tip.hidden = true;
}

function section(title, note, ...children) {
  return element("section", {}, element("h2", {}, title), note ? element("p", { class: "note" }, note) : null, ...children);
}

function head() {
  const from = data.made_of;
  const thresholds = from.thresholds;
  const where = thresholds ? `score ${thresholds.score} · mask ${thresholds.mask} · overlap ${thresholds.overlap}` : "finished maps";
  report.append(element("h1", {}, from.model), element("p", { class: "soft" }, `${from.annotation} · ${from.pictures} pictures · ${where}`));
  const numbers = element("div", { class: "numbers" });
  for (const [name, title] of [["all", "PQ"], ["things", "PQ of things"], ["stuff", "PQ of stuff"]]) {
    const found = data.figures[name];
    numbers.append(
      element(
        "div",
        { class: "number", tip: `${title}, mean over ${found.count} classes\n95 % of resampled data sets: ${range(data.intervals[name])}` },
        element("small", {}, title),
        element("b", {}, percent(found.pq)),
        element("small", {}, `SQ ${percent(found.sq)} · RQ ${percent(found.rq)}`),
      ),
    );
  }
  report.append(numbers);
  const warnings = [];
  if (from.missing) warnings.push(`${from.missing} annotated pictures are not in the run.`);
  if (from.surplus) warnings.push(`${from.surplus} pictures of the run are not annotated; they play no role.`);
  if (from.failures.length) warnings.push(`${from.failures.length} pictures could not be evaluated: ${from.failures.slice(0, 3).map((each) => each[1]).join(" ")}`);
  if (from.resized) warnings.push(`${from.resized} annotations have another size than the picture; theirs counts.`);
  if (from.only_annotation.length) warnings.push(`Not known to the model: ${from.only_annotation.join(", ")}.`);
  if (from.only_model.length) warnings.push(`Not annotated, so not counted: ${from.only_model.join(", ")}.`);
  if (warnings.length) report.append(element("section", { class: "warning" }, ...warnings.map((each) => element("p", {}, each))));
}

function costs() {
  if (!data.costs.length) return section("Where it is lost", "Nothing is: every annotated segment is matched, and nothing else was predicted.");
  const most = Math.max(...data.costs.map((each) => each.pq.all || 0), 1e-9);
  const bars = element("div", { class: "bars" });
  let side = "";
  for (const cost of data.costs) {
    if (cost.side !== side) {
      side = cost.side;
      bars.append(element("div", { class: "head" }, side === "missed" ? "Annotated, and not found" : "Predicted, and not there"));
    }
    const sizes = Object.entries(cost.sizes).map(([name, value]) => `${name} ${signed(value, 2)}`).join(" · ");
    const words = `${cost.words}: ${cost.count} segments\nmended, PQ would be ${signed(cost.pq.all, 2)}\nthings ${signed(cost.pq.things, 2)} · stuff ${signed(cost.pq.stuff, 2)}\nby size: ${sizes}`;
    const width = Math.max(0, (100 * (cost.pq.all || 0)) / most);
    bars.append(
      element("div", {}, cost.words),
      element("div", { class: "bar-cell" }, element("div", { class: "bar", style: `width:${width}%;background:var(--${side})`, tip: words })),
      element("div", { class: "value" }, element("b", {}, signed(cost.pq.all, 2)), element("span", { class: "soft" }, `  ·  ${cost.count}`)),
    );
  }
  return section("Where it is lost", "PQ points that would be gained if exactly these errors were mended, and how many segments they are. They do not add up: one segment's mending can change what another's is worth.", bars);
}

function classes() {
  const table = element("table");
  const columns = [
    ["Class", (each) => each.name],
    ["PQ", (each) => each.pq],
    ["SQ", (each) => each.sq],
    ["RQ", (each) => each.rq],
    ["Found", (each) => each.tp],
    ["Missed", (each) => each.fn],
    ["Surplus", (each) => each.fp],
  ];
  const reasons = [...new Set(data.classes.flatMap((each) => Object.keys(each.lost)))];
  const hue = (reason) => HUES[reasons.indexOf(reason) % HUES.length];
  const body = element("tbody");
  let sorted = 1;
  let rising = true;
  const heads = [];
  const row = element("tr");
  columns.forEach(([title], n) => {
    const cell = element("th", { scope: "col" }, element("button", { type: "button", click: () => sort(n) }, title));
    heads.push(cell);
    row.append(cell);
  });
  row.append(element("th", { scope: "col", style: "text-align:left" }, element("span", { class: "soft" }, "what became of them")));
  const occurring = data.classes.filter((each) => each.pq !== null);
  function sort(n) {
    rising = n === sorted ? !rising : n < 2;
    sorted = n;
    draw();
  }
  function draw() {
    const value = columns[sorted][1];
    const order = [...occurring].sort((a, b) => {
      const one = value(a);
      const other = value(b);
      const less = typeof one === "string" ? one.localeCompare(other) : one - other;
      return rising ? less : -less;
    });
    heads.forEach((each, n) => {
      if (n === sorted) each.setAttribute("aria-sort", rising ? "ascending" : "descending");
      else each.removeAttribute("aria-sort");
    });
    body.replaceChildren(...order.map(line));
  }
  function line(each) {
    const total = Math.max(1, each.tp + each.fn + each.fp);
    const stack = element("div", { class: "stack" }, element("i", { style: `width:${(100 * each.tp) / total}%;background:var(--good)`, tip: `${each.name}: ${each.tp} found` }));
    for (const [reason, count] of Object.entries(each.lost)) {
      stack.append(element("i", { style: `width:${(100 * count) / total}%;background:${hue(reason)}`, tip: `${each.name}: ${count} ${reason}` }));
    }
    return element(
      "tr",
      {},
      element("td", {}, each.name, element("span", { class: "soft" }, each.thing ? "" : "  stuff")),
      ...["pq", "sq", "rq"].map((name) => element("td", {}, percent(each[name]))),
      ...["tp", "fn", "fp"].map((name) => element("td", {}, String(each[name]))),
      element("td", {}, stack),
    );
  }
  draw();
  table.append(element("thead", {}, row), body);
  const legend = element("div", { class: "legend" }, element("span", {}, element("i", { style: "background:var(--good)" }), "found"), ...reasons.map((reason) => element("span", {}, element("i", { style: `background:${hue(reason)}` }), reason)));
  const never = data.classes.length - occurring.length;
  return section("Classes", `A click on a heading sorts.${never ? ` ${never} classes are neither annotated nor predicted: n/a.` : ""}`, element("div", { class: "scroll" }, table), legend);
}

function confusion() {
  const table = data.confusion;
  const count = table.length - 1;
  const errors = table.map((row, i) => row.reduce((sum, value, j) => sum + (i === j ? 0 : value + table[j][i]), 0));
  const shown = [...Array(count).keys()].filter((n) => errors[n] > 0).sort((a, b) => errors[b] - errors[a]).slice(0, 24).sort((a, b) => a - b);
  if (!shown.length) return null;
  const places = [...shown, count];
  const name = (n, last) => (n === count ? last : data.classes[n].name);
  const side = 22;
  const left = 104;
  const top = 92;
  const svg = shape("svg", { viewBox: `0 0 ${left + side * places.length + 60} ${top + side * places.length + 4}`, style: `max-width:${left + side * places.length + 60}px`, role: "group", "aria-label": "confusion of classes" });
  places.forEach((i, y) => {
    const sum = Math.max(1, table[i].reduce((a, b) => a + b, 0));
    svg.append(shape("text", { x: left - 6, y: top + side * y + 15, "text-anchor": "end" }, short(name(i, "nothing there"))));
    svg.append(shape("text", { x: 0, y: 0, transform: `translate(${left + side * y + 14} ${top - 6}) rotate(-55)` }, short(name(i, "missed"))));
    places.forEach((j, x) => {
      const value = table[i][j];
      const share = i === count ? value / Math.max(1, ...table[count]) : value / sum;
      const good = i === j && i !== count;
      const color = good ? `color-mix(in srgb, var(--good) ${Math.round(100 * share)}%, var(--line))` : `color-mix(in srgb, var(--missed) ${value ? Math.round(20 + 80 * Math.sqrt(share)) : 0}%, var(--line))`;
      const box = { x: left + side * x, y: top + side * y, width: side - 2, height: side - 2, rx: 3, style: `fill:${color}` };
      if (value) {
        const words = i === count ? `${name(j, "")}: ${value} where there is none` : j === count ? `${name(i, "")}: ${value} missed (${percent(value / sum)} %)` : good ? `${name(i, "")}: ${value} found (${percent(value / sum)} %)` : `${name(i, "")} called ${name(j, "")}: ${value} (${percent(value / sum)} %)`;
        svg.append(shape("rect", { ...box, class: "hover", tip: words }));
      } else svg.append(shape("rect", box));
    });
  });
  return section("What is taken for what", `Rows are annotated, columns predicted.${count > shown.length ? " The classes that have most errors." : ""}`, element("div", { class: "scroll" }, svg));
}

const short = (text) => (text.length > 16 ? `${text.slice(0, 15)}…` : text);

function surface() {
  const found = data.surface;
  if (!found) return null;
  const holder = element("div");
  const tabs = element("div", { class: "tabs" });
  const buttons = found.masks.map((mask) => element("button", { type: "button", click: () => draw(mask) }, `mask ${mask}`));
  function draw(mask) {
    buttons.forEach((button, n) => button.setAttribute("aria-pressed", String(found.masks[n] === mask)));
    holder.replaceChildren(plane(found, mask));
  }
  if (buttons.length > 1) tabs.append(...buttons);
  draw(found.now.mask in found.pq ? found.now.mask : found.masks[0]);
  const best = found.best;
  const lines = [];
  if (best) {
    if (best.pq <= best.before) lines.push("None of these points is better than where this report stands.");
    else lines.push(`Best of these points: score ${best.score}, overlap ${best.overlap}, mask ${best.mask}: PQ ${percent(best.pq)}, ${signed(best.gain ? best.gain.value : best.pq - best.before, 2)} points${best.gain ? ` (95 % of resampled data sets: ${signed(best.gain.low, 2)} to ${signed(best.gain.high, 2)})` : ""}.`);
    if (best.held_out !== null && best.pq > best.before) lines.push(`On the half of the pictures that did not choose it: ${signed(best.held_out, 2)} points.`);
  }
  const wishes = [...found.classes].filter((each) => each.gain > 0.0005).sort((a, b) => b.gain - a.gain).slice(0, 10);
  if (wishes.length) lines.push(`Score thresholds that classes would like: ${wishes.map((each) => `${each.name} ${each.score} (${signed(each.gain)})`).join(", ")}.`);
  return section("Thresholds", "PQ at each score and overlap threshold, exactly as an evaluation there would give it; the stronger the colour the better, by rank. The ring is where this report stands, the dot the best point.", tabs, holder, ...lines.map((line) => element("p", { class: "note" }, line)));
}

function plane(found, mask) {
  const rows = found.pq[String(mask)];
  const known = Object.values(found.pq).flat(2).filter((value) => value !== null);
  // By rank: most of the plane differs by little, and a few points by much.
  const ranks = [...new Set(known)].sort((a, b) => a - b);
  const [w, h, left, top] = [24, 22, 40, 8];
  const height = found.overlaps.length * h;
  const svg = shape("svg", { viewBox: `0 0 ${left + found.scores.length * w + 8} ${top + height + 34}`, role: "group", "aria-label": "PQ by score and overlap" });
  found.scores.forEach((score, i) => {
    found.overlaps.forEach((overlap, j) => {
      const value = rows[i][j];
      const share = value === null || ranks.length < 2 ? 0 : ranks.indexOf(value) / (ranks.length - 1);
      svg.append(shape("rect", { x: left + i * w, y: top + height - (j + 1) * h, width: w - 2, height: h - 2, rx: 3, class: "hover", style: `fill:rgba(var(--cell), ${0.08 + 0.92 * share ** 1.6})`, tip: `PQ ${percent(value, 2)}\nscore ${score} · overlap ${overlap} · mask ${mask}` }));
    });
    if (i % 3 === 1) svg.append(shape("text", { x: left + i * w + w / 2, y: top + height + 14, "text-anchor": "middle" }, String(score)));
  });
  found.overlaps.forEach((overlap, j) => {
    if (j % 2 === 1) svg.append(shape("text", { x: left - 6, y: top + height - (j + 0.5) * h + 4, "text-anchor": "end" }, String(overlap)));
  });
  svg.append(shape("text", { x: left + (found.scores.length * w) / 2, y: top + height + 30, "text-anchor": "middle" }, "score threshold"), shape("text", { transform: `translate(10 ${top + height / 2}) rotate(-90)`, "text-anchor": "middle" }, "overlap threshold"));
  const at = (axis, value) => axis.reduce((best, each, n) => (Math.abs(each - value) < Math.abs(axis[best] - value) ? n : best), 0);
  const mark = (point, attributes) => {
    if (!point || point.mask !== mask) return;
    svg.append(shape("circle", { cx: left + (at(found.scores, point.score) + 0.5) * w - 1, cy: top + height - (at(found.overlaps, point.overlap) + 0.5) * h - 1, "pointer-events": "none", ...attributes }));
  };
  mark(found.now, { r: 7, fill: "none", style: "stroke:var(--ink);stroke-width:2" });
  mark(found.best, { r: 4, style: "fill:var(--surplus);stroke:var(--card);stroke-width:1" });
  return svg;
}

function trust() {
  const found = data.trust;
  const [left, top, size] = [40, 10, 260];
  const svg = shape("svg", { viewBox: `0 0 ${left + size + 12} ${top + size + 36}`, style: "max-width:440px", role: "group", "aria-label": "reliability of scores" });
  const x = (value) => left + value * size;
  const y = (value) => top + size - value * size;
  for (const value of [0, 0.2, 0.4, 0.6, 0.8, 1]) {
    svg.append(shape("line", { x1: left, x2: left + size, y1: y(value), y2: y(value), style: "stroke:var(--line)" }), shape("text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, String(value)), shape("text", { x: x(value), y: top + size + 15, "text-anchor": "middle" }, String(value)));
  }
  svg.append(shape("line", { x1: x(0), y1: y(0), x2: x(1), y2: y(1), style: "stroke:var(--soft);stroke-dasharray:4 4" }), shape("text", { x: left + size / 2, y: top + size + 31, "text-anchor": "middle" }, "score"), shape("text", { transform: `translate(10 ${top + size / 2}) rotate(-90)`, "text-anchor": "middle" }, "share that is right"));
  const series = [
    ["before the threshold", found.proposals, "var(--surplus)"],
    ["predicted segments", found.segments, "var(--accent)"],
  ].filter((each) => each[1]);
  for (const [title, bins, color] of series) {
    const most = Math.max(...bins.count);
    const points = bins.count.map((count, n) => ({ count, score: bins.confidence[n], right: bins.accuracy[n] })).filter((each) => each.count > 0);
    svg.append(shape("polyline", { points: points.map((each) => `${x(each.score)},${y(each.right)}`).join(" "), style: `fill:none;stroke:${color};stroke-width:2` }));
    for (const each of points) svg.append(shape("circle", { cx: x(each.score), cy: y(each.right), r: 3.5 + 5 * Math.sqrt(each.count / most), class: "hover", style: `fill:${color}`, tip: `${title}\nscore ${each.score.toFixed(2)}: right in ${percent(each.right)} %\n${Math.round(each.count)} of them` }));
  }
  const lines = [`Calibration error: ${series.map(([title, bins]) => `${title} ${percent(bins.ece)}`).join(", ")}, their pixels (pECE) ${percent(found.pece)}. uPQ ${percent(found.upq.all)}.`];
  if (found.temperature) lines.push(`Log odds divided by ${found.temperature.value.toFixed(2)} would bring the error of predicted segments to ${percent(found.temperature.ece)}.`);
  if (found.proposal_temperature) lines.push(`Before the threshold: divided by ${found.proposal_temperature.value.toFixed(2)}, to ${percent(found.proposal_temperature.ece)}.`);
  return section("Trust in scores", "Does 0.8 mean right in 80 of 100 cases? On the dashed line it does; below it, scores promise too much.", svg, element("div", { class: "legend" }, ...series.map(([title, , color]) => element("span", {}, element("i", { style: `background:${color}` }), title))), ...lines.map((line) => element("p", { class: "note" }, line)));
}

function comparison() {
  const found = data.comparison;
  if (!found) return null;
  const table = element("table", {}, element("thead", {}, element("tr", {}, ...["", "PQ", "SQ", "RQ"].map((title) => element("th", { scope: "col" }, title)))));
  const cell = (value) => element("td", {}, value ? `${signed(value.value)}  (${signed(value.low)} to ${signed(value.high)})` : "n/a");
  const rows = Object.entries(found.groups).map(([name, each]) => element("tr", {}, element("td", {}, name), cell(each.pq), cell(each.sq), cell(each.rq)));
  const known = found.classes.filter((each) => each.pq).sort((a, b) => Math.abs(b.pq.value) - Math.abs(a.pq.value)).slice(0, 12);
  rows.push(...known.map((each) => element("tr", {}, element("td", {}, each.name), cell(each.pq), element("td"), element("td"))));
  table.append(element("tbody", {}, ...rows));
  const other = found.other ? `A is ${found.other.run}: ${found.other.model}${found.other.thresholds ? `, ${thresholdsOf(found.other)}` : ""}${found.other.weights_sha256 ? `, sha256 ${found.other.weights_sha256}` : ""}; B is this report's. ` : "";
  const pictures = element("table", {}, element("thead", {}, element("tr", {}, ...["Picture", "Only A finds", "Only B finds"].map((title) => element("th", { scope: "col" }, title)))));
  const said = (lines) => element("td", {}, lines.length ? `${lines.length}: ${lines.join(", ")}` : "");
  pictures.append(element("tbody", {}, ...found.by_picture.slice(0, 40).map((each) => element("tr", {}, element("td", {}, each.picture), said(each.only.a), said(each.only.b)))));
  const more = found.by_picture.length > 40 ? element("p", { class: "note" }, `And ${found.by_picture.length - 40} more pictures; differences.csv has all.`) : null;
  return section("Beside the other run", `${other}B less A, with where 95 % of resampled data sets have it. B finds ${found.only_b} segments that A does not, and A ${found.only_a} that B does not.`, element("div", { class: "scroll" }, table), found.by_picture.length ? element("div", { class: "scroll only" }, pictures) : null, more);
}

function others() {
  const entries = Object.entries(data.other_tasks);
  if (!entries.length) return null;
  const table = element("table");
  const body = element("tbody");
  for (const [task, values] of entries) {
    for (const [name, value] of Object.entries(values)) {
      if (value === null || typeof value === "number") body.append(element("tr", {}, element("td", {}, `${task}: ${name}`), element("td", {}, percent(value))));
    }
  }
  table.append(body);
  return section("Other figures", null, element("div", { class: "scroll" }, table));
}

function worst() {
  if (!data.worst || !data.worst.length) return null;
  const figures = data.worst.map((each) =>
    element(
      "figure",
      {},
      element("img", { src: `data:image/jpeg;base64,${each.image}`, alt: `${each.name}: ${each.lines.length} errors` }),
      element("figcaption", {}, element("b", {}, each.name), `  PQ ${percent(each.pq)}`, element("ul", {}, ...each.lines.slice(0, 6).map((line) => element("li", {}, line)), each.lines.length > 6 ? element("li", {}, `and ${each.lines.length - 6} more`) : null)),
    ),
  );
  return section("The worst pictures", null, element("div", { class: "legend" }, element("span", {}, element("i", { style: "background:#ff4d6d" }), "annotated, and not found"), element("span", {}, element("i", { style: "background:#ffb224" }), "predicted, and not there")), element("div", { class: "pictures" }, ...figures));
}

const namesOf = (values) => Object.entries(values).map(([name, value]) => `${name} ${value}`).join(", ");
const thresholdsOf = (from) => namesOf(from.thresholds);

function makers() {
  const from = data.made_of;
  const list = element("dl");
  const entries = {
    model: from.model,
    revision: from.revision,
    "sha256 of the weights": from.weights_sha256,
    run: from.run,
    network: [from.engine, from.precision, from.device].filter(Boolean).join(", "),
    "input size": Array.isArray(from.input_size) ? from.input_size.join(" × ") : from.input_size,
    thresholds: from.thresholds ? thresholdsOf(from) : "none: finished maps",
    annotation: from.annotation,
    "sha256 of the annotation": from.annotation_sha256,
    "the run was made with": namesOf(from.run_versions),
    "this report was made with": namesOf(from.versions),
  };
  for (const [name, value] of Object.entries(entries)) if (value) list.append(element("dt", {}, name), element("dd", {}, String(value)));
  return element("details", { class: "made-of" }, element("summary", {}, "What makes this report again"), list);
}

head();
report.append(makers());
const pair = [surface(), trust()].filter(Boolean);
for (const part of [costs(), worst(), classes(), pair.length > 1 ? element("div", { class: "two" }, ...pair) : pair[0], confusion(), comparison(), others()]) {
  if (part) report.append(part);
}
addEventListener("scroll", hideTip, { passive: true });
