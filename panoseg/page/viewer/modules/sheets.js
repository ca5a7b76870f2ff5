/**
 * Streamlit's own sheet over the page, such as Export. It closes at Escape as long as the focus is in it; but a browser
 * may leave the focus elsewhere, or hand it back to the page once a file has been downloaded.
 */

const SHEET = '[data-testid="stDialog"]';
const CLOSE = '[aria-label="Close"]';
const PAGE = '[data-testid="stApp"]';

/** Whether one lies over the page, whose own keys have nothing to do meanwhile. */
export function isSheetOpen() {
  return document.querySelector(SHEET) !== null;
}

/** Have Escape close the sheet, though the focus is in the page below it; returns how to stop. */
export function watchSheets() {
  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    const path = event.composedPath();
    const nodes = path.filter((node) => node instanceof Element);
    const isBelow = path[0] === document.body || nodes.some((node) => node.matches(PAGE));
    if (!isBelow || nodes.some((node) => node.matches(SHEET))) return;
    /** @type {HTMLElement | null | undefined} */
    const close = document.querySelector(SHEET)?.querySelector(CLOSE);
    if (!close) return;
    event.preventDefault();
    event.stopPropagation();
    close.click();
  }
  document.addEventListener("keydown", onKey, true);
  return () => document.removeEventListener("keydown", onKey, true);
}
