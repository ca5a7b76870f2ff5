/** A Streamlit component that hands one payload from Python to the viewer of a name, and shows nothing itself. */

import { inboxOf } from "./inbox.js";

export default function ({ data }) {
  inboxOf(data.viewer).put(data.topic, data.payload);
}
