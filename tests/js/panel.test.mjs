// The sentences of one head: what they say, and that they say no number before there is a true one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { atlas, headMap } from "../../assets/components/attention/atlas.js";
import { drawBars } from "../../assets/components/attention/bars.js";
import { drawBudget, drawProfile, drawTable, takeaway } from "../../assets/components/attention/panel.js";

/** As much of a document as the sentences need: nodes that hold nodes and text. */
class Node {
  constructor() { Object.assign(this, { children: [], style: {}, attributes: {} }); }
  append(...nodes) { this.children.push(...nodes); }
  replaceChildren(...nodes) { this.children = nodes; }
  setAttribute(name, value) { this.attributes[name] = value; }
  addEventListener() {}
  get textContent() { return this.children.map((node) => node.textContent ?? node).join(""); }
}
globalThis.document = { createElement: () => new Node() };
const drawn = (draw) => {
  const box = new Node();
  draw(box);
  return box;
};

const texts = {
  language: "pt", percent: "{n} %", approximate: "≈ {value}", nothing: "em lugar nenhum", special_names: "tokens especiais",
  takeaway_query: "{query} → {links}", takeaway_key: "quem olha para {key}: {links}", takeaway_head: "ligações mais fortes: {links}",
  pair: "{query} → {key} {percent}", link: "{token} {percent}", budget_mean: "orçamento:", budget_row: "orçamento de {query}:",
  budget_words: "{percent} em palavras", budget_special: "{percent} em {names}", budget_hidden: "{percent} em {names} ocultos",
  budget_outside: "{percent} fora do mapa", spread: "{n} tokens, {rows} linhas", profile_previous: "anterior", profile_self: "si", profile_next: "seguinte",
  profile_first: "primeiro", profile_special: "especiais", others: "outros", table_links: "t", table_row: "l", table_column: "c",
};
const sides = { labels: ["a", "b", "c"], special: [0, 0, 0], unknown: [0, 0, 0], positions: [0, 1, 2] };
const whole = [0, 3, 3];
const maps = (values, hidden, overview = null, options = {}) => atlas({
  layers: 1, heads: 2, layer: 0, head: 0, query: sides, key: sides, window: { query: whole, key: whole }, renormalised: false, options,
  exact: { values: Float32Array.from(values) }, hidden: { values: Float32Array.from(hidden) },
}, overview);
const pooledOverview = (type, pooled) => ({
  pooled, heads: { type, top: 255, shape: [1, 2, 3, 3], values: Uint8Array.from({ length: 18 }, () => 255) },
  hidden: { shape: [1, 2, 3], values: new Uint16Array(6) },
});
const free = { direction: "query", query: null, key: null, words: [] };
const at = (head) => ({ ...free, layer: 0, head, heads: [] });
const budgetOf = (of, head, view = free) => drawn((box) => drawBudget(box, of, headMap(of, 0, head), at(head), view, texts)).textContent.replace(/ +/g, " ");
const takeawayOf = (of, map, view) => drawn((box) => box.append(...takeaway(of, map, view, { name: "attention" }, texts))).textContent;

test("a sink's share is outside the map, not on hidden tokens", () => {
  const sink = maps(Array(9).fill(0.2), [0, 0, 0]);
  assert.equal(budgetOf(sink, 0), "orçamento: 60 % em palavras · 40 % fora do mapa");
  const both = maps(Array(9).fill(0.2), [0.25, 0.25, 0.25]);
  assert.equal(budgetOf(both, 0), "orçamento: 60 % em palavras · 25 % em tokens especiais ocultos · 15 % fora do mapa");
  const hidden = maps(Array(9).fill(0.2), [0.4, 0.4, 0.4]);
  assert.equal(budgetOf(hidden, 0, { ...free, query: 1, words: [1] }), "orçamento de b: 60 % em palavras · 40 % em tokens especiais ocultos");
});

const waits = {
  "nothing is here": maps(Array(9).fill(1 / 3), [0, 0, 0]),
  "only its thumbnail is here": maps(Array(9).fill(1 / 3), [0, 0, 0], pooledOverview("u1", true)),
};
for (const [name, of] of Object.entries(waits)) {
  test(`no number is said of a head while ${name}`, () => {
    const map = headMap(of, 0, 1);
    const colours = { name: "attention" };
    const said = [
      ...[free, { ...free, query: 1, words: [1] }, { direction: "key", query: null, key: 2, words: [2] }].map((view) => takeawayOf(of, map, view)),
      budgetOf(of, 1), drawn((box) => drawProfile(box, of, map, true, texts)).textContent,
      drawn((box) => drawTable(box, of, at(1), texts)).textContent,
      drawn((box) => drawBars(box, sides, null, { chosen: [], ringed: null }, colours, texts, () => {})).textContent,
    ];
    for (const text of said) {
      assert.match(text, /…/);
      assert.doesNotMatch(text, /%|em lugar nenhum/);
    }
    assert.deepEqual(said.slice(0, 3), ["ligações mais fortes: …", "b → …", "quem olha para c: …"]);
  });
}

test("the exact head has its numbers", () => {
  const of = maps([0.5, 0.5, 0, 0.25, 0.5, 0.25, 0, 0, 1], [0, 0, 0], pooledOverview("u1", false));
  const profileOf = (head) => drawn((box) => drawProfile(box, of, headMap(of, 0, head), true, texts)).textContent;
  assert.match(profileOf(0), /anterior13 %/);
  assert.doesNotMatch(profileOf(1), /\d\s*%/);
  assert.match(budgetOf(of, 0), /100 % em palavras$/);
});

test("several words are one subject: rows by their mean, columns by their sum", () => {
  const of = maps([0.5, 0.5, 0, 0.25, 0.5, 0.25, 0, 0, 1], [0, 0, 0]);
  assert.equal(takeawayOf(of, headMap(of, 0, 0), { ...free, query: 0, words: [0, 2] }), "a + c → c 50 % · a 25 % · b 25 %");
  assert.equal(takeawayOf(of, headMap(of, 0, 0), { direction: "key", query: null, key: 0, words: [0, 1] }), "quem olha para a + b: a 100 % · b 75 %");
  assert.match(budgetOf(of, 0, { ...free, query: 0, words: [0, 2] }), /^orçamento de a \+ c: 100 % em palavras$/);
});

test("sums of 8-bit roundings wait too; single weights do not", () => {
  const of = maps(Array(9).fill(1 / 3), [0, 0, 0], pooledOverview("u1", false));
  const map = headMap(of, 0, 1);
  assert.equal(map.digits, 2);
  assert.equal(budgetOf(of, 1), "orçamento: …");
  assert.match(takeawayOf(of, map, { ...free, query: 1, words: [1] }), /100 %/);
});

test("in the bars of a phone the held word is bold and the other end of a held cell ringed", () => {
  const side = { labels: ["a", "b", "c"], special: [false, false, false] };
  const box = drawn((box) => drawBars(box, side, new Float32Array([0.5, 0.25, 0.25]), { chosen: [0], ringed: 2 }, { name: "attention" }, texts, () => {}));
  assert.deepEqual(box.children.map(({ attributes }) => attributes.class), ["bar chosen", "bar", "bar ringed"]);
});
