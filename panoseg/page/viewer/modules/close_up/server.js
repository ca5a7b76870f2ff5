/**
 * What the viewer asks the page's server for by itself (panoseg/page/viewer/close_up.py). Nothing comes where the
 * server does not show it any more, as something newer is on the way; a network that fails says the same.
 *
 * @typedef {object} RivalAnswer
 * @property {string} label
 * @property {number | null} query null for a class of the semantic task
 * @property {number | null} score
 * @property {number | null} probability of its mask at the pixel
 * @property {number} weight score × probability
 * @property {boolean} kept whether its score is above the threshold
 *
 * @typedef {object} PixelAnswer
 * @property {number} segment its id, 0 for void
 * @property {string} why it is void, or nothing
 * @property {RivalAnswer[]} rivals best first
 *
 * @typedef {object} QueriesAnswer
 * @property {number[]} queries the surest first
 * @property {{ label: string, probability: number }[]} classes of the first of them
 * @property {{ query: number, words: string }[]} fates what became of each
 */

/**
 * The photo, or a tile of it.
 *
 * @param {string} address
 * @param {AbortSignal} [signal]
 */
export async function fetchPicture(address, signal) {
  const answer = await ask(address, signal);
  if (!answer) return null;
  return createImageBitmap(await answer.blob(), { colorSpaceConversion: "none" });
}

/**
 * @param {string} address
 * @param {AbortSignal} [signal]
 */
export async function fetchPacked(address, signal) {
  const answer = await ask(address, signal);
  if (!answer?.body) return null;
  const stream = answer.body.pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

/**
 * @param {string} address
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function fetchAnswer(address, signal) {
  const answer = await ask(address, signal);
  return answer ? answer.json() : null;
}

/**
 * @param {string} address
 * @param {AbortSignal} [signal]
 */
async function ask(address, signal) {
  const answer = await fetch(address, { signal });
  return answer.status === 200 ? answer : null;
}
