import assert from "node:assert/strict";
import { test } from "node:test";
import { SegmentPages } from "../../../panoseg/page/viewer/modules/collection/segment_pages.js";
import { refusedInWords, sendFiles } from "../../../panoseg/page/viewer/modules/collection/sending.js";

/** A promise, and how to keep or break it. */
function later() {
  const handle = {};
  handle.promise = new Promise((keep, fail) => Object.assign(handle, { keep, fail }));
  return handle;
}

test("files go a few at a time, and one that is refused holds up no other", async () => {
  let under = 0;
  let most = 0;
  const heard = [];
  const refused = await sendFiles(
    ["a", "b", "c", "d", "e"],
    async (file) => {
      most = Math.max(most, ++under);
      await Promise.resolve();
      under -= 1;
      if (file === "b") throw new Error("b is no picture.");
    },
    ({ sent, all }) => heard.push([sent, all]),
  );
  assert.deepEqual(refused, ["b is no picture."]);
  assert.equal(refusedInWords(refused), "1 refused: b is no picture.");
  assert.equal(refusedInWords([]), "");
  assert.equal(most, 3);
  assert.equal(heard.length, 5);
  assert.deepEqual(heard.at(-1), [4, 5]);
});

test("where no file is taken, the first reason is what went wrong", async () => {
  const refuse = (file) => Promise.reject(new Error(`${file} is too large.`));
  await assert.rejects(
    sendFiles(["a", "b"], refuse, () => {}),
    /^Error: a is too large\.$/,
  );
  await assert.rejects(
    sendFiles([], refuse, () => {}),
    /No file/,
  );
});

test("rows are fetched by pages, each once, where they come into sight", async () => {
  const asked = [];
  let came = 0;
  const pages = new SegmentPages(
    (first) => {
      asked.push(first);
      return Promise.resolve({ total: 1000, rows: Array.from({ length: 200 }, (_, n) => first + n) });
    },
    () => came++,
  );
  await pages.fetch(0);
  assert.deepEqual([pages.total, pages.row(0), pages.row(199)], [1000, 0, 199]);
  assert.equal(pages.row(450), undefined);
  assert.equal(pages.row(451), undefined);
  await Promise.resolve().then().then();
  assert.equal(pages.row(451), 451);
  assert.deepEqual(asked, [0, 400]);
  assert.equal(came, 2);
});

test("an answer to what is not asked any more is not shown", async () => {
  const answers = [];
  let came = 0;
  const pages = new SegmentPages(
    (_first, signal) => {
      const answer = later();
      answers.push({ ...answer, signal });
      return answer.promise;
    },
    () => came++,
  );
  const old = pages.fetch(0);
  pages.forget();
  const now = pages.fetch(0);
  assert.equal(answers[0].signal.aborted, true);
  answers[1].keep({ total: 1, rows: ["new"] });
  answers[0].keep({ total: 9, rows: ["old"] });
  await Promise.all([old, now]);
  assert.deepEqual([pages.total, pages.row(0), came], [1, "new", 1]);
});

test("a page that did not come is asked for again", async () => {
  let fails = true;
  const pages = new SegmentPages(
    () => (fails ? Promise.reject(new Error("gone")) : Promise.resolve({ total: 1, rows: ["there"] })),
    () => {},
  );
  await pages.fetch(0);
  fails = false;
  await pages.fetch(0);
  assert.equal(pages.row(0), "there");
});
