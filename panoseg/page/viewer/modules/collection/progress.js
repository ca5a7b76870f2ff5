/**
 * How far a run is: its place in line, a bar, the time left, and what can be done about it.
 *
 * @import { RunAnswer } from "./server_answers.js"
 *
 * @typedef {{ stop: () => void, goOn: () => void, retry: () => void, remove: () => void, left: () => void }} ProgressHandlers
 * `left` is called when the button that has the focus goes, and none takes its place.
 */

import { element, setText, textButton } from "../dom.js";

/** @param {ProgressHandlers} on */
export function createProgress(on) {
  const box = element("div", "progress");
  const bar = element("progress");
  const words = element("span", "words");
  words.setAttribute("role", "status");
  const stop = textButton("Stop", "Stop at the next picture; what is done stays");
  const goOn = textButton("Continue", "Go on where it stopped");
  const retry = textButton("Try again", "Predict once more what failed");
  const remove = textButton("Remove", "Take this collection and its pictures off the server");
  stop.onclick = on.stop;
  goOn.onclick = on.goOn;
  retry.onclick = on.retry;
  remove.onclick = on.remove;
  box.append(bar, words, stop, goOn, retry, remove);
  return {
    element: box,
    /** @param {RunAnswer} run */
    show(run) {
      const { job } = run;
      const busy = job?.state === "waiting" || job?.state === "running";
      const own = run.kind === "own";
      const waiting = run.waiting ?? 0;
      const steps = [stop, goOn, retry];
      const focused = [...steps, remove].find((button) => button.matches(":focus"));
      setText(words, inWords(run));
      words.classList.toggle("problem", job?.state === "failed");
      bar.hidden = !busy || !job?.total;
      bar.max = Math.max(1, job?.total ?? 1);
      bar.value = (job?.done ?? 0) + (job?.failed ?? 0);
      bar.setAttribute("aria-label", "Pictures that are done");
      stop.hidden = !own || !busy;
      stop.setAttribute("aria-disabled", String(Boolean(job?.stopping))); // disabled, it would lose the focus
      goOn.hidden = !own || busy || !waiting;
      retry.hidden = !own || busy || !run.failed || Boolean(waiting);
      remove.hidden = !own || busy;
      box.hidden = !words.textContent && !own;
      if (!focused?.hidden) return;
      const next = steps.find((button) => !button.hidden);
      if (next) next.focus();
      else on.left();
    },
  };
}

/**
 * @param {RunAnswer} run
 * @returns {string}
 */
export function inWords({ job, waiting = 0, failed = 0 }) {
  if (job?.state === "waiting") {
    return job.place > 1 ? `${job.place - 1} before this one` : "Next in line";
  }
  if (job?.state === "running") {
    if (job.stopping) return "Stopping after this picture";
    if (!job.total) return job.words || "Starting";
    const left = job.seconds_left === null ? "" : ` · ${timeInWords(job.seconds_left)} left`;
    const wrong = job.failed ? ` · ${job.failed} failed` : "";
    return `${job.done + job.failed} of ${job.total}${left}${wrong}`;
  }
  if (job?.state === "failed") return job.words;
  if (waiting) return `Stopped: ${waiting} ${waiting === 1 ? "picture waits" : "pictures wait"}`;
  if (failed) return `${failed} ${failed === 1 ? "picture" : "pictures"} failed`;
  return ""; // why there is nothing to see stands where the pictures would
}

/** @param {number} seconds */
export function timeInWords(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
