/**
 * Follows a run: what there is to say of it, and its pictures, again and again while it is made.
 *
 * @import { Server } from "./server.js"
 * @import { PicturesAnswer, RunAnswer, RunBrief } from "./server_answers.js"
 *
 * @typedef {object} FollowingHandlers
 * @property {() => string} run
 * @property {() => number} known how many pictures are known
 * @property {(about: RunAnswer, runs: RunBrief[]) => void} heard
 * @property {(pictures: PicturesAnswer) => void} grown
 */

import { wordsOf } from "./counting.js";
import { ownRuns } from "./place.js";

const AGAIN_MS = 500;

/**
 * @param {Server} server
 * @param {FollowingHandlers} on
 */
export function createFollowing(server, on) {
  let timer = 0;
  let closed = false;

  async function look() {
    clearTimeout(timer);
    const run = on.run();
    const stale = () => closed || run !== on.run();
    let busy = false;
    // Whatever is wrong with this one, there are others to go to.
    const listed = server.runs([run, ...ownRuns()]).catch(() => ({ runs: [] }));
    try {
      const [about, { runs }] = await Promise.all([server.run(run), listed]);
      if (stale()) return;
      busy = about.job?.state === "waiting" || about.job?.state === "running";
      const grown = about.pictures !== on.known();
      on.heard(about, runs);
      if (grown && about.pictures) {
        const pictures = await server.pictures(run);
        if (!stale()) on.grown(pictures);
      }
    } catch (error) {
      const { runs } = await listed;
      if (stale()) return;
      const problem = wordsOf(error);
      on.heard({ id: run, title: "", kind: "shared", job: null, pictures: 0, problem }, runs);
    }
    if (busy && !stale()) timer = setTimeout(look, AGAIN_MS);
  }

  return {
    look,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
