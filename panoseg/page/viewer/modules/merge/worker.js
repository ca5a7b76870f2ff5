/** The worker: see service.js for what it hears and says. */

import { createService } from "./service.js";

// A message to oneself comes after those that wait; a timer would sleep as well.
const bell = new MessageChannel();
/** @type {(() => void)[]} */
const waiting = [];
bell.port1.onmessage = () => waiting.shift()?.();

const answer = createService(
  (message, transferred) => self.postMessage(message, { transfer: transferred }),
  () =>
    new Promise((resolve) => {
      waiting.push(() => resolve(undefined));
      bell.port2.postMessage(null);
    }),
);

self.onmessage = ({ data }) => answer(data);
