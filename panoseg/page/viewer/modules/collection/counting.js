/**
 * Asks which pictures are left and for their numbers: one question at a time, the latest, and again while the server
 * is still counting.
 *
 * @import { ViewAnswer } from "./server_answers.js"
 *
 * @typedef {object} CountingHandlers
 * @property {() => string} run whose numbers are wanted
 * @property {(signal: AbortSignal) => Promise<ViewAnswer>} ask
 * @property {(answer: ViewAnswer) => void} heard
 * @property {(words: string) => void} failed
 */

const AGAIN_MS = 150;

/** @param {CountingHandlers} on */
export function createCounting(on) {
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
    const began = performance.now();
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
    else if (!whole) timer = setTimeout(count, Math.max(AGAIN_MS, performance.now() - began)); // it has others to serve
  }

  return {
    count,
    /** Of what is counted no more is wanted. */
    rest: () => clearTimeout(timer),
    close() {
      clearTimeout(timer);
      control.abort();
    },
  };
}

/** @param {unknown} error */
export function wordsOf(error) {
  return error instanceof Error ? error.message : "The server did not answer.";
}
