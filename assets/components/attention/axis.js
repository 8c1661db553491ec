// Geometry of one axis and of the whole matrix: where each token sits, which labels fit, what lies under the pointer. Pure.

export const GAP = 5; // CSS px between special tokens and the sentence

/** Number of borders between special and other tokens. */
export function borders(special) {
  let count = 0;
  for (let i = 1; i < special.length; i++) count += special[i] !== special[i - 1] ? 1 : 0;
  return count;
}

/**
 * Tokens along one axis, in CSS px: {start, stop, cell, length}. Edges fall on device pixels. `gap` shrinks to nothing on thumbnails.
 */
export function axis(special, cell, ratio, gap = GAP) {
  const snap = (x) => Math.round(x * ratio) / ratio;
  const count = special.length;
  const start = new Float64Array(count);
  const stop = new Float64Array(count);
  let shift = 0;
  for (let i = 0; i < count; i++) {
    if (i > 0 && special[i] !== special[i - 1]) shift += gap;
    start[i] = snap(i * cell + shift);
    stop[i] = snap((i + 1) * cell + shift);
  }
  return { start, stop, cell, length: count ? stop[count - 1] : 0 };
}

/** The same axis in device pixels from `offset` CSS px: Int32Arrays for raster.paint. */
export function devicePixels(line, offset, ratio) {
  const scale = (x) => Math.round((x + offset) * ratio);
  return { start: Int32Array.from(line.start, scale), stop: Int32Array.from(line.stop, scale) };
}

/** Token under `x` (CSS px along the axis), or null in a gap or outside. */
export function tokenAt(line, x) {
  let low = 0;
  let high = line.start.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (x < line.start[middle]) high = middle - 1;
    else if (x >= line.stop[middle]) low = middle + 1;
    else return middle;
  }
  return null;
}

export const centre = (line, i) => (line.start[i] + line.stop[i]) / 2;

/**
 * Indices whose labels are drawn, none closer than `spacing` px to another: first the `marked` tokens, then the special ones,
 * then every step-th token counted from the first word, so that hovering hides a neighbour but moves nothing.
 */
export function shownLabels(line, special, spacing, marked = []) {
  const step = Math.max(1, Math.ceil(spacing / line.cell - 0.02));
  const first = Math.max(0, special.findIndex((s) => !s));
  const kept = [];
  const keep = (i) => { if (kept.every((j) => Math.abs(centre(line, i) - centre(line, j)) >= spacing * 0.95)) kept.push(i); };
  marked.forEach(keep);
  special.forEach((named, i) => { if (named) keep(i); });
  for (let i = first; i < special.length; i += step) if (!special[i]) keep(i);
  return kept.sort((a, b) => a - b);
}

/**
 * Layout of the matrix. `room` {width, height} in CSS px; `rowLabel`, `columnLabel` the widest label texts in px at `font` px.
 * Returns {left, top, cell, font, slanted, query, key, width, height}: the canvas is exactly width × height.
 */
export function matrixLayout({ room, querySpecial, keySpecial, rowLabel, columnLabel, font, ratio }) {
  const left = Math.ceil(Math.max(font * 5, Math.min(rowLabel, room.width * 0.3)) + 26);
  const below = Math.ceil(font * 0.6);
  const gaps = Math.max(borders(querySpecial), borders(keySpecial)) * GAP;
  const fit = (slanted) => {
    const top = Math.ceil(Math.max(font * 3, Math.min(columnLabel, 150) * (slanted ? 0.72 : 1)) + 26);
    const right = slanted ? Math.ceil(Math.min(columnLabel, 150) * 0.72) : below;
    const across = (room.width - left - right - gaps) / Math.max(1, keySpecial.length);
    const count = Math.max(1, querySpecial.length);
    const legible = count <= 24 ? font * 1.15 : 0; // a short sentence may be taller than its room, so that every word is named
    const down = Math.max(legible, (room.height - top - gaps - below) / count);
    const raw = Math.max(0.25, Math.min(across, down, 44));
    return { top, right, cell: raw >= 3 ? Math.floor(raw * ratio) / ratio : raw };
  };
  const loose = fit(true);
  const slanted = loose.cell >= font * 1.55;
  const { top, right, cell } = slanted ? loose : fit(false);
  const query = axis(querySpecial, cell, ratio);
  const key = axis(keySpecial, cell, ratio);
  return {
    left, top, cell, font, slanted, query, key,
    width: Math.ceil(left + key.length + right), height: Math.ceil(top + query.length + below),
  };
}

/** {q, k} under a point of the matrix canvas; either may be null (labels and gaps). Rows answer from their labels too. */
export function cellAt(layout, x, y) {
  const q = y >= layout.top ? tokenAt(layout.query, y - layout.top) : null;
  const k = x >= layout.left ? tokenAt(layout.key, x - layout.left) : null;
  return { q, k };
}

/** Layout of the layer × head grid: {left, top, cell, gap, width, height}, thumbnails square. */
export function gridLayout({ width, layers, heads, font, ratio, largest = 72 }) {
  const left = Math.ceil(font * 2.1);
  const top = Math.ceil(font * 1.6);
  const gap = heads > 20 ? 1 : heads > 10 ? 3 : 4;
  const raw = Math.min(largest, (width - left - 2) / heads - gap);
  const cell = Math.max(3, Math.floor(raw * ratio) / ratio);
  return { left, top, cell, gap, width: Math.ceil(left + heads * (cell + gap) + 2), height: Math.ceil(top + layers * (cell + gap) + 2) };
}

/** {layer, head} under a point of the grid, or null. A gap belongs to the thumbnail before it: nothing is too small to hit. */
export function headAt(grid, layers, heads, x, y) {
  const head = Math.floor((x - grid.left) / (grid.cell + grid.gap));
  const layer = Math.floor((y - grid.top) / (grid.cell + grid.gap));
  return head >= 0 && head < heads && layer >= 0 && layer < layers ? { layer, head } : null;
}
