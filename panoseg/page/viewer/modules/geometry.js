/**
 * Which part of the picture the stage shows: pure arithmetic, no browser.
 *
 * Points of the picture and of the stage are fractions 0–1 of its width and height from its top left, so that a
 * view outlives a stage of another size. The stage has the picture's shape.
 *
 * @typedef {{ x: number, y: number }} Point
 *
 * @typedef {object} View
 * @property {number} zoom how much larger than fitting
 * @property {number} x of the picture's point that lies in the middle of the stage
 * @property {number} y
 *
 * The board on which the stage stands may be larger: `room` is how much of it there is for each of the stage's
 * sides, and an enlarged picture fills it.
 *
 * @typedef {object} ZoomRange
 * @property {number} one the zoom of 1:1
 * @property {number} min
 * @property {number} max
 * @property {Point} room at least 1
 */

/** @type {View} */
export const FIT = Object.freeze({ zoom: 1, x: 0.5, y: 0.5 });

/**
 * The nearest view within the range of zooms that shows no more emptiness than it must.
 *
 * @param {View} view
 * @param {ZoomRange} range
 * @returns {View}
 */
export function boundView(view, range) {
  const zoom = Math.min(range.max, Math.max(range.min, view.zoom));
  /**
   * @param {number} value
   * @param {number} room
   */
  const bound = (value, room) => {
    const margin = Math.min(0.5, (0.5 * room) / zoom);
    return Math.min(1 - margin, Math.max(margin, value));
  };
  return { zoom, x: bound(view.x, range.room.x), y: bound(view.y, range.room.y) };
}

/**
 * The point of the picture under a point of the stage.
 *
 * @param {View} view
 * @param {Point} at
 * @returns {Point}
 */
export function pictureAt(view, at) {
  return { x: view.x + (at.x - 0.5) / view.zoom, y: view.y + (at.y - 0.5) / view.zoom };
}

/**
 * The point of the stage at which a point of the picture lies.
 *
 * @param {View} view
 * @param {Point} point
 * @returns {Point}
 */
export function stageAt(view, point) {
  return { x: 0.5 + (point.x - view.x) * view.zoom, y: 0.5 + (point.y - view.y) * view.zoom };
}

/**
 * Zoom by a factor; what lies under a point of the stage stays there.
 *
 * @param {View} view
 * @param {number} factor
 * @param {Point} at
 * @param {ZoomRange} range
 */
export function zoomAt(view, factor, at, range) {
  const zoom = Math.min(range.max, Math.max(range.min, view.zoom * factor));
  const point = pictureAt(view, at);
  return boundView({ zoom, x: point.x - (at.x - 0.5) / zoom, y: point.y - (at.y - 0.5) / zoom }, range);
}

/**
 * Move the picture by fractions of the stage.
 *
 * @param {View} view
 * @param {number} across
 * @param {number} down
 * @param {ZoomRange} range
 */
export function panBy(view, across, down, range) {
  return boundView({ ...view, x: view.x - across / view.zoom, y: view.y - down / view.zoom }, range);
}

/**
 * The view that shows a box of the picture with some air around it.
 *
 * @param {{ x: number, y: number, width: number, height: number }} box
 * @param {ZoomRange} range
 */
export function viewOfBox(box, range, air = 0.2) {
  const zoom = (1 - air) / Math.max(box.width / range.room.x, box.height / range.room.y, 1e-6);
  return boundView({ zoom, x: box.x + box.width / 2, y: box.y + box.height / 2 }, range);
}

/**
 * Zooms that make sense: at least so far out that the picture fits and one pixel of it is one of the
 * screen's, at most so far in that a pixel is 40 wide.
 *
 * @param {number} pictureWidth
 * @param {number} stageWidth
 * @param {number} [pixelRatio]
 * @param {Point} [room]
 * @returns {ZoomRange}
 */
export function zoomRange(pictureWidth, stageWidth, pixelRatio = 1, room = { x: 1, y: 1 }) {
  const one = pictureWidth / Math.max(1, stageWidth * pixelRatio);
  return { one, min: Math.min(1, one), max: Math.max(8, 40 * one), room };
}
