// Rows of attention and what is said of them: from the decoded packet to numbers. Pure functions; nothing here draws.

import { fill } from "../shared/format.js";

/** Weights of one panel from one position, 0 … 1, one per position; null while that row has not arrived. */
export function rowOf(detail, panel, query) {
  const [, count, keys] = detail.maps.shape;
  const at = detail.rows === null ? query : detail.rows.indexOf(query);
  if (at < 0) return null;
  const start = (panel * count + at) * keys;
  return Float64Array.from(detail.maps.values.subarray(start, start + keys), (value) => value / detail.maps.top);
}

/** The largest weight on any patch in the rows of these panels: the end of the scale that they share. */
export function most(detail, panels, query) {
  const before = detail.prefix.length;
  let found = 0;
  for (const panel of panels) for (const value of rowOf(detail, panel, query)?.subarray(before) ?? []) found = Math.max(found, value);
  return found || 1;
}

/** Heads share one scale, rollout and its null another. */
export const panelsLike = (detail, panel) => (panel < detail.heads ? Array.from({ length: detail.heads }, (_, h) => h) : [detail.heads, detail.heads + 1]);

/** How clear a patch is, 0 … 1: the square root of its share of the scale, so that small weights are seen. */
export const clearness = (weight, end) => Math.sqrt(Math.min(1, Math.max(0, weight / end)));

/** Position under a point of a picture that fills width × height; null outside. */
export function positionAt(x, y, width, height, { grid: [rows, columns], prefix }) {
  if (x < 0 || y < 0 || x >= width || y >= height) return null;
  return prefix.length + Math.floor((y / height) * rows) * columns + Math.floor((x / width) * columns);
}

/** [row, column] of a patch from 0; null for a position before the patches. */
export function placeOf(position, { grid: [, columns], prefix }) {
  const patch = position - prefix.length;
  return patch < 0 ? null : [Math.floor(patch / columns), patch % columns];
}

/** What a position is called: its own name, or "(row, column)" from 1. */
export function nameOf(position, detail) {
  const place = placeOf(position, detail);
  return place ? fill(detail.texts.patch, { row: place[0] + 1, column: place[1] + 1 }) : detail.prefix[position];
}

/** The strongest positions of a row: [position, …], the first `count`. */
export function strongest(row, count) {
  return Array.from(row, (_, i) => i).sort((a, b) => row[b] - row[a] || a - b).slice(0, count);
}

/** What falls on the positions before the patches, and on the patches of the thing looked for. */
export function shares(row, detail) {
  const before = detail.prefix.length;
  const sum = (places) => places.reduce((all, i) => all + row[i], 0);
  return { special: sum(detail.prefix.map((_, i) => i)), target: sum(detail.target.map((i) => before + i)), even: detail.target.length / row.length };
}
