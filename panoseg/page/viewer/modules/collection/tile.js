/**
 * One tile of the grid: a small photo, its segments over it, a line about it, a tick.
 *
 * Names come from visitors: they are only ever set as text. Of the two pictures, each is fetched anew only once the
 * last has come: while a slider is dragged, no tile asks for more than it can show.
 */

import { element, setText } from "../dom.js";

/**
 * @typedef {object} TileContent
 * @property {number} position
 * @property {string} name
 * @property {string} words
 * @property {string} quality empty where it has none, or none is known
 * @property {string} photo address
 * @property {string} map address
 * @property {boolean} ticked
 * @property {boolean} active
 * @property {number} place from 1
 * @property {number} of
 *
 * @typedef {ReturnType<typeof createTile>} Tile
 */

export function createTile() {
  const node = element("div", "tile");
  node.setAttribute("role", "option");
  const frame = element("div", "frame");
  const photo = createLatest("photo");
  const map = createLatest("map");
  const tick = element("span", "tick");
  tick.title = "Tick this picture (Space)";
  tick.setAttribute("aria-hidden", "true");
  frame.append(photo.element, map.element, tick);
  const caption = element("div", "caption");
  const name = element("span", "name");
  const words = element("span", "about");
  const quality = element("span", "pq");
  caption.append(name, " ", words, " ", quality);
  node.append(frame, caption);
  return {
    element: node,
    tick,
    position: -1,
    drawn: "", // what of, in the grid's words
    /**
     * @param {TileContent} content
     * @param {boolean} passing whether it will be gone before it is looked at: nothing is fetched for it
     */
    show(content, passing) {
      if (this.position !== content.position) {
        this.position = content.position;
        photo.clear();
        map.clear();
        node.id = `tile-${content.position}`;
        node.dataset.position = String(content.position);
      }
      setText(name, content.name);
      setText(words, content.words);
      setText(quality, content.quality);
      quality.hidden = !content.quality;
      node.title = content.name;
      node.setAttribute("aria-selected", String(content.ticked));
      node.setAttribute("aria-posinset", String(content.place));
      node.setAttribute("aria-setsize", String(content.of));
      node.classList.toggle("ticked", content.ticked);
      node.classList.toggle("active", content.active);
      if (passing) return;
      photo.want(content.photo);
      map.want(content.map);
    },
    /** @param {import("./grid_rules.js").Measures} measures @param {{ left: number, top: number }} place */
    move({ width, height, picture }, { left, top }) {
      node.style.transform = `translate(${left}px, ${top}px)`;
      node.style.width = `${width}px`;
      node.style.height = `${height}px`;
      frame.style.height = `${picture}px`;
    },
    leave() {
      this.drawn = "";
      photo.clear();
      map.clear();
      node.remove();
    },
  };
}

/** @param {string} kind */
function createLatest(kind) {
  const box = element("span", `layer ${kind}`);
  let wanted = "";
  let shown = "";
  /** @type {HTMLImageElement | null} */
  let coming = null;

  async function load() {
    const address = wanted;
    const picture = element("img");
    picture.alt = "";
    picture.decoding = "async";
    coming = picture;
    picture.src = address;
    let there = true;
    try {
      await picture.decode();
    } catch {
      there = false;
    }
    if (coming !== picture) return; // it shows another picture by now
    coming = null;
    shown = address;
    box.classList.toggle("gone", !there);
    if (there) box.replaceChildren(picture);
    else box.replaceChildren();
    if (wanted !== address) load();
  }

  return {
    element: box,
    /** @param {string} address */
    want(address) {
      wanted = address;
      if (!coming && wanted !== shown) load();
    },
    clear() {
      if (coming) coming.src = "";
      coming = null;
      wanted = shown = "";
      box.classList.remove("gone");
      box.replaceChildren();
    },
  };
}
