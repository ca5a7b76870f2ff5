/**
 * Which colour each segment has in a look, as a canvas holds it. The colours themselves come from Python
 * (panoseg/palette.py), one set for each way to colour; the rules are those of panoseg/drawing.py.
 *
 * @import { Color, Rules, SegmentPayload } from "./inbox.js"
 * @import { Look } from "./look.js"
 */

/**
 * A colour and an opacity 0–1 as one 32-bit pixel: 0xAABBGGRR, as all browsers' machines hold it.
 *
 * @param {Color} color
 * @param {number} opacity
 */
export function pixelOf([red, green, blue], opacity) {
  return ((Math.round(opacity * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/**
 * @param {Pick<SegmentPayload, "color" | "colors">} segment
 * @param {string} colorBy
 * @returns {Color}
 */
export function colorOf(segment, colorBy) {
  return segment.colors[colorBy] ?? segment.color;
}

/**
 * What to paint for each id.
 *
 * Returns {colors, shown, outside}: the pixel of each id; the id itself, or 0 where it is not shown, for the
 * borders; and 1 where a cut-out leaves nothing of the photo.
 *
 * @param {Pick<SegmentPayload, "id" | "key" | "color" | "colors">[]} segments
 * @param {Pick<Look, "hidden" | "selected" | "style">} look
 * @param {Pick<Rules, "dimmed" | "lit">} rules
 */
export function tables(segments, { hidden, selected, style }, rules) {
  const size = segments.length + 1;
  const colors = new Uint32Array(size);
  const shown = new Uint16Array(size);
  const outside = new Uint8Array(size).fill(style.cutout ? 1 : 0);
  const anySelected = segments.some((segment) => selected.has(segment.key));
  for (const segment of segments) {
    if (hidden.has(segment.key)) continue;
    const lit = anySelected && selected.has(segment.key);
    if (style.cutout) {
      if (anySelected && !lit) continue;
      outside[segment.id] = 0; // the photo alone
    } else {
      colors[segment.id] = pixelOf(
        colorOf(segment, style.color_by),
        anySelected ? opacityBesideSelected(style.opacity, lit, rules) : style.opacity,
      );
    }
    shown[segment.id] = segment.id;
  }
  return { colors, shown, outside };
}

/**
 * @param {number} opacity
 * @param {boolean} lit
 * @param {Pick<Rules, "dimmed" | "lit">} rules
 */
function opacityBesideSelected(opacity, lit, rules) {
  return lit ? Math.max(opacity, rules.lit) : opacity * rules.dimmed;
}

/** Nothing where a pixel is sure of its owner (255); yellow, then red, then dark red where it is not. */
export const HEAT = Uint32Array.from({ length: 256 }, (_, sure) => {
  const doubt = Math.max(0, 1 - sure / 200);
  /** @type {Color} */
  const color =
    doubt < 0.5 ? [255, 225 - 300 * doubt, 40] : [255 - 230 * (doubt - 0.5), 75 - 150 * (doubt - 0.5), 40];
  const [red, green, blue] = color;
  return pixelOf(
    [Math.round(red), Math.round(green), Math.round(blue)],
    (Math.min(1, 2.2 * doubt) * 235) / 255,
  );
});
