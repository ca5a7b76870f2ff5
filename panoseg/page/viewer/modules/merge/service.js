/**
 * What the worker does, apart from being one: it holds one prediction and merges it at any thresholds.
 *
 * It hears {type: "load", load, description, bytes} and {type: "move", load, move, thresholds, coat, used}, and
 * says {type: "ready", load}, {type: "map", load, move, map} and {type: "failed", load, message}. `load` and
 * `move` are numbers that come back. A load that another one follows is given up at once, without a word.
 * `used` are buffers of maps that nobody looks at any more: they carry the next ones. In a `coat` the map comes
 * painted, too.
 */

import { inflate } from "../unpack.js";
import { pictureOf } from "./brush.js";
import { buffersOf, takeBuffer } from "./buffers.js";
import { findInstances, Instances } from "./instances.js";
import { logitsFrom } from "./logits.js";
import { Panoptic } from "./panoptic.js";
import { prepare } from "./preparing.js";
import { stepsOf } from "./steps.js";

/** @typedef {import("./panoptic.js").Thresholds} Thresholds */

/**
 * As panoseg/page/viewer/logits_payload.py describes a prediction.
 *
 * @typedef {object} Description
 * @property {"panoptic" | "instances"} task
 * @property {import("./surfaces.js").Geometry} geometry
 * @property {number} steps how finely logits are coded
 * @property {[number, number, number][]} score_colors for scores from 0 to 1
 * @property {import("./segment_rules.js").Query[]} [queries] panoptic: by descending score
 * @property {import("./instances.js").Pair[]} [pairs] instances
 */

/**
 * All that the viewer shows of one position of the sliders.
 *
 * @typedef {object} MergedMap
 * @property {import("./ids.js").Ids} ids
 * @property {Uint32Array} steps pixels whose right or lower neighbour is of another id
 * @property {number} width
 * @property {number} height
 * @property {import("./panoptic.js").Segment[]} segments
 * @property {import("./panoptic.js").Candidate[] | null} candidates panoptic
 * @property {import("./landscape.js").Landscape | null} landscape panoptic, where it is another than that of
 *   the map before
 * @property {{things: number, stuff: number, coverage: number}} counts coverage is the share of the shown
 *   picture
 * @property {Thresholds} thresholds
 * @property {Uint32Array | null} picture the masks as painted in the coat (brush.js), if there is one
 * @property {import("./coat.js").Coat | null} coat that was wanted (client.js)
 */

/**
 * @typedef {{type: "load", load: number, description: Description, bytes: ArrayBuffer}} Load
 * @typedef {{type: "move", load: number, move: number, thresholds: Thresholds, coat: Coat | null, used: ArrayBuffer[]}} Move
 * @typedef {{type: "ready", load: number}
 *   | {type: "map", load: number, move: number, map: MergedMap}
 *   | {type: "failed", load: number, message: string}} Answer
 */

/** @typedef {import("./coat.js").Coat} Coat */
/** @typedef {Omit<MergedMap, "picture" | "coat">} Unpainted */
/** @typedef {(thresholds: Thresholds, used: ArrayBuffer[]) => Unpainted} Merge */

const SLICE_MS = 12; // between two looks at the mail while a prediction is prepared

/**
 * @param {(answer: Answer, transferred: ArrayBuffer[]) => void} say
 * @param {() => Promise<void>} pause lets messages in that came meanwhile
 * @returns {(message: Load | Move) => Promise<void>} to be called with each message
 */
export function createService(say, pause) {
  let current = -1;
  /** @type {Merge | null} */
  let merge = null;

  /** @param {Load} message */
  async function load({ load, description, bytes }) {
    current = load;
    merge = null; // before there are two
    const planes = await inflate(new Uint8Array(bytes));
    const work = preparing(description, planes);
    for (let until = 0; ; ) {
      if (performance.now() >= until) {
        await pause();
        if (load !== current) return;
        until = performance.now() + SLICE_MS;
      }
      const { done, value } = work.next();
      if (done) {
        merge = value;
        break;
      }
    }
    say({ type: "ready", load }, []);
  }

  /** @param {Move} message */
  function move({ load, move, thresholds, coat, used }) {
    if (load !== current || !merge) return;
    const unpainted = merge(thresholds, used);
    const map = { ...unpainted, picture: coat && pictureOf(unpainted, coat, used), coat: null };
    say({ type: "map", load, move, map }, buffersOf(map));
  }

  return async (message) => {
    try {
      if (message.type === "load") await load(message);
      else move(message);
    } catch (error) {
      if (message.load === current) merge = null;
      say({ type: "failed", load: message.load, message: String(error) }, []);
    }
  };
}

/**
 * @param {Description} description
 * @param {Uint8Array} planes
 * @returns {Generator<void, Merge>}
 */
function* preparing({ geometry, steps, queries, pairs, score_colors }, planes) {
  const logits = yield* logitsFrom(planes, geometry.grid, steps);
  /** @param {number} score */
  const colorOfScore = (score) => score_colors[Math.round(score * (score_colors.length - 1))];
  if (pairs) {
    return withSteps(geometry, new Instances(yield* findInstances(geometry, logits, pairs), colorOfScore));
  }
  if (!queries) throw new TypeError("Wanted queries or pairs, got neither.");
  const scores = queries.map((query) => query.score);
  const prepared = yield* prepare(geometry, logits, scores);
  return withSteps(geometry, new Panoptic(geometry, queries, prepared, colorOfScore));
}

/**
 * @param {import("./surfaces.js").Geometry} geometry
 * @param {Panoptic | Instances} merging
 * @returns {Merge}
 */
function withSteps({ shown: [height, width] }, merging) {
  let landscapeOf = "";
  return (thresholds, used) => {
    merging.move(thresholds);
    const ids = merging.paint(used);
    const room = takeBuffer(
      used,
      ({ byteLength }) => ![1, 2, 4].some((size) => byteLength === size * ids.length),
    );
    const steps = stepsOf(ids, width, room && new Uint32Array(room));
    const segments = merging.segments(ids, steps);
    let candidates = null;
    let landscape = null;
    if (merging instanceof Panoptic) {
      candidates = merging.candidates();
      const key = `${thresholds.mask} ${thresholds.overlap}`;
      if (key !== landscapeOf) landscape = merging.landscape();
      landscapeOf = key;
    }
    const things = segments.filter((segment) => segment.kind === "thing").length;
    const counts = { things, stuff: segments.length - things, coverage: merging.coverage() };
    return { ids, steps, width, height, segments, candidates, landscape, counts, thresholds };
  };
}
