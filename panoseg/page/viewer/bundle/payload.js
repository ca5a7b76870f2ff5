import {
  inboxOf
} from "./chunk-LLYNKWSO.js";

// modules/payload.js
function payload_default({ data }) {
  inboxOf(data.viewer).put(data.topic, data.payload);
}
export {
  payload_default as default
};
