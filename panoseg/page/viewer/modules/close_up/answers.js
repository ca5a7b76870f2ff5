/**
 * Answers of the server about pixels: asked for once the pointer rests, and the latest of them kept.
 *
 * @import { PixelAnswer } from "./server.js"
 *
 * @typedef {ReturnType<typeof createAnswers>} Answers
 */

import { fetchAnswer } from "./server.js";

const MOST_KEPT = 300;

export function createAnswers(load = fetchAnswer) {
  /** @type {Map<string, PixelAnswer>} by address */
  const known = new Map();
  let timer = 0;
  /** @type {AbortController | null} */
  let asking = null;

  function cancel() {
    clearTimeout(timer);
    asking?.abort();
    asking = null;
  }

  return {
    cancel,
    /** @param {string} address */
    get: (address) => known.get(address) ?? null,
    /**
     * Ask once nothing else is asked for `pause` milliseconds; `then` is not called where nothing comes.
     *
     * @param {string} address
     * @param {(answer: PixelAnswer) => void} then
     * @param {number} pause
     */
    ask(address, then, pause) {
      cancel();
      timer = setTimeout(async () => {
        asking = new AbortController();
        const { signal } = asking;
        try {
          const answer = await load(address, signal);
          if (!answer || signal.aborted) return;
          known.set(address, answer);
          for (const oldest of known.keys()) {
            if (known.size <= MOST_KEPT) break;
            known.delete(oldest);
          }
          then(answer);
        } catch {
          // Another question came first, or the network failed: the next rest of the pointer asks again.
        }
      }, pause);
    },
  };
}
