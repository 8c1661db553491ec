// Lines, arcs, map and files: what is under the pointer is what is drawn there, and a saved picture holds the numbers.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { arcsLayout, nodeAt, nodes } from "../../assets/components/attention/arcs.js";
import { atlas, meanMap } from "../../assets/components/attention/atlas.js";
import { centre } from "../../assets/components/attention/axis.js";
import { linesLayout, wordAt } from "../../assets/components/attention/lines.js";
import { drawnShare, linkSets } from "../../assets/components/attention/links.js";
import { metricEnd, metricOf, metricText } from "../../assets/components/attention/map.js";
import { draw, mark, prepare } from "../../assets/components/attention/picture.js";
import { crc32, withText } from "../../assets/components/attention/png.js";
import { scale } from "../../assets/components/shared/ramp.js";
import { kept, keptMass } from "../../assets/components/attention/reading.js";
import { focus, METRICS } from "../../assets/components/attention/selection.js";
import { escaped, sheet, svgDocument } from "../../assets/components/attention/vector.js";

const ramps = JSON.parse(readFileSync(new URL("../../assets/components/shared/ramps.json", import.meta.url)));
const texts = { language: "pt", cell: "{query} → {key} {value}", approximate: "≈ {value}", chip: "C{layer}·{head}", layer: "C{layer}", looks: "olha", looked: "recebe o olhar", mean: "média" };
const look = { paper: "#ffffff", ink: "#000000", grey: "#666666", line: "#888888", dark: false, scale: 1, ratio: 1, small: 14, sans: "sans", mono: "mono" };
const labels = ["[CLS]", "<a>", "b & c", "שלום"];
const side = { labels, special: [1, 0, 0, 0], unknown: [0, 0, 0, 0], positions: [0, 1, 2, 3] };
const weights = [0.7, 0.1, 0.1, 0.1, 0.05, 0.6, 0.3, 0.05, 0, 0.25, 0.25, 0.5, 0.9, 0.03, 0.03, 0.04];
const overview = {
  pooled: false, heads: { type: "u1", top: 255, shape: [1, 2, 4, 4], values: Uint8Array.from({ length: 32 }, (_, i) => Math.round(255 * (i < 16 ? weights[i] : 0.25))) },
  hidden: { shape: [1, 2, 4], values: new Uint16Array(8) },
  metrics: { values: Float32Array.from({ length: 16 }, (_, i) => (i === 4 ? 3.5 : i === 5 ? NaN : i / 16)), shape: [8, 1, 2] },
};
const maps = atlas({
  layers: 1, heads: 2, layer: 0, head: 0, query: side, key: side, texts, window: { query: [0, 4, 4], key: [0, 4, 4] }, renormalised: false, options: {},
  exact: { values: Float32Array.from(weights) }, hidden: { values: new Float32Array(4) },
}, overview);
const selection = { layer: 0, head: 0, direction: "query", query: null, key: null, words: [], heads: [], picture: "lines", metric: "focus", cut: "least", share: 0.05 };
const measure = (font, text) => text.length * 8;
const scene = (more = {}) => ({
  maps, map: meanMap(maps, [[0, 0]]), selection: { ...selection, ...more }, view: focus({ ...selection, ...more }, null), colours: scale(ramps, "attention", false, "#ffffff", 1), look, texts, ramps, paired: true, causal: false,
});
const room = { width: 600, height: 360 };
const drawn = (name, more, shown = {}) => {
  const at = prepare(name, scene(more), room, measure);
  const paper = sheet(measure);
  draw(paper, at);
  mark(paper, at, { view: focus(at.scene.selection, null), values: null, hover: null, overHead: null, ...shown });
  return paper.body();
};
const titles = (svg) => [...svg.matchAll(/<title>([^<]*)<\/title>/g)].map(([, text]) => text);

test("links: at least so much, or the strongest of each row up to a share; what is left out is counted", () => {
  const map = meanMap(maps, [[0, 0]]);
  assert.deepEqual([...kept(map, 4, { cut: "least", share: 0.5 })], [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0]);
  assert.deepEqual([...kept(map, 4, { cut: "top", share: 0.6 })], [1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0]);
  assert.deepEqual([...kept(map, 4, { cut: "top", share: 1 })].reduce((a, b) => a + b), 15, "a weight of nothing is no link");
  const mask = kept(map, 4, { cut: "least", share: 0.5 });
  assert.ok(Math.abs(keptMass(map, 4, mask, side.special) - (0.6 + 0.5 + 0.9) / 3) < 1e-6);
  assert.ok(Math.abs(keptMass(map, 4, mask, side.special, [2]) - 0.5) < 1e-6);
});

test("a link too weak to be seen is not drawn, and is not counted as drawn", () => {
  const faint = scene({ cut: "least", share: 0 });
  const [set] = linkSets({ ...faint, colours: { ...faint.colours, vmax: 20 } });
  assert.deepEqual([...set.mask], weights.map((w) => (w / 20 >= 0.004 ? 1 : 0)));
});

test("two heads are two sets in two colours; their mean is the mean", () => {
  const two = scene({ heads: [[0, 1]] });
  const sets = linkSets(two);
  assert.deepEqual(sets.map(({ name }) => name), ["C1·1", "C1·2"]);
  assert.notEqual(sets[0].colour(1), sets[1].colour(1));
  assert.ok(Math.abs(meanMap(maps, [[0, 0], [0, 1]]).values[0] - (Math.fround(0.7) + 64 / 255) / 2) < 1e-6);
  assert.equal(meanMap(maps, [[0, 0], [0, 1]]).digits, 2);
  assert.equal(drawnShare(two, sets), null, "sums of 8 bits are not said");
  assert.ok(drawnShare(scene(), linkSets(scene())) > 0.9);
});

