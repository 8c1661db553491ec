// “How to read” is closed on a first visit, then as this visitor left it; a browser that keeps nothing breaks nothing.
import assert from "node:assert/strict";
import { test } from "node:test";

const fresh = () => import(`../../assets/components/reading/remembered.js?${Math.random()}`);
const storage = () => {
  const kept = new Map();
  return () => ({ getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => kept.set(name, value) });
};
const refused = () => { throw new DOMException("no storage", "SecurityError"); };

test("closed at first, then remembered by the browser, not by the page", async () => {
  const browser = storage();
  const { isOpen, keep } = await fresh();
  assert.equal(isOpen(browser), false);
  keep(browser, true);
  assert.equal((await fresh()).isOpen(browser), true);
  assert.equal((await fresh()).isOpen(storage()), false);
  keep(browser, false);
  assert.equal((await fresh()).isOpen(browser), false);
});

test("where nothing may be kept it lasts as long as the page", async () => {
  const { isOpen, keep } = await fresh();
  assert.equal(isOpen(refused), false);
  keep(refused, true);
  assert.equal(isOpen(refused), true);
  keep(refused, false);
  assert.equal(isOpen(refused), false);
});
