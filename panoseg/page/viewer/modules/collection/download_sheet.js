/**
 * Files to take home of all pictures, of those that are left, or of the ticked ones: an archive that the browser
 * saves while it comes.
 *
 * @import { Asked } from "./server.js"
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
import { parameters } from "./server.js";
import { createSheet } from "./sheet.js";

/** @param {FormatRule[]} formats */
export function createDownloadSheet(formats) {
  const sheet = createSheet("Download");
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
      checked: format.name === "coco-panoptic" || format.name === "csv",
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
  sheet.body.append(which, list, measured, status, go);
  /** @type {Downloadable | null} */
  let shown = null;

  function say() {
    const chosen = boxes.filter(({ box }) => box.checked);
    const tables = chosen.some(({ format }) => format.measures);
    measured.classList.toggle("off", !tables);
    const wrong =
      measure.checked && tables && pixel.value && !/^\s*[\d.]+\s*[a-zµμ]{1,8}\s*$/i.test(pixel.value);
    status.textContent = wrong
      ? "A pixel size is a number and a unit, such as 0.25mm."
      : chosen.length
        ? chosen.map(({ format }) => `${format.title}: ${format.help}`).join(" ")
        : "Choose at least one format.";
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
        pixel: tables && measure.checked ? pixel.value || "1px" : "",
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
      const counts = { all: shown.all, left: shown.left, ticked: shown.ticked.length };
      const titles = { all: "All", left: "Those that the filters leave", ticked: "Ticked" };
      for (const { value, radio, words } of choices) {
        const name = /** @type {keyof typeof counts} */ (value);
        words.textContent = `${titles[name]} (${counts[name].toLocaleString("en")})`;
        radio.disabled = !counts[name];
      }
      const usual = counts.ticked ? "ticked" : counts.left < counts.all && counts.left ? "left" : "all";
      for (const { value, radio } of choices) radio.checked = value === usual;
      say();
      sheet.open();
    },
  };
}
