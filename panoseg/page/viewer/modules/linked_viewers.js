/**
 * Viewers side by side that move together: what one tells, the others hear before the next frame.
 * Nothing of it goes to the server.
 *
 * What is told, by topic:
 *   joined    a viewer came: the first one tells it how things stand
 *   view      {zoom, x, y} (geometry.js)
 *   wipe      where the line stands, or null (wipe.js)
 *   style     (look.js)
 *   room      how high the toolbar of the first is: the others leave as much above their picture
 *   point     {x, y} of the picture that is pointed at, or null
 *   hovered   keys of the segments pointed at in the list
 *   selected  keys of the selected segments
 * Keys are told as the other side's: those of the segments that match (outcomes.js).
 */

/** Join the viewers of a group, a Set that they all know; `hear(topic, value)` is told what others tell. */
export function joinLink(group, hear) {
  group.add(hear);
  return {
    tell(topic, value) {
      for (const other of group) if (other !== hear) other(topic, value);
    },
    leave() {
      group.delete(hear);
    },
  };
}
