import {
  inboxOf
} from "./chunk-LLYNKWSO.js";

// modules/logits_message.js
var latest = /* @__PURE__ */ new Map();
function logits_message_default({ data }) {
  const length = new DataView(data.buffer, data.byteOffset).getUint32(0, true);
  const { viewer, source, description } = JSON.parse(new TextDecoder().decode(data.subarray(4, 4 + length)));
  if (latest.get(viewer) === source) return;
  latest.set(viewer, source);
  inboxOf(viewer).put("logits", { source, description, packed: data.subarray(4 + length) });
}
export {
  logits_message_default as default
};