test("every word of the lines is found under the pointer, on both sides", () => {
  const layout = linesLayout({ room, querySpecial: side.special, keySpecial: [0, 0, 1], queryLabel: 60, keyLabel: 90, font: 14, ratio: 2 });
  for (let i = 0; i < 4; i++) assert.deepEqual(wordAt(layout, 5, layout.top + centre(layout.query, i)), { q: i, k: null, side: "query" });
  for (let i = 0; i < 3; i++) assert.deepEqual(wordAt(layout, layout.width - 5, layout.top + centre(layout.key, i)), { q: null, k: i, side: "key" });
  assert.ok(layout.width <= room.width);
});

test("arcs lie down where the words fit and stand up where they do not; words are found either way", () => {
  const words = nodes({ query: side, key: side }, true);
  const lying = arcsLayout({ room, words, widths: [40, 30, 40, 40], font: 14, ratio: 1, single: false });
  assert.equal(lying.upright, false);
  for (let i = 0; i < 4; i++) assert.equal(nodeAt(lying, words, "query", lying.start + centre(lying.line, i), lying.base).q, i);
  const standing = arcsLayout({ room: { width: 300, height: 500 }, words, widths: [140, 130, 140, 140], font: 14, ratio: 1, single: true });
  assert.equal(standing.upright, true);
  for (let i = 0; i < 4; i++) assert.equal(nodeAt(standing, words, "key", standing.base, standing.start + centre(standing.line, i)).k, i);
  assert.ok(standing.width <= 300 + 2);
});

test("two texts on one line: each word answers for its own side", () => {
  const other = { labels: ["x", "y"], special: [0, 0], unknown: [0, 0], positions: [0, 1] };
  const words = nodes({ query: other, key: side }, false);
  const layout = arcsLayout({ room, words, widths: [10, 10, 40, 30, 40, 40], font: 14, ratio: 1, single: true });
  assert.deepEqual(nodeAt(layout, words, "query", layout.start + centre(layout.line, 1), 0), { q: 1, k: null, side: "query" });
  assert.deepEqual(nodeAt(layout, words, "query", layout.start + centre(layout.line, 2), 0), { q: null, k: 0, side: "key" });
});

test("the matrix as SVG holds every weight, and labels as text", () => {
  const svg = drawn("matrix");
  const said = titles(svg);
  assert.equal(said.length, 16);
  weights.forEach((w, i) => {
    const label = (j) => escaped(labels[j]);
    assert.equal(said[i], `${label(Math.floor(i / 4))} → ${label(i % 4)} ${w.toFixed(4).replace(".", ",")}`);
  });
  assert.ok(svg.includes("&lt;a&gt;") && svg.includes("b &amp; c") && !svg.includes("<a>"));
});

test("lines and arcs as SVG hold the links that are drawn, no others", () => {
  for (const name of ["lines", "arcs"]) {
    const said = titles(drawn(name));
    assert.equal(said.length, weights.filter((w) => w >= 0.05).length, name);
    assert.ok(said.includes(`${escaped("<a>")} → ${escaped("b & c")} 0,3000`));
  }
});

test("the map of heads: numbers as they are, a scale that fits, a dash where there is none", () => {
  assert.equal(metricOf(maps, "distance", 0, 0), 3.5);
  assert.equal(metricOf(maps, "distance", 0, 1), null);
  assert.equal(metricEnd(maps, "distance"), 3.5);
  assert.equal(metricEnd(maps, "focus"), 1);
  assert.equal(metricText(null, "focus", texts), "–");
  assert.deepEqual(titles(drawn("map", { metric: "distance" })), ["3,5", "–"]);
  assert.equal(METRICS.length * 2, overview.metrics.values.length);
});

test("an SVG document is well formed whatever the text", () => {
  const svg = svgDocument({ width: 10, height: 10, background: "#fff", title: "<&\u0000\"", description: "]]>", record: '{"a":"<b>"}', body: drawn("matrix") });
  assert.ok(!/[\u0000-\u0008]/.test(svg));
  assert.ok(svg.includes('<metadata id="mirante">{&quot;a&quot;:&quot;&lt;b&gt;&quot;}</metadata>'));
  const open = [...svg.matchAll(/<([a-z]+)[^>]*[^/]>/g)].filter(([tag]) => !tag.startsWith("<?")).length;
  assert.equal(open, [...svg.matchAll(/<\/[a-z]+>/g)].length);
});

test("a PNG carries its record in a valid chunk", () => {
  const signature = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
  assert.equal(crc32(new TextEncoder().encode("IEND")), 0xae426082);
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
  const end = Uint8Array.of(0, 0, 0, 0, 73, 69, 78, 68, 0xae, 0x42, 0x60, 0x82);
  const png = withText(Uint8Array.of(...signature, ...deflateSync("x"), ...end), "mirante", '{"s":"ação"}');
  const text = new TextDecoder().decode(png);
  assert.ok(text.includes('iTXtmirante\u0000\u0000\u0000\u0000\u0000{"s":"ação"}'));
  assert.deepEqual([...png.slice(-12)], [...end]);
});
