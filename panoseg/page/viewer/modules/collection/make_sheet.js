/**
 * A run of one's own: files are chosen or dropped on the page, or a folder of the operator's, then sent and predicted.
 *
 * @import { Server } from "./server.js"
 *
 * @typedef {object} Making what the operator allows
 * @property {number} pictures 0: none are made
 * @property {number} megabytes
 * @property {string[]} suffixes
 * @property {{ name: string, title: string }[]} models
 * @property {string[]} folders
 *
 * @typedef {ReturnType<typeof createForm>} Form
 */

import { element } from "../dom.js";
import { countOf } from "./counts.js";
import { refusedInWords, sendFiles } from "./sending.js";
import { createSheet, labelledSelect } from "./sheet.js";

/**
 * @param {Making} making
 * @param {Server} server
 * @param {(run: string, words: string) => void} made called once a run has begun, with words on what was refused
 */
export function createMakeSheet(making, server, made) {
  const sheet = createSheet("New collection");
  const form = createForm(making);
  sheet.body.append(...form.elements);
  /** @type {File[]} */
  let chosen = [];

  let strangers = 0;

  /** @param {File[]} given */
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
      await server.start(run, { model: form.model, ...(form.folder ? { folder: form.folder } : {}) });
      sheet.close();
      made(run, refusedInWords(refused));
      chosen = [];
      strangers = 0;
      form.files.value = "";
      showChosen();
    } catch (error) {
      if (run) await server.remove(run).catch(() => {});
      form.say(error instanceof Error ? error.message : "That did not work.");
    } finally {
      form.go.disabled = false;
    }
  }

  /** @param {string} run */
  function send(run) {
    return sendFiles(
      chosen,
      (file) => server.send(run, file),
      ({ sent, all, refused }) =>
        form.say([`Sent ${sent} of ${all}`, refusedInWords(refused)].filter(Boolean).join(", ")),
    );
  }

  form.source.onchange = () => {
    form.drop.hidden = Boolean(form.folder);
    showChosen();
  };
  form.files.onchange = () => take([...(form.files.files ?? [])]);
  form.go.onclick = make;
  showChosen();
  return {
    element: sheet.element,
    /** @param {File[]} [given] */
    open(given) {
      if (given?.length) take(given);
      sheet.open();
    },
  };
}

/**
 * What is asked of somebody who wants a run, and the line that says how it goes.
 *
 * @param {Making} making
 */
function createForm(making) {
  const name = element("input", "filter");
  Object.assign(name, { type: "text", maxLength: 80, placeholder: "My pictures" });
  const nameField = element("label", "field");
  nameField.append(element("span", "", "Name"), name);
  const source = labelledSelect("Pictures", [
    { value: "", title: "Files from this device" },
    ...making.folders.map((title, n) => ({ value: String(n), title: `Folder ${title}` })),
  ]);
  source.element.hidden = !making.folders.length;
  const { drop, files } = createDrop(making);
  const model = labelledSelect(
    "Model",
    making.models.map(({ name: value, title }) => ({ value, title })),
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
      return name.value || (source.select.value ? (source.select.selectedOptions[0].textContent ?? "") : "");
    },
    get model() {
      return model.select.value;
    },
    /** @param {string} words */
    say(words) {
      status.textContent = words;
    },
  };
}

/** @param {Making} making */
function createDrop({ pictures, megabytes, suffixes }) {
  const files = element("input");
  Object.assign(files, { type: "file", multiple: true, accept: suffixes.join(",") });
  files.setAttribute("aria-label", "Pictures or archives");
  const bounds = `at most ${pictures} pictures and ${megabytes} MB`;
  const drop = element("div", "drop");
  drop.append(files, element("p", "", `Pictures, or zip and tar archives of them: ${bounds}.`));
  return { drop, files };
}

/**
 * @param {{ size: number }[]} files
 * @param {number} strangers how many more were chosen that are of no kind that is taken
 */
export function filesInWords(files, strangers) {
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  const taken = files.length ? `${countOf(files.length, "file")}, ${(bytes / 1e6).toFixed(1)} MB` : "";
  const left = strangers ? `${countOf(strangers, "file")} left out: neither pictures nor archives` : "";
  return [taken, left].filter(Boolean).join(" · ");
}
