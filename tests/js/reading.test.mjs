// Numbers, words and choices: what the sentences say is what the map holds.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { decimal, direction, fill, parts, percent, weight } from "../../assets/components/shared/format.js";
import { EXPLAINED, intention, nextWord, wanted } from "../../assets/components/attention/keys.js";
import { headColour, isDark, luminance, rgb, scale, shade, spread } from "../../assets/components/shared/ramp.js";
import { budget, column, entropyBits, meanRow, profile, row, strongest, strongestLinks } from "../../assets/components/attention/reading.js";
import { addHead, addWord, chosenHeads, fit, focus, heldWords, lockCell, lockWord, MOST_HEADS, pinHead, receive, turn, walk } from "../../assets/components/attention/selection.js";

const ramps = JSON.parse(readFileSync(new URL("../../assets/components/shared/ramps.json", import.meta.url)));
const map = { values: Float32Array.from([0.7, 0.2, 0.1, 0.1, 0.3, 0.6, 0, 0.5, 0.5]), digits: 4 };
const side = (labels, special) => ({ labels, special, unknown: labels.map(() => 0), positions: labels.map((_, i) => i) });
const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-6, `${a} ≠ ${b}`);

test("rows, columns and the strongest of them", () => {
  assert.deepEqual([...row(map, 3, 1)].map((v) => +v.toFixed(2)), [0.1, 0.3, 0.6]);
  assert.deepEqual([...column(map, 3, 2)].map((v) => +v.toFixed(2)), [0.1, 0.6, 0.5]);
  assert.deepEqual(strongest([0.2, -0.5, 0.5, 0], 3), [1, 2, 0]);
  assert.deepEqual(strongestLinks(map, 3, [1, 0, 0], [1, 0, 0], 2).map(({ q, k }) => [q, k]), [[1, 2], [2, 1]]);
  near(meanRow(map, 3, [1, 0, 0])[1], 0.4);
});

test("the budget adds up to one, hidden and lost mass included", () => {
  const of = { columns: 3, querySpecial: [0, 0, 0], keySpecial: [1, 0, 0], renormalised: false };
  const whole = budget(map, Float32Array.of(0, 0, 0), of, [0]);
  near(whole.special, 0.7);
  near(whole.words, 0.3);
  near(whole.outside, 0);
  const half = { values: map.values.map((v) => v / 2) };
  const lost = budget(half, Float32Array.of(0.3, 0.3, 0.3), of, []);
  near(lost.hidden, 0.3);
  near(lost.outside, 0.2);
  const rescaled = budget(map, Float32Array.of(0.4, 0.4, 0.4), { ...of, renormalised: true }, [1]);
  near(rescaled.words + rescaled.special + rescaled.hidden, 1);
});

test("habits of a head: means over eligible rows; nothing is said of positions between two texts", () => {
  const tokens = side(["[CLS]", "a", "b"], [1, 0, 0]);
  const habits = profile(map, tokens, tokens, true);
  near(habits.self, (0.3 + 0.5) / 2);
  near(habits.previous, 0.5);
  near(habits.next, 0.6);
  near(habits.special, (0.1 + 0) / 2);
  near(habits.first, (0.3 + 0.5) / 2);
  assert.equal(habits.rows, 2);
  assert.equal(profile(map, tokens, tokens, false).previous, null);
  near(entropyBits([0.25, 0.25, 0.25, 0.25]), 2);
  assert.equal(entropyBits([0, 0]), 0);
});

test("numbers as people write them", () => {
  const texts = { percent: "{n} %", approximate: "≈ {value}", language: "pt" };
  assert.equal(decimal(0.4123, 4, "pt"), "0,4123");
  assert.equal(decimal(-0.5, 2, "en"), "\u22120.50");
  assert.equal(percent(0.414, texts), "41 %");
  assert.equal(percent(0.001, texts), "<1 %");
  assert.equal(percent(0, texts), "0 %");
  for (const almost of [0.995, 0.999, 0.9999]) assert.equal(percent(almost, texts), ">99 %");
  assert.equal(percent(-0.997, texts), "\u2212>99 %");
  assert.equal(percent(0.9949, texts), "99 %");
  for (const all of [1, 1 - 1e-6, 1 + 1e-6]) assert.equal(percent(all, texts), "100 %");
  assert.equal(percent(-1.5, texts), "\u2212150 %");
  assert.equal(weight(0.41234, 4, texts), "0,4123");
  assert.equal(weight(0.41234, 2, texts), "≈ 0,41");
  assert.equal(weight(0.41234, 0, texts), "…");
  assert.equal(fill("{query} → {key}", { query: "{key}", key: "b" }), "{key} → b");
  assert.deepEqual(parts("a {b}"), ["a ", { field: "b" }]);
  assert.equal(direction("שלום"), "rtl");
  assert.equal(direction("123 abc"), "ltr");
});

