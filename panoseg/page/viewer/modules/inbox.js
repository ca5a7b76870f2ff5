/**
 * What Python sends to the viewer of a name.
 *
 * Each payload (the id map, the look) travels in an element of its own (payload.js), so that the server sends
 * again only what changed. These elements and the viewer may mount in any order: the last payload of each
 * topic waits here for a viewer that comes later.
 *
 * The types below are what panoseg/page/viewer/payloads.py makes.
 *
 * @import { Style } from "./look.js"
 * @import { Seen } from "./near_miss_rules.js"
 * @import { ThresholdName, Thresholds } from "./thresholds.js"
 *
 * @typedef {[red: number, green: number, blue: number]} Color 0–255, sRGB
 *
 * @typedef {object} Rules how segments are drawn, here as in Python
 * @property {Style} style as it is at first
 * @property {Record<string, string>} color_by ways to colour, with words for the visitor; "outcome" needs a comparison
 * @property {number} widest_outline pixels
 * @property {Color} outline
 * @property {number} dimmed of the opacity, for what is not selected while something is
 * @property {number} lit the least opacity of what is selected
 * @property {Color[]} score_ramp colours of scores, from 0 to 1 in equal steps
 * @property {Color} no_outcome of a segment whose outcome is on its way
 * @property {{ name: ThresholdName, help: string, paper: number }[]} thresholds with the paper's values
 * @property {Record<string, ThresholdName[]>} thresholds_of those that matter, by task
 * @property {number} least_near_miss the score from which on it is worth a mark
 * @property {Column[]} columns of the table of segments
 *
 * @typedef {{ name: string, title: string, about: string, numeric: boolean }} Column
 *
 * @typedef {object} PhotoPayload
 * @property {string} key digest of the photo
 * @property {string} name
 * @property {number} width as shown
 * @property {number} height
 * @property {[height: number, width: number]} full the photo's own size
 * @property {string} url
 *
 * @typedef {object} SegmentPayload
 * @property {number} id
 * @property {string} key names the segment across thresholds, as its id may change, within one source
 * @property {string} label
 * @property {"thing" | "stuff"} kind
 * @property {number | null} score null where there is none
 * @property {number | null} quality 0–1, mean mask probability inside the segment; null where none is known
 * @property {number} area in pixels of the photo
 * @property {[left: number, top: number, width: number, height: number]} box in pixels of the map
 * @property {Color} color
 * @property {Record<string, Color>} colors for each way to colour in which it is not `color`
 *
 * @typedef {object} MapPayload topic "map"
 * @property {string} photo digest
 * @property {string} source photo, model and task: what is hidden or selected is forgotten when it changes
 * @property {string} task
 * @property {string} stamp tells one map of a source from the next
 * @property {string} nothing why there is no segment; empty if there is one
 * @property {string} name by which the server knows it (close_up/server.js)
 * @property {boolean} explained whether the server says what its pixels could be
 * @property {number} width
 * @property {number} height
 * @property {1 | 2} bytes_per_id
 * @property {string} ids packed (unpack.js), row by row
 * @property {number} scale photo pixels per map pixel
 * @property {number} area of the photo, in its pixels
 * @property {SegmentPayload[]} segments ids 1, 2, … in this order
 * @property {Thresholds | null} thresholds null where no slider moves them
 * @property {number[]} below_score scores of the queries that the score's threshold took away
 * @property {Seen[] | null} missed what was seen but filtered away; null where the task has no such thing
 *
 * @typedef {object} LookPayload topic "look" (look.js)
 * @property {number} heard number of the last report that is in it
 * @property {string} source
 * @property {string[]} hidden keys
 * @property {string[]} selected keys
 * @property {Style | null} style null for a viewer that stands beside another
 * @property {Record<string, string | null> | null} address what the page's address is to say of it; null as above
 * @property {Thresholds | null} thresholds the same
 *
 * @typedef {object} PicturesPayload topic "pictures": what there is to go to
 * @property {string} current id
 * @property {number} uploads how many of the first are the visitor's own
 * @property {{ short: string, words: string }} limits what is accepted of a file, in two words and in a sentence
 * @property {{ id: string, title: string, url: string, state: "waiting" | "done" | "failed", words: string }[]} pictures
 *
 * @typedef {object} LandscapePayload topic "landscape", or null: what each score threshold would show; value i holds
 *   from scores[i] up to, but not including, scores[i + 1]
 * @property {string} photo digest
 * @property {ArrayLike<number>} scores ascending from 0
 * @property {ArrayLike<number>} things
 * @property {ArrayLike<number>} stuff
 * @property {ArrayLike<number>} coverage 0–1
 *
 * @typedef {object} DoubtPayload topic "doubt", or null: how sure each pixel is of its owner
 * @property {string} photo digest
 * @property {string} values packed, a byte per map pixel, 0 (undecided) to 255 (sure)
 *
 * @typedef {object} OutcomesPayload topic "outcomes", or null: what a comparison made of the segments
 * @property {Record<string, Color>} colors by key
 * @property {Record<string, string>} words by key
 * @property {Record<string, string>} reasons why a segment lacks a match in the annotation, by key
 * @property {Record<string, string[]>} partners keys of the other side's segments that match, by key
 * @property {LegendEntry[]} legend
 * @property {PairPayload[]} pairs the worst first; the first viewer's alone, as the next two
 * @property {{ group: string, values: [pq: number, sq: number, rq: number] | null, classes: number }[]} quality
 * @property {string} strangers on labels that only one side knows; empty if there are none
 *
 * @typedef {object} PairPayload two segments that match, or one that has no partner
 * @property {string} name
 * @property {string} outcome
 * @property {string} words
 * @property {string} reason why it has no partner; empty where it has one, or nobody knows
 * @property {Color} color
 * @property {string | null} left key
 * @property {string | null} right key
 * @property {[x: number, y: number, width: number, height: number]} box in fractions of the picture
 *
 * @typedef {{ words: string, color: Color, count: number }} LegendEntry
 *
 * @typedef {(topic: string, payload: any) => void} Subscriber
 * @typedef {ReturnType<typeof createInbox>} Inbox
 */

/** @type {Map<string, Inbox>} */
const inboxes = new Map();

/**
 * The inbox of the viewer of a name; it is there before the viewer, and after.
 *
 * @param {string} name
 * @returns {Inbox}
 */
export function inboxOf(name) {
  const inbox = inboxes.get(name) ?? createInbox();
  inboxes.set(name, inbox);
  return inbox;
}

export function createInbox() {
  /** @type {Map<string, any>} payloads by topic */
  const latest = new Map();
  /** @type {Subscriber | null} */
  let receive = null;
  return {
    latest,
    /** @type {Subscriber} */
    put(topic, payload) {
      latest.set(topic, payload);
      receive?.(topic, payload);
    },
    /**
     * Hear of what is there and of all that comes; returns how to hear no more.
     *
     * @param {Subscriber} subscriber
     */
    subscribe(subscriber) {
      receive = subscriber;
      for (const [topic, payload] of latest) subscriber(topic, payload);
      return () => {
        if (receive === subscriber) receive = null;
      };
    },
  };
}
