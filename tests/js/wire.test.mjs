// The browser reads what core/views/attention_packet.py writes.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { atlas, drawable, headMap, hiddenMass, summable, thumbnail } from "../../assets/components/attention/atlas.js";
import { decode, fingerprint } from "../../assets/components/attention/wire.js";

const root = new URL("../../", import.meta.url).pathname;
const python = existsSync(`${root}.venv/bin/python`) ? `${root}.venv/bin/python` : "python3";
const packet = new Uint8Array(execFileSync(python, [`${root}tests/js/fixture.py`]));

test("labels, shapes and exact values of a real packet", async () => {
  const { detail, overview } = await decode(packet);
  assert.deepEqual(detail.query.labels, ["[CLS]", "ação", "<b>"]);
  assert.deepEqual(detail.query.special, [1, 0, 0]);
  assert.deepEqual(detail.exact.shape, [3, 4]);
  assert.equal(detail.exact.values[0], Math.fround(0.6));
  assert.deepEqual(overview.heads.shape, [2, 3, 3, 4]);
  assert.equal(overview.heads.type, "u2");
  assert.equal(overview.heads.values[1], Math.round(0.01 * 65535));
});

test("any head, at the best precision at hand", async () => {
  const { detail, overview } = await decode(packet);
  const maps = atlas(detail, overview);
  assert.equal(headMap(maps, 1, 2).digits, 4);
  const other = headMap(maps, 0, 1);
  assert.equal(other.digits, 3);
  assert.ok(Math.abs(other.values[5] - 0.17) < 1e-5);
  assert.equal(thumbnail(maps, 0, 1).values.length, 12);
  assert.ok(Math.abs(hiddenMass(maps, [[0, 0]])[2] - 1 / 3) < 1e-4);
  assert.equal(headMap(atlas(detail, null), 0, 0).digits, 0);
});

test("of a head that is not here nothing is painted: the head before it stays", async () => {
  const { detail, overview } = await decode(packet);
  const alone = atlas(detail, null);
  assert.equal(drawable(alone, headMap(alone, 0, 0)), headMap(alone, 1, 2));
  assert.equal(drawable(alone, headMap(alone, 0, 0)).values, detail.exact.values);
  const maps = atlas(detail, overview);
  assert.equal(drawable(maps, headMap(maps, 0, 0)), headMap(maps, 0, 0));
  assert.deepEqual([0, 2, 3, 4].map((digits) => summable({ digits })), [false, false, true, true]);
});

test("thumbnails are stretched and said to be inexact", async () => {
  const { detail } = await decode(packet);
  const small = { pooled: true, heads: { type: "u1", top: 255, shape: [2, 3, 2, 2], values: Uint8Array.from({ length: 24 }, (_, i) => i) }, hidden: null };
  const map = headMap(atlas(detail, small), 0, 0);
  assert.equal(map.digits, 0);
  assert.deepEqual(Array.from(map.values, (v) => Math.round(v * 255)), [0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3]);
});

test("of a window, the blocks of that window", async () => {
  const { detail } = await decode(packet);
  const small = { pooled: true, heads: { type: "u1", top: 255, shape: [2, 3, 2, 2], values: Uint8Array.from({ length: 24 }, (_, i) => i) }, hidden: null };
  const window = { query: [3, 6, 6], key: [0, 4, 8] };
  const map = headMap(atlas({ ...detail, window }, small), 0, 0);
  assert.deepEqual(Array.from(map.values, (v) => Math.round(v * 255)), Array(12).fill(2));
});

test("anything else is refused", async () => {
  await assert.rejects(decode(new Uint8Array([1, 2, 3])));
  await assert.rejects(decode(new TextEncoder().encode("PK not a packet at all")));
});

test("equal packets have equal fingerprints, other packets other ones", () => {
  assert.equal(fingerprint(packet), fingerprint(packet.slice()));
  const shifted = new Uint8Array(packet.length + 1);
  shifted.set(packet, 1);
  assert.equal(fingerprint(shifted.subarray(1)), fingerprint(packet), "wherever it lies in memory");
  assert.notEqual(fingerprint(packet.subarray(0, -1)), fingerprint(packet));
});

test("no byte of a packet is left out of its fingerprint, and a megabyte is quick", () => {
  const large = Uint8Array.from({ length: 1_000_003 }, (_, i) => (i * 31) % 251);
  const before = fingerprint(large);
  for (let at = 0; at < large.length; at = at < 1_000_000 ? at + 9_973 : at + 1) {
    large[at] ^= 128;
    assert.notEqual(fingerprint(large), before, `byte ${at}`);
    large[at] ^= 128;
  }
  for (const pair of [[8, 12], [8, 4096], [500_001, 500_005]]) {
    for (const at of pair) large[at] ^= 128;
    assert.notEqual(fingerprint(large), before, `bytes ${pair}`);
    for (const at of pair) large[at] ^= 128;
  }
  const times = Array.from({ length: 9 }, () => {
    const start = performance.now();
    fingerprint(large);
    return performance.now() - start;
  });
  assert.ok(Math.min(...times) < 5, `${Math.min(...times)} ms`);
});