test("ramps: even steps in lightness, legible ink, neutral middle", () => {
  for (const theme of ["light", "dark"]) {
    const steps = ramps.attention[theme].map((hex) => luminance(rgb(hex)));
    const sign = theme === "light" ? -1 : 1;
    for (let i = 1; i < steps.length; i++) assert.ok(sign * (steps[i] - steps[i - 1]) > 0, "monotone");
    assert.equal(ramps.heads[theme].length, 8);
  }
  const colours = scale(ramps, "attention", false, "#ffffff", 1);
  assert.equal(colours.index(0), 0);
  assert.equal(colours.index(1), 255);
  assert.equal(colours.index(7), 255);
  for (let v = 0; v <= 1; v += 0.01) {
    const { background, ink } = shade(colours, v, false);
    const [a, b] = [luminance(rgb(background)), luminance(rgb(ink))].sort((x, y) => y - x);
    assert.ok((a + 0.05) / (b + 0.05) >= 4.5, `contrast at ${v}`);
  }
  const signed = scale(ramps, "difference", false, "rgb(251, 250, 244)", 0.5);
  assert.deepEqual(signed.table[signed.index(0)].map((c, i) => Math.abs(c - [251, 250, 244][i]) <= 2), [true, true, true]);
  assert.equal(signed.index(-0.5), 0);
  assert.equal(signed.index(0.5), 255);
  assert.equal(spread(["#000000", "#ffffff"]).length, 256);
  assert.ok(isDark("#15161c") && !isDark("rgb(251, 250, 244)"));
  assert.equal(headColour(ramps, 9, false), ramps.heads.light[1]);
});

const maps = { layers: 4, attending: [0, 1, 2, 3], heads: 6, rows: 5, columns: 5 };
const rest = { words: [], heads: [], picture: "matrix", metric: "focus", cut: "top", share: 0.6, syntax: false };
const at = (layer, head, more = {}) => ({ layer, head, direction: "query", query: null, key: null, ...rest, ...more });
const packet = (asked, selection, seen) => ({ asked, selection, seen });

test("Python's first word counts; repeating it does not undo a choice made here", () => {
  let state = receive(null, packet(at(1, 2), at(1, 2), 0), maps);
  assert.deepEqual(state.selection, at(1, 2));
  state = { ...state, selection: at(3, 3), sent: 1 };
  assert.deepEqual(receive(state, packet(at(1, 2), at(3, 3), 1), maps).selection, at(3, 3));
});

test("a stale answer never pulls the person back; a real change from Python wins", () => {
  let state = receive(null, packet(at(0, 0), at(0, 0), 0), maps);
  state = { ...state, selection: at(0, 5), sent: 2 };
  state = receive(state, packet(at(0, 3), at(0, 3), 1), maps);
  assert.deepEqual(state.selection, at(0, 5));
  state = receive(state, packet(at(0, 5), at(0, 5), 2), maps);
  assert.deepEqual(state.selection, at(0, 5));
  state = receive(state, packet(at(2, 1), at(2, 1), 2), maps);
  assert.deepEqual(state.selection, at(2, 1));
});

test("a selection always exists in the maps it is shown on", () => {
  assert.deepEqual(fit(at(9, 9, { query: 7, key: 2 }), maps), at(3, 5, { query: null, key: 2 }));
  assert.deepEqual(walk(at(0, 5), { layer: -1, head: 1 }, maps), at(0, 5));
  assert.deepEqual(walk(at(1, 1), { layer: 1, head: -1 }, maps), at(2, 0));
});

