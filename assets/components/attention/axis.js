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
 * then every step-th token counted from the first word, so that hovering hides a neighbour but moves nothing. `[from, to]`: those in sight, where all have room.
 */
export function shownLabels(line, special, spacing, marked = [], [from, to] = [0, special.length]) {
  if (line.cell * 1.05 >= spacing) return Array.from({ length: to - from }, (_, i) => from + i); // room for all
  const step = Math.max(1, Math.ceil(spacing / line.cell - 0.02));
  const first = Math.max(0, special.findIndex((s) => !s));
  const kept = [];
  const keep = (i) => { if (kept.every((j) => Math.abs(centre(line, i) - centre(line, j)) >= spacing * 0.95)) kept.push(i); };
  marked.forEach(keep);
  special.forEach((named, i) => { if (named) keep(i); });
  for (let i = first; i < special.length; i += step) if (!special[i]) keep(i);
  return kept.sort((a, b) => a - b);
}

/** [first, last + 1] of the tokens of which something lies between `from` and `from + length` CSS px. */
export function tokensWithin(line, from, length) {
  const count = line.start.length;
  let first = 0;
  while (first < count && line.stop[first] <= from) first += 1;
  let last = first;
  while (last < count && line.start[last] < from + length) last += 1;
  return [first, last];
}

const EVEN = 44; // CSS px of the largest cell
const SIGHT = 150; // CSS px of the longest column label

/**
 * Layout of the matrix. `room` {width, height} in CSS px; `rowLabel`, `columnLabel` the widest label texts in px at `font` px.
 * Returns {left, top, cell, font, slanted, query, key, width, height}: the canvas is exactly width × height.
 *
 * `real` {cell, font, top, bar, fit}: what a map that is too large for its room has (see page.js): cells of at least `cell` px and a label of
 * `font` px at every one, in a frame that scrolls. Then the canvas is what is seen of `whole` {width, height}, from `x`, `y` on, which the
 * frame sets. With `fit` all of it is in the room, however small. `overflows` in both cases: there is something to choose. Without `real`, always all.
 */
export function matrixLayout({ real = null, ...wanted }) {
  const fitted = fittedLayout(wanted);
  if (!real || fitted.cell >= Math.min(real.cell, fitted.font * 1.1)) return fitted;
  const scrolled = scrolledLayout(wanted, real);
  return real.fit && scrolled.overflows ? { ...fittedLayout(wanted, real.top), overflows: true } : scrolled;
}

function fittedLayout({ room, querySpecial, keySpecial, rowLabel, columnLabel, font, ratio }, leastTop = 0) {
  const left = Math.ceil(Math.max(font * 5, Math.min(rowLabel, room.width * 0.3)) + 26);
  const below = Math.ceil(font * 0.6);
  const gaps = Math.max(borders(querySpecial), borders(keySpecial)) * GAP;
  const fit = (slanted) => {
    const top = Math.max(leastTop, topOf(columnLabel, font, slanted));
    const right = rightOf(columnLabel, font, slanted);
    const across = (room.width - left - right - gaps) / Math.max(1, keySpecial.length);
    const count = Math.max(1, querySpecial.length);
    const legible = count <= 24 ? font * 1.15 : 0; // a short sentence may be taller than its room, so that every word is named
    const down = Math.max(legible, (room.height - top - gaps - below) / count);
    const raw = Math.max(0.25, Math.min(across, down, EVEN));
    return { top, right, cell: raw >= 3 ? Math.floor(raw * ratio) / ratio : raw };
  };
  const loose = fit(true);
  const slanted = loose.cell >= font * 1.55;
  const { top, right, cell } = slanted ? loose : fit(false);
  const query = axis(querySpecial, cell, ratio);
  const key = axis(keySpecial, cell, ratio);
  return {
    left, top, cell, font, slanted, query, key, x: 0, y: 0,
    width: Math.ceil(left + key.length + right), height: Math.ceil(top + query.length + below),
  };
}

const topOf = (label, font, slanted) => Math.ceil(Math.max(font * 3, Math.min(label, SIGHT) * (slanted ? 0.72 : 1)) + 26);
const rightOf = (label, font, slanted) => Math.ceil(slanted ? Math.min(label, SIGHT) * 0.72 : font * 0.6);

/** Rows as high as the room allows, columns up to twice as wide: a wide screen is used before anything scrolls sideways. */
function scrolledLayout({ room, querySpecial, keySpecial, rowLabel, columnLabel, font: measured, ratio }, { cell: least, font, top: leastTop, bar }) {
  const share = font / measured;
  const column = columnLabel * share;
  const left = Math.ceil(Math.max(font * 5, Math.min(rowLabel * share, room.width * 0.3)) + 26);
  const below = Math.ceil(font * 0.6);
  const snap = (x) => Math.floor(x * ratio) / ratio;
  const fill = (length, special, most) => snap(Math.max(least, Math.min((length - borders(special) * GAP) / Math.max(1, special.length), most)));
  const fit = (slanted) => {
    const [top, right] = [Math.max(leastTop, topOf(column, font, slanted)), rightOf(column, font, slanted)];
    const down = fill(room.height - top - below, querySpecial, EVEN);
    return { top, right, down, across: fill(room.width - bar - left - right, keySpecial, 2 * down) };
  };
  const loose = fit(true);
  const slanted = loose.across >= font * 1.55;
  const { top, right, down, across } = slanted ? loose : fit(false);
  const [query, key] = [axis(querySpecial, down, ratio), axis(keySpecial, across, ratio)];
  const whole = { width: Math.ceil(left + key.length + right), height: Math.ceil(top + query.length + below) };
  const taller = whole.height > room.height;
  const width = Math.min(whole.width, room.width - (taller ? bar : 0));
  const wider = whole.width > width;
  const height = Math.min(whole.height, room.height - (wider ? bar : 0));
  const overflows = wider || whole.height > height;
  return { left, top, cell: Math.min(down, across), font, slanted, query, key, x: 0, y: 0, width, height, bar, overflows, whole: overflows ? whole : null };
}

/** {q, k} under a point of the matrix canvas; either may be null (labels and gaps). Rows answer from their labels too. */
export function cellAt(layout, x, y) {
  const q = y >= layout.top ? tokenAt(layout.query, y - layout.top + layout.y) : null;
  const k = x >= layout.left ? tokenAt(layout.key, x - layout.left + layout.x) : null;
  return { q, k };
}

/** Where a frame of `whole` stands when the cell {q, k} (either may be null) is in it: {x, y}, as near to where it stands as can be. */
export function placeOf(layout, { q = null, k = null }) {
  const near = (line, i, from, length) => (i === null ? from : Math.min(Math.max(from, line.stop[i] - length + 4), Math.max(0, line.start[i] - 4)));
  return { x: near(layout.key, k, layout.x, layout.width - layout.left), y: near(layout.query, q, layout.y, layout.height - layout.top) };
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
