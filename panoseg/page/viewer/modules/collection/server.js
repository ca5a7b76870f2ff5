/**
 * What is asked of the server about collections (page/collection/routes.py).
 *
 * @import { Asked } from "./asked.js"
 * @import { MarksAnswer, PicturesAnswer, RunAnswer, RunBrief, SegmentsAnswer, ViewAnswer } from "./server_answers.js"
 */

import { mapParameters, parameters } from "./asked.js";

/** Every method rejects with a sentence where the server refuses, or does not answer. */
export class Server {
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
}

/**
 * Ids are letters, digits, "-" and "_". A link may say anything, and a path that leads upwards never comes to the
 * server's own answer: of what cannot be an id, one is asked for that nobody has.
 *
 * @param {string} run
 */
function below(run) {
  return `run/${run.replace(/[^\w-]/g, "_")}`;
}
