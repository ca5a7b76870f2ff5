/**
 * Mouse, pen and fingers on the stage become few words: point, leave, click, double, zoom, pan.
 *
 * All places are {x, y} in fractions of the stage. The wheel zooms with Ctrl or ⌘ held (so do trackpads'
 * pinches), and without once the picture has the focus: whoever only scrolls past is never held up, and
 * zooming out further than the whole picture scrolls the page.
 *
 * @import { Point } from "./geometry.js"
 *
 * @typedef {object} GestureHandlers
 * @property {(at: Point) => void} point
 * @property {() => void} leave
 * @property {(at: Point, add: boolean) => void} click
 * @property {(at: Point) => void} double
 * @property {(factor: number, at: Point) => void} zoom
 * @property {(across: number, down: number) => void} pan by fractions of the stage
 */

const SLOP = 4; // pixels that a click may wander
const DOUBLE_MS = 350;

/**
 * @param {HTMLElement} board on which the stage stands: it hears of the pointer
 * @param {HTMLElement} stage
 * @param {{ canPan: () => boolean, canZoomOut: () => boolean, on: GestureHandlers }} wanted
 */
export function watchGestures(board, stage, { canPan, canZoomOut, on }) {
  /** @type {Map<number, Point>} the last place of each pressed pointer, in pixels of the window */
  const pressed = new Map();
  /** @type {Point | null} where a press began that may yet become a click */
  let start = null;
  let lastClick = { time: -Infinity, x: 0, y: 0 };

  /** @param {{ clientX: number, clientY: number }} event */
  const placeOf = (event) => placeOn(stage, event);
  watchWheel(board, canZoomOut, (factor, event) => on.zoom(factor, placeOf(event)));

  board.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pressed.set(event.pointerId, { x: event.clientX, y: event.clientY });
    start = pressed.size === 1 ? { x: event.clientX, y: event.clientY } : null;
    if (pressed.size === 1) on.point(placeOf(event));
  });

  board.addEventListener("pointermove", (event) => {
    // A button that was released somewhere else is not held any more.
    if (!event.buttons) pressed.delete(event.pointerId);
    const before = pressed.get(event.pointerId);
    if (!before) return on.point(placeOf(event));
    const now = { x: event.clientX, y: event.clientY };
    if (start && Math.hypot(now.x - start.x, now.y - start.y) > SLOP) {
      start = null;
      // From here on the board hears of the pointer wherever it goes.
      board.setPointerCapture(event.pointerId);
    }
    if (start) return;
    const box = stage.getBoundingClientRect();
    if (pressed.size === 2) {
      const [other] = [...pressed].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
      const middle = { clientX: (now.x + other.x) / 2, clientY: (now.y + other.y) / 2 };
      const factor = distance(now, other) / Math.max(1, distance(before, other));
      on.zoom(factor, placeOf(middle));
      on.pan((now.x - before.x) / 2 / box.width, (now.y - before.y) / 2 / box.height);
    } else if (canPan()) {
      on.pan((now.x - before.x) / box.width, (now.y - before.y) / box.height);
    }
    pressed.set(event.pointerId, now);
  });

  board.addEventListener("pointerup", (event) => {
    const click = start && pressed.has(event.pointerId);
    pressed.delete(event.pointerId);
    start = null;
    if (!click) return;
    const double =
      event.timeStamp - lastClick.time < DOUBLE_MS &&
      Math.hypot(event.clientX - lastClick.x, event.clientY - lastClick.y) < 2 * SLOP;
    lastClick = { time: double ? -Infinity : event.timeStamp, x: event.clientX, y: event.clientY };
    if (double) on.double(placeOf(event));
    else on.click(placeOf(event), isAdding(event));
  });

  board.addEventListener("pointercancel", (event) => {
    pressed.delete(event.pointerId);
    start = null;
    on.leave();
  });

  // A finger leaves as soon as it is lifted: what it pointed at stays named until the next touch.
  board.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch" && !pressed.has(event.pointerId)) on.leave();
  });
}

/**
 * @param {HTMLElement} board
 * @param {() => boolean} canZoomOut
 * @param {(factor: number, event: WheelEvent) => void} zoom
 */
function watchWheel(board, canZoomOut, zoom) {
  board.addEventListener(
    "wheel",
    (event) => {
      const wanted = event.ctrlKey || event.metaKey || board.matches(":focus, :focus-within");
      const pixels = event.deltaY * [1, 16, 400][event.deltaMode];
      if (!wanted || (pixels > 0 && !event.ctrlKey && !canZoomOut())) return;
      event.preventDefault();
      // A notch of a mouse's wheel is some 100 pixels, a trackpad's pinch sends single ones.
      const speed = event.ctrlKey && Math.abs(pixels) < 50 ? 0.01 : 0.0022;
      zoom(Math.exp(-pixels * speed), event);
    },
    { passive: false },
  );
}

/**
 * Whether a click adds to what is selected: as people hold keys in lists and file managers.
 *
 * @param {Pick<MouseEvent, "shiftKey" | "ctrlKey" | "metaKey">} event
 */
export function isAdding({ shiftKey, ctrlKey, metaKey }) {
  return shiftKey || ctrlKey || metaKey;
}

/**
 * @param {Point} a
 * @param {Point} b
 */
function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/**
 * @param {HTMLElement} stage
 * @param {{ clientX: number, clientY: number }} event
 * @returns {Point}
 */
function placeOn(stage, { clientX, clientY }) {
  const box = stage.getBoundingClientRect();
  return { x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height };
}
