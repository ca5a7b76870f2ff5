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
 */

import { element } from "../dom.js";
import { createSheet, labelledSelect } from "./sheet.js";

const AT_ONCE = 3;

/**
 * @param {Making} making
 * @param {Server} server
 * @param {(run: string, words: string) => void} made called once a run has begun, with words on what was refused
 */
export function createMakeSheet(making, server, made) {
  const sheet = createSheet("New collection");
  const name = element("input", "filter");
  name.type = "text";
  name.maxLength = 80;
  name.placeholder = "My pictures";
  const nameField = element("label", "field");
  nameField.append(element("span", "", "Name"), name);
  const model = labelledSelect(
    "Model",
    making.models.map(({ name: value, title }) => ({ value, title })),
  );
  const source = labelledSelect("Pictures", [
    { value: "", title: "Files from this device" },
    ...making.folders.map((title, n) => ({ value: String(n), title: `Folder ${title}` })),
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
      `Pictures, or zip and tar archives of them: at most ${making.pictures} pictures and ${making.megabytes} MB.`,
    ),
  );
  const status = element("p", "status");
  status.setAttribute("role", "status");
  const go = element("button", "primary", "Make it");
  go.type = "button";
  sheet.body.append(nameField, source.element, drop, model.element, status, go);
  /** @type {File[]} */
  let chosen = [];

  source.select.onchange = () => {
    drop.hidden = source.select.value !== "";
    say();
  };
  files.onchange = () => take([...(files.files ?? [])]);
  /** @param {File[]} given */
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
      const how = { model: model.select.value, ...(folder ? { folder } : {}) };
      await server.start(run, how);
      sheet.close();
      made(run, refused.length ? `${refused.length} refused: ${refused[0]}` : "");
      chosen = [];
      files.value = "";
      say();
    } catch (error) {
      if (run) await server.remove(run).catch(() => {});
      say(error instanceof Error ? error.message : "That did not work.");
    } finally {
      go.disabled = false;
    }
  }

  /**
   * A few at a time; what is refused is said, and the others go on.
   *
   * @param {string} run
   */
  async function send(run) {
    const waiting = [...chosen];
    const all = waiting.length;
    /** @type {string[]} */
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
    element: sheet.element,
    /** @param {File[]} [given] */
    open(given) {
      if (given?.length) take(given);
      sheet.open();
    },
  };
}
