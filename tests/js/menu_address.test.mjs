// Where a link of the menu leads: beside the page in view, with what every page shares and nothing of the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { address } from "../../assets/components/shared/address.js";

test("a page beside the one in view, with the shared choices alone", () => {
  const here = { pathname: "/explorar", search: "?lang=pt&layer=2&sentence=O+menino+%26+a+bola.&token=3:bola" };
  assert.equal(address("camadas", here), "/camadas?sentence=O+menino+%26+a+bola.&lang=pt");
  assert.equal(address("", here), "/?sentence=O+menino+%26+a+bola.&lang=pt");
});

test("below a base path, and without a choice", () => {
  assert.equal(address("camadas", { pathname: "/escola/mirante/explorar", search: "" }), "/escola/mirante/camadas");
  assert.equal(address("camadas", { pathname: "/escola/mirante/", search: "" }), "/escola/mirante/camadas");
});
