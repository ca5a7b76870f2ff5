/**
 * The bar's menus stand at the end of the page, where Streamlit puts what floats. Who opens one by keys is led into
 * it, and Tab leads out of it, back to its button; Escape does so by itself. A button in one that leaves with what it
 * did, as that for files does, leaves the focus to the menu.
 */

const BUTTON = '[data-testid="stPopoverButton"]';
const MENU = '[data-testid="stPopoverBody"]';
const GROUP = '[role="radiogroup"]'; // one stop for Tab, whose arrows go within
const COMING = '[data-testid="stSkeleton"]'; // where a control will be, whose script is on its way
const HELP = '[data-testid="stTooltipIcon"]';
const CONTROLS = "a[href], button, input, select, textarea, [tabindex]";

/** Watch the page's keys; returns how to stop. */
export function watchMenus() {
  const arrivals = new MutationObserver(() => enter());
  const departures = new MutationObserver(() => {
    if (document.activeElement === document.body) enter();
  });
  const watching = new AbortController();

  /** Go to the menu's first control once all are there and seen; what helps with it can wait. */
  function enter() {
    const menu = document.querySelector(MENU);
    if (menu?.querySelector(COMING)) return;
    const first = controlsOf(menu).find((each) => !each.closest(HELP));
    /** @type {HTMLElement | null | undefined} */
    const chosen = first?.closest(GROUP)?.querySelector('[aria-checked="true"]') ?? first;
    chosen?.focus();
    if (chosen && document.activeElement === chosen) arrivals.disconnect();
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const target = event.target instanceof Element ? event.target : null;
    if (event.key === "Tab") return leave(event, target);
    if (event.key !== "Enter" && event.key !== " ") return;
    if (target?.closest(MENU)) stay();
    const button = target?.closest(BUTTON);
    if (!button) return;
    arrivals.disconnect();
    if (button.getAttribute("aria-expanded") === "false")
      arrivals.observe(document.body, { childList: true, subtree: true, attributes: true });
  }

  /** Whatever becomes of the button that was pressed in the menu. */
  function stay() {
    departures.disconnect();
    departures.observe(document.body, { childList: true, subtree: true, attributes: true });
  }

  /**
   * Back to the button where Tab would leave the menu.
   *
   * @param {KeyboardEvent} event
   * @param {Element | null} target
   */
  function leave(event, target) {
    arrivals.disconnect();
    const menu = target?.closest(MENU) ?? null;
    const edge = controlsOf(menu).at(event.shiftKey ? 0 : -1);
    /** @type {HTMLElement | null} */
    const button = document.querySelector(`${BUTTON}[aria-expanded="true"]`);
    const isEdge = target === edge || edge?.closest(GROUP)?.contains(target);
    if (!menu || !isEdge || !button) return;
    event.preventDefault();
    button.click();
    button.focus();
  }

  // Whatever else is done meanwhile: the focus is not to be taken from there.
  const options = { capture: true, signal: watching.signal };
  document.addEventListener("keydown", onKey, options);
  const rest = () => {
    arrivals.disconnect();
    departures.disconnect();
  };
  document.addEventListener("pointerdown", rest, options);
  return () => {
    watching.abort();
    rest();
  };
}

/**
 * What Tab stops at, also where the menu keeps it from that, as it does (data-tabindex) while the focus is elsewhere.
 *
 * @param {Element | null} menu
 * @returns {HTMLElement[]}
 */
function controlsOf(menu) {
  if (!menu) return [];
  /** @type {NodeListOf<HTMLElement>} */
  const all = menu.querySelectorAll(CONTROLS);
  return [...all].filter(
    (each) =>
      (each.tabIndex >= 0 || each.dataset.tabindex !== undefined) &&
      !each.matches(":disabled") &&
      each.checkVisibility({ visibilityProperty: true }),
  );
}
