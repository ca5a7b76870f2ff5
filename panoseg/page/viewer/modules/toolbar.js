/**
 * The buttons and sliders above the picture. They show the look and zoom they are told, and keep none.
 *
 * @import { Icon } from "./dom.js"
 * @import { Rules } from "./inbox.js"
 * @import { Style } from "./look.js"
 *
 * @typedef {(action: string) => void} Act does what a key would (keys.js)
 * @typedef {(change: Partial<Style>) => void} Restyle
 */

import { element, iconButton } from "./dom.js";
import { keyOf } from "./keys.js";
import { OPACITY_STEP } from "./look.js";
import { createRoving } from "./roving.js";

/**
 * @param {Rules} rules
 * @param {Act} act
 * @param {Restyle} restyle
 */
export function createToolbar(rules, act, restyle) {
  const bar = element("div", "toolbar");
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "View and style");
  const zoom = createZoom(act);
  const colorBy = createColorBy(rules, restyle);
  const labels = actionButton(act, "tag", "Labels", "labels");
  const cutout = actionButton(act, "cutout", "Cut out", "cutout");
  const wipe = actionButton(act, "wipe", "Before and after", "wipe");
  const flicker = actionButton(act, "flicker", "Other picture's segments here", "flicker");
  const reasons = actionButton(act, "question", "Why it is missing or extra", "reasons");
  flicker.hidden = reasons.hidden = true;
  const doubt = actionButton(act, "unsure", "Where is it unsure?", "doubt");
  const strength = createStrength(rules, act, restyle);
  bar.append(
    zoom.element,
    group(colorBy.element, labels, reasons, cutout, wipe, doubt, flicker),
    strength.element,
    group(
      actionButton(act, "share", "Copy link", "share"),
      actionButton(act, "learn", "How it works", "explain"),
      actionButton(act, "help", "Keys", "help"),
    ),
  );
  // Sliders and the choice need the arrows for themselves, and are stops of their own.
  /** @returns {HTMLElement[][]} */
  const lines = () => [[...bar.querySelectorAll("button")].filter((button) => !button.hidden)];
  const roving = createRoving(bar, lines);
  roving.refresh();
  return {
    element: bar,
    showZoom: zoom.show,
    /** @param {boolean} on */
    showFlicker: (on) => setPressed(flicker, on),
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
      flicker.hidden = !compared.outcomes;
      reasons.hidden = compared.reasons === null;
      setPressed(reasons, compared.reasons === true);
      roving.refresh();
    },
  };
}

/** @param {Act} act */
function createZoom(act) {
  const percent = element("button", "percent");
  percent.type = "button";
  percent.title = `One picture pixel per screen pixel (${keyOf("one")})`;
  percent.onclick = () => act("one");
  return {
    element: group(
      actionButton(act, "minus", "Zoom out", "zoomOut"),
      percent,
      actionButton(act, "plus", "Zoom in", "zoomIn"),
      actionButton(act, "fit", "Fit", "fit"),
    ),
    /** @param {number} ratio screen pixels per picture pixel */
    show(ratio) {
      const words = `${Math.round(100 * ratio)} %`;
      if (percent.textContent === words) return;
      percent.textContent = words;
      percent.setAttribute("aria-label", `Zoom ${words}, press for 100 %`);
    },
  };
}

/**
 * @param {Rules} rules
 * @param {Restyle} restyle
 */
function createColorBy(rules, restyle) {
  const choice = element("select", "color-by");
  choice.title = `Colour by (${keyOf("colors")})`;
  choice.setAttribute("aria-label", "Colour by");
  for (const [value, words] of Object.entries(rules.color_by)) {
    const option = element("option", "", words);
    option.value = value;
    choice.append(option);
  }
  choice.onchange = () => restyle({ color_by: choice.value });
  return {
    element: choice,
    /**
     * @param {Style} style
     * @param {boolean} compared
     */
    show(style, compared) {
      for (const option of choice.options) option.hidden = option.value === "outcome" && !compared;
      if (choice.value !== style.color_by) choice.value = style.color_by;
    },
  };
}

/**
 * How strong colours and outlines are.
 *
 * @param {Rules} rules
 * @param {Act} act
 * @param {Restyle} restyle
 */
function createStrength(rules, act, restyle) {
  let shown = rules.style;
  let lastOpacity = rules.style.opacity; // what the colours come back with
  const colors = iconButton("fill", "Colours");
  colors.onclick = () => restyle({ opacity: shown.opacity ? 0 : lastOpacity });
  const opacity = slider("Opacity", 0, 100, 100 * OPACITY_STEP, (value) => restyle({ opacity: value / 100 }));
  const outlines = actionButton(act, "outline", "Outlines", "outlines");
  const width = slider("Outline width", 1, rules.widest_outline, 1, (value) =>
    restyle({ outlines: true, outline_width: value }),
  );
  return {
    element: group(colors, opacity, outlines, width),
    /** @param {Style} style */
    show(style) {
      shown = style;
      if (style.opacity) lastOpacity = style.opacity;
      setValue(opacity, Math.round(100 * style.opacity), "%");
      setValue(width, style.outline_width, "pixels");
      setPressed(colors, style.opacity > 0);
      setPressed(outlines, style.outlines);
    },
  };
}

/**
 * @param {Act} act
 * @param {Icon} icon
 * @param {string} name
 * @param {string} action
 */
function actionButton(act, icon, name, action) {
  const button = iconButton(icon, name, keyOf(action));
  button.onclick = () => act(action);
  return button;
}

/**
 * @param {HTMLButtonElement} button
 * @param {boolean} on
 */
function setPressed(button, on) {
  button.setAttribute("aria-pressed", String(on));
}

/** @param {...HTMLElement} children */
function group(...children) {
  const node = element("div", "group");
  node.append(...children);
  return node;
}

/**
 * @param {string} name
 * @param {number} least
 * @param {number} most
 * @param {number} step
 * @param {(value: number) => void} change
 */
function slider(name, least, most, step, change) {
  const input = element("input");
  Object.assign(input, { type: "range", min: least, max: most, step, title: name });
  input.setAttribute("aria-label", name);
  input.oninput = () => change(Number(input.value));
  return input;
}

/**
 * @param {HTMLInputElement} input
 * @param {number} value
 * @param {string} unit
 */
function setValue(input, value, unit) {
  if (Number(input.value) !== value) input.value = String(value);
  input.setAttribute("aria-valuetext", `${value} ${unit}`);
  const share = (value - Number(input.min)) / (Number(input.max) - Number(input.min));
  input.style.setProperty("--share", `${100 * share}%`);
}
