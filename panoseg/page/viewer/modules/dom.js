/**
 * Elements, and the icons of the toolbar and the list.
 *
 * Labels come from models and names from visitors: they are only ever set as text.
 *
 * @typedef {keyof typeof ICONS} Icon
 */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 */
export function element(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

/**
 * A button with an icon whose name shows as a tooltip and is read aloud.
 *
 * @param {Icon} icon
 * @param {string} name
 */
export function iconButton(icon, name, keys = "") {
  const node = element("button", `icon ${icon}`);
  node.type = "button";
  node.innerHTML = svg(icon);
  node.title = keys ? `${name} (${keys})` : name;
  node.setAttribute("aria-label", name);
  return node;
}

/**
 * @param {string} text
 * @param {string} title
 */
export function textButton(text, title) {
  const button = element("button", "", text);
  button.type = "button";
  button.title = title;
  return button;
}

/**
 * Have an element say this; one that says it already is left alone, and read aloud no second time.
 *
 * @param {Element} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Make these an element's children, in this order; one that is there already is moved no further than it must be.
 *
 * @param {HTMLElement} parent
 * @param {HTMLElement[]} wanted
 */
export function placeChildren(parent, wanted) {
  const staying = new Set(wanted);
  for (const child of [...parent.childNodes]) {
    if (!staying.has(/** @type {HTMLElement} */ (child))) child.remove();
  }
  let next = parent.firstChild;
  for (const child of wanted) {
    if (child === next) next = next.nextSibling;
    else parent.insertBefore(child, next);
  }
}

/**
 * What of an element has the focus, if anything has.
 *
 * @param {HTMLElement} container
 */
export function focusedIn(container) {
  const root = container.getRootNode();
  const focused = root instanceof ShadowRoot ? root.activeElement : null;
  return focused instanceof HTMLElement && container.contains(focused) ? focused : null;
}

/**
 * Markup of an icon; made of this file's constants alone.
 *
 * @param {Icon} icon
 */
export function svg(icon) {
  return `<svg viewBox="0 0 20 20" aria-hidden="true">${ICONS[icon]}</svg>`;
}

const ICONS = {
  eye:
    '<path d="M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10z"/>' +
    '<circle class="pupil" cx="10" cy="10" r="2.4"/><path class="slash" d="M3.5 3.5l13 13"/>',
  plus: '<path d="M10 4v12M4 10h12"/>',
  minus: '<path d="M4 10h12"/>',
  fit: '<path d="M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4"/>',
  fill: '<circle cx="10" cy="10" r="6.5"/><path class="solid" d="M10 3.5a6.5 6.5 0 0 1 0 13z"/>',
  outline: '<path d="M4 12.5L6 5l6.5-1.5L17 9l-3 7-6.5.5z"/>',
  tag: '<path d="M3 3.5h6.5l7.5 7.5-6 6L3.5 10z"/><circle cx="7" cy="7" r="1"/>',
  question: '<path d="M3 4h14v9.5H9.5L6 17v-3.5H3z"/><path d="M7 7.5h6M7 10h4"/>',
  cutout:
    '<path d="M5.5 7.5l10 8M5.5 12.5l10-8"/><circle cx="4" cy="6" r="2"/><circle cx="4" cy="14" r="2"/>',
  wipe: '<rect x="3" y="4.5" width="14" height="11" rx="1.5"/><path d="M10 2v16"/><path class="solid" d="M10 4.5h5.5a1.5 1.5 0 0 1 1.5 1.5v8a1.5 1.5 0 0 1-1.5 1.5H10z"/>',
  undo: '<path d="M7 5L3.5 8.5 7 12"/><path d="M3.5 8.5H12a4 4 0 0 1 0 8H8"/>',
  redo: '<path d="M13 5l3.5 3.5L13 12"/><path d="M16.5 8.5H8a4 4 0 0 0 0 8h4"/>',
  paper: '<path d="M5 2.5h7l3.5 3.5v11.5H5z"/><path d="M12 2.5V6h3.5M8 10h5M8 13.5h5"/>',
  unsure:
    '<path d="M3 15c3 0 3-10 7-10s4 10 7 10"/><path class="solid" d="M3 15c3 0 3-10 7-10s4 10 7 10z"/>' +
    '<path d="M10 8v3M10 13.4v.2"/>',
  share:
    '<path d="M8.5 11.5l3-3M7.5 8.5L5 11a2.8 2.8 0 0 0 4 4l2.5-2.5M12.5 11.5L15 9a2.8 2.8 0 0 0-4-4L8.5 7.5"/>',
  flicker: '<path d="M3 6h9l-2.5-2.5M17 14H8l2.5 2.5"/><path class="solid" d="M3 6h14v8H3z"/>',
  close: '<path d="M5.5 5.5l9 9M14.5 5.5l-9 9"/>',
  pin: '<path d="M7 3h6l-.8 5 2.8 3H5l2.8-3z"/><path d="M10 11v6"/>',
  learn:
    '<path d="M2.5 7.5L10 4l7.5 3.5L10 11z"/><path d="M5.5 9.2v4c0 1 2 2.3 4.5 2.3s4.5-1.3 4.5-2.3v-4M17.5 7.5v5"/>',
  help: '<path d="M7.3 7.5a2.7 2.7 0 1 1 4.2 2.3c-1 .6-1.5 1.2-1.5 2.2"/><path d="M10 15v.2"/>',
};
