/**
 * Files to take home of all pictures, of those that are left, or of the ticked ones: an archive that the browser
 * saves while it comes.
 *
 * @import { Asked } from "./asked.js"
 *
 * @typedef {{ name: string, title: string, help: string, measures: boolean }} FormatRule
 *
 * @typedef {object} Downloadable
 * @property {(wanted: Record<string, string>) => Promise<string>} prepare gives where to fetch it from
 * @property {Asked} asked
 * @property {number} all pictures
 * @property {number} left
 * @property {number[]} ticked positions
 */

import { element } from "../dom.js";
import { parameters } from "./asked.js";
import { createSheet } from "./sheet.js";

const USUAL_FORMATS = ["coco-panoptic", "csv"];
const PICTURES = /** @type {const} */ ({
  all: "All",
  left: "Those that the filters leave",
  ticked: "Ticked",
});
const PIXEL_SIZE = /^\s*[\d.]+\s*[a-zµμ]{1,8}\s*$/i;

/** @param {FormatRule[]} formats */
export function createDownloadSheet(formats) {
  const sheet = createSheet("Download");
  const pictures = createPictureChoice();
  const kinds = createFormatChoice(formats, say);
  const measuring = createMeasuring(say);
  const status = element("p", "status");
  status.setAttribute("role", "status");
  const go = element("button", "primary", "Download");
  go.type = "button";
  sheet.body.append(pictures.element, kinds.element, measuring.element, status, go);
  /** @type {Downloadable | null} */
  let shown = null;

  function say() {
    const chosen = kinds.chosen();
    measuring.offer(chosen.some((format) => format.measures));
    status.textContent = measuring.isWrong()
      ? "A pixel size is a number and a unit, such as 0.25mm."
      : chosen.map(({ title, help }) => `${title}: ${help}`).join(" ") || "Choose at least one format.";
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
        formats: kinds
          .chosen()
          .map(({ name }) => name)
          .join(","),
        pixel: measuring.pixelSize(),
      });
      const link = element("a");
      Object.assign(link, { href: address, download: "" });
      link.click();
      sheet.close();
    } catch (error) {
      status.textContent = error instanceof Error ? error.message : "That did not work.";
    } finally {
      go.disabled = false;
    }
  };
  return {
    element: sheet.element,
    /** @param {Downloadable} downloadable */
    open(downloadable) {
      shown = downloadable;
      pictures.show({ all: shown.all, left: shown.left, ticked: shown.ticked.length });
      say();
      sheet.open();
    },
  };
}

/** Of which pictures: all, those that are left, or the ticked ones. */
function createPictureChoice() {
  const box = element("fieldset", "which");
  box.append(element("legend", "", "Pictures"));
  const names = /** @type {(keyof typeof PICTURES)[]} */ (Object.keys(PICTURES));
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
    chosen: () => choices.find(({ radio }) => radio.checked)?.name ?? "all",
  };
}

/**
 * @param {FormatRule[]} formats
 * @param {() => void} changed
 */
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
    chosen: () => boxes.filter(({ tick }) => tick.checked).map(({ format }) => format),
  };
}

/**
 * Measurements in the tables, and how large a pixel is.
 *
 * @param {() => void} changed
 */
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
    pixelSize: () => (on() ? pixel.value || "1px" : ""),
  };
}
