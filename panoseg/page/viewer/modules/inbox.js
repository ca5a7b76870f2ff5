/**
 * What Python sends to the viewer of a name.
 *
 * Each payload (the id map, the look) travels in an element of its own (payload.js), so that the server sends
 * again only what changed. These elements and the viewer may mount in any order: the last payload of each
 * topic waits here for a viewer that comes later.
 */

const inboxes = new Map();

/** The inbox of the viewer of a name; it is there before the viewer, and after. */
export function inboxOf(name) {
  if (!inboxes.has(name)) inboxes.set(name, createInbox());
  return inboxes.get(name);
}

export function createInbox() {
  const latest = new Map();
  let receive = null;
  return {
    latest,
    put(topic, payload) {
      latest.set(topic, payload);
      receive?.(topic, payload);
    },
    /** Hear of what is there and of all that comes; returns how to hear no more. */
    subscribe(subscriber) {
      receive = subscriber;
      for (const [topic, payload] of latest) subscriber(topic, payload);
      return () => {
        if (receive === subscriber) receive = null;
      };
    },
  };
}
