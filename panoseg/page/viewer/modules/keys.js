/** What each key does; the help sheet shows this table. */

/** [group, [[action, keys as events name them, keys as people write them, what it does]]] */
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
    ],
  ],
  [
    "Segments",
    [
      ["next", ["n", "N"], "N", "Select the next one"],
      ["previous", ["p", "P"], "P", "Select the one before"],
      ["hide", ["h", "H"], "H", "Hide or show the segment"],
      ["only", ["i", "I"], "I", "Show only the segment"],
      ["all", ["a", "A"], "A", "Show all"],
      ["clear", ["Escape"], "Esc", "Select nothing"],
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
      ["wipe", ["w", "W"], "W", "Wipe between the photo and its segments"],
      ["help", ["?"], "?", "This sheet"],
    ],
  ],
];

const ACTIONS = new Map(
  KEYS.flatMap(([, rows]) => rows.flatMap(([action, keys]) => keys.map((key) => [key, action]))),
);

/** The action of a key press, or undefined: keys held with Ctrl, Alt or ⌘ belong to the browser. */
export function actionOf({ key, ctrlKey, metaKey, altKey }) {
  return ctrlKey || metaKey || altKey ? undefined : ACTIONS.get(key);
}

/** The key that a button's tooltip names. */
export function keyOf(wanted) {
  return KEYS.flatMap(([, rows]) => rows).find(([action]) => action === wanted)?.[2] ?? "";
}
