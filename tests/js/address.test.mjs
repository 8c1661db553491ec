// What the address says of a choice: the words of ui/explorer/selection_link.py, defaults left out, other parameters in their place.

import assert from "node:assert/strict";
import { test } from "node:test";
import { addressed, searchWith } from "../../assets/components/attention/address.js";

const rules = {
  first: [3, 2],
  drawn: [
    { name: "picture", default: "matrix", by: "scope", defaults: { translate: "lines" } },
    { name: "metric", default: "focus", by: null, defaults: {} },
    { name: "cut", default: "top", by: null, defaults: {} },
    { name: "share", default: "60", by: "cut", defaults: { least: "5" } },
    { name: "syntax", default: "false", by: null, defaults: {} },
  ],
};
const side = { labels: ["[CLS]", "Ela", "a & b", "copo"] };
const detail = { query: side, key: side };
const untouched = { layer: 3, head: 2, direction: "query", query: null, key: null, words: [], heads: [], picture: "matrix", metric: "focus", cut: "top", share: 0.6, syntax: false };
const search = (selection, before = "") => searchWith(before, addressed({ ...untouched, ...selection }, detail, rules));

test("an untouched page has a short address", () => assert.equal(search({}, "?lang=pt"), "lang=pt"));

test("head, words and options", () => {
  assert.equal(search({ layer: 0, head: 2 }), "layer=1&head=3");
  assert.equal(search({ query: 3, words: [1], key: null }), "token=3%3Acopo&token=1%3AEla");
  assert.equal(search({ query: 3, key: 1 }), "token=3%3Acopo&to=1%3AEla");
  assert.equal(search({ direction: "key", key: 2 }), "token=2%3Aa+%26+b&side=key");
  assert.equal(search({ heads: [[0, 0], [3, 1]] }), "heads=1.1%2C4.2");
  assert.equal(search({ picture: "arcs", syntax: true, metric: "self" }), "picture=arcs&metric=self&syntax=true");
});

test("a threshold's default depends on the cut", () => {
  assert.equal(search({ cut: "least", share: 0.05 }), "cut=least");
  assert.equal(search({ cut: "least", share: 0.6 }), "cut=least&share=60");
  assert.equal(search({ share: 0.05 }), "share=5");
});

test("what else the address says stays where it is", () => {
  assert.equal(search({ layer: 1, head: 4 }, "?layer=2&lang=pt&head=3&mask=1%3AEla&mask=3%3Acopo"), "layer=2&lang=pt&head=5&mask=1%3AEla&mask=3%3Acopo");
  assert.equal(search({}, "?token=3%3Acopo&token=1%3AEla&lang=en"), "lang=en");
  assert.equal(search({ query: 1 }, "?token=3%3Acopo&token=2%3Aa&lang=en"), "token=1%3AEla&lang=en");
});
