/**
 * The grid of pictures: of thousands, only the tiles in sight exist, and those that leave are used again.
 *
 * It is one stop of the Tab key: arrows move among the tiles, Enter opens one, Space ticks it.
 *
 * @import { Measures } from "./grid_rules.js"
 * @import { Tile, TileContent } from "./tile.js"
 *
 * @typedef {object} GridContent
 * @property {number[]} order positions, as they are shown
 * @property {(at: number) => Omit<TileContent, "position" | "ticked" | "active" | "place" | "of">} tile
 * @property {Set<number>} ticked positions
 *
 * @typedef {object} GridHandlers
 * @property {(position: number) => void} open
 * @property {(positions: number[], ticked: boolean) => void} tick
 * @property {() => void} scrolled
 */

import { element } from "../dom.js";
import { inSight, keyLeads, measureGrid, placeOf, scrollTo } from "./grid_rules.js";
import { createTile } from "./tile.js";

const FAST = 3; // pixels a millisecond: what passes by so is not looked at, and not fetched
const REST_MS = 100;

export class Grid {
  #on;
  #scroller = element("div", "grid");
  #board = createBoard();
  /** @type {GridContent} */
  #content = {
    order: [],
    tile: () => ({ name: "", words: "", quality: "", photo: "", map: "" }),
    ticked: new Set(),
  };
  /** @type {Map<number, Tile>} by position */
  #tiles = new Map();
  /** @type {Tile[]} that have left; rows leave and come at different frames */
  #spare = [];
  #active = 0;
  #lastTicked = -1;
  #begins = false;
  #frame = 0;
  #version = 0; // of the content
  #scrolled = { top: 0, time: 0 };
  #isFast = false;
  #resting = 0;
  #watcher = new ResizeObserver(() => this.#redraw());

  /** @param {GridHandlers} on */
  constructor(on) {
    this.#on = on;
    this.#scroller.append(this.#board);
    this.#board.onkeydown = (event) => this.#hearKey(event);
    this.#board.onclick = (event) => this.#hearClick(event);
    this.#scroller.onscroll = () => this.#hearScroll();
    this.#watcher.observe(this.#scroller);
  }

  get element() {
    return this.#scroller;
  }

  /** @param {GridContent} next */
  show(next) {
    const active = this.#content.order[this.#active];
    const isOther = next.order !== this.#content.order;
    this.#content = next;
    this.#version += 1;
    if (this.#begins && isOther) {
      this.#begins = false;
      this.#active = 0;
      this.#scroller.scrollTop = 0;
    } else {
      const again = next.order.indexOf(active);
      this.#active = again >= 0 ? again : Math.min(this.#active, Math.max(0, next.order.length - 1));
    }
    this.#redraw();
  }

  focus() {
    this.#board.focus({ preventScroll: true });
  }

  /** What is shown next is another order: it begins with its first picture. */
  begin() {
    this.#begins = true;
  }

  /** @returns {{ top: number, position: number }} */
  place() {
    return { top: this.#scroller.scrollTop, position: this.#content.order[this.#active] ?? -1 };
  }

  /** @param {{ top: number, position: number }} place */
  goTo({ top, position }) {
    const at = this.#content.order.indexOf(position);
    if (at >= 0) this.#active = at;
    this.#board.style.height = `${this.#measures().total}px`;
    this.#scroller.scrollTop = top;
    this.#draw();
  }

  close() {
    this.#watcher.disconnect();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#resting);
    for (const tile of this.#tiles.values()) tile.leave();
  }

  #measures() {
    return measureGrid(this.#board.clientWidth, this.#content.order.length);
  }

  #redraw() {
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#frame = 0;
    if (!this.#board.clientWidth) return;
    const { order } = this.#content;
    const measures = this.#measures();
    this.#board.style.height = `${measures.total}px`;
    const { scrollTop, clientHeight } = this.#scroller;
    const { first, end } = inSight(measures, scrollTop, clientHeight, order.length);
    const wanted = order.slice(first, end);
    this.#freeAllBut(new Set(wanted));
    wanted.forEach((position, n) => {
      const tile = this.#tiles.get(position) ?? this.#give(position);
      this.#drawTile(tile, first + n, measures);
    });
    for (const tile of this.#spare) if (tile.element.isConnected) tile.leave();
    const active = order[this.#active];
    if (this.#tiles.has(active)) this.#board.setAttribute("aria-activedescendant", `tile-${active}`);
    else this.#board.removeAttribute("aria-activedescendant");
  }

  /**
   * Most tiles stay as they are from one frame to the next.
   *
   * @param {Tile} tile
   * @param {number} at place in the order
   * @param {Measures} measures
   */
  #drawTile(tile, at, measures) {
    const active = at === this.#active;
    const drawn = [this.#version, at, active, measures.width, this.#isFast].join();
    if (tile.drawn === drawn) return;
    tile.drawn = drawn;
    const { order, ticked } = this.#content;
    tile.move(measures, placeOf(measures, at));
    tile.show(
      {
        ...this.#content.tile(at),
        position: order[at],
        ticked: ticked.has(order[at]),
        active,
        place: at + 1,
        of: order.length,
      },
      this.#isFast,
    );
  }

  /**
   * Tiles of pictures that have left, to be used again.
   *
   * @param {Set<number>} staying positions
   */
  #freeAllBut(staying) {
    for (const [position, tile] of this.#tiles) {
      if (staying.has(position)) continue;
      this.#tiles.delete(position);
      this.#spare.push(tile);
    }
  }

  /**
   * A tile for a picture that comes into sight.
   *
   * @param {number} position
   */
  #give(position) {
    const tile = this.#spare.pop() ?? createTile();
    this.#tiles.set(position, tile);
    if (!tile.element.isConnected) this.#board.append(tile.element);
    return tile;
  }

  /** @param {number} at */
  #activate(at) {
    this.#active = at;
    const { scrollTop, clientHeight } = this.#scroller;
    this.#scroller.scrollTop = scrollTo(this.#measures(), at, scrollTop, clientHeight);
    this.#redraw();
  }

  /**
   * @param {number} at
   * @param {boolean} further also all between this one and the last that was ticked
   */
  #tick(at, further) {
    const { order, ticked } = this.#content;
    const position = order[at];
    if (position === undefined) return;
    const from = further && this.#lastTicked >= 0 ? this.#lastTicked : at;
    this.#on.tick(order.slice(Math.min(from, at), Math.max(from, at) + 1), !ticked.has(position));
    this.#lastTicked = at;
  }

  #hearScroll() {
    const { top, time } = this.#scrolled;
    const now = performance.now();
    this.#scrolled = { top: this.#scroller.scrollTop, time: now };
    const isFast = Math.abs(this.#scrolled.top - top) > FAST * Math.max(1, now - time);
    clearTimeout(this.#resting);
    this.#isFast = isFast && now - time < REST_MS;
    if (this.#isFast) {
      this.#resting = setTimeout(() => {
        this.#isFast = false;
        this.#redraw();
      }, REST_MS);
    }
    this.#redraw();
    this.#on.scrolled();
  }

  /** @param {KeyboardEvent} event */
  #hearKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { order } = this.#content;
    const next = keyLeads(
      event.key,
      this.#active,
      order.length,
      this.#measures(),
      this.#scroller.clientHeight,
    );
    if (next !== null) this.#activate(next);
    else if (event.key === "Enter" && order.length) this.#on.open(order[this.#active]);
    else if (event.key === " ") this.#tick(this.#active, event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {MouseEvent} event */
  #hearClick(event) {
    const [inner] = event.composedPath();
    const tile = inner instanceof Element ? inner.closest(".tile") : null;
    if (!(tile instanceof HTMLElement)) return;
    const position = Number(tile.dataset.position);
    this.#active = this.#content.order.indexOf(position);
    if (inner instanceof Element && (inner.matches(".tick") || event.shiftKey)) {
      this.#tick(this.#active, event.shiftKey);
    } else {
      this.#on.open(position);
    }
    this.#redraw();
  }
}

/** What tiles lie on, as tall as all of them would be. */
function createBoard() {
  const board = element("div", "board");
  board.setAttribute("role", "listbox");
  board.setAttribute("aria-label", "Pictures");
  board.setAttribute("aria-multiselectable", "true");
  board.tabIndex = 0;
  return board;
}
