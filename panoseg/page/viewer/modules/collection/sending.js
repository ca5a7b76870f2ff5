/**
 * A visitor's files on their way to the server, a few at a time; what is refused is said, and the others go on.
 *
 * @typedef {object} Sent
 * @property {number} sent
 * @property {number} all
 * @property {string[]} refused why, a sentence each
 */

const AT_ONCE = 3;

/**
 * @template T
 * @param {T[]} files
 * @param {(file: T) => Promise<unknown>} send rejects with a sentence where the file is refused
 * @param {(sent: Sent) => void} heard after each file
 * @returns {Promise<string[]>} why files were refused
 * @throws {Error} every one of them was
 */
export async function sendFiles(files, send, heard) {
  const waiting = [...files];
  /** @type {string[]} */
  const refused = [];
  let sent = 0;

  async function sendInTurn() {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      try {
        await send(file);
        sent += 1;
      } catch (error) {
        refused.push(error instanceof Error ? error.message : "A file could not be sent.");
      }
      heard({ sent, all: files.length, refused });
    }
  }

  await Promise.all(Array.from({ length: AT_ONCE }, sendInTurn));
  if (!sent) throw new Error(refused[0] ?? "No file was sent.");
  return refused;
}

/**
 * @param {string[]} refused
 * @returns {string} empty where none was
 */
export function refusedInWords(refused) {
  return refused.length ? `${refused.length} refused: ${refused[0]}` : "";
}
