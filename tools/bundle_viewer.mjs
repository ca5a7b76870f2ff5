/**
 * Bundles the viewer's modules and style sheets into the few files that browsers load.
 *
 *     node tools/bundle_viewer.mjs           writes panoseg/page/viewer/bundle
 *     node tools/bundle_viewer.mjs --check   fails where that is not what the modules make
 *
 * Some fifty modules one by one kept a first visitor waiting for a second: the server answers each of them
 * beside the script that draws the page.
 */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const viewer = join(dirname(fileURLToPath(import.meta.url)), "..", "panoseg", "page", "viewer");
const modules = join(viewer, "modules");
const bundle = join(viewer, "bundle");
const check = process.argv.includes("--check");

const { outputFiles } = await build({
  entryPoints: {
    viewer: join(modules, "viewer.js"),
    payload: join(modules, "payload.js"),
    logits_message: join(modules, "logits_message.js"),
    collection: join(modules, "collection", "collection.js"),
    worker: join(modules, "merge", "worker.js"),
    styles: join(modules, "styles.css"),
    collection_styles: join(modules, "collection", "collection.css"),
  },
  bundle: true,
  splitting: true, // what two entries import is one module in the browser, too
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  absWorkingDir: viewer,
  outdir: bundle,
  write: false,
});

if (check) {
  const made = new Map(outputFiles.map(({ path, text }) => [path.slice(bundle.length + 1), text]));
  const there = readdirSync(bundle);
  const stale = [...new Set([...made.keys(), ...there])].filter(
    (name) => !there.includes(name) || readFileSync(join(bundle, name), "utf8") !== made.get(name),
  );
  if (stale.length) {
    console.error(`The viewer's bundle is older than its modules (${stale.join(", ")}): run "make bundle".`);
    process.exit(1);
  }
} else {
  rmSync(bundle, { recursive: true, force: true });
  mkdirSync(bundle);
  for (const { path, text } of outputFiles) writeFileSync(path, text);
}
