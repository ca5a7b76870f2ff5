/**
 * The pictures to go to, in a row under the one that is shown: what the visitor brought, then the gallery's scenes.
 *
 * @import { PicturesPayload } from "./inbox.js"
 *
 * @typedef {object} FilmstripHandlers
 * @property {(id: string) => void} show
 * @property {(id: string) => void} remove
 * @property {(files: File[]) => void} open
 */

import { element, iconButton } from "./dom.js";

/** @param {FilmstripHandlers} on */
export function createFilmstrip(on) {
  const strip = element("nav", "filmstrip");
  strip.setAttribute("aria-label", "Pictures");
  const list = element("ul", "tiles");
  const opener = createOpener(on);
  strip.append(opener.element, list);
  list.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const tiles = tilesOf(list);
    const at = tiles.findIndex((tile) => tile.matches(":focus"));
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + tiles.length, Home: 0, End: tiles.length - 1 }[
      event.key
    ];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    tiles[to % tiles.length]?.focus();
  };
  let drawn = "";
  /** @type {PicturesPayload} */
  let shown = { current: "", uploads: 0, pictures: [], limits: { short: "", words: "" } };
  return {
    element: strip,
    /** @param {PicturesPayload} payload */
    show(payload) {
      shown = payload;
      const words = JSON.stringify(payload);
      if (words === drawn) return;
      drawn = words;
      opener.tell(payload.limits);
      const hadFocus = list.matches(":focus-within");
      list.replaceChildren(
        ...payload.pictures.map((picture, n) =>
          createTile(picture, picture.id === payload.current, n < payload.uploads, on),
        ),
      );
      const current = list.querySelector("[aria-current] .tile");
      if (hadFocus && current instanceof HTMLElement) current.focus();
      reveal(list, current);
    },
    /**
     * Mark a tile at once; the picture itself comes from the server.
     *
     * @param {string} id
     */
    mark(id) {
      for (const item of list.children) {
        if (item instanceof HTMLElement && item.dataset.id === id) item.setAttribute("aria-current", "true");
        else item.removeAttribute("aria-current");
      }
    },
    /**
     * The id of the picture so many further on in the row.
     *
     * @param {number} by
     */
    next(by) {
      const { pictures, current } = shown;
      const at = pictures.findIndex(({ id }) => id === current);
      return pictures.at((at + by) % Math.max(1, pictures.length))?.id;
    },
  };
}

/** @param {FilmstripHandlers} on */
function createOpener(on) {
  const input = element("input");
  Object.assign(input, { type: "file", multiple: true, hidden: true });
  input.setAttribute("aria-label", "Photos");
  input.onchange = () => {
    if (input.files?.length) on.open([...input.files]);
    input.value = "";
  };
  const button = iconButton("plus", "Open photo");
  button.className = "open-photo";
  const limit = element("span", "limit");
  button.removeAttribute("aria-label"); // its name is what it says; the limit is read from its title
  limit.setAttribute("aria-hidden", "true");
  button.append(element("span", "", "Open photo"), limit);
  button.onclick = () => input.click();
  const box = element("div", "opener");
  box.append(button, input);
  return {
    element: box,
    /** @param {PicturesPayload["limits"]} limits */
    tell({ short, words }) {
      limit.textContent = short;
      button.title = `Choose files; or drop them anywhere, or paste one (Ctrl+V). ${words}`;
    },
  };
}

/**
 * @param {PicturesPayload["pictures"][number]} picture
 * @param {boolean} current
 * @param {boolean} uploaded
 * @param {FilmstripHandlers} on
 */
function createTile({ id, title, url, state, words }, current, uploaded, on) {
  const item = element("li", `tile-item ${state}`);
  item.dataset.id = id;
  if (current) item.setAttribute("aria-current", "true");
  const tile = element("button", "tile");
  tile.type = "button";
  tile.tabIndex = current ? 0 : -1;
  tile.title = words ? `${title}: ${words}` : title;
  const missing = state === "failed" ? "cannot be read" : "waiting";
  tile.setAttribute("aria-label", url ? title : `${title}, ${missing}`);
  tile.onclick = () => on.show(id);
  if (url) {
    const image = element("img");
    image.src = url;
    image.alt = "";
    image.draggable = false;
    tile.append(image);
  } else {
    tile.append(element("span", "tile-words", missing));
  }
  item.append(tile);
  if (uploaded) {
    const remove = iconButton("close", `Remove ${title}`);
    remove.tabIndex = -1;
    remove.onclick = () => on.remove(id);
    item.append(remove);
    tile.onkeydown = (event) => {
      if (event.key === "Delete") on.remove(id);
    };
  }
  return item;
}

/**
 * @param {HTMLElement} list
 * @returns {HTMLElement[]}
 */
function tilesOf(list) {
  return [...list.querySelectorAll("button.tile")].filter((tile) => tile instanceof HTMLElement);
}

/**
 * @param {HTMLElement} list
 * @param {Element | null} tile
 */
function reveal(list, tile) {
  if (!(tile instanceof HTMLElement)) return;
  const left = tile.offsetLeft - list.offsetLeft;
  if (left < list.scrollLeft || left + tile.offsetWidth > list.scrollLeft + list.clientWidth)
    list.scrollLeft = left - list.clientWidth / 2;
}
