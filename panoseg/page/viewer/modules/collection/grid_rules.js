/** Where the tiles of a grid lie, of which only those in sight exist. Pure, so that Node can test it. */

export const GAP = 8;
const LEAST_WIDTH = 148;
const WIDTH = 216;
const CAPTION = 22;

/**
 * @typedef {object} Measures
 * @property {number} columns
 * @property {number} width of a tile, in pixels
 * @property {number} picture height of its picture
 * @property {number} height of all of it
 * @property {number} rows
 * @property {number} total height of the grid
 */

/**
 * @param {number} width of the grid, in pixels
 * @param {number} count of tiles
 * @returns {Measures}
 */
export function measureGrid(width, count) {
  const wanted = width < 500 ? LEAST_WIDTH : WIDTH;
  const columns = Math.max(1, Math.floor((width + GAP) / (wanted + GAP)));
  const tile = Math.max(80, Math.floor((width - GAP * (columns - 1)) / columns));
  const picture = Math.round((tile * 2) / 3);
  const height = picture + CAPTION;
  const rows = Math.ceil(count / columns);
  return { columns, width: tile, picture, height, rows, total: Math.max(0, rows * (height + GAP) - GAP) };
}

/**
 * The tiles that are in sight, and those of a screen's half around it: from `first` up to, but not including, `end`.
 *
 * @param {Measures} measures
 * @param {number} top pixels that are scrolled away
 * @param {number} height of what is in sight
 * @param {number} count
 */
export function inSight({ columns, height: tile }, top, height, count) {
  const around = height / 2;
  const first = Math.max(0, Math.floor((top - around) / (tile + GAP)));
  const end = Math.max(first, Math.ceil((top + height + around) / (tile + GAP)));
  return { first: Math.min(count, first * columns), end: Math.min(count, end * columns) };
}

/**
 * @param {Measures} measures
 * @param {number} at
 */
export function placeOf({ columns, width, height }, at) {
  return { left: (at % columns) * (width + GAP), top: Math.floor(at / columns) * (height + GAP) };
}

/**
 * Where a key leads from one tile, or null where the key is another.
 *
 * @param {string} key
 * @param {number} at
 * @param {number} count
 * @param {Pick<Measures, "columns" | "height">} measures
 * @param {number} height of what is in sight
 */
export function keyLeads(key, at, count, { columns, height: tile }, height) {
  const screen = columns * Math.max(1, Math.floor(height / (tile + GAP)));
  /** @type {Record<string, number>} */
  const moves = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - columns >= 0 ? at - columns : at,
    ArrowDown: at + columns < count ? at + columns : at,
    PageUp: at - screen,
    PageDown: at + screen,
    Home: 0,
    End: count - 1,
  };
  if (!(key in moves) || count === 0) return null;
  return Math.min(count - 1, Math.max(0, moves[key]));
}

/**
 * How far to scroll so that a tile is in sight as a whole.
 *
 * @param {Measures} measures
 * @param {number} at
 * @param {number} top
 * @param {number} height
 */
export function scrollTo(measures, at, top, height) {
  const place = placeOf(measures, at);
  if (place.top < top) return place.top;
  return Math.max(top, place.top + measures.height - height);
}
