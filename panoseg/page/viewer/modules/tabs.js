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
  const buttons = tabs.map(({ name, title, panel }) => {
    const button = element("button", "tab", title);
    button.type = "button";
    button.id = `tab-${name}`;
    button.setAttribute("role", "tab");
    button.setAttribute("aria-controls", `panel-${name}`);
    button.onclick = () => choose(name);
    panel.id = `panel-${name}`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", button.id);
    return button;
  });
  bar.append(...buttons);
  bar.onkeydown = (event) => {
    /** @type {Record<string, (at: number) => number>} */
    const moves = {
      ArrowRight: (at) => at + 1,
      ArrowLeft: (at) => at - 1,
      Home: () => 0,
      End: () => -1,
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    const open = visible();
    const at = open.findIndex(({ button }) => button.getAttribute("aria-selected") === "true");
    const next = open.at(move(at) % open.length);
    next?.button.focus();
    if (next) choose(next.name);
  };
  box.append(bar, ...tabs.map(({ panel }) => panel));

  const visible = () =>
    tabs.map(({ name }, n) => ({ name, button: buttons[n] })).filter(({ button }) => !button.hidden);

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
    button: (name) => buttons[tabs.findIndex((tab) => tab.name === name)],
    /**
     * Say in a tab how many there are, or nothing (null).
     *
     * @param {string} name
     * @param {number | null} count
     */
    count(name, count) {
      const n = tabs.findIndex((tab) => tab.name === name);
      const words = count === null ? tabs[n].title : `${tabs[n].title} ${count}`;
      if (buttons[n].textContent !== words) buttons[n].textContent = words;
    },
    /**
     * Offer a tab or not; when the one that is seen goes, the first comes.
     *
     * @param {string} name
     * @param {boolean} offered
     */
    offer(name, offered) {
      const n = tabs.findIndex((tab) => tab.name === name);
      if (buttons[n].hidden === !offered) return;
      buttons[n].hidden = !offered;
      if (!offered && buttons[n].getAttribute("aria-selected") === "true") choose(tabs[0].name);
    },
  };
}
