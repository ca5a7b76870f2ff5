/**
 * Rows of a long table, fetched by pages as they come into sight and kept until something else is asked.
 *
 * @template Row
 * @typedef {{ total: number, rows: Row[] }} Page
 */

const PAGE = 200;

/** @template Row */
export class SegmentPages {
  #ask;
  #came;
  /** @type {Map<number, Row[]>} by their first row */
  #pages = new Map();
  /** @type {Set<number>} */
  #coming = new Set();
  #control = new AbortController();

  total = 0;

  /**
   * @param {(first: number, signal: AbortSignal) => Promise<Page<Row>>} ask for the page that begins with this row
   * @param {() => void} came called when one is there
   */
  constructor(ask, came) {
    this.#ask = ask;
    this.#came = came;
  }

  /** Whether what was asked is answered, if only by its first page. */
  get isKnown() {
    return this.#pages.has(0);
  }

  /**
   * The row at a place; where it is not there yet, its page is fetched.
   *
   * @param {number} at
   * @returns {Row | undefined}
   */
  row(at) {
    const first = at - (at % PAGE);
    const page = this.#pages.get(first);
    if (!page) this.fetch(first);
    return page?.[at - first];
  }

  /** Nothing of what is there, or on its way, is wanted any more. */
  forget() {
    this.#control.abort();
    this.#control = new AbortController();
    this.#pages = new Map();
    this.#coming = new Set();
  }

  /** @param {number} first */
  async fetch(first) {
    if (this.#coming.has(first) || this.#pages.has(first)) return;
    this.#coming.add(first);
    const { signal } = this.#control;
    try {
      const page = await this.#ask(first, signal);
      if (signal.aborted) return;
      this.total = page.total;
      this.#pages.set(first, page.rows);
    } catch {
      return; // it is asked for anew once something changes
    } finally {
      if (!signal.aborted) this.#coming.delete(first);
    }
    this.#came();
  }
}
