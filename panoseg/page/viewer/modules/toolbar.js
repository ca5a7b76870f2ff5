/** The buttons and sliders above the picture. They show the look and zoom they are told, and keep none. */

import { element, iconButton } from "./dom.js";
import { keyOf } from "./keys.js";
import { COLOR_BY } from "./palette.js";

/** `act(name)` runs what a key would (keys.js); `restyle(change)` changes the style. */
export function createToolbar(act, restyle) {
  const bar = element("div", "toolbar");
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "View and style");
  const button = (icon, name, action) => {
    const node = iconButton(icon, name, keyOf(action));
    node.onclick = () => act(action);
    return node;
  };

  const percent = element("button", "percent");
  percent.type = "button";
  percent.title = `One picture pixel per screen pixel (${keyOf("one")})`;
  percent.onclick = () => act("one");
  const zoom = group(
    button("minus", "Zoom out", "zoomOut"),
    percent,
    button("plus", "Zoom in", "zoomIn"),
    button("fit", "Fit", "fit"),
  );

  const colors = iconButton("fill", "Colours");
  colors.onclick = () => restyle({ opacity: shown.opacity ? 0 : lastOpacity });
  const opacity = slider("Opacity", 0, 100, 5, (value) => restyle({ opacity: value / 100 }));
  const outlines = button("outline", "Outlines", "outlines");
  const width = slider("Outline width", 1, 6, 1, (value) =>
    restyle({ outlines: true, outline_width: value }),
  );

  const colorBy = element("select", "color-by");
  colorBy.title = `Colour by (${keyOf("colors")})`;
  colorBy.setAttribute("aria-label", "Colour by");
  for (const [value, words] of Object.entries(COLOR_BY)) {
    const option = element("option", "", words);
    option.value = value;
    colorBy.append(option);
  }
  colorBy.onchange = () => restyle({ color_by: colorBy.value });

  const labels = button("tag", "Labels", "labels");
  const cutout = button("cutout", "Cut out", "cutout");
  const wipe = button("wipe", "Before and after", "wipe");
  bar.append(
    zoom,
    group(colorBy, labels, cutout, wipe),
    group(colors, opacity, outlines, width),
    group(button("help", "Help", "help")),
  );

  let shown = {};
  let lastOpacity = 0.6; // what the colours come back with

  return {
    element: bar,
    /** `compared` tells whether segments can be coloured by outcome. */
    show(style, wiping, compared) {
      shown = style;
      colorBy.querySelector("[value=outcome]").hidden = !compared;
      if (style.opacity) lastOpacity = style.opacity;
      setValue(opacity, Math.round(100 * style.opacity), "%");
      setValue(width, style.outline_width, "pixels");
      if (colorBy.value !== style.color_by) colorBy.value = style.color_by;
      for (const [node, on] of [
        [colors, style.opacity > 0],
        [outlines, style.outlines],
        [labels, style.labels],
        [cutout, style.cutout],
        [wipe, wiping],
      ]) {
        node.setAttribute("aria-pressed", String(Boolean(on)));
      }
    },
    /** `ratio` is screen pixels per picture pixel. */
    showZoom(ratio) {
      const words = `${Math.round(100 * ratio)} %`;
      if (percent.textContent === words) return;
      percent.textContent = words;
      percent.setAttribute("aria-label", `Zoom ${words}, press for 100 %`);
    },
  };
}

function group(...children) {
  const node = element("div", "group");
  node.append(...children);
  return node;
}

function slider(name, least, most, step, change) {
  const input = element("input");
  Object.assign(input, { type: "range", min: least, max: most, step, title: name });
  input.setAttribute("aria-label", name);
  input.oninput = () => change(Number(input.value));
  return input;
}

function setValue(input, value, unit) {
  if (Number(input.value) !== value) input.value = value;
  input.setAttribute("aria-valuetext", `${value} ${unit}`);
  const share = (value - input.min) / (input.max - input.min);
  input.style.setProperty("--share", `${100 * share}%`);
}
