// All heads as thumbnails, layer × head, on one canvas painted in a single pass; the chosen one outlined in its head's colour.

import { thumbnail } from "./atlas.js";
import { fill } from "./format.js";
import { fitCanvas } from "./matrix.js";
import { evenEdges, paint, poolToFit } from "./raster.js";

/** Paints the layers `layers` (indices) of the overview. `look`: colours, fonts, ratio. */
export function drawGrid(canvas, maps, grid, layers, colours, look, texts) {
  const context = fitCanvas(canvas, grid.width, grid.height, look.ratio);
  const { width, height } = canvas;
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  layers.forEach((layer, row) => {
    for (let head = 0; head < maps.heads; head++) paintThumb(pixels, width, maps, layer, head, place(grid, row, head), colours, look.ratio);
  });
  context.putImageData(image, 0, 0);
  drawNames(context, maps, grid, layers, look, texts);
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

function drawNames(context, maps, grid, layers, look, texts) {
  const step = grid.cell + grid.gap;
  const every = Math.max(1, Math.ceil((look.small * 1.25) / step));
  context.font = `${look.small}px ${look.sans}`;
  context.fillStyle = look.grey;
  context.textBaseline = "middle";
  context.textAlign = "center";
  for (let head = 0; head < maps.heads; head += every) {
    context.fillText(String(head + 1), place(grid, 0, head).x + grid.cell / 2, grid.top - look.small * 0.75);
  }
  context.textAlign = "right";
  layers.forEach((layer, row) => {
    if (row % every === 0) context.fillText(fill(texts.layer, { layer: layer + 1 }), grid.left - 5, place(grid, row, 0).y + grid.cell / 2);
  });
}

/** Outlines the chosen head (and, thinner, the hovered one) over the grid. */
export function drawChoice(canvas, grid, layers, chosen, hovered, colour, look) {
  const context = fitCanvas(canvas, grid.width, grid.height, look.ratio);
  const frame = ({ layer, head }, stroke, width, out) => {
    const row = layers.indexOf(layer);
    if (row < 0) return;
    const { x, y, size } = place(grid, row, head);
    context.strokeStyle = stroke;
    context.lineWidth = width;
    context.strokeRect(x - out, y - out, size + 2 * out, size + 2 * out);
  };
  if (hovered) frame(hovered, look.line, 1.5, 1);
  frame(chosen, look.ink, 2, 1);
  const row = layers.indexOf(chosen.layer);
  if (row < 0) return;
  const { x, y, size } = place(grid, row, chosen.head);
  context.fillStyle = colour;
  context.fillRect(x - 2, y + size + 0.5, size + 4, Math.min(3, grid.gap + 1));
}
