/**
 * How the visitor looks at the picture: which segments are hidden and selected, and the style.
 *
 * Browser and server both change it: a click selects here, a row of the table there. Each report to the
 * server has a number, and the server says with each look of its own which report it has heard. One that
 * has not heard the last report is out of date: its successor is on the way, and taking it would undo a click.
 */

export const PLAIN = Object.freeze({
  opacity: 0.6,
  outlines: true,
  outline_width: 1,
  labels: false,
  color_by: "segment",
  cutout: false,
});

export function createLook() {
  return { hidden: new Set(), selected: new Set(), style: { ...PLAIN }, number: 0, source: null };
}

/** What the server is told. */
export function reportOf(look) {
  const { number, source, style } = look;
  return { number, source, hidden: [...look.hidden], selected: [...look.selected], style };
}

/** Take over the server's look, unless it is out of date; whether anything was taken. A second viewer is sent no style. */
export function adopt(look, sent) {
  if (!sent || sent.heard < look.number) return false;
  if (sent.style) look.style = { ...PLAIN, ...sent.style };
  if (sent.source === look.source) {
    look.hidden = new Set(sent.hidden);
    look.selected = new Set(sent.selected);
  }
  return true;
}

/** Another photo or model: nothing of it is hidden or selected but what the server says. */
export function turnTo(look, source, sent) {
  if (look.source === source) return;
  const known = sent?.source === source ? sent : { hidden: [], selected: [] };
  look.source = source;
  look.hidden = new Set(known.hidden);
  look.selected = new Set(known.selected);
}

/** The selection after a click: a segment alone or, once more, none; `add` leaves the others. */
export function select(selected, key, add = false) {
  if (key === null) return add ? new Set(selected) : new Set();
  const next = add ? new Set(selected) : new Set();
  if (!(selected.has(key) && (add || selected.size === 1))) next.add(key);
  else next.delete(key);
  return next;
}
