/**
 * A message leaves the page with the button that was pressed in it, and a browser then leaves the focus nowhere, as it
 * does where another page takes the place of all there was. Who uses keys goes on at the picture, or at the grid of them.
 */

const MESSAGES = ".st-key-notices, .st-key-over-picture, .st-key-second";

let isVisitNew = true;

/**
 * A page has come. The first one of a visit leaves the focus to the browser.
 *
 * @param {HTMLElement} place where keys go on
 */
export function arriveAt(place) {
  if (!isVisitNew) goOnAt(place);
  isVisitNew = false;
}

/** @param {HTMLElement} place gets the focus if it is nowhere */
function goOnAt(place) {
  if (document.activeElement === document.body) place.focus({ preventScroll: true });
}

/**
 * Watch the page's keys; returns how to stop.
 *
 * @param {HTMLElement} board gets the focus that is lost
 */
export function watchLostFocus(board) {
  /** @type {Element | null} */
  let pressed = null;
  const departures = new MutationObserver(() => {
    if (pressed?.isConnected) return;
    departures.disconnect();
    goOnAt(board);
  });
  const watching = new AbortController();

  /** @param {KeyboardEvent} event */
  function onKey({ key, target }) {
    departures.disconnect();
    if (!(target instanceof Element) || (key !== "Enter" && key !== " ")) return;
    pressed = target.closest("button");
    if (pressed?.closest(MESSAGES)) departures.observe(document.body, { childList: true, subtree: true });
  }

  const options = { capture: true, signal: watching.signal };
  document.addEventListener("keydown", onKey, options);
  document.addEventListener("pointerdown", () => departures.disconnect(), options);
  return () => {
    watching.abort();
    departures.disconnect();
  };
}
