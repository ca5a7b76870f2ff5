/** Panoptic segments at any three thresholds, from the layers of a prediction. */

import { lostFrom } from "./counts.js";
import { swapLayer } from "./layers.js";
import { LEVELS, levelFrom, TOP_LEVEL } from "./levels.js";
import { FATES, fateOf, settle } from "./settle.js";
import { idsOf } from "./ids.js";
import { boxesOf } from "./steps.js";

/** @typedef {import("./ids.js").Ids} Ids */

/**
 * @typedef {object} Thresholds
 * @property {number} score
 * @property {number} mask
 * @property {number} overlap
 */

/**
 * A segment as the viewer lists it; see panoseg/page/viewer.
 *
 * @typedef {object} Segment
 * @property {number} id
 * @property {string} key the same at all thresholds
 * @property {number} class_id
 * @property {string} label
 * @property {"thing" | "stuff"} kind
 * @property {number} score
 * @property {number} quality mean mask probability inside, to 0.0025
 * @property {number} area in pixels of the photo
 * @property {number[]} queries
 * @property {[number, number, number]} color
 * @property {{[way: string]: [number, number, number]}} colors
 * @property {[number, number, number, number]} box [left, top, width, height] in the map
 */

/**
 * What became of a query; as panoseg.merging.Candidate, but pixels are those of the shown picture.
 *
 * @typedef {object} Candidate
 * @property {number} query
 * @property {number} class_id
 * @property {string} label
 * @property {number} score
 * @property {number} owned
 * @property {number} original
 * @property {number} final
 * @property {import("./settle.js").Fate} fate
 * @property {number | null} overlap owned / original, if it was kept and has a mask
 * @property {number} segment_id 0 if none
 */

/**
 * Step functions of the score threshold: value i holds from scores[i] up to, but not including, scores[i + 1].
 *
 * @typedef {object} Landscape
 * @property {Float64Array} scores ascending from 0
 * @property {Uint16Array} things
 * @property {Uint16Array} stuff
 * @property {Float64Array} coverage 0–1
 */

/**
 * Moves between thresholds; a move's cost follows what changes.
 *
 * @param {import("./surfaces.js").Geometry} geometry
 * @param {import("./settle.js").Query[]} queries by descending score
 * @param {import("./preparing.js").Prepared} prepared from the same
 * @param {(score: number) => [number, number, number]} colorOfScore
 */
