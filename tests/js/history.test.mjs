// One visit of a page is one entry: the script that stands before Streamlit's, on a history of our own.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const once = (0, eval)(readFileSync(new URL("../../assets/history.js", import.meta.url), "utf8"));

/** A browser with one entry, whose script is installed; `touch`: a click or a key; `travel`: Back or Forward; `entries`: the paths of its history. */
function browser(start) {
  const origin = "http://mirante.test", entries = [start], heard = { click: [], popstate: [] };
  const follow = (address) => { const { pathname, search } = new URL(address, globalThis.location.href); globalThis.location.href = origin + pathname + search; globalThis.location.pathname = pathname; return pathname + search; };
  globalThis.location = { href: origin + start, pathname: new URL(origin + start).pathname };
  globalThis.addEventListener = (kind, listener) => heard[kind]?.push(listener);
  globalThis.history = {
    state: null,
    pushState: (state, unused, address) => entries.push(follow(address)),
    replaceState: (state, unused, address) => entries.splice(-1, 1, follow(address)),
  };
  once(["explorar", "gerar"]);
  return { entries, touch: () => heard.click.forEach((listener) => listener({})), travel: () => heard.popstate.forEach((listener) => listener({})), push: (address) => globalThis.history.pushState({}, "", address) };
}

test("parameters of a page replace its entry", () => {
  const { entries, push } = browser("/explorar");
  push("/explorar?lang=pt");
  push("/explorar?lang=pt&layer=2");
  assert.deepEqual(entries, ["/explorar?lang=pt&layer=2"]);
});

test("another page is another entry, below a path too", () => {
  for (const base of ["", "/mirante"]) {
    const { entries, push } = browser(`${base}/?lang=pt`);
    push(`${base}/gerar?lang=pt`);
    assert.deepEqual(entries, [`${base}/?lang=pt`, `${base}/gerar?lang=pt`]);
  }
});

test("what is written for the next page before it is there does not stay in the entry that is left", () => {
  const { entries, push, touch } = browser("/explorar?token=1:o");
  touch();
  push("/explorar?seed=7");
  push("/gerar?seed=7");
  assert.deepEqual(entries, ["/explorar?token=1:o", "/gerar?seed=7"]);
});

test("what the visitor chose since the page came stays in its entry", () => {
  const { entries, push, touch } = browser("/explorar");
  touch();
  push("/explorar?layer=2");
  touch();
  push("/gerar");
  assert.deepEqual(entries, ["/explorar?layer=2", "/gerar"]);
});

test("an address that is no page leaves no entry", () => {
  const { entries, push } = browser("/nowhere");
  push("/?lang=pt");
  assert.deepEqual(entries, ["/?lang=pt"]);
});

test("a page that arrives after Back has gone on makes no entry, until the next click", () => {
  const { entries, push, touch, travel } = browser("/explorar");
  touch();
  travel();
  push("/gerar");
  assert.deepEqual(entries, ["/explorar"]);
  touch();
  push("/gerar");
  assert.deepEqual(entries, ["/explorar", "/gerar"]);
});

test("installed twice it is one", () => {
  const { entries, push } = browser("/explorar");
  once(["explorar"]);
  push("/gerar");
  assert.deepEqual(entries, ["/explorar", "/gerar"]);
});

test("what a link and a bound widget both say is written once; two values of one name stay", () => {
  const { entries, push } = browser("/explorar");
  push("/gerar?lang=pt&token=1:o&lang=pt&token=2:a");
  assert.deepEqual(entries, ["/explorar", "/gerar?lang=pt&token=1:o&token=2:a"]);
});
