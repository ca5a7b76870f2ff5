/**
 * The grid of pictures: of thousands, only the tiles in sight exist, and those that leave are used again.
 *
 * It is one stop of the Tab key: arrows move among the tiles, Enter opens one, Space ticks it.
 *
 * @import { Tile } from "./tile.js"
 *
 * @typedef {object} GridContent
 * @property {number[]} order positions, as they are shown
 * @property {(at: number) => { name: string, words: string, photo: string, map: string }} tile
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

/** @param {GridHandlers} on */
export function createGrid(on) {
  const scroller = element("div", "grid");
  const board = element("div", "board");
  board.setAttribute("role", "listbox");
  board.setAttribute("aria-label", "Pictures");
  board.setAttribute("aria-multiselectable", "true");
  board.tabIndex = 0;
  scroller.append(board);
  /** @type {GridContent} */
  let content = { order: [], tile: () => ({ name: "", words: "", photo: "", map: "" }), ticked: new Set() };
  /** @type {Map<number, Tile>} by position */
  const tiles = new Map();
  let active = 0;
  let lastTicked = -1;
  let begins = false;
  let frame = 0;

  const measures = () => measureGrid(board.clientWidth, content.order.length);

  function draw() {
    frame = 0;
    if (!board.clientWidth) return;
    const measured = measures();
    board.style.height = `${measured.total}px`;
    const { first, end } = inSight(measured, scroller.scrollTop, scroller.clientHeight, content.order.length);
    const wanted = content.order.slice(first, end);
    const kept = new Set(wanted);
    /** @type {Tile[]} */
    const free = [];
    for (const [position, tile] of tiles) {
      if (!kept.has(position)) {
        tiles.delete(position);
        free.push(tile);
      }
    }
    wanted.forEach((position, n) => {
      const at = first + n;
      let tile = tiles.get(position);
      if (!tile) {
        tile = free.pop() ?? createTile();
        tiles.set(position, tile);
        if (!tile.element.isConnected) board.append(tile.element);
      }
      tile.move(measured, placeOf(measured, at));
      tile.show({
        ...content.tile(at),
        position,
        ticked: content.ticked.has(position),
        active: at === active,
        place: at + 1,
        of: content.order.length,
      });
    });
    for (const tile of free) tile.leave();
    const shown = content.order[active];
    if (tiles.has(shown)) board.setAttribute("aria-activedescendant", `tile-${shown}`);
    else board.removeAttribute("aria-activedescendant");
  }

  function redraw() {
    if (!frame) frame = requestAnimationFrame(draw);
  }

  /** @param {number} at */
  function activate(at) {
    active = at;
    scroller.scrollTop = scrollTo(measures(), at, scroller.scrollTop, scroller.clientHeight);
    redraw();
  }

  /**
   * @param {number} at
   * @param {boolean} further also all between this one and the last that was ticked
   */
  function tick(at, further) {
    const position = content.order[at];
    if (position === undefined) return;
    const ticked = !content.ticked.has(position);
    const from = further && lastTicked >= 0 ? lastTicked : at;
    on.tick(content.order.slice(Math.min(from, at), Math.max(from, at) + 1), ticked);
    lastTicked = at;
  }

  board.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = keyLeads(event.key, active, content.order.length, measures(), scroller.clientHeight);
    if (next !== null) activate(next);
    else if (event.key === "Enter" && content.order.length) on.open(content.order[active]);
    else if (event.key === " ") tick(active, event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  board.onclick = (event) => {
    const target = event.composedPath().find((each) => each instanceof HTMLElement && each.matches(".tile"));
    if (!(target instanceof HTMLElement)) return;
    const position = Number(target.dataset.position);
    const at = content.order.indexOf(position);
    active = at;
    const [inner] = event.composedPath();
    if ((inner instanceof HTMLElement && inner.matches(".tick")) || event.shiftKey) tick(at, event.shiftKey);
    else on.open(position);
    redraw();
  };
  scroller.onscroll = () => {
    redraw();
    on.scrolled();
  };
  const watcher = new ResizeObserver(redraw);
  watcher.observe(scroller);

  return {
    element: scroller,
    board,
    /** @param {GridContent} next */
    show(next) {
      const shown = content.order[active];
      const other = next.order !== content.order;
      content = next;
      if (begins && other) {
        begins = false;
        active = 0;
        scroller.scrollTop = 0;
        redraw();
        return;
      }
      const again = content.order.indexOf(shown);
      active = again >= 0 ? again : Math.min(active, Math.max(0, content.order.length - 1));
      redraw();
    },
    redraw,
    /** What is shown next is another order: it begins with its first picture. */
    begin() {
      begins = true;
    },
    /** @returns {{ top: number, position: number }} */
    place: () => ({ top: scroller.scrollTop, position: content.order[active] ?? -1 }),
    /** @param {{ top: number, position: number }} place */
    goTo({ top, position }) {
      const at = content.order.indexOf(position);
      if (at >= 0) active = at;
      board.style.height = `${measures().total}px`;
      scroller.scrollTop = top;
      draw();
    },
    close() {
      watcher.disconnect();
      cancelAnimationFrame(frame);
      for (const tile of tiles.values()) tile.leave();
    },
  };
}
