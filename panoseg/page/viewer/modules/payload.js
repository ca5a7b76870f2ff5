/** A Streamlit component that hands one payload from Python to the viewer of a name, and shows nothing itself. */

import { inboxOf } from "./inbox.js";

/** @param {{ data: { viewer: string, topic: string, payload: unknown } }} component */
export default function ({ data }) {
  inboxOf(data.viewer).put(data.topic, data.payload);
}
