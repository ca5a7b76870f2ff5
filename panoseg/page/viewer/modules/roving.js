/**
 * One tab stop for many buttons: Tab goes to the one that had the focus last, arrows go from there.
 *
 * As the WAI-ARIA Authoring Practices describe it for toolbars and grids. A line is what Up and Down go between,
 * Left and Right go within one; where there is one line only, Up and Down do nothing.
 */

/**
 * @typedef {HTMLElement | SVGElement} Stop
 *
 * @param {HTMLElement} container no SVG: browsers make one of these a tab stop once it hears of the focus
 * @param {() => Stop[][]} lines of buttons, as they stand now
 */
export function createRoving(container, lines) {
  /** @type {Stop | null} */
  let stop = null;

  /** Find out anew which buttons there are, and leave one of them in the order of tabs. */
  function refresh() {
    const all = lines().flat();
    if (!stop || !all.includes(stop)) stop = all[0] ?? null;
    for (const one of all) {
      const index = one === stop ? 0 : -1;
      if (one.tabIndex !== index || !one.hasAttribute("tabindex")) one.tabIndex = index;
    }
  }

  container.addEventListener("focusin", (event) => {
    const [target] = event.composedPath();
    if (!isStop(target) || !lines().some((line) => line.includes(target))) return;
    stop = target;
    refresh();
  });

  container.addEventListener("keydown", (event) => {
    const [target] = event.composedPath();
    if (!isStop(target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = neighbour(lines(), target, event.key);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    next.focus();
  });

  return { refresh };
}

/**
 * @param {EventTarget} target
 * @returns {target is Stop}
 */
const isStop = (target) => target instanceof HTMLElement || target instanceof SVGElement;

/**
 * Where a key leads from one of the buttons; null where it is none, or the key is another.
 *
 * @template Button
 * @param {Button[][]} lines
 * @param {Button} from
 * @param {string} key
 * @returns {Button | null}
 */
export function neighbour(lines, from, key) {
  const row = lines.findIndex((line) => line.includes(from));
  if (row < 0) return null;
  const column = lines[row].indexOf(from);
  /** @type {(by: number) => Button | undefined} the button of another line at the same place, or its last */
  const across = (by) => lines[row + by] && (lines[row + by][column] ?? lines[row + by].at(-1));
  /** @type {Record<string, () => Button | undefined>} */
  const ways = {
    ArrowLeft: () => lines[row][column - 1],
    ArrowRight: () => lines[row][column + 1],
    ArrowUp: () => across(-1),
    ArrowDown: () => across(1),
    Home: () => (lines.length > 1 ? lines[0] : lines[row])[0],
    End: () => (lines.length > 1 ? lines[lines.length - 1][0] : lines[row].at(-1)),
  };
  return ways[key]?.() ?? null;
}
