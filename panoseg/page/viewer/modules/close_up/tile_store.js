/**
 * Tiles that were fetched, of one kind: what is wanted is asked for once, what is wanted no more is given up, and
 * of what was seen before the latest few are kept.
 *
 * @template Tile
 * @typedef {object} Entry
 * @property {Tile | null} tile null while it is on the way, and for good where there is none
 * @property {AbortController | null} asking
 */

const MOST_KEPT = 160; // at 0.3 MB each

/**
 * @template Tile
 * @param {(address: string, signal: AbortSignal) => Promise<Tile | null>} load null where there is nothing
 * @param {() => void} onLoad a tile has come
 * @param {(tile: Tile) => void} [drop] a tile is kept no longer
 */
export function createTileStore(load, onLoad, drop = () => {}, most = MOST_KEPT) {
  /** @type {Map<string, Entry<Tile>>} by address, the latest wanted last */
  const entries = new Map();

  /** @param {string} address */
  async function ask(address) {
    const asking = new AbortController();
    /** @type {Entry<Tile>} */
    const entry = { tile: null, asking };
    entries.set(address, entry);
    try {
      const tile = await load(address, asking.signal);
      if (entries.get(address) === entry) entry.tile = tile;
      else if (tile) drop(tile);
      entry.asking = null;
      if (tile) onLoad();
    } catch {
      // Given up, or the network failed: asked for again when it is wanted again.
      if (entries.get(address) === entry) entries.delete(address);
    }
  }

  /** @param {string} address */
  function remove(address) {
    const entry = entries.get(address);
    entries.delete(address);
    entry?.asking?.abort();
    if (entry?.tile) drop(entry.tile);
  }

  return {
    /**
     * These are looked at now, the first of them first.
     *
     * @param {string[]} addresses
     */
    want(addresses) {
      const wanted = new Set(addresses);
      for (const [address, entry] of [...entries]) {
        if (entry.asking && !wanted.has(address)) remove(address);
      }
      for (const address of addresses) {
        const entry = entries.get(address);
        if (!entry) ask(address);
        else {
          entries.delete(address);
          entries.set(address, entry);
        }
      }
      for (const address of [...entries.keys()]) {
        if (entries.size <= most) break;
        if (!wanted.has(address)) remove(address);
      }
    },
    /** @param {string} address */
    get: (address) => entries.get(address)?.tile ?? null,
    /** Whether all of these have come, or are known not to be there. */
    has: (/** @type {string[]} */ addresses) =>
      addresses.every((address) => entries.has(address) && !entries.get(address)?.asking),
    clear() {
      for (const address of [...entries.keys()]) remove(address);
    },
    get size() {
      return entries.size;
    },
  };
}
