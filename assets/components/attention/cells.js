// Cells as shapes, for a vector sheet: what raster.js paints as pixels. One rectangle per cell with its value as title, or, where
// there are too many, one path per colour.

const NAMED = 48; // rows or columns up to which every cell says its value

/** CSS colour of a value. */
export const css = (colours, value, grey) => `rgb(${(grey ? colours.special : colours.table)[colours.index(value)].join(",")})`;

/**
 * Draws `values` (rows × columns). `down`, `across`: {start, stop} of rows and columns in px. `grey(q, k)`: special tokens.
 * `say(q, k, value)`: the title of a cell, or null for none.
 */
export function vectorCells(context, { values, rows, columns }, down, across, colours, grey, say) {
  if (say && Math.max(rows, columns) <= NAMED) named(context, { values, rows, columns }, down, across, colours, grey, say);
  else grouped(context, { values, rows, columns }, down, across, colours, grey);
}

function named(context, { values, rows, columns }, down, across, colours, grey, say) {
  for (let q = 0; q < rows; q++) {
    for (let k = 0; k < columns; k++) {
      const value = values[q * columns + k];
      context.fillStyle = css(colours, value, grey(q, k));
      context.title(say(q, k, value));
      context.fillRect(across.start[k], down.start[q], across.stop[k] - across.start[k], down.stop[q] - down.start[q]);
    }
  }
}

function grouped(context, { values, rows, columns }, down, across, colours, grey) {
  const places = new Map();
  for (let i = 0; i < rows * columns; i++) {
    const colour = css(colours, values[i], grey(Math.floor(i / columns), i % columns));
    if (!places.has(colour)) places.set(colour, []);
    places.get(colour).push(i);
  }
  for (const [colour, list] of places) {
    context.fillStyle = colour;
    context.beginPath();
    for (const i of list) outline(context, down, across, Math.floor(i / columns), i % columns);
    context.fill();
  }
}

function outline(context, down, across, q, k) {
  context.moveTo(across.start[k], down.start[q]);
  context.lineTo(across.stop[k], down.start[q]);
  context.lineTo(across.stop[k], down.stop[q]);
  context.lineTo(across.start[k], down.stop[q]);
  context.closePath();
}

/** `count` equal spans of `length` px from `offset`: {start, stop}. */
export function evenSpans(count, offset, length) {
  const edge = (i) => offset + (i * length) / count;
  return { start: Array.from({ length: count }, (_, i) => edge(i)), stop: Array.from({ length: count }, (_, i) => edge(i + 1)) };
}
