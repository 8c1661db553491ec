// Layout and rasters: what is under the pointer is what is drawn there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axis, borders, cellAt, centre, gridLayout, headAt, matrixLayout, shownLabels, tokenAt } from "../../assets/components/attention/axis.js";
import { evenEdges, paint, poolToFit } from "../../assets/components/attention/raster.js";

const ends = (n) => Array.from({ length: n }, (_, i) => (i === 0 || i === n - 1 ? 1 : 0));

test("tokens tile the axis, with gaps only at special tokens", () => {
  for (const ratio of [1, 1.5, 2, 3]) {
    const special = ends(9);
    const line = axis(special, 11.5, ratio);
    assert.equal(borders(special), 2);
    for (let i = 1; i < 9; i++) {
      const gap = line.start[i] - line.stop[i - 1];
      if (special[i] === special[i - 1]) assert.ok(Math.abs(gap) < 1e-9);
      else assert.ok(gap > 4 && gap < 6);
      assert.ok(Math.abs(line.start[i] * ratio - Math.round(line.start[i] * ratio)) < 1e-9, "edges on device pixels");
    }
  }
});

test("the pointer finds the token it is over, and nothing in gaps or outside", () => {
  const line = axis(ends(40), 7, 2);
  for (let i = 0; i < 40; i++) assert.equal(tokenAt(line, centre(line, i)), i);
  assert.equal(tokenAt(line, line.stop[0] + 1), null);
  assert.equal(tokenAt(line, -1), null);
  assert.equal(tokenAt(line, line.length + 1), null);
});

test("special tokens are always named; labels never touch", () => {
  for (const n of [1, 2, 12, 64, 128, 512]) {
    const special = ends(n);
    const line = axis(special, Math.max(0.9, 480 / n), 1);
    const shown = shownLabels(line, special, 15.5);
    assert.ok(shown.includes(0) && (n === 1 || n > 400 || shown.includes(n - 1)));
    for (let j = 1; j < shown.length; j++) assert.ok(centre(line, shown[j]) - centre(line, shown[j - 1]) >= 14);
  }
});

test("the matrix fits its room, at every size and shape", () => {
  for (const [rows, columns] of [[1, 1], [12, 12], [5, 40], [40, 5], [128, 128], [512, 512]]) {
    const layout = matrixLayout({
      room: { width: 520, height: 432 }, querySpecial: ends(rows), keySpecial: ends(columns), rowLabel: 80, columnLabel: 80, font: 14, ratio: 2,
    });
    assert.ok(layout.width <= 521 && layout.height <= 436, `${rows}×${columns}: ${layout.width}×${layout.height}`);
    const x = layout.left + centre(layout.key, columns - 1);
    const y = layout.top + centre(layout.query, rows - 1);
    assert.deepEqual(cellAt(layout, x, y), { q: rows - 1, k: columns - 1 });
    assert.deepEqual(cellAt(layout, 5, y), { q: rows - 1, k: null });
    assert.deepEqual(cellAt(layout, x, 3), { q: null, k: columns - 1 });
  }
});

test("every thumbnail can be hit", () => {
  const grid = gridLayout({ width: 320, layers: 12, heads: 12, font: 14, ratio: 1 });
  assert.ok(grid.width <= 321);
  for (let layer = 0; layer < 12; layer++) {
    for (let head = 0; head < 12; head++) {
      const x = grid.left + head * (grid.cell + grid.gap) + grid.cell / 2;
      const y = grid.top + layer * (grid.cell + grid.gap) + grid.cell / 2;
      assert.deepEqual(headAt(grid, 12, 12, x, y), { layer, head });
    }
  }
  assert.equal(headAt(grid, 12, 12, 2, 2), null);
});

test("painting fills exactly the cells", () => {
  const span = (edges) => ({ start: edges.subarray(0, -1), stop: edges.subarray(1) });
  const pixels = new Uint32Array(6 * 4);
  paint(pixels, 6, { values: [1, 2, 3, 4], rows: 2, columns: 2 }, span(evenEdges(2, 4)), span(evenEdges(2, 6)), (v, grey) => (grey ? 100 : 0) + v, [0, 1], null);
  assert.deepEqual([...pixels], [1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2, 103, 103, 103, 104, 104, 104, 103, 103, 103, 104, 104, 104]);
});

test("pooling keeps the strongest value, sign included", () => {
  const small = poolToFit(Float32Array.from([0.1, -0.9, 0.2, 0.3]), 2, 2, 1, 1);
  assert.deepEqual([...small.values], [Math.fround(-0.9)]);
  const same = { values: Float32Array.of(1), rows: 1, columns: 1 };
  assert.equal(poolToFit(same.values, 1, 1, 5, 5).values, same.values);
});
