/**
 * A first minute: three steps, each with a ring around the control that it is about. They lie over the page and
 * move nothing in it; one click closes them for ever, and the sheet of keys brings them back.
 */

import { element, iconButton, textButton } from "./dom.js";
import { isNew, placeBeside, remember } from "./first_minute_rules.js";

/**
 * @typedef {object} Step
 * @property {string} title
 * @property {string} words
 * @property {() => HTMLElement | null} target a control that is there
 */

/**
 * @param {HTMLElement} host in whose corner all is placed
 * @param {Step[]} steps
 */
export function createFirstMinute(host, steps) {
  const card = element("section", "first-minute");
  card.setAttribute("aria-label", "First steps");
  const ring = element("div", "first-minute-ring");
  const title = element("b", "title");
  const words = element("p");
  const count = element("span", "count");
  const next = textButton("Next", "");
  const close = iconButton("close", "Close for ever", "Esc");
  const head = element("div", "first-minute-head");
  const foot = element("div", "first-minute-foot");
  head.append(title, close);
  foot.append(count, next);
  card.append(head, words, foot);
  card.hidden = ring.hidden = true;
  let at = 0;
  let offered = false;
  const watcher = new ResizeObserver(place);

  /** @param {number} step */
  function show(step) {
    at = step;
    title.textContent = steps[step].title;
    words.textContent = steps[step].words;
    count.textContent = `${step + 1} of ${steps.length}`;
    next.textContent = step + 1 < steps.length ? "Next" : "Done";
    card.hidden = false;
    watcher.observe(host);
    addEventListener("scroll", place, { capture: true, passive: true });
    place();
  }

  function place() {
    if (card.hidden) return;
    const page = host.getBoundingClientRect();
    const target = steps[at].target()?.getBoundingClientRect();
    ring.hidden = !target?.width;
    const { left, top, width, height } = target?.width
      ? target
      : { ...page.toJSON(), height: page.height - 8 };
    const box = { left: left - page.left, top: top - page.top, width, height };
    const size = { width: card.offsetWidth, height: card.offsetHeight };
    const where = placeBeside(box, size, page);
    Object.assign(card.style, { left: `${where.left}px`, top: `${where.top}px` });
    Object.assign(ring.style, {
      left: `${box.left - 4}px`,
      top: `${box.top - 4}px`,
      width: `${width + 8}px`,
      height: `${height + 8}px`,
    });
  }

  function end() {
    card.hidden = ring.hidden = true;
    watcher.disconnect();
    removeEventListener("scroll", place, { capture: true });
    remember(localStorageOf());
  }

  /** @param {number} step */
  function go(step) {
    if (step >= steps.length) return end();
    steps[step].target()?.scrollIntoView({ block: "nearest" });
    show(step);
  }

  next.onclick = () => go(at + 1);
  close.onclick = end;
  card.onkeydown = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    end();
  };
  return {
    elements: [card, ring],
    /** The first map is there: show them to somebody who is new. */
    offer() {
      if (offered) return;
      offered = true;
      if (isNew(localStorageOf(), addressAtFirst())) show(0);
    },
    /** Show them, whoever it is. */
    begin() {
      go(0);
      next.focus();
    },
    /**
     * Whether a key is theirs.
     *
     * @param {EventTarget} target
     * @param {KeyboardEvent} event
     */
    takes: (target, event) => event.key === "Escape" && target instanceof Node && card.contains(target),
    close() {
      watcher.disconnect();
      removeEventListener("scroll", place, { capture: true });
    },
  };
}

/** The page's address as it was loaded: by now the page may have written into it. */
function addressAtFirst() {
  return performance.getEntriesByType("navigation")[0]?.name ?? location.href;
}

/** The browser's memory; where a visitor forbids it, one that fails. */
function localStorageOf() {
  try {
    return localStorage;
  } catch {
    return {
      getItem() {
        throw new Error("The browser remembers nothing.");
      },
      setItem() {},
    };
  }
}
