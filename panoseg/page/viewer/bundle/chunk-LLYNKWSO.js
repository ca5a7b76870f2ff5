// modules/inbox.js
var inboxes = /* @__PURE__ */ new Map();
function inboxOf(name) {
  const inbox = inboxes.get(name) ?? createInbox();
  inboxes.set(name, inbox);
  return inbox;
}
function createInbox() {
  const latest = /* @__PURE__ */ new Map();
  let receive = null;
  return {
    latest,
    /** @type {Subscriber} */
    put(topic, payload) {
      latest.set(topic, payload);
      receive?.(topic, payload);
    },
    /**
     * Hear of what is there and of all that comes; returns how to hear no more.
     *
     * @param {Subscriber} subscriber
     */
    subscribe(subscriber) {
      receive = subscriber;
      for (const [topic, payload] of latest) subscriber(topic, payload);
      return () => {
        if (receive === subscriber) receive = null;
      };
    }
  };
}

export {
  inboxOf
};
