/** Whether a visitor sees the first steps: only one who never closed them, and whose address sets nothing. */

const KEY = "panoseg.first-minute";

/**
 * @param {Pick<Storage, "getItem">} storage
 * @param {string} address with which the visitor came
 */
export function isNew(storage, address) {
  try {
    return new URL(address).search === "" && storage.getItem(KEY) === null;
  } catch {
    return false; // a browser that remembers nothing would show them for ever
  }
}

/** @param {Pick<Storage, "setItem">} storage */
export function remember(storage) {
  try {
    storage.setItem(KEY, "closed");
  } catch {
    // It is not asked again either: see above.
  }
}

/**
 * Where the words stand, so that they hide neither what they are about nor the edge of the page: left of it, right
 * of it, below or above it, wherever there is room first; else over its lower part.
 *
 * @typedef {{ left: number, top: number, width: number, height: number }} Rectangle
 *
 * @param {Rectangle} target
 * @param {{ width: number, height: number }} card
 * @param {{ width: number, height: number }} page
 * @param {number} gap
 */
export function placeBeside(target, card, page, gap = 12) {
  /** @param {number} at @param {number} size @param {number} all */
  const inside = (at, size, all) => Math.max(gap, Math.min(at, all - size - gap));
  const right = target.left + target.width;
  const bottom = target.top + target.height;
  const left = inside(target.left + (target.width - card.width) / 2, card.width, page.width);
  const top = inside(target.top, card.height, page.height);
  if (target.left - gap - card.width >= gap) return { left: target.left - gap - card.width, top };
  if (right + gap + card.width <= page.width - gap) return { left: right + gap, top };
  if (bottom + gap + card.height <= page.height - gap) return { left, top: bottom + gap };
  if (target.top - gap - card.height >= gap) return { left, top: target.top - gap - card.height };
  return { left, top: inside(bottom - card.height - gap, card.height, page.height) };
}
