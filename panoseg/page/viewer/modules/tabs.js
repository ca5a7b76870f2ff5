/**
 * Tabs, of which one panel is seen at a time: arrows move among them, as the ARIA practices have it.
 *
 * @typedef {object} Tab
 * @property {string} name
 * @property {string} title
 * @property {HTMLElement} panel
 *
 * @typedef {ReturnType<typeof createTabs>} Tabs
 */

import { element } from "./dom.js";

/**
 * @param {string} label what they are tabs of
 * @param {Tab[]} tabs
 * @param {(name: string) => void} onChoose
 */
export function createTabs(label, tabs, onChoose) {
  const box = element("section", "tabs");
  const bar = element("div", "tab-bar");
  bar.setAttribute("role", "tablist");
  bar.setAttribute("aria-label", label);
  const buttons = tabs.map((tab) => createButton(tab, () => choose(tab.name)));
  /** @param {string} name */
  const placeOf = (name) => tabs.findIndex((tab) => tab.name === name);
  bar.append(...buttons);
  bar.onkeydown = (event) => {
    const next = neighbourOf(
      buttons.filter((button) => !button.hidden),
      event.key,
    );
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    next.focus();
    next.click();
  };
  box.append(bar, ...tabs.map(({ panel }) => panel));

  /** @param {string} name */
  function choose(name) {
    show(name);
    onChoose(name);
  }

  /** @param {string} name */
  function show(name) {
    tabs.forEach((tab, n) => {
      const chosen = tab.name === name;
      buttons[n].setAttribute("aria-selected", String(chosen));
      buttons[n].tabIndex = chosen ? 0 : -1;
      tab.panel.hidden = !chosen;
    });
  }

  show(tabs[0].name);
  return {
    element: box,
    show,
    /** @param {string} name */
    button: (name) => buttons[placeOf(name)],
    /**
     * Say in a tab how many there are, or nothing (null).
     *
     * @param {string} name
     * @param {number | null} count
     */
    count(name, count) {
      const n = placeOf(name);
      const words = count === null ? tabs[n].title : `${tabs[n].title} ${count.toLocaleString("en")}`;
      if (buttons[n].textContent === words) return;
      buttons[n].replaceChildren(...(count === null ? [words] : [`${tabs[n].title} `, numberOf(count)]));
    },
    /**
     * Offer a tab or not; when the one that is seen goes, the first comes.
     *
     * @param {string} name
     * @param {boolean} offered
     */
    offer(name, offered) {
      const button = buttons[placeOf(name)];
      if (button.hidden === !offered) return;
      button.hidden = !offered;
      if (!offered && isChosen(button)) choose(tabs[0].name);
    },
  };
}

/**
 * The button of a tab; it and the tab's panel name one another.
 *
 * @param {Tab} tab
 * @param {() => void} onclick
 */
function createButton({ name, title, panel }, onclick) {
  const button = element("button", "tab", title);
  button.type = "button";
  button.id = `tab-${name}`;
  button.setAttribute("role", "tab");
  button.setAttribute("aria-controls", `panel-${name}`);
  button.onclick = onclick;
  panel.id = `panel-${name}`;
  panel.setAttribute("role", "tabpanel");
  panel.setAttribute("aria-labelledby", button.id);
  return button;
}

/**
 * Where a key leads from the chosen tab, round and round; nowhere with any other key.
 *
 * @param {HTMLButtonElement[]} buttons
 * @param {string} key
 */
function neighbourOf(buttons, key) {
  const at = buttons.findIndex(isChosen);
  /** @type {Record<string, number>} */
  const places = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 };
  return key in places ? buttons.at(places[key] % buttons.length) : undefined;
}

/** @param {HTMLElement} button */
function isChosen(button) {
  return button.getAttribute("aria-selected") === "true";
}

/** @param {number} count that is not shown while another picture's is on its way */
function numberOf(count) {
  return element("span", "number", count.toLocaleString("en"));
}
