/** Rows of bars that consist of parts; a row asks for what it stands for, and so does each part. */

import { element } from "../dom.js";

/**
 * Rows of bars. Those that stay keep the focus.
 *
 * @typedef {{ share: number, color: string, condition: string, words: string }} Piece
 * @typedef {{ name: string, condition: string, pressed: boolean, value: string, title: string, pieces: Piece[] }} RowContent
 *
 * @param {HTMLElement} list
 * @param {(condition: string) => void} toggle
 */
export function createRows(list, toggle) {
  /** @type {ReturnType<typeof createRow>[]} */
  let rows = [];
  return {
    /** @param {RowContent[]} wanted */
    show(wanted) {
      while (rows.length < wanted.length) rows.push(createRow(toggle));
      for (const row of rows.slice(wanted.length)) row.element.remove();
      rows = rows.slice(0, wanted.length);
      wanted.forEach((content, n) => {
        rows[n].show(content);
        if (!rows[n].element.isConnected) list.append(rows[n].element);
      });
    },
  };
}

/** @param {(condition: string) => void} toggle */
function createRow(toggle) {
  const button = element("button", "bar-row");
  button.type = "button";
  const name = element("span", "name");
  const track = element("span", "bar-track quality-track");
  const value = element("span", "share");
  button.append(name, track, value);
  let condition = "";
  let drawn = "";
  // A part of the bar asks for what it stands for; the keyboard asks for all of the row.
  button.onclick = (event) => {
    const [inner] = event.composedPath();
    toggle((inner instanceof HTMLElement && inner.dataset.condition) || condition);
  };
  return {
    element: button,
    /** @param {RowContent} content */
    show(content) {
      condition = content.condition;
      const now = JSON.stringify(content);
      if (now === drawn) return;
      drawn = now;
      name.textContent = content.name;
      value.textContent = content.value;
      button.title = content.title;
      button.setAttribute("aria-pressed", String(content.pressed));
      track.replaceChildren(
        ...content.pieces.map((piece) => {
          const part = element("span", "piece");
          part.style.width = `${100 * piece.share}%`;
          part.style.background = piece.color;
          if (piece.words) part.title = piece.words;
          if (piece.condition) part.dataset.condition = piece.condition;
          return part;
        }),
      );
    },
  };
}
