// Numbers to pixels: paints a map into a Uint32Array, block by block. Pure functions over typed arrays.

/** Device-pixel edges of `count` cells along one axis: Int32Array of count + 1 (cells may share a pixel when there are more cells than pixels). */
export function evenEdges(count, pixels) {
  const edges = new Int32Array(count + 1);
  for (let i = 0; i <= count; i++) edges[i] = Math.round((i * pixels) / count);
  return edges;
}

/**
 * Largest magnitude of each block of cells that falls on one pixel: a map of rows × columns → at most `maxRows` × `maxColumns`.
 * Returns the map itself when it already fits. Signs survive (the strongest value wins, not the most positive).
 */
export function poolToFit(values, rows, columns, maxRows, maxColumns) {
  if (rows <= maxRows && columns <= maxColumns) return { values, rows, columns };
  const outRows = Math.min(rows, maxRows);
  const outColumns = Math.min(columns, maxColumns);
  const out = new Float32Array(outRows * outColumns);
  const place = Int32Array.from({ length: columns }, (_, k) => Math.floor((k * outColumns) / columns));
  for (let q = 0; q < rows; q++) {
    const to = Math.floor((q * outRows) / rows) * outColumns;
    const from = q * columns;
    for (let k = 0; k < columns; k++) {
      const at = to + place[k];
      const value = values[from + k];
      if (Math.abs(value) > Math.abs(out[at])) out[at] = value;
    }
  }
  return { values: out, rows: outRows, columns: outColumns };
}

/**
 * Paints cells into `pixels` (width `stride`). `rowStart[q]`, `rowStop[q]`, `columnStart[k]`, `columnStop[k]` are device pixels;
 * `colour(value, grey)` gives the RGBA word; `greyRow`, `greyColumn` mark special tokens. A span may say which cells are in sight: `from`, `to`.
 */
export function paint(pixels, stride, { values, rows, columns }, rowSpan, columnSpan, colour, greyRow, greyColumn) {
  const [left, right] = [columnSpan.from ?? 0, columnSpan.to ?? columns];
  const [first, last] = [columnSpan.start[left], columnSpan.stop[right - 1]];
  for (let q = rowSpan.from ?? 0; q < (rowSpan.to ?? rows); q++) {
    const top = rowSpan.start[q];
    const bottom = rowSpan.stop[q];
    if (bottom <= top) continue;
    const line = top * stride;
    for (let k = left; k < right; k++) {
      const word = colour(values[q * columns + k], (greyRow && greyRow[q]) || (greyColumn && greyColumn[k]));
      for (let x = line + columnSpan.start[k]; x < line + columnSpan.stop[k]; x++) pixels[x] = word;
    }
    for (let y = top + 1; y < bottom; y++) pixels.copyWithin(y * stride + first, line + first, line + last);
  }
}
