/**
 * A mask probability in 200 steps of half a hundredth: fine enough for every position of the mask slider, and
 * a byte is enough for it.
 */

/** The highest level: a probability of 1. */
export const TOP_LEVEL = 200;
/** How many there are, 0 … 200. */
export const LEVELS = TOP_LEVEL + 1;

const BUCKETS_PER_LOGIT = 128;

/** The least logit of each level, and one beyond the highest. */
const LEAST = Float64Array.from({ length: LEVELS + 1 }, (_, level) => logitOf(level / TOP_LEVEL));
LEAST[LEVELS] = Number.POSITIVE_INFINITY;

/** The level at the start of each small stretch of logits: at most one step away from any logit in it. */
const START = Uint8Array.from(
  { length: Math.ceil((LEAST[TOP_LEVEL - 1] - LEAST[1]) * BUCKETS_PER_LOGIT) + 1 },
  (_, bucket) => LEAST.findLastIndex((least) => least <= LEAST[1] + bucket / BUCKETS_PER_LOGIT),
);

/**
 * The logit whose sigmoid is a probability; for 1, the least whose sigmoid rounds to 1.
 *
 * @param {number} probability
 */
export function logitOf(probability) {
  if (probability <= 0) return Number.NEGATIVE_INFINITY;
  if (probability >= 1) return 53 * Math.LN2;
  return Math.log(probability) - Math.log1p(-probability);
}

/** @param {number} logit */
export function sigmoid(logit) {
  return 1 / (1 + Math.exp(-logit));
}

/**
 * The level of a logit: probability × 200, rounded down.
 *
 * @param {number} logit
 */
export function levelOf(logit) {
  if (logit < LEAST[1]) return 0;
  if (logit >= LEAST[TOP_LEVEL - 1]) return logit >= LEAST[TOP_LEVEL] ? TOP_LEVEL : TOP_LEVEL - 1;
  let level = START[((logit - LEAST[1]) * BUCKETS_PER_LOGIT) | 0];
  while (logit >= LEAST[level + 1]) level++;
  return level;
}

/**
 * The lowest level that is inside at a mask threshold 0–1; a threshold between two levels counts as the
 * higher.
 *
 * @param {number} threshold
 */
export function levelFrom(threshold) {
  return Math.min(TOP_LEVEL, Math.max(0, Math.ceil(threshold * TOP_LEVEL - 1e-9)));
}
