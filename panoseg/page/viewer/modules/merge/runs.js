/** How a map and its layers are written down. */

/** A pixel of the map holds owner × 256 + level; this is one that nobody has. */
export const NOBODY = 255;

/** A run is its first pixel × 4096 + its length, counted within some rows of the map. */
export const LENGTH_BITS = 12;
export const LENGTH_MASK = (1 << LENGTH_BITS) - 1;
