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
  buffersOf
};
