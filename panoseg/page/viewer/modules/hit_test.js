/** Which segment lies under a point. */

/** Column and row of the map at a point of the picture (fractions 0–1), or null outside of it. */
export function pixelAt(map, point) {
  const x = Math.floor(point.x * map.width);
  const y = Math.floor(point.y * map.height);
  return x >= 0 && y >= 0 && x < map.width && y < map.height ? { x, y } : null;
}

/** The id of the segment at a pixel; 0 for void. */
export function idAt(map, pixel) {
  return map.ids[pixel.y * map.width + pixel.x];
}
