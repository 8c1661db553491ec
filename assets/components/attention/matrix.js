// The large matrix of one head, on two canvases: cells and labels below, crosshair and marks above (hover redraws only these).

import { direction, fill, weight } from "../shared/format.js";
import { centre, devicePixels, shownLabels, tokensWithin } from "./axis.js";
import { vectorCells } from "./cells.js";
import { paint, poolToFit } from "./raster.js";

const SLANT = -Math.PI / 4;

/** Sizes a canvas for the screen: crisp at any pixel ratio. Returns its context, in CSS px, cleared. */
export function fitCanvas(canvas, width, height, ratio) {
  const across = Math.round(width * ratio);
  const down = Math.round(height * ratio);
  if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down });
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Text with its own direction, cut with an ellipsis where it is wider than `room`. */
export function drawText(context, text, x, y, room = Infinity) {
  context.direction = direction(text);
  let shown = text;
  if (text.length * 8 > room && context.measureText(text).width > room) { // measuring is slow: only where it can matter
    const letters = Array.from(text);
    while (letters.length > 1 && context.measureText(`${letters.join("")}…`).width > room) letters.pop();
    shown = `${letters.join("")}…`;
  }
  context.fillText(shown, x, y);
}

/** Cells of `map`. `look`: colours, fonts, ratio. */
export function drawMatrix(canvas, maps, map, layout, colours, look) {
  const context = fitCanvas(canvas, layout.width, layout.height, look.ratio);
  if (context.vector) drawShapes(context, maps, map, layout, colours);
  else drawCells(context, maps, map, layout, colours, look.ratio);
}

function drawShapes(context, maps, map, { left, top, query: down, key: across }, colours) {
  const { query, key, texts } = maps.detail;
  const shifted = (line, by) => ({ start: line.start.map((x) => x + by), stop: line.stop.map((x) => x + by) });
  const say = (q, k, value) => fill(texts.cell, { query: query.labels[q], key: key.labels[k], value: weight(value, map.digits, texts) });
  const grey = (q, k) => query.special[q] || key.special[k];
  vectorCells(context, { values: map.values, rows: maps.rows, columns: maps.columns }, shifted(down, top), shifted(across, left), colours, grey, say);
}

/** Names of the two axes in the empty corner: the row looks (disc), the column is looked at (ring). */
function drawCorner(context, layout, look, texts) {
  const size = look.small * 0.93;
  context.font = `${size}px ${look.sans}`;
  context.fillStyle = look.grey;
  context.strokeStyle = look.grey;
  context.textAlign = "left";
  const lines = [[texts.looks, layout.top - size * 1.9, true], [texts.looked, layout.top - size * 3.4, false]];
  for (const [name, y, filled] of lines) {
    context.beginPath();
    context.arc(6, y, 4, 0, 2 * Math.PI);
    context.lineWidth = 1.5;
    if (filled) context.fill();
    else context.stroke();
    drawText(context, name, 16, y + 0.5, layout.left - 20);
  }
}

function drawCells(context, maps, map, layout, colours, ratio) {
  const across = Math.ceil(Math.min(layout.key.length - layout.x, layout.width - layout.left) * ratio);
  const down = Math.ceil(Math.min(layout.query.length - layout.y, layout.height - layout.top) * ratio);
  if (across <= 0 || down <= 0) return;
  const image = context.createImageData(across, down);
  const pixels = new Uint32Array(image.data.buffer);
  const { query, key } = maps.detail;
  const tight = layout.cell * ratio < 1;
  const cells = tight
    ? poolToFit(map.values, maps.rows, maps.columns, down, across)
    : { values: map.values, rows: maps.rows, columns: maps.columns };
  const colour = (value, grey) => (grey ? colours.specialWords : colours.words)[colours.index(value)];
  const span = (line, count, length, from) => (tight ? everyPixel(count, length) : inSight(line, from, length, ratio));
  paint(pixels, across, cells, span(layout.query, cells.rows, down, layout.y), span(layout.key, cells.columns, across, layout.x), colour,
    tight ? null : query.special, tight ? null : key.special);
  context.putImageData(image, Math.round(layout.left * ratio), Math.round(layout.top * ratio));
}

/** The tokens of `line` between `from` CSS px and `length` device px further, cut off at both ends: spans for raster.paint. */
function inSight(line, from, length, ratio) {
  const [first, last] = tokensWithin(line, from, length / ratio);
  const spans = devicePixels(line, -from, ratio);
  const cut = (edges) => edges.map((x) => Math.min(Math.max(x, 0), length));
  return { start: cut(spans.start), stop: cut(spans.stop), from: first, to: last };
}

const everyPixel = (count, length) => ({
  start: Int32Array.from({ length: count }, (_, i) => Math.floor((i * length) / count)),
  stop: Int32Array.from({ length: count }, (_, i) => Math.floor(((i + 1) * length) / count)),
});

