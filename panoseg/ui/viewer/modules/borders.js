/**
 * Where segments meet. Finding it takes a look at every pixel, so it is done once per map; which of it
 * shows, and how wide, is decided at each painting.
 */

/** Indices of pixels whose right, or lower, neighbour is of another id. */
export function findSteps(ids, width, height) {
  const across = new Steps();
  const down = new Steps();
  const last = ids.length - width;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 1; x < width; x++, i++) {
      const id = ids[i];
      if (id !== ids[i + 1]) across.push(i);
      if (i < last && id !== ids[i + width]) down.push(i);
    }
    if (i < last && ids[i] !== ids[i + width]) down.push(i);
    i++;
  }
  return { across: across.done(), down: down.done() };
}

/**
 * Set the pixels along borders between what is shown; panoseg/drawing.py draws by the same rule.
 *
 * A border of one pixel runs left of, or above, the step from one segment to the next; wider ones grow
 * to both sides in turn.
 */
export function paintBorders(pixels, ids, steps, shown, size, thickness, color) {
  const { width, height } = size;
  const before = Math.ceil(thickness / 2);
  for (const i of steps.across) {
    if (shown[ids[i]] === shown[ids[i + 1]]) continue;
    const x = i % width;
    const first = Math.max(0, x - before + 1) - x;
    const end = Math.min(width, x - before + 1 + thickness) - x;
    for (let step = first; step < end; step++) pixels[i + step] = color;
  }
  for (const i of steps.down) {
    if (shown[ids[i]] === shown[ids[i + width]]) continue;
    const y = (i / width) | 0;
    const first = Math.max(0, y - before + 1) - y;
    const end = Math.min(height, y - before + 1 + thickness) - y;
    for (let step = first; step < end; step++) pixels[i + step * width] = color;
  }
}

/** Numbers of which nobody knows beforehand how many there will be. */
class Steps {
  values = new Uint32Array(1 << 12);
  count = 0;

  push(value) {
    if (this.count === this.values.length) {
      const longer = new Uint32Array(2 * this.count);
      longer.set(this.values);
      this.values = longer;
    }
    this.values[this.count++] = value;
  }

  done() {
    return this.values.slice(0, this.count);
  }
}
