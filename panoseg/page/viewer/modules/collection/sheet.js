/** A sheet over the page: the browser's own dialog, which keeps the focus and closes with Escape. */

import { element, iconButton } from "../dom.js";

/**
 * @param {string} title
 */
export function createSheet(title) {
  const dialog = element("dialog", "collection-sheet");
  dialog.setAttribute("aria-label", title);
  const head = element("div", "sheet-head");
  const close = iconButton("close", "Close");
  close.onclick = () => dialog.close();
  head.append(element("h2", "", title), close);
  const body = element("div", "sheet-body");
  dialog.append(head, body);
  dialog.onkeydown = (event) => event.stopPropagation();
  dialog.onclick = (event) => {
    if (event.composedPath()[0] === dialog) dialog.close(); // beside the sheet
  };
  return {
    element: dialog,
    body,
    open: () => dialog.open || dialog.showModal(),
    close: () => dialog.close(),
  };
}

/**
 * @param {string} title
 * @param {{ value: string, title: string }[]} options
 */
export function labelledSelect(title, options) {
  const label = element("label", "field");
  const select = element("select");
  select.replaceChildren(
    ...options.map(({ value, title: words }) => {
      const option = element("option", "", words);
      option.value = value;
      return option;
    }),
  );
  label.append(element("span", "", title), select);
  return { element: label, select };
}