/** Where the middle of a row, or of a column, lies on the canvas. */
const middleOf = (layout, q) => layout.top + centre(layout.query, q) - layout.y;
const axisOf = (layout, k) => layout.left + centre(layout.key, k) - layout.x;

/** Draws within a part of the canvas: what a frame has scrolled out of it is not over the labels. A whole picture needs no such care. */
function within(context, layout, [x, y, width, height], paintPart) {
  if (!layout.whole) return paintPart();
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  paintPart();
  return context.restore();
}

function drawRowLabel(context, layout, side, q, look, marked) {
  context.font = `${marked ? 700 : 400} ${layout.font}px ${look.mono}`;
  context.fillStyle = marked ? look.ink : side.special[q] ? look.grey : look.ink;
  context.textAlign = "right";
  drawText(context, side.labels[q], layout.left - 20, middleOf(layout, q), layout.left - 22);
}

function drawColumnLabel(context, layout, side, k, look, marked) {
  context.save();
  context.translate(axisOf(layout, k), layout.top - 18);
  context.rotate(layout.slanted ? SLANT : -Math.PI / 2);
  context.font = `${marked ? 700 : 400} ${layout.font}px ${look.mono}`;
  context.fillStyle = marked ? look.ink : side.special[k] ? look.grey : look.ink;
  context.textAlign = "left";
  drawText(context, side.labels[k], 0, 0, 150);
  context.restore();
}

/**
 * Labels and marks: `rows` and `columns` in view, `hover` {q, k}, `locked`. Filled disc and bold for the query,
 * ring and bold for the key. Drawn on every hover, so that the label in view is named even where labels are sparse.
 */
export function drawMarks(canvas, maps, layout, { rows, columns, hover, locked }, look) {
  const context = fitCanvas(canvas, layout.width, layout.height, look.ratio);
  const { query, key: looked, texts } = maps.detail;
  const real = (list) => [...new Set(list)].filter((i) => i !== null && i !== undefined);
  const allRows = real([hover?.q, ...rows]);
  const allColumns = real([hover?.k, ...columns]);
  context.textBaseline = "middle";
  drawCorner(context, layout, look, texts);
  const { left, top, width, height } = layout;
  const across = tokensWithin(layout.key, layout.x, width - left);
  const down = tokensWithin(layout.query, layout.y, height - top);
  const apart = layout.font * (layout.slanted ? 1.5 : 1.1);
  within(context, layout, [0, top - 2, left, height], () => {
    for (const q of shownLabels(layout.query, query.special, layout.font * 1.1, allRows, down)) drawRowLabel(context, layout, query, q, look, allRows.includes(q));
    allRows.forEach((q) => disc(context, left - 10, middleOf(layout, q), look, true));
  });
  within(context, layout, [left - 6, 0, width, top], () => {
    for (const k of shownLabels(layout.key, looked.special, apart, allColumns, across)) drawColumnLabel(context, layout, looked, k, look, allColumns.includes(k));
    allColumns.forEach((k) => disc(context, axisOf(layout, k), top - 9, look, false));
  });
  within(context, layout, [left - 3, top - 3, width, height], () => {
    if (hover) band(context, layout, hover, look.line, 1);
    for (const q of rows) band(context, layout, { q, k: null }, look.ink, locked ? 2 : 1);
    for (const k of columns) band(context, layout, { q: null, k }, look.ink, locked ? 2 : 1);
    const at = hover && hover.q !== null && hover.k !== null ? hover : { q: rows[0] ?? null, k: columns[0] ?? null };
    if (at.q !== null && at.k !== null) outline(context, layout, at, look);
  });
}

/** Frames a row and a column; frames of thin rows stand off, so that they do not cover what they frame. */
function band(context, layout, { q, k }, colour, width) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  const { query, key, cell } = layout;
  const [left, top] = [layout.left - layout.x, layout.top - layout.y];
  const out = Math.max(0.5, (8 - cell) / 2);
  if (q !== null && q !== undefined) context.strokeRect(left - 0.5, top + query.start[q] - out, key.length + 1, query.stop[q] - query.start[q] + 2 * out);
  if (k !== null && k !== undefined) context.strokeRect(left + key.start[k] - out, top - 0.5, key.stop[k] - key.start[k] + 2 * out, query.length + 1);
}

function outline(context, layout, { q, k }, look) {
  const x = layout.left + layout.key.start[k] - layout.x;
  const y = layout.top + layout.query.start[q] - layout.y;
  const across = layout.key.stop[k] - layout.key.start[k];
  const down = layout.query.stop[q] - layout.query.start[q];
  for (const [colour, width] of [[look.paper, 4], [look.ink, 2]]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.strokeRect(x - 2, y - 2, across + 4, down + 4);
  }
}

/** Filled disc: looks. Ring: is looked at. */
export function disc(context, x, y, look, filled) {
  context.beginPath();
  context.arc(x, y, 4.5, 0, 2 * Math.PI);
  context.fillStyle = context.strokeStyle = look.ink;
  context.lineWidth = 2;
  if (filled) context.fill();
  else context.stroke();
}
