// One number of every head as a layer × head map: colour, and the number itself where there is room. Numbers come from Python, exact.

import { decimal } from "../shared/format.js";
import { shade } from "../shared/ramp.js";
import { headNames, place } from "./grid.js";
import { fitCanvas } from "./matrix.js";
import { METRICS } from "./selection.js";

/** Value of `metric` for a head; null where it is not defined (no previous word across two texts) or not here yet. */
export function metricOf(maps, metric, layer, head) {
  const block = maps.overview?.metrics;
  if (!block) return null;
  const value = block.values[(METRICS.indexOf(metric) * maps.layers + layer) * maps.heads + head];
  return Number.isNaN(value) ? null : value;
}

/** End of the metric's scale: 1 for shares, the largest value for distances (in positions). */
export function metricEnd(maps, metric) {
  if (metric !== "distance" || !maps.overview?.metrics) return 1;
  const size = maps.layers * maps.heads;
  const from = METRICS.indexOf(metric) * size;
  const values = maps.overview.metrics.values.subarray(from, from + size).filter((value) => !Number.isNaN(value));
  return Math.max(...values, 1e-6);
}

/** A metric's value as it is read: two decimals, or one for distances. */
export const metricText = (value, metric, texts) => (value === null ? "–" : decimal(value, metric === "distance" ? 1 : 2, texts.language));

/** Cells of the map of `metric`. */
export function drawMap(canvas, { maps, look, colours, texts, selection }, grid) {
  const context = fitCanvas(canvas, grid.width, grid.height, look.ratio);
  const { metric } = selection;
  const end = metricEnd(maps, metric);
  const scaled = { ...colours, index: (value) => colours.index((value * colours.vmax) / end) };
  context.textBaseline = "middle";
  for (const [row, layer] of maps.attending.entries()) {
    for (let head = 0; head < maps.heads; head++) drawCell(context, place(grid, row, head), metricOf(maps, metric, layer, head), { metric, scaled, look, texts });
  }
  headNames(context, maps, grid, maps.attending, look, texts);
}

function drawCell(context, { x, y, size }, value, { metric, scaled, look, texts }) {
  const { background, ink } = value === null ? { background: look.paper, ink: look.grey } : shade(scaled, value, false);
  context.fillStyle = background;
  context.title?.(metricText(value, metric, texts));
  context.fillRect(x, y, size, size);
  if (size < look.small * 2.1) return;
  context.fillStyle = ink;
  context.font = `${look.small * 0.93}px ${look.sans}`;
  context.textAlign = "center";
  context.fillText(metricText(value, metric, texts), x + size / 2, y + size / 2);
}
