/**
 * Where carriers (carrier.js) leave what Python sends for the viewer of a name.
 *
 * It outlives the viewer's element: Streamlit may take that away and mount another, and the visitor's zoom
 * and hidden segments must not go with it.
 */
export function mailboxOf(name) {
  const mailboxes = (globalThis[Symbol.for("panoseg.mailboxes")] ??= new Map());
  if (!mailboxes.has(name)) mailboxes.set(name, { latest: new Map(), deliver: null });
  return mailboxes.get(name);
}
