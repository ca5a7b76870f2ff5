/**
 * What the worker does, apart from being one: it holds one prediction and merges it at any thresholds.
 *
 * It hears {type: "load", load, description, bytes} and {type: "move", load, thresholds, coat, isNewCoat, used}, and
 * says {type: "ready", load}, {type: "map", load, map} and {type: "failed", load, message}. `load` is a number that
 * comes back. A load that another one follows is given up at once, without a word. `used` is the frame of a map that
 * nobody looks at any more: it carries the next one. In a `coat` the map comes painted, too.
 */

import { inflate } from "../unpack.js";
import { Brush } from "./brush.js";
import { buffersOf, frameOf } from "./frames.js";
import { findInstances, Instances } from "./instances.js";
import { logitsFrom } from "./logits.js";
import { Panoptic } from "./panoptic.js";
import { prepare } from "./preparing.js";
import { Steps } from "./steps.js";

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
 * @property {number} move which the picture shows
 * @property {Float64Array | null} changedAt by band of rows (bands.js), the move since which the picture is the same
 * @property {import("./coat.js").Coat | null} coat that was wanted (client.js)
 * @property {number} load another for each prediction (client.js)
 */

/**
 * @typedef {{type: "load", load: number, description: Description, bytes: ArrayBuffer}} Load
 * @typedef {{type: "move", load: number, thresholds: Thresholds, coat: Coat | null, isNewCoat: boolean,
 *   used: Frame | null}} Move
 * @typedef {{type: "ready", load: number}
 *   | {type: "map", load: number, map: MergedMap}
 *   | {type: "failed", load: number, message: string}} Answer
 */

/** @typedef {import("./coat.js").Coat} Coat */
/** @typedef {import("./frames.js").Frame} Frame */
/** @typedef {Omit<MergedMap, "picture" | "move" | "changedAt" | "coat" | "load">} Unpainted */
/** @typedef {(move: Pick<Move, "thresholds" | "coat" | "isNewCoat" | "used">) => Omit<MergedMap, "coat" | "load">} Merge */

const UNPAINTED = { picture: null, move: -1, changedAt: null };
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
  function move({ load, ...wanted }) {
    if (load !== current || !merge) return;
    const map = { ...merge(wanted), coat: null, load };
    say({ type: "map", load, map }, buffersOf(frameOf(map)));
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
    return painted(geometry, new Instances(yield* findInstances(geometry, logits, pairs), colorOfScore));
  }
  if (!queries) throw new TypeError("Wanted queries or pairs, got neither.");
  const scores = queries.map((query) => query.score);
  const prepared = yield* prepare(geometry, logits, scores);
  return painted(geometry, new Panoptic(geometry, queries, prepared, colorOfScore));
}

/**
 * @param {import("./surfaces.js").Geometry} geometry
 * @param {Panoptic | Instances} merging
 * @returns {Merge}
 */
function painted({ shown: [height, width] }, merging) {
  const steps = new Steps(height, width);
  const brush = new Brush(height);
  let landscapeOf = "";

  /** @param {Thresholds} thresholds */
  function landscapeAt({ mask, overlap }) {
    const key = `${mask} ${overlap}`;
    if (!(merging instanceof Panoptic) || key === landscapeOf) return null;
    landscapeOf = key;
    return merging.landscape();
  }

  return ({ thresholds, coat, isNewCoat, used }) => {
    merging.move(thresholds);
    const ids = merging.paint(used?.ids);
    steps.follow(ids, merging.changed);
    brush.follow(merging.changed);
    const segments = merging.segments(ids, steps);
    const things = segments.filter((segment) => segment.kind === "thing").length;
    const map = {
      ids,
      steps: steps.all(used?.steps),
      width,
      height,
      segments,
      candidates: merging instanceof Panoptic ? merging.candidates() : null,
      landscape: landscapeAt(thresholds),
      counts: { things, stuff: segments.length - things, coverage: merging.coverage() },
      thresholds,
    };
    return { ...map, ...(coat ? brush.paint(map, coat, isNewCoat, used) : UNPAINTED) };
  };
}
