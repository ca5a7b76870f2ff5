/** Panoptic segments at any three thresholds, from what was prepared of a prediction. */

import { bandsIn } from "./bands.js";
import { Boxes } from "./boxes.js";
import { idsOf } from "./ids.js";
import { landscapeOf } from "./landscape.js";
import { LEVELS, levelFrom, TOP_LEVEL } from "./levels.js";
import { nameAll, nameFaint } from "./naming.js";
import { Owners } from "./owners.js";
import { FATES, fateOf, settle } from "./segment_rules.js";

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
 * @property {number} quality mean mask probability inside; of panoptic segments to 0.0025
 * @property {number} area in pixels of the photo
 * @property {number[]} queries
 * @property {[number, number, number]} color
 * @property {{label: [number, number, number], score: [number, number, number]}} colors
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
 * @property {import("./segment_rules.js").Fate} fate
 * @property {number | null} overlap owned / original, if it was kept and has a mask
 * @property {number} segment_id 0 if none
 */

/** Moves between thresholds; what a move costs follows what changes. */
export class Panoptic {
  /**
   * @param {import("./surfaces.js").Geometry} geometry
   * @param {import("./segment_rules.js").Query[]} queries by descending score
   * @param {import("./preparing.js").Prepared} prepared from the same
   * @param {(score: number) => [number, number, number]} colorOfScore
   */
  constructor(geometry, queries, prepared, colorOfScore) {
    const count = queries.length;
    this.size = geometry.shown;
    this.scale = (geometry.photo[0] * geometry.photo[1]) / prepared.fine.map.length;
    this.queries = queries;
    this.colorOfScore = colorOfScore;
    this.owners = new Owners(prepared);
    this.inOrder = Uint16Array.from(queries.keys()).sort((a, b) => queries[a].query - queries[b].query);
    this.segmentOf = new Uint16Array(count);
    // Of each segment, by id, the place of its first query: that stays when others come and ids are counted anew.
    this.firstOf = new Int16Array(1).fill(-1);
    this.ownerOf = new Int16Array(count).fill(-1); // the same by query
    this.boxes = new Boxes(...geometry.shown, count);
    /** The bands of rows in which segments meet at other places than before the last move. */
    this.changed = new Uint8Array(bandsIn(geometry.shown[0]));
    this.level = -1; // none yet
    this.overlap = 0;
    this.owned = new Float64Array(count);
    this.original = new Float64Array(count);
    this.final = new Float64Array(count);
  }

  /** @param {Thresholds} thresholds */
  move({ score, mask, overlap }) {
    const { queries, owners, owned, original, final } = this;
    const below = queries.findIndex((query) => query.score <= score);
    const joined = owners.joined;
    owners.moveTo(below < 0 ? queries.length : below);
    const level = levelFrom(mask);
    // At level 0 what is painted comes from another map.
    this.changed.fill(level !== this.level || !level ? 1 : 0);
    this.level = level;
    this.overlap = overlap;
    for (let k = 0; k < queries.length; k++) {
      owned[k] = owners.pixels[k * LEVELS];
      original[k] = owners.counts.original[k * LEVELS + this.level];
      final[k] = owners.pixels[k * LEVELS + this.level];
    }
    const segments = settle(queries, this.inOrder, owners.joined, this, overlap, this.segmentOf);
    for (let k = Math.min(joined, owners.joined); k < Math.max(joined, owners.joined); k++) this.#mark(k);
    this.#findOwners(segments);
  }

