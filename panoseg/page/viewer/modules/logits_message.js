/**
 * A Streamlit component that hands the logits of a prediction to the viewer of a name, and shows nothing itself.
 *
 * @import { Description } from "./merge/service.js"
 *
 * @typedef {object} LogitsPayload topic "logits"
 * @property {string} source of the maps that can be made of them
 * @property {Description | null} description null where the server has to do the merging
 * @property {Uint8Array} packed
 */

import { inboxOf } from "./inbox.js";

/** @type {Map<string, string>} the source of the last message by viewer */
const latest = new Map();

/** @param {{ data: Uint8Array }} component */
export default function ({ data }) {
  const length = new DataView(data.buffer, data.byteOffset).getUint32(0, true);
  const { viewer, source, description } = JSON.parse(new TextDecoder().decode(data.subarray(4, 4 + length)));
  // Streamlit calls at each of its runs; a source has the same logits for good.
  if (latest.get(viewer) === source) return;
  latest.set(viewer, source);
  inboxOf(viewer).put("logits", { source, description, packed: data.subarray(4 + length) });
}