test("locking, letting go, turning around", () => {
  const one = lockWord(at(0, 0), "query", 3);
  assert.equal(one.query, 3);
  assert.equal(lockWord(one, "query", 3).query, null);
  assert.equal(turn(one, "key", true).key, 3);
  assert.equal(turn(one, "key", false).key, null);
  assert.deepEqual(lockCell(lockCell(at(0, 0), 1, 2), 1, 2), at(0, 0));
  assert.equal(focus(one, { q: 1, k: 1 }).query, 3);
  assert.equal(focus(at(0, 0), { q: 1, k: 2 }).query, 1);
});

test("several words are held on one side, in the order of the sentence", () => {
  let some = addWord(addWord(addWord(at(0, 0), "query", 3), "query", 1), "query", 4);
  assert.deepEqual(heldWords(some), [1, 3, 4]);
  assert.deepEqual(focus(some, { q: 0, k: 0 }).words, [1, 3, 4]);
  some = addWord(some, "query", 3);
  assert.deepEqual(heldWords(some), [1, 4]);
  assert.deepEqual(heldWords(turn(some, "key", true)), [1, 4]);
  assert.deepEqual(heldWords(turn(some, "key", false)), []);
  assert.deepEqual(heldWords(addWord(some, "key", 2)), [2]);
  assert.deepEqual(heldWords(lockWord(some, "query", 1)), [1]);
  assert.deepEqual(heldWords(lockCell(some, 1, 2)), [1]);
  assert.deepEqual(heldWords(fit({ ...some, words: [4, 9, 4, -1] }, maps)), [1, 4]);
});

test("several heads are chosen, none twice, never none, at most as many as colours", () => {
  const two = addHead(at(1, 2), 3, 4);
  assert.deepEqual(chosenHeads(two), [[3, 4], [1, 2]]);
  assert.deepEqual(chosenHeads(addHead(two, 3, 4)), [[1, 2]]);
  assert.deepEqual(chosenHeads(addHead(two, 1, 2)), [[3, 4]]);
  assert.deepEqual(chosenHeads(addHead(at(1, 2), 1, 2)), [[1, 2]]);
  assert.deepEqual(chosenHeads(walk(pinHead(at(1, 2), 1, 2), { layer: 1, head: 0 }, maps)), [[2, 2], [1, 2]]);
  assert.deepEqual(chosenHeads(pinHead(pinHead(at(1, 2), 1, 2), 1, 2)), [[1, 2]]);
  let many = at(0, 0);
  for (let i = 0; i < 20; i++) many = addHead(many, i % 4, Math.floor(i / 4));
  assert.equal(chosenHeads(many).length, MOST_HEADS);
  assert.deepEqual(fit(at(0, 0, { heads: [[9, 9], [1, 1], [0, "x"]] }), maps).heads, [[1, 1]]);
});

test("what a link asks for and no picture has falls back", () => {
  const found = fit(at(0, 0, { picture: "cube", metric: "beauty", cut: "all", share: 7, words: undefined, heads: undefined }), maps);
  assert.deepEqual(found, at(0, 0));
});

test("keys", () => {
  assert.deepEqual(wanted({ key: "?", shiftKey: true }), { kind: "help" });
  assert.deepEqual(wanted({ key: "m" }), { kind: "wish", wish: "unit" });
  assert.equal(wanted({ key: "M", shiftKey: true }), null);
  assert.equal(wanted({ key: "ArrowUp" }), null);
  assert.equal(wanted({ key: "l", ctrlKey: true }), null);
  const letters = EXPLAINED.flatMap(([keys]) => keys).filter((key) => /^[a-z/?]$/.test(key));
  for (const key of letters) assert.ok(wanted({ key }), `${key} is explained and does nothing`);
  assert.deepEqual(intention({ key: "ArrowRight" }), { kind: "walk", layer: 0, head: 1 });
  assert.deepEqual(intention({ key: "ArrowUp" }), { kind: "walk", layer: -1, head: 0 });
  assert.equal(intention({ key: "ArrowUp", ctrlKey: true }), null);
  assert.deepEqual(intention({ key: "Escape" }), { kind: "release" });
  assert.equal(nextWord("ArrowRight", 4, 5), null);
  assert.equal(nextWord("End", 0, 5), 4);
});
