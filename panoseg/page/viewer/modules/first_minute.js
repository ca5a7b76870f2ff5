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
 * @param {HTMLElement} after gets the focus, if they had it, when they are closed
 */
export function createFirstMinute(host, steps, after) {
  const card = createCard();
  const ring = element("div", "first-minute-ring");
  ring.hidden = true;
  let at = 0;
  let offered = false;
  const place = () => card.element.hidden || placeAt(steps[at].target(), host, card.element, ring);
  const following = followPage(host, place);

  /** @param {number} step */
  function show(step) {
    at = step;
    card.say(steps[step], step, steps.length);
    card.element.hidden = false;
    following.begin();
    place();
  }

  /** @param {number} step */
  function go(step) {
    if (step >= steps.length) return end();
    steps[step].target()?.scrollIntoView({ block: "nearest" });
    show(step);
  }

  function end() {
    if (card.element.matches(":focus-within")) after.focus({ preventScroll: true });
    card.element.hidden = ring.hidden = true;
    following.end();
    remember(localStorageOf());
  }

  card.next.onclick = () => go(at + 1);
  card.close.onclick = end;
  card.element.onkeydown = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    end();
  };
  return {
    elements: [card.element, ring],
    /** The first map is there: show them to somebody who is new. */
    offer() {
      if (offered) return;
      offered = true;
      if (isNew(localStorageOf(), addressAtFirst())) show(0);
    },
    /** Show them, whoever it is. */
    begin() {
      go(0);
      card.next.focus();
    },
    /**
     * Whether a key is theirs.
     *
     * @param {EventTarget} target
     * @param {KeyboardEvent} event
     */
    takes: (target, event) =>
      event.key === "Escape" && target instanceof Node && card.element.contains(target),
    close: following.end,
  };
}

/** What is said of a step, with the way to the next and the cross. */
function createCard() {
  const card = element("section", "first-minute");
  card.setAttribute("aria-label", "First steps");
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
  card.hidden = true;
  return {
    element: card,
    next,
    close,
    /**
     * @param {Step} step
     * @param {number} at
     * @param {number} of
     */
    say(step, at, of) {
      title.textContent = step.title;
      words.textContent = step.words;
      count.textContent = `${at + 1} of ${of}`;
      next.textContent = at + 1 < of ? "Next" : "Done";
    },
  };
}

/**
 * Put the card beside what it is about, and the ring around that; where it is not seen, the card at the bottom.
 *
 * @param {HTMLElement | null} target
 * @param {HTMLElement} host
 * @param {HTMLElement} card
 * @param {HTMLElement} ring
 */
function placeAt(target, host, card, ring) {
  const page = host.getBoundingClientRect();
  const about = target && isSeen(target) ? target.getBoundingClientRect() : null;
  ring.hidden = !about;
  const { left, top, width, height } = about ?? { ...page.toJSON(), height: page.height - 8 };
  const box = { left: left - page.left, top: top - page.top, width, height };
  const where = placeBeside(box, { width: card.offsetWidth, height: card.offsetHeight }, page);
  Object.assign(card.style, { left: `${where.left}px`, top: `${where.top}px` });
  Object.assign(ring.style, {
    left: `${box.left - 4}px`,
    top: `${box.top - 4}px`,
    width: `${width + 8}px`,
    height: `${height + 8}px`,
  });
}

/**
 * Whether its middle is in sight of what scrolls it.
 *
 * @param {HTMLElement} target
 */
function isSeen(target) {
  const { top, height } = target.getBoundingClientRect();
  const around = target.closest(".side")?.getBoundingClientRect();
  const middle = top + height / 2;
  return height > 0 && (!around || (middle > around.top && middle < around.bottom));
}

/**
 * Call a function whenever what is on the page may be elsewhere, from `begin` to `end`.
 *
 * @param {HTMLElement} host
 * @param {() => void} moved
 */
function followPage(host, moved) {
  const watcher = new ResizeObserver(moved);
  const options = { capture: true, passive: true };
  return {
    begin() {
      watcher.observe(host);
      for (const part of host.querySelectorAll(".layout > *, .side > *")) watcher.observe(part);
      // The window does not hear of what scrolls in here.
      for (const target of [window, host]) target.addEventListener("scroll", moved, options);
    },
    end() {
      watcher.disconnect();
      for (const target of [window, host]) target.removeEventListener("scroll", moved, options);
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
