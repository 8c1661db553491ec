// Layout and rasters: what is under the pointer is what is drawn there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axis, borders, cellAt, centre, gridLayout, headAt, matrixLayout, placeOf, shownLabels, tokenAt, tokensWithin } from "../../assets/components/attention/axis.js";
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

const REAL = { cell: 14, font: 12, top: 87, bar: 8, fit: false };
const map = (count, more = {}) => matrixLayout({
  room: { width: 740, height: 350 }, querySpecial: ends(count), keySpecial: ends(count), rowLabel: 80, columnLabel: 80, font: 15, ratio: 1, real: REAL, ...more,
});

test("a long sentence has cells that can be hit, all of them named, in a frame that fits its room", () => {
  for (const count of [25, 40, 55, 120, 500]) {
    for (const room of [{ width: 740, height: 350 }, { width: 1380, height: 680 }, { width: 340, height: 330 }]) {
      const layout = map(count, { room });
      for (const line of [layout.query, layout.key]) {
        assert.ok(line.cell >= 14, `${count}: ${line.cell}`);
        assert.equal(shownLabels(line, ends(count), layout.font * 1.1).length, count, "every word is named");
      }
      assert.ok(layout.width <= room.width && layout.height <= room.height, `${count}: ${layout.width}×${layout.height}`);
      assert.equal(Boolean(layout.whole), Boolean(layout.overflows));
    }
  }
});

test("a short sentence is laid out as ever, and never scrolls", () => {
  for (const count of [1, 13, 16, 24]) assert.deepEqual(map(count), map(count, { real: null }));
});

test("forty words use the width that is there before anything scrolls sideways", () => {
  const layout = map(42, { room: { width: 1380, height: 680 } });
  assert.ok(layout.width > 1000, String(layout.width));
  assert.ok(layout.key.cell <= 2 * layout.query.cell);
  assert.ok(!layout.whole || layout.whole.width === layout.width, "no scrolling sideways");
});

test("a map that is made to fit is all there, and says that there is something to choose", () => {
  const layout = map(55, { real: { ...REAL, fit: true } });
  assert.ok(layout.width <= 740 && layout.height <= 352 && layout.overflows && !layout.whole);
});

test("what lies under the pointer is what has been scrolled there; revealing brings a cell into sight and moves no more than that", () => {
  const layout = map(120);
  for (const cell of [{ q: 0, k: 0 }, { q: 60, k: 119 }, { q: 119, k: 3 }, { q: 118, k: null }]) {
    const before = [layout.x, layout.y];
    Object.assign(layout, placeOf(layout, cell));
    const x = cell.k === null ? layout.left + 1 : layout.left + centre(layout.key, cell.k) - layout.x;
    const y = layout.top + centre(layout.query, cell.q) - layout.y;
    assert.ok(x > layout.left && x < layout.width && y > layout.top && y < layout.height, JSON.stringify(cell));
    assert.equal(cellAt(layout, x, y).q, cell.q);
    if (cell.k !== null) assert.equal(cellAt(layout, x, y).k, cell.k);
    else assert.equal(layout.x, before[0], "a row alone moves nothing sideways");
    assert.deepEqual(placeOf(layout, cell), { x: layout.x, y: layout.y }, "in sight already");
  }
});

test("tokens in sight: those of which something shows", () => {
  const line = axis(Array(10).fill(0), 10, 1);
  assert.deepEqual(tokensWithin(line, 0, 25), [0, 3]);
  assert.deepEqual(tokensWithin(line, 10, 20), [1, 3]);
  assert.deepEqual(tokensWithin(line, 95, 50), [9, 10]);
});

test("painting only what is in sight touches nothing else", () => {
  const pixels = new Uint32Array(4 * 4);
  const span = { start: [0, 0, 2], stop: [0, 2, 4], from: 1, to: 3 };
  paint(pixels, 4, { values: [9, 9, 9, 9, 1, 2, 9, 3, 4], rows: 3, columns: 3 }, span, span, (value) => value, null, null);
  assert.deepEqual([...pixels], [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]);
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
