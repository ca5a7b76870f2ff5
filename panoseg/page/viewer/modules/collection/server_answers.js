/**
 * What the server says of collections (page/collection/routes.py).
 *
 * @import { Thresholds } from "../thresholds.js"
 *
 * @typedef {[red: number, green: number, blue: number]} Color 0–255, sRGB
 *
 * @typedef {{ id: string, title: string, kind: "demo" | "shared" | "own", state: string }} RunBrief
 *
 * @typedef {object} JobAnswer a run on its way
 * @property {"waiting" | "running" | "stopped" | "done" | "failed"} state
 * @property {string} words what is being done, or why it failed
 * @property {number} place 1 is next in line
 * @property {number} total pictures
 * @property {number} done
 * @property {number} failed
 * @property {number | null} seconds_left
 * @property {boolean} stopping
 *
 * @typedef {object} RunAnswer
 * @property {string} id
 * @property {string} title
 * @property {"demo" | "shared" | "own"} kind
 * @property {JobAnswer | null} job
 * @property {number} pictures that are done
 * @property {string} problem why there is nothing to see; empty if there is
 * @property {number} [waiting]
 * @property {number} [failed]
 * @property {{ name: string, error: string }[]} [failures]
 * @property {string} [model]
 * @property {boolean} [has_thresholds]
 * @property {boolean} [annotated] whether it can be evaluated
 * @property {{ label: string, color: Color, thing: boolean }[]} [labels]
 *
 * @typedef {{ positions: number[], names: string[] }} PicturesAnswer
 *
 * @typedef {object} BarAnswer
 * @property {string} title
 * @property {string} condition that leaves what it counts
 * @property {number} segments
 * @property {number} pictures
 * @property {Color | null} color
 *
 * @typedef {object} ViewAnswer what a question leaves
 * @property {number} pictures of the run
 * @property {number} exact how many of them are counted exactly
 * @property {number} known how many are counted at all
 * @property {{ text: string, kind: string, left: number | null }[]} conditions and what they leave, once it is known
 * @property {number[]} order positions of the pictures that are left, as they are sorted
 * @property {(number | null)[]} counts segments of each; null while nobody knows
 * @property {string[] | null} sorted_by of each, in words; null where that is the number of segments, or no number
 * @property {number} segments of all of these
 * @property {number} matching of these, the ones that are asked for
 * @property {number[]} lit class ids that the question names
 * @property {string} lost which evaluation's lost segments are lit up in tiles; empty where none are
 * @property {(number | null)[] | null} pq of each, 0–1; null while nobody knows
 * @property {boolean} whole whether an evaluation that is asked for has come to its end
 * @property {string} evaluating how far it is, or why it failed; empty where nothing is waited for
 * @property {QualityAnswer | null} quality where it was asked for and there is an annotation
 * @property {{ labels: BarAnswer[], areas: BarAnswer[], scores: BarAnswer[] }} bars
 *
 * @typedef {object} Loss what became of segments
 * @property {"missed" | "surplus"} side
 * @property {string} reason
 *
 * @typedef {Loss & { words: string, count: number, pq: number | null }} ReasonAnswer `pq`: that mending would gain
 *
 * @typedef {object} ClassQuality
 * @property {string} name
 * @property {boolean} thing
 * @property {Color} color
 * @property {number | null} pq 0–1
 * @property {number | null} sq
 * @property {number | null} rq
 * @property {number} found
 * @property {number} missed
 * @property {number} surplus
 * @property {(Loss & { count: number })[]} lost
 *
 * @typedef {object} QualityAnswer an evaluation, as far as it is
 * @property {boolean} working
 * @property {string} problem
 * @property {number} done pictures
 * @property {number} total
 * @property {Record<"all" | "things" | "stuff", { pq: number | null, sq: number | null, rq: number | null, count: number }> | null} figures
 * @property {ClassQuality[]} classes
 * @property {ReasonAnswer[]} reasons
 * @property {Thresholds | null} reasons_at
 * @property {{ position: number, side: "missed" | "surplus", words: string }[]} losses of the first pictures that are left
 * @property {string[]} notes
 *
 * @typedef {object} SurfaceAnswer PQ by score and overlap
 * @property {number[]} scores
 * @property {number[]} overlaps
 * @property {Record<string, (number | null)[][]>} pq by mask threshold; a row per score
 * @property {Thresholds} now
 * @property {(Thresholds & { pq: number, before: number, held_out: number | null }) | null} best
 * @property {{ name: string, score: number, gain: number }[]} classes which score threshold each would like
 *
 * @typedef {object} BinsAnswer ten bins of scores
 * @property {number[]} count
 * @property {(number | null)[]} confidence
 * @property {(number | null)[]} accuracy
 * @property {number | null} ece
 *
 * @typedef {object} MarksAnswer
 * @property {SurfaceAnswer | null} surface
 * @property {{ segments: BinsAnswer, proposals: BinsAnswer | null }} trust
 * @property {{ names: string[], table: number[][] }} confusion the last row is what is not there, the last column missed
 *
 * @typedef {object} SegmentRow
 * @property {number} position
 * @property {string} picture
 * @property {string} label
 * @property {Color} color
 * @property {string} key
 * @property {number} score
 * @property {number} area 0–1
 *
 * @typedef {{ total: number, first: number, rows: SegmentRow[] }} SegmentsAnswer
 */

export {}; // types alone
