// The steps of one head: what is chosen, the arithmetic, the random pairs, the formulas, the table.
import assert from "node:assert/strict";
import { test } from "node:test";
import { formula } from "../../assets/components/steps/formulas.js";
import { columns, rowsOf } from "../../assets/components/steps/sheet.js";
import { atQuery, atStep, intention, nextKey, receive } from "../../assets/components/steps/state.js";
import { dot, length, mixed, product, scoreOf, softmax, strongestKeys, total } from "../../assets/components/steps/sums.js";
import { normal, random, shares } from "../../assets/components/steps/toy.js";
import { part } from "../../assets/components/steps/words.js";

const near = (a, b, room = 1e-12) => assert.ok(Math.abs(a - b) < room, `${a} is not ${b}`);
const packet = (options, name = "a") => ({ name, options: { step: 3, query: 4, key: 2, seen: 0, ...options } });
const detail = (more = {}) => ({
  q: { values: Float32Array.of(1, 2), shape: [2] }, keys: { values: Float32Array.of(1, 0, 0, 1, 3, -1), shape: [3, 2] },
  values: { values: Float32Array.of(1, 0, 0, 1, 2, 2), shape: [3, 2] }, scores: { values: Float32Array.of(0.5, 1, -Infinity), shape: [3] },
  weights: { values: Float32Array.of(0.25, 0.75, 0), shape: [3] }, scaling: 0.5, softcap: null, bias: null, sink: null, sink_share: null,
  origins: { q: { how: "same", factor: 1 }, k: null }, changed: false, ...more,
});

test("a packet that has not seen the last choice leaves it alone", () => {
  const first = receive(null, packet({}));
  assert.deepEqual([first.step, first.query, first.key, first.temperature], [3, 4, 2, 1]);
  const walked = { ...first, step: 5, sent: 1 };
  assert.equal(receive(walked, packet({})).step, 5);
  assert.equal(receive(walked, packet({ step: 5, seen: 1 })), walked);
  assert.equal(receive(walked, packet({ step: 7, seen: 1 })).step, 7);
});

test("another head or word starts at temperature 1; the same numbers keep it", () => {
  const warm = { ...receive(null, packet({})), temperature: 2 };
  assert.equal(receive(warm, packet({ step: 4 })).temperature, 2);
  assert.equal(receive(warm, packet({}, "b")).temperature, 1);
});

test("steps stay between 1 and 10, keys in their list", () => {
  const state = receive(null, packet({}));
  assert.equal(atStep(state, 0).step, 1);
  assert.equal(atStep(state, 11).step, 10);
  assert.equal(nextKey(state, [0, 2, 5], 1).key, 5);
  assert.equal(nextKey(state, [0, 2, 5], -9).key, 0);
  assert.equal(atQuery(state, 1).query, 1);
});

test("arrows walk; keys with modifiers and those of fields do not", () => {
  assert.deepEqual(intention({ key: "ArrowRight" }), { step: 1 });
  assert.deepEqual(intention({ key: "ArrowUp" }), { key: -1 });
  assert.equal(intention({ key: "ArrowRight", altKey: true }), null);
  assert.equal(intention({ key: "ArrowRight", target: { closest: () => ({}) } }), null);
  assert.equal(intention({ key: "a" }), null);
});

test("the products add up to the dot, and the scores follow", () => {
  const of = detail();
  near(total(product(of.q.values, Float32Array.of(3, -1))), dot(of.q.values, Float32Array.of(3, -1)));
  assert.deepEqual(scoreOf(of, 2), { dots: 1, scaled: 0.5, capped: null, bias: null, score: -Infinity });
  near(scoreOf(detail({ softcap: 2 }), 1).capped, 2 * Math.tanh(0.5));
  near(length(Float64Array.of(3, 4)), 5);
});

test("softmax by hand, at temperature 1 and at others", () => {
  const { weights, sink } = softmax(Float32Array.of(0, Math.log(3)));
  near(weights[0], 0.25, 1e-7);
  assert.equal(sink, 0);
  near(softmax([0, 1], 2).weights[1], 1 / (1 + Math.exp(-0.5)));
  near(softmax([0, 1], 1e9).weights[0], 0.5, 1e-6);
  near(softmax([0, 1], 1e-3).weights[1], 1);
  assert.equal(softmax([0, -Infinity]).weights[1], 0);
});

test("a sink takes its share", () => {
  const { weights, sink } = softmax([0, 0], 1, 0);
  near(sink, 1 / 3);
  near(total(weights) + sink, 1);
});

test("the head is the weighted sum of the values", () => {
  assert.deepEqual(Array.from(mixed([0.25, 0.75, 0], detail().values)), [0.25, 0.75]);
});

test("the strongest keys come in the order of the sentence, the chosen one always", () => {
  assert.deepEqual(strongestKeys([0.1, 0.5, 0, 0.4], 2, 2), [1, 2]);
  assert.deepEqual(strongestKeys([0.1, 0.5, 0, 0.4], 1, 3), [0, 1, 3]);
  const many = { ...detail(), weights: { values: Float32Array.from({ length: 512 }, (_, i) => i / 1e6) } };
  const rows = rowsOf(many, 3);
  assert.equal(rows.length, 12);
  assert.deepEqual(rows.slice(0, 2), [3, 501]);
});

test("only columns that the model has", () => {
  assert.deepEqual(columns(detail()).map((column) => column.name), ["dots", "scaled", "score", "weight", "brought"]);
  assert.ok(columns(detail({ softcap: 5, bias: {} })).some((column) => column.name === "capped"));
});

test("without the division the softmax peaks as dimensions grow; with it, it does not", () => {
  const top = (values) => Math.max(...values);
  assert.ok(top(shares(512).plain) > 0.99);
  assert.ok(top(shares(512).scaled) < 0.7);
  assert.deepEqual(shares(1).plain, shares(1).scaled);
  for (const d of [1, 16, 512]) near(total(shares(d).scaled), 1);
});

test("random vectors are the same every time, centred, of variance 1", () => {
  const sample = normal(random(5), 4000);
  assert.deepEqual(normal(random(5), 4000), sample);
  assert.ok(Math.abs(total(sample) / 4000) < 0.05);
  assert.ok(Math.abs(dot(sample, sample) / 4000 - 1) < 0.06);
});

test("formulas name only what the model has", () => {
  assert.doesNotMatch(formula(detail(), 4).join(), /tanh|b_j/);
  assert.match(formula(detail({ softcap: 5, bias: {} }), 4).join(), /tanh.*b_j/);
  assert.doesNotMatch(formula(detail(), 6).join(), /s₀/);
  assert.match(formula(detail({ sink: 0.5 }), 6).join(), /s₀/);
  assert.match(formula(detail({ origins: { q: { how: "rotated" }, k: null } }), 2)[0], /R\(p\)/);
  for (let step = 1; step <= 10; step++) assert.ok(formula(detail(), step).length);
});

test("of a long text, the part around the chosen word", () => {
  assert.deepEqual(part(15, 3), [0, 15]);
  assert.deepEqual(part(512, 300), [200, 401]);
  assert.deepEqual(part(512, 511), [311, 512]);
});
