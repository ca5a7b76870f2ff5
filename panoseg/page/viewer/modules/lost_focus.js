/**
 * A message leaves the page with the button that was pressed in it, and a browser then leaves the focus nowhere. Who uses
 * keys goes on at the picture.
 */

const MESSAGES = ".st-key-notices, .st-key-over-picture, .st-key-second";

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
    if (document.activeElement === document.body) board.focus({ preventScroll: true });
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
