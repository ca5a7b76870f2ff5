/**
 * Hands a payload from Python to the viewer of the same name, and shows nothing itself.
 *
 * Each payload (the id map, the style) travels in a message of its own, so that the server sends again
 * only what changed. Viewer and carriers may mount in any order: the last payload of each topic waits
 * in the mailbox for a viewer that comes later.
 */
export default function ({ data }) {
  const mailboxes = (globalThis[Symbol.for("panoseg.mailboxes")] ??= new Map());
  if (!mailboxes.has(data.viewer)) mailboxes.set(data.viewer, { latest: new Map(), deliver: null });
  const mailbox = mailboxes.get(data.viewer);
  mailbox.latest.set(data.topic, data.payload);
  mailbox.deliver?.(data.topic, data.payload);
}
