// What a visitor chose once holds on every page of this browser, and in this page where the browser keeps nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { remembered } from "../../assets/components/shared/remembered.js";

function kept() {
  const values = new Map();
  return () => ({ getItem: (name) => values.get(name) ?? null, setItem: (name, value) => values.set(name, value) });
}
const refuses = () => { throw new Error("this browser keeps nothing"); };

test("a choice is kept between pages; before it the first value holds", () => {
  const storage = kept();
  const here = remembered("size", "real", storage);
  assert.equal(here.read(), "real");
  here.keep("fit");
  assert.equal(here.read(), "fit");
  assert.equal(remembered("size", "real", storage).read(), "fit", "another page");
  assert.equal(remembered("other", "real", storage).read(), "real", "another choice");
});

test("where the browser keeps nothing, the choice holds until the page is left", () => {
  const here = remembered("size", "real", refuses);
  assert.equal(here.read(), "real");
  here.keep("fit");
  assert.equal(here.read(), "fit");
  assert.equal(remembered("size", "real", refuses).read(), "real");
});

test("who follows a choice is told of it until he leaves", () => {
  const told = [];
  const here = remembered("size", "real", kept());
  const leave = here.follow((value) => told.push(value));
  here.keep("fit");
  leave();
  here.keep("real");
  assert.deepEqual(told, ["fit"]);
});
