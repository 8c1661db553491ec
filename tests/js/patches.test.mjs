// Attention over a picture: what is chosen, which patch is where, the rows of a packet and what is said of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { lightOf, veils } from "../../assets/components/patches/paint.js";
import { clearness, most, nameOf, panelsLike, placeOf, positionAt, rowOf, shares, strongest } from "../../assets/components/patches/rows.js";
import { atPanel, atQuery, receive, walked } from "../../assets/components/patches/state.js";

const near = (a, b, room = 1e-9) => assert.ok(Math.abs(a - b) < room, `${a} is not ${b}`);
const packet = (options = {}, name = "a", heads = 2) => ({ name, heads, options: { panel: 1, query: 0, seen: 0, ...options } });

// 2 heads, rollout and its null; one position before 2 × 3 patches; each row of panel p is even but for 0.25 more on position p
const detail = (more = {}) => {
  const keys = 7;
  const values = new Uint16Array(4 * keys * keys);
  for (let p = 0; p < 4; p++) for (let q = 0; q < keys; q++) for (let k = 0; k < keys; k++) values[(p * keys + q) * keys + k] = k === p ? 30000 : 1000 * (q + 1);
  return { heads: 2, grid: [2, 3], prefix: ["[CLS]"], rows: null, target: [0, 5], maps: { values, shape: [4, keys, keys], top: 65535 }, texts: { patch: "({row}, {column})" }, ...more };
};

test("a packet that has not seen the last choice leaves it alone", () => {
  const first = receive(null, packet());
  assert.deepEqual([first.panel, first.query, first.over], [1, 0, null]);
  const chosen = { ...atQuery(first, 5), sent: 1 };
  assert.equal(receive(chosen, packet()).query, 5);
  assert.equal(receive({ ...chosen, name: "a" }, packet({ query: 5, seen: 1 })).query, 5);
  assert.equal(receive(chosen, packet({ query: 2, seen: 1 })).query, 2);
  assert.equal(receive({ ...atPanel(first, 9), sent: 1 }, packet()).panel, 3, "a head that another model does not have");
});

test("the same packet again changes nothing, so that nothing is drawn", () => {
  const state = receive(null, packet());
  assert.equal(receive(state, packet()), state);
  assert.notEqual(receive(state, packet({}, "b")), state);
});

test("what the pointer is on is let go by a choice", () => {
  const state = { ...receive(null, packet()), over: { key: 3 } };
  assert.equal(atQuery(state, 2).over, null);
  assert.equal(atPanel(state, 0).over, null);
});

test("arrows walk over patches and up to the positions before them", () => {
  const shape = { grid: [2, 3], prefix: ["[CLS]", "[DIST]"] };
  assert.equal(walked(0, "ArrowRight", shape), 1);
  assert.equal(walked(1, "ArrowRight", shape), 1);
  assert.equal(walked(0, "ArrowDown", shape), 2);
  assert.equal(walked(2, "ArrowRight", shape), 3);
  assert.equal(walked(4, "ArrowRight", shape), 4);
  assert.equal(walked(4, "ArrowDown", shape), 7);
  assert.equal(walked(7, "ArrowDown", shape), 7);
  assert.equal(walked(3, "ArrowUp", shape), 0);
  assert.equal(walked(6, "Home", shape), 0);
  assert.equal(walked(6, "a", shape), null);
  assert.equal(walked(1, "ArrowUp", { grid: [2, 3], prefix: [] }), 1, "no position before the patches");
});

test("a point of the picture is a patch, its edges included", () => {
  const shape = { grid: [2, 3], prefix: ["[CLS]"] };
  assert.equal(positionAt(0, 0, 300, 200, shape), 1);
  assert.equal(positionAt(299.9, 199.9, 300, 200, shape), 6);
  assert.equal(positionAt(150, 99, 300, 200, shape), 2);
  assert.equal(positionAt(300, 10, 300, 200, shape), null);
  assert.equal(positionAt(-1, 10, 300, 200, shape), null);
  for (let i = 1; i < 7; i++) {
    const [row, column] = placeOf(i, shape);
    assert.equal(positionAt(column * 100 + 50, row * 100 + 50, 300, 200, shape), i);
  }
});

test("names count from 1, and what stands before the patches has its own", () => {
  assert.equal(nameOf(0, detail()), "[CLS]");
  assert.equal(nameOf(1, detail()), "(1, 1)");
  assert.equal(nameOf(6, detail()), "(2, 3)");
});

test("a row is that of its panel and position; one that did not travel is null", () => {
  near(rowOf(detail(), 2, 4)[2], 30000 / 65535);
  near(rowOf(detail(), 2, 4)[3], 5000 / 65535);
  const few = detail({ rows: [0, 4] });
  few.maps = { ...few.maps, shape: [4, 2, 7], values: few.maps.values.slice(0, 4 * 2 * 7) };
  assert.equal(rowOf(few, 0, 3), null);
  near(rowOf(few, 0, 4)[1], 2000 / 65535);
});

test("heads share a scale, rollout and its null another; positions before the patches do not count", () => {
  assert.deepEqual(panelsLike(detail(), 1), [0, 1]);
  assert.deepEqual(panelsLike(detail(), 3), [2, 3]);
  near(most(detail(), [0], 0), 1000 / 65535);
  near(most(detail(), [0, 1], 0), 30000 / 65535);
  assert.equal(most(detail({ rows: [1] }), [0], 5), 1, "no row, no division by nothing");
});

test("the veil: nothing is looked at behind it, everything is clear at the end of the scale", () => {
  assert.deepEqual([clearness(0, 0.4), clearness(0.4, 0.4), clearness(0.1, 0.4), clearness(2, 0.4)], [0, 1, 0.5, 1]);
});

test("the strongest positions, and what falls on the target and before the patches", () => {
  const row = Float64Array.of(0.2, 0.05, 0.3, 0.05, 0.1, 0.1, 0.2);
  assert.deepEqual(strongest(row, 3), [2, 0, 6]);
  const found = shares(row, detail());
  near(found.special, 0.2);
  near(found.target, 0.25);
  near(found.even, 2 / 7);
});

test("the veil is seen over every picture: of ink where the picture is as light as the paper", () => {
  const light = { paper: "#ffffff", ink: "#000000" };
  const dark = { paper: "#101018", ink: "#eeeeee" };
  assert.equal(lightOf([255, 255, 255, 0, 0, 0]), 0.5);
  assert.equal(lightOf([]), 0);
  assert.deepEqual([veils(0.95, light)[0], veils(0.3, light)[0], veils(0.1, dark)[0], veils(0.9, dark)[0]], ["#000000", "#ffffff", "#eeeeee", "#101018"]);
  assert.deepEqual(veils(0.95, light), ["#000000", "#ffffff"]);
});