  /** @param {number} segments how many there are */
  #findOwners(segments) {
    const { segmentOf, ownerOf } = this;
    this.firstOf = new Int16Array(segments + 1).fill(-1);
    for (const k of this.inOrder) {
      const id = segmentOf[k];
      if (id && this.firstOf[id] < 0) this.firstOf[id] = k;
      const owner = this.firstOf[id];
      if (owner !== ownerOf[k]) this.#mark(k);
      ownerOf[k] = owner;
    }
  }

  /**
   * Mark the bands in which a query can have pixels.
   *
   * @param {number} k
   */
  #mark(k) {
    this.owners.fine.bands.forEach(({ runStart }, band) => {
      if (runStart[k] < runStart[k + 1]) this.changed[band] = 1;
    });
  }

  /**
   * The id map of the thresholds moved to.
   *
   * @param {ArrayBuffer} [used] is overwritten, if it fits
   */
  paint(used) {
    const { fine } = this.owners;
    const ids = idsOf(fine.map.length, this.firstOf.length - 1, used);
    // By value of the map; nobody's stays 0.
    const room = Math.max(1, fine.count) << 8;
    const nameOf = ids instanceof Uint8Array ? new Uint8Array(room) : new Uint16Array(room);
    for (let k = 0; k < this.owners.joined; k++) {
      nameOf.fill(this.segmentOf[k], (k << 8) + this.level, (k << 8) + TOP_LEVEL + 1);
    }
    // With a mask threshold of 0 even the faintest mask is painted.
    if (this.level) nameAll(fine.map, nameOf, ids);
    else nameFaint(fine, this.owners.coarseMap(), nameOf, ids);
    return ids;
  }

  /**
   * The segments of the thresholds moved to.
   *
   * @param {import("./ids.js").Ids} ids as painted
   * @param {import("./steps.js").Steps} steps that followed them
   * @returns {Segment[]}
   */
  segments(ids, steps) {
    this.boxes.follow(ids, this.firstOf, steps.ofBand, this.changed);
    /** @type {number[][]} */
    const parts = Array.from(this.firstOf, () => []);
    for (const k of this.inOrder) parts[this.segmentOf[k]].push(k);
    return parts.slice(1).map((places, n) => this.#segment(n + 1, places));
  }

  /**
   * @param {number} id
   * @param {number[]} places of the queries that paint it
   * @returns {Segment}
   */
  #segment(id, places) {
    let area = 0;
    let scores = 0;
    let probability = 0;
    for (const k of places) {
      area += this.final[k];
      scores += this.final[k] * this.queries[k].score;
      probability += this.#probabilityOf(k);
    }
    const { query, class_id, label, kind, color, label_color } = this.queries[places[0]];
    const score = Math.min(1, scores / area);
    return {
      id,
      key: kind === "stuff" ? `class-${class_id}` : `query-${query}-${class_id}`,
      class_id,
      label,
      kind,
      score,
      quality: Math.min(1, probability / area),
      area: Math.round(area * this.scale),
      queries: places.map((k) => this.queries[k].query),
      color,
      colors: { label: label_color, score: this.colorOfScore(score) },
      box: this.boxes.of(places[0]),
    };
  }

  /**
   * The sum of a query's probability over its final pixels, each taken for the middle of its level.
   *
   * @param {number} k
   */
  #probabilityOf(k) {
    let levels = (this.level + 0.5) * this.final[k];
    for (let i = k * LEVELS + this.level + 1; i < (k + 1) * LEVELS; i++) levels += this.owners.pixels[i];
    return levels / TOP_LEVEL;
  }

  /** @returns {Candidate[]} what became of each query, in the network's order */
  candidates() {
    const seen = new Set([0]);
    return Array.from(this.inOrder, (k) => {
      const { query, class_id, label, score } = this.queries[k];
      const kept = k < this.owners.joined;
      const [owned, original, final] = [this.owned[k], this.original[k], this.final[k]];
      const segment_id = this.segmentOf[k];
      const first = !seen.has(segment_id) && seen.add(segment_id);
      const here = first ? FATES.segment : FATES.merged;
      const fate = kept ? (fateOf(owned, original, final, this.overlap) ?? here) : FATES.lowScore;
      const overlap = kept && original ? owned / original : null;
      return { query, class_id, label, score, owned, original, final, fate, overlap, segment_id };
    });
  }

  /** Share of the shown picture that is in segments, 0–1. */
  coverage() {
    let covered = 0;
    for (let k = 0; k < this.owners.joined; k++) if (this.segmentOf[k]) covered += this.final[k];
    return Math.min(1, covered / this.owners.fine.map.length);
  }

  /** What every score threshold would give, the other two being those moved to. */
  landscape() {
    const { counts, fine } = this.owners;
    return landscapeOf(this.queries, this.inOrder, counts, fine.map.length, this.level, this.overlap);
  }
}
