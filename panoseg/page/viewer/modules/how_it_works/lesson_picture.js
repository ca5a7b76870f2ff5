/** A photo with painted pixels over it. */

import { element } from "../dom.js";
import { createSurface } from "../paint.js";

/**
 * @param {HTMLCanvasElement} photo
 * @param {number} width of the pixels
 * @param {number} height
 */
export function createPicture(photo, width, height) {
  const box = element("div", "lesson-picture");
  const ground = element("canvas", "lesson-photo");
  const paint = element("canvas", "lesson-paint");
  Object.assign(ground, { width, height });
  ground.getContext("2d")?.drawImage(photo, 0, 0, width, height);
  box.style.setProperty("--ratio", String(width / height));
  box.append(ground, paint);
  const surface = createSurface(paint);
  return {
    element: box,
    /** @param {(pixels: Uint32Array) => void} fill */
    paint(fill) {
      fill(surface.all(width, height));
      surface.show();
    },
  };
}
