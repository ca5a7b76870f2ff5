/**
 * Which colour each segment has in a look, as a canvas holds it. The colours themselves come from Python
 * (panoseg/palette.py), one set for each way to colour; the rules are those of panoseg/drawing.py.
 */

/** Ways to colour: value as Python knows it → words for the visitor. The last needs a comparison. */
export const COLOR_BY = { segment: "Segment", label: "Label", score: "Score", outcome: "Outcome" };

export const DIMMED = 0.35; // of the opacity, for what is not selected while something is
export const LIT = 0.75; // the least opacity of what is selected

/** A colour [red, green, blue] and an opacity 0–1 as one 32-bit pixel: 0xAABBGGRR, as all browsers' machines hold it. */
export function pixelOf([red, green, blue], opacity) {
  return ((Math.round(opacity * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** The colour [red, green, blue] of a segment under a way to colour. */
export function colorOf(segment, colorBy) {
  return segment.colors?.[colorBy] ?? segment.color;
}

/**
 * What to paint for each id.
 *
 * Returns {colors, shown, outside}: the pixel of each id; the id itself, or 0 where it is not shown, for the
 * borders; and 1 where a cut-out leaves nothing of the photo.
 */
export function tables(segments, { hidden, selected, style }) {
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
        opacityOf(style.opacity, anySelected, lit),
      );
    }
    shown[segment.id] = segment.id;
  }
  return { colors, shown, outside };
}

function opacityOf(opacity, anySelected, lit) {
  if (!anySelected) return opacity;
  return lit ? Math.max(opacity, LIT) : opacity * DIMMED;
}

/** Nothing where a pixel is sure of its owner (255); yellow, then red, then dark red where it is not. */
export const HEAT = Uint32Array.from({ length: 256 }, (_, sure) => {
  const doubt = Math.max(0, 1 - sure / 200);
  const color =
    doubt < 0.5 ? [255, 225 - 300 * doubt, 40] : [255 - 230 * (doubt - 0.5), 75 - 150 * (doubt - 0.5), 40];
  return pixelOf(color.map(Math.round), (Math.min(1, 2.2 * doubt) * 235) / 255);
});
