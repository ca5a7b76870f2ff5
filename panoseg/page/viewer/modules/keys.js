/** What each key does; the help sheet shows this table. */

/**
 * @typedef {[action: string, keys: string[], shown: string, does: string]} KeyRow an action of actions.js, keys as
 *   events name them and as people write them, and what it does
 */

/** @type {[title: string, rows: KeyRow[]][]} */
export const KEYS = [
  [
    "Look closer",
    [
      ["zoomIn", ["+", "="], "+", "Zoom in"],
      ["zoomOut", ["-", "_"], "−", "Zoom out"],
      ["fit", ["0"], "0", "Show the whole picture"],
      ["one", ["1"], "1", "One pixel of the picture per pixel of the screen"],
      ["left", ["ArrowLeft"], "←", "Move left"],
      ["right", ["ArrowRight"], "→", "Move right"],
      ["up", ["ArrowUp"], "↑", "Move up"],
      ["down", ["ArrowDown"], "↓", "Move down"],
      ["zoomTo", ["f", "F"], "F", "Zoom to the segment, and back"],
      ["nextPicture", ["PageDown"], "PgDn", "Next picture"],
      ["previousPicture", ["PageUp"], "PgUp", "Picture before"],
    ],
  ],
  [
    "Segments",
    [
      ["next", ["n", "N"], "N", "Select the next one"],
      ["previous", ["p", "P"], "P", "Select the one before"],
      ["hide", ["h", "H"], "H", "Hide or show the segment"],
      ["only", ["i", "I"], "I", "Show only the segment"],
      ["pin", ["k", "K"], "K", "Pin the segment: its own mask; again, its probability; again, no longer"],
      ["all", ["a", "A"], "A", "Show all"],
      ["clear", ["Escape"], "Esc", "Unpin, or select nothing"],
      ["undo", ["Ctrl+z"], "Ctrl+Z", "Undo: thresholds, hiding, selection, style"],
      ["redo", ["Ctrl+Shift+z", "Ctrl+y"], "Ctrl+Y", "Redo"],
    ],
  ],
  [
    "Style",
    [
      ["fainter", ["["], "[", "Fainter colours"],
      ["stronger", ["]"], "]", "Stronger colours"],
      ["outlines", ["o", "O"], "O", "Outlines"],
      ["labels", ["l", "L"], "L", "Labels"],
      ["colors", ["m", "M"], "M", "Colour by segment, label, score or outcome of a comparison"],
      ["cutout", ["x", "X"], "X", "Cut out what is shown or selected"],
      [
        "doubt",
        ["u", "U"],
        "U",
        "Where it is unsure: red where a small change would give a pixel to another",
      ],
      ["wipe", ["w", "W"], "W", "Wipe between the photo and its segments"],
      ["reasons", ["y", "Y"], "Y", "Why segments are missing or extra, beside an annotation"],
      ["flicker", ["b", "B"], "B", "The second picture's segments here, and back"],
      ["share", ["s", "S"], "S", "Copy a link to what is shown"],
      ["explain", ["e", "E"], "E", "How it works: queries, step by step, three tasks, glossary"],
      ["help", ["?"], "?", "This sheet"],
    ],
  ],
];

/** @type {Map<string, string>} action by key */
const ACTION_OF_KEY = new Map();
for (const [, rows] of KEYS) {
  for (const [action, keys] of rows) for (const key of keys) ACTION_OF_KEY.set(key, action);
}

/**
 * The action of a key press, or undefined: most keys held with Ctrl or ⌘, and all with Alt, belong to the browser.
 *
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">} event
 */
export function actionOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  if (altKey) return undefined;
  const held = ctrlKey || metaKey ? `Ctrl+${shiftKey ? "Shift+" : ""}${key.toLowerCase()}` : key;
  return ACTION_OF_KEY.get(held);
}

/**
 * The key that a button's tooltip names.
 *
 * @param {string} wanted
 */
export function keyOf(wanted) {
  return KEYS.flatMap(([, rows]) => rows).find(([action]) => action === wanted)?.[2] ?? "";
}
