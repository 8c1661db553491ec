// The panel of a term stands under it, above it at the window's end, and never beyond the window's sides.
import assert from "node:assert/strict";
import { test } from "node:test";
import { beside } from "../../assets/components/glossary/place.js";

const page = { clientWidth: 390, clientHeight: 844 }, panel = { width: 340, height: 120 };

test("under the term where there is room", () => {
  assert.deepEqual(beside({ left: 20, top: 100, bottom: 124 }, panel, page), { left: 20, top: 130 });
});

test("above it at the end of the window, inside at its right side", () => {
  assert.deepEqual(beside({ left: 300, top: 780, bottom: 804 }, panel, page), { left: 42, top: 654 });
});
