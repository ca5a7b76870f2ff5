/**
 * Viewers side by side that move together: what one tells, the others hear before the next frame.
 * Nothing of it goes to the server. Keys are told as the other side's: those of the segments that match
 * (outcomes.js).
 *
 * @import { Point, View } from "./geometry.js"
 * @import { Style } from "./look.js"
 *
 * @typedef {object} Topics what is told, by topic
 * @property {undefined} joined a viewer came: the first one tells it how things stand
 * @property {View} view
 * @property {number | null} wipe where the line stands, as a fraction of the stage
 * @property {Style} style
 * @property {boolean} reasons whether it is said at segments why they lack a match
 * @property {undefined} lend the first viewer asks for what the others have painted
 * @property {HTMLCanvasElement} lent the masks of the one beside
 * @property {Point | null} point of the picture, that is pointed at
 * @property {string[]} hovered keys of the segments that are pointed at in the list
 * @property {string[]} selected keys of the selected segments
 *
 * @typedef {<Topic extends keyof Topics>(topic: Topic, value: Topics[Topic]) => void} Receive
 * @typedef {Set<Receive>} Group
 * @typedef {ReturnType<typeof joinGroup>} Link
 */

/** @type {Map<string, Group>} by name of the first viewer */
const groups = new Map();

/**
 * @param {string} first name of the viewer that has the tools for all
 * @returns {Group}
 */
export function groupOf(first) {
  const group = groups.get(first) ?? new Set();
  groups.set(first, group);
  return group;
}

/**
 * Join the viewers of a group; `receive` is called with what the others tell.
 *
 * @param {Group} group
 * @param {Receive} receive
 */
export function joinGroup(group, receive) {
  group.add(receive);
  return {
    /** @type {Receive} */
    tell(topic, value) {
      for (const other of group) if (other !== receive) other(topic, value);
    },
    leave() {
      group.delete(receive);
    },
  };
}
