/**
 * A run as a grid of pictures with their segments, and its numbers. A Streamlit component, whose one state value
 * "open" is the picture that the visitor opened; everything else it asks the server for by itself (server.js).
 *
 * @import { Rules } from "../inbox.js"
 * @import { Thresholds } from "../thresholds.js"
 * @import { FormatRule } from "./download_sheet.js"
 * @import { Making } from "./make_sheet.js"
 *
 * @typedef {object} CollectionData what Python sends with the component itself
 * @property {string} folder where the server answers for this visitor
 * @property {string} run id
 * @property {Thresholds} thresholds as the page of pictures has them
 * @property {{ name: string, title: string }[]} sorts
 * @property {string[]} tasks
 * @property {FormatRule[]} formats
 * @property {Making} making
 * @property {Rules} rules
 *
 * @typedef {object} Component as Streamlit calls it
 * @property {ShadowRoot} parentElement
 * @property {CollectionData} data
 * @property {(name: string, value: unknown) => void} setStateValue
 */

import { OpenedCollection } from "./opened_collection.js";

/** @type {WeakMap<Node, OpenedCollection>} by the element that Streamlit gives it */
const opened = new WeakMap();

/** @param {Component} component */
export default function ({ parentElement, data, setStateValue }) {
  const collection = opened.get(parentElement) ?? new OpenedCollection(parentElement, data);
  opened.set(parentElement, collection);
  collection.update(data, (report) => setStateValue("open", report));
  return () => {
    collection.close();
    opened.delete(parentElement);
  };
}
