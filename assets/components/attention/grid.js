// All heads as thumbnails, layer × head, on one canvas painted in a single pass; the chosen one outlined in its head's colour.

import { fill } from "../shared/format.js";
import { thumbnail } from "./atlas.js";
import { evenSpans, vectorCells } from "./cells.js";
import { fitCanvas } from "./matrix.js";
import { evenEdges, paint, poolToFit } from "./raster.js";

const SHAPES = 32; // cells along a side of a thumbnail on a vector sheet

/** Paints the layers `layers` (indices) of the overview. `look`: colours, fonts, ratio. */
export function drawGrid(canvas, maps, grid, layers, colours, look, texts) {
  const context = fitCanvas(canvas, grid.width, grid.height, look.ratio);
  if (context.vector) layers.forEach((layer, row) => {
    for (let head = 0; head < maps.heads; head++) shapeThumb(context, maps, layer, head, place(grid, row, head), colours);
  });
  else paintThumbs(context, canvas, maps, grid, layers, colours, look);
  headNames(context, maps, grid, layers, look, texts);
}

function paintThumbs(context, { width, height }, maps, grid, layers, colours, look) {
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  layers.forEach((layer, row) => {
    for (let head = 0; head < maps.heads; head++) paintThumb(pixels, width, maps, layer, head, place(grid, row, head), colours, look.ratio);
  });
  context.putImageData(image, 0, 0);
}

function shapeThumb(context, maps, layer, head, { x, y, size }, colours) {
  const small = thumbnail(maps, layer, head);
  const side = Math.min(SHAPES, Math.ceil(size));
  const cells = poolToFit(small.values, small.rows, small.columns, side, side);
  const values = Float32Array.from(cells.values, (value) => value / small.top);
  const { query, key } = maps.detail;
  const whole = cells.rows === maps.rows && cells.columns === maps.columns;
  const grey = (q, k) => whole && (query.special[q] || key.special[k]);
  vectorCells(context, { ...cells, values }, evenSpans(cells.rows, y, size), evenSpans(cells.columns, x, size), colours, grey, null);
}

/** CSS position of the thumbnail in row `row`, column `head`. */
export const place = (grid, row, head) => ({
  x: grid.left + head * (grid.cell + grid.gap), y: grid.top + row * (grid.cell + grid.gap), size: grid.cell,
});

function paintThumb(pixels, stride, maps, layer, head, { x, y, size }, colours, ratio) {
  const side = Math.max(1, Math.round(size * ratio));
  const left = Math.round(x * ratio);
  const top = Math.round(y * ratio);
  const small = thumbnail(maps, layer, head);
  const cells = poolToFit(small.values, small.rows, small.columns, side, side);
  const shift = (edges, by) => ({ start: edges.subarray(0, -1).map((e) => e + by), stop: edges.subarray(1).map((e) => e + by) });
  const colour = (value, grey) => (grey ? colours.specialWords : colours.words)[colours.index(value / small.top)];
  const whole = cells.rows === maps.rows && cells.columns === maps.columns;
  const { query, key } = maps.detail;
  paint(pixels, stride, cells, shift(evenEdges(cells.rows, side), top), shift(evenEdges(cells.columns, side), left), colour,
    whole ? query.special : null, whole ? key.special : null);
}

/** Numbers of the heads above the grid and of the layers beside it, from 1. */
export function headNames(context, maps, grid, layers, look, texts) {
  const step = grid.cell + grid.gap;
  const every = Math.max(1, Math.ceil((look.small * 1.25) / step));
  context.font = `${look.small}px ${look.sans}`;
  context.fillStyle = look.grey;
  context.textBaseline = "middle";
  context.textAlign = "center";
  const own = maps.detail.options.head_names; // of compared texts: they have names, and no layers
  for (let head = 0; head < maps.heads; head += every) {
    context.fillText(own?.[head] ?? String(head + 1), place(grid, 0, head).x + grid.cell / 2, grid.top - look.small * 0.75);
  }
  context.textAlign = "right";
  if (own) return;
  layers.forEach((layer, row) => {
    if (row % every === 0) context.fillText(fill(texts.layer, { layer: layer + 1 }), grid.left - 5, place(grid, row, 0).y + grid.cell / 2);
  });
}

/** Outlines the chosen heads [[layer, head], …], the one in view first and boldest, and thinner the hovered one. `colour(layer, head)`: its own. */
export function drawChoice(canvas, grid, layers, chosen, hovered, colour, look) {
  const context = fitCanvas(canvas, grid.width, grid.height, look.ratio);
  const frame = ([layer, head], stroke, width) => {
    const row = layers.indexOf(layer);
    if (row < 0) return null;
    const at = place(grid, row, head);
    context.strokeStyle = stroke;
    context.lineWidth = width;
    context.strokeRect(at.x - 1, at.y - 1, at.size + 2, at.size + 2);
    return at;
  };
  if (hovered) frame([hovered.layer, hovered.head], look.line, 1.5);
  chosen.forEach((head, i) => {
    const at = frame(head, look.ink, i === 0 ? 2.5 : 1.5);
    if (!at) return;
    context.fillStyle = colour(...head);
    context.fillRect(at.x - 2, at.y + at.size + 0.5, at.size + 4, Math.min(3, grid.gap + 1));
  });
}
