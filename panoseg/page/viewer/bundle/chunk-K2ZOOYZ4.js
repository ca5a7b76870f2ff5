// modules/merge/segment_rules.js
var FATES = (
  /** @type {const} */
  {
    segment: "segment",
    merged: "merged into a stuff segment",
    lowScore: "below the score threshold",
    empty: "no pixels left",
    occluded: "below the overlap threshold"
  }
);
function settle(queries, inOrder, kept, { owned, original, final }, overlap, segmentOf) {
  const stuff = /* @__PURE__ */ new Map();
  let count = 0;
  segmentOf.fill(0);
  for (let n = 0; n < inOrder.length; n++) {
    const place = inOrder[n];
    if (place >= kept || fateOf(owned[place], original[place], final[place], overlap)) continue;
    const { kind, class_id } = queries[place];
    const shared = kind === "stuff" ? stuff.get(class_id) : void 0;
    segmentOf[place] = shared ?? ++count;
    if (kind === "stuff" && shared === void 0) stuff.set(class_id, count);
  }
  return count;
}
function fateOf(owned, original, final, overlap) {
  if (!owned || !original || !final) return FATES.empty;
  return owned / original < overlap ? FATES.occluded : null;
}

// modules/merge/levels.js
var TOP_LEVEL = 200;
var LEVELS = TOP_LEVEL + 1;
var BUCKETS_PER_LOGIT = 128;
var LEAST = Float64Array.from({ length: LEVELS + 1 }, (_, level) => logitOf(level / TOP_LEVEL));
LEAST[LEVELS] = Number.POSITIVE_INFINITY;
var START = Uint8Array.from(
  { length: Math.ceil((LEAST[TOP_LEVEL - 1] - LEAST[1]) * BUCKETS_PER_LOGIT) + 1 },
  (_, bucket) => LEAST.findLastIndex((least) => least <= LEAST[1] + bucket / BUCKETS_PER_LOGIT)
);
function logitOf(probability) {
  if (probability <= 0) return Number.NEGATIVE_INFINITY;
  if (probability >= 1) return 53 * Math.LN2;
  return Math.log(probability) - Math.log1p(-probability);
}
function sigmoid(logit) {
  return 1 / (1 + Math.exp(-logit));
}
function levelOf(logit) {
  if (logit < LEAST[1]) return 0;
  if (logit >= LEAST[TOP_LEVEL - 1]) return logit >= LEAST[TOP_LEVEL] ? TOP_LEVEL : TOP_LEVEL - 1;
  let level = START[(logit - LEAST[1]) * BUCKETS_PER_LOGIT | 0];
  while (logit >= LEAST[level + 1]) level++;
  return level;
}
function levelFrom(threshold) {
  return Math.min(TOP_LEVEL, Math.max(0, Math.ceil(threshold * TOP_LEVEL - 1e-9)));
}

// modules/merge/buffers.js
function buffersOf({ ids, steps }) {
  return [
    /** @type {ArrayBuffer} */
    ids.buffer,
    /** @type {ArrayBuffer} */
    steps.buffer
  ];
}

export {
  FATES,
  settle,
  fateOf,
  TOP_LEVEL,
  LEVELS,
  logitOf,
  sigmoid,
  levelOf,
  levelFrom,
  buffersOf
};