export function createPanoptic(geometry, queries, { fine, coarse, counts }, colorOfScore) {
  const { count, map } = fine;
  const { original, gained, lost } = counts;
  const [height, width] = geometry.shown;
  const photoPixels = geometry.photo[0] * geometry.photo[1];
  const scale = photoPixels / map.length;
  const inOrder = Uint16Array.from(queries.keys()).sort((a, b) => queries[a].query - queries[b].query);
  const segmentOf = new Uint16Array(count);
  const pixels = {
    owned: new Float64Array(count),
    original: new Float64Array(count),
    final: new Float64Array(count),
  };
  // What is written for each value of the map; nobody's stays 0.
  const room = Math.max(1, count) << 8;
  const names = { few: new Uint8Array(room), many: new Uint16Array(room) };
  // Of the queries that are on the map, what they own; cumulative as the other counts.
  const owners = new Float64Array(count * LEVELS);
  for (let layer = 0; layer < count; layer++) countIn(layer);
  let joined = count;
  let joinedCoarse = count; // followed only when it is looked at
  let now = { score: -1, mask: -1, overlap: -1 };
  let segmentCount = 0;
  let level = 0;

  /** @param {number} layer */
  function countIn(layer) {
    for (let i = layer * LEVELS, end = i + LEVELS; i < end; i++) owners[i] = gained[i];
    for (let from = 0; from < layer; from++) exchange(layer, from, -1);
  }

  /** @param {number} layer */
  function countOut(layer) {
    for (let from = 0; from < layer; from++) exchange(layer, from, 1);
    owners.fill(0, layer * LEVELS, (layer + 1) * LEVELS);
  }

  /**
   * @param {number} by
   * @param {number} from
   * @param {number} sign
   */
  function exchange(by, from, sign) {
    let at = lostFrom(by, from);
    if (!lost[at]) return;
    for (let i = from * LEVELS, end = i + LEVELS; i < end; i++, at++) owners[i] += sign * lost[at];
  }

  /**
   * How many queries have a score above a threshold: they are the first ones.
   *
   * @param {number} score
   */
  function keptAt(score) {
    let kept = 0;
    while (kept < count && queries[kept].score > score) kept++;
    return kept;
  }

  /** @param {Thresholds} thresholds */
  function move(thresholds) {
    const kept = keptAt(thresholds.score);
    while (joined < kept) {
      swapLayer(fine, joined);
      countIn(joined++);
    }
    while (joined > kept) {
      swapLayer(fine, --joined);
      countOut(joined);
    }
    level = levelFrom(thresholds.mask);
    for (let k = 0; k < count; k++) {
      pixels.owned[k] = owners[k * LEVELS];
      pixels.original[k] = original[k * LEVELS + level];
      pixels.final[k] = owners[k * LEVELS + level];
    }
    segmentCount = settle(queries, inOrder, joined, pixels, thresholds.overlap, segmentOf);
    now = { ...thresholds };
  }

  /**
   * The id map of the thresholds moved to.
   *
   * @param {ArrayBuffer[]} [used] one of them is overwritten, if it fits
   * @returns {Ids}
   */
  function paint(used) {
    const ids = idsOf(map.length, segmentCount, used);
    const nameOf = segmentCount > 255 ? names.many : names.few;
    nameOf.fill(0);
    for (let k = 0; k < joined; k++) nameOf.fill(segmentOf[k], (k << 8) + level, (k << 8) + TOP_LEVEL + 1);
    if (level) rename(map, nameOf, ids);
    else renameAll(nameOf, ids);
    return ids;
  }

  /**
   * With a mask threshold of 0 even the faintest mask is painted.
   *
   * @param {Ids} nameOf
   * @param {Ids} ids
   */
  function renameAll(nameOf, ids) {
    while (joinedCoarse < joined) swapLayer(coarse, joinedCoarse++);
    while (joinedCoarse > joined) swapLayer(coarse, --joinedCoarse);
    const [coarseHeight, coarseWidth] = coarse.size;
    for (let y = 0, i = 0; y < height; y++) {
      const row = Math.floor(((y + 0.5) * coarseHeight) / height) * coarseWidth;
      for (let x = 0; x < width; x++, i++) {
        const seen = map[i] & 255;
        const at = seen && seen <= TOP_LEVEL ? map[i] : coarse.map[row + Math.floor(((x + 0.5) * coarseWidth) / width)];
        ids[i] = nameOf[at];
      }
    }
  }

  /**
   * The segments of the thresholds moved to.
   *
   * @param {Ids} ids
   * @param {Uint32Array} steps where they meet
   * @returns {Segment[]}
   */
  function segments(ids, steps) {
    const boxes = boxesOf(ids, width, height, steps, segmentCount);
    /** @type {number[][]} */
    const parts = Array.from({ length: segmentCount }, () => []);
    for (const place of inOrder) if (segmentOf[place]) parts[segmentOf[place] - 1].push(place);
    return parts.map((places, n) => segmentFrom(n + 1, places, boxes.subarray(4 * n, 4 * n + 4)));
  }

  /**
   * @param {number} id
   * @param {number[]} places
   * @param {Int32Array} box
   * @returns {Segment}
   */
  function segmentFrom(id, places, box) {
    let area = 0;
    let score = 0;
    let probability = 0;
    for (const k of places) {
      area += pixels.final[k];
      score += pixels.final[k] * queries[k].score;
      probability += probabilityOf(k);
    }
    const { query, class_id, label, kind, color, label_color } = queries[places[0]];
    const mean = Math.min(1, score / area);
    return {
      id,
      key: kind === "stuff" ? `class-${class_id}` : `query-${query}-${class_id}`,
      class_id,
      label,
      kind,
      score: mean,
      quality: Math.min(1, probability / area),
      area: Math.round(area * scale),
      queries: places.map((k) => queries[k].query),
      color,
      colors: { label: label_color, score: colorOfScore(mean) },
      box: [box[0], box[1], box[2], box[3]],
    };
  }

  /**
   * The sum of a query's probability over its final pixels, each taken for the middle of its level.
   *
   * @param {number} k
   */
  function probabilityOf(k) {
    let levels = (level + 0.5) * pixels.final[k];
    for (let i = k * LEVELS + level + 1; i < (k + 1) * LEVELS; i++) levels += owners[i];
    return levels / TOP_LEVEL;
  }

  /** @returns {Candidate[]} in the network's order */
  function candidates() {
    return Array.from(inOrder, (k) => {
      const { query, class_id, label, score } = queries[k];
      const kept = k < joined;
      const [owned, its, final] = [pixels.owned[k], pixels.original[k], pixels.final[k]];
      /** @type {import("./settle.js").Fate} */
      let fate = FATES.lowScore;
      if (kept) {
        const first = segmentOf[k] && inOrder.find((other) => segmentOf[other] === segmentOf[k]) === k;
        fate = fateOf(owned, its, final, now.overlap) ?? (first ? FATES.segment : FATES.merged);
      }
      const overlap = kept && its ? owned / its : null;
      return { query, class_id, label, score, owned, original: its, final, fate, overlap, segment_id: segmentOf[k] };
    });
  }

  /** Share of the shown picture that is in segments, 0–1. */
  function coverage() {
    let covered = 0;
    for (let k = 0; k < joined; k++) if (segmentOf[k]) covered += pixels.final[k];
    return Math.min(1, covered / map.length);
  }

  /**
   * What every score threshold would give, the other two being those moved to.
   *
   * @returns {Landscape}
   */
  function landscape() {
    const steps = Float64Array.from(new Set([0, ...queries.map((query) => query.score)])).sort();
    const things = new Uint16Array(steps.length);
    const stuff = new Uint16Array(steps.length);
    const coverage = new Float64Array(steps.length);
    const then = { owned: new Float64Array(count), original: pixels.original, final: new Float64Array(count) };
    const paints = new Uint16Array(count);
    let kept = 0;
    for (let step = steps.length - 1; step >= 0; step--) {
      for (; kept < count && queries[kept].score > steps[step]; kept++) {
        then.owned[kept] = gained[kept * LEVELS];
        then.final[kept] = gained[kept * LEVELS + level];
        for (let from = 0, at = lostFrom(kept, 0); from < kept; from++, at += LEVELS) {
          then.owned[from] -= lost[at];
          then.final[from] -= lost[at + level];
        }
      }
      const all = settle(queries, inOrder, kept, then, now.overlap, paints);
      let covered = 0;
      for (let k = 0; k < kept; k++) {
        if (!paints[k]) continue;
        covered += then.final[k];
        if (queries[k].kind === "thing") things[step]++;
      }
      stuff[step] = all - things[step];
      coverage[step] = Math.min(1, covered / map.length);
    }
    return { scores: steps, things, stuff, coverage };
  }

  return { move, paint, segments, candidates, coverage, landscape };
}

/**
 * Four pixels at a time: neighbours mostly have the same owner and level, and then the same name.
 *
 * @param {Uint16Array} map
 * @param {Ids} nameOf
 * @param {Ids} ids
 */
function rename(map, nameOf, ids) {
  let i = 0;
  if (ids instanceof Uint8Array) {
    const pairs = new Uint32Array(map.buffer, 0, map.length >> 1);
    const fours = new Uint32Array(ids.buffer, 0, map.length >> 2);
    let last = -1;
    let names = 0;
    for (let n = 0; n < fours.length; n++) {
      const one = pairs[2 * n];
      const other = pairs[2 * n + 1];
      if (one !== last || other !== last) {
        names = nameOf[one & 65535] | (nameOf[one >>> 16] << 8);
        names |= (nameOf[other & 65535] << 16) | (nameOf[other >>> 16] << 24);
        last = one === other ? one : -1;
      }
      fours[n] = names;
    }
    i = fours.length << 2;
  }
  for (; i < map.length; i++) ids[i] = nameOf[map[i]];
}
