// The picture in view as a file: SVG with shapes and text, or PNG at print size. Always dark on white: it goes on paper.
// Above it what it shows, below it where it comes from; the whole record travels inside the file.

import { fill } from "../shared/format.js";
import { scale } from "../shared/ramp.js";
import { touches } from "./links.js";
import { drawText, fitCanvas } from "./matrix.js";
import { draw, hasLinks, mark, prepare } from "./picture.js";
import { withText } from "./png.js";
import { chosenHeads, focus, heldWords } from "./selection.js";
import { sheet, svgDocument } from "./vector.js";

const WIDTH = { matrix: 720, lines: 640, arcs: 960, heads: 960, map: 640 };
const PRINT = 300 / 96; // pixels per px of a page: 300 dots per inch
const MARGIN = 16;
export const BEHIND = 0.12; // how strongly the links of other words stand behind those of the held ones
const PAPER = { paper: "#ffffff", ink: "#1d1b26", grey: "#5c5866", line: "#8f8b99", dark: false, scale: 1, ratio: 1, small: 14 };
const SAFE = { sans: "'Source Sans 3', 'Source Sans', 'Helvetica Neue', Arial, sans-serif", mono: "'Source Code Pro', 'DejaVu Sans Mono', Menlo, Consolas, monospace" };

/** {title, note, record}: the sentences of a figure; `record` is the provenance as JSON text. */
function said({ texts, parts, maps, selection, picture }) {
  const heading = picture === "heads" ? texts.all_heads : picture === "map" ? texts[`metric_${selection.metric}`] : `${parts.chip.textContent} · ${parts.takeaway.textContent}`;
  const record = { ...maps.detail.options.record, picture, chosen: counted(maps.detail, selection), drawn: new Date().toISOString().slice(0, 10), link: location.href.startsWith("http") ? location.href : undefined };
  return { title: heading, note: fill(texts.figure_note, { note: maps.detail.options.note ?? "" }), record: JSON.stringify(record) };
}

/** What is chosen, as the record counts: layers and heads from 1, words with their positions in the text. */
function counted(detail, selection) {
  const { direction, metric, cut, share } = selection;
  const side = detail[direction];
  return {
    heads: chosenHeads(selection).map(([layer, head]) => ({ layer: layer + 1, head: head + 1 })), direction, metric, cut, share,
    words: heldWords(selection).map((i) => ({ position: side.positions[i], label: side.labels[i] })),
  };
}

/** The picture laid out for paper: what `draw` and `mark` need, and the sheet around it. */
function compose(page, look, measure) {
  const view = focus(page.selection, null);
  const held = hasLinks(page.picture) && view.words.length ? touches(view) : null; // drawn by `mark`; the others step back, as on the screen
  const scene = { ...page.scene(), look, held, real: null, colours: scale(page.ramps, page.colours.name, false, look.paper, page.colours.vmax) };
  const width = WIDTH[page.picture];
  const picture = prepare(page.picture, scene, { width, height: page.picture === "arcs" ? 420 : width * 0.8 }, measure);
  const across = Math.max(picture.layout.width, 420);
  return { picture, shown: { view, values: page.valuesOf(view), hover: null, overHead: null }, behind: held ? BEHIND : 1, width: across + 2 * MARGIN, height: picture.layout.height + 3 * MARGIN + 48, across };
}

/** Title and note around a picture, on any context. */
function frame(context, { width, height, across }, { title, note }, look) {
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillStyle = look.ink;
  context.font = `600 16px ${look.sans}`;
  drawText(context, title, MARGIN, MARGIN + 10, across);
  context.fillStyle = look.grey;
  context.font = `11px ${look.sans}`;
  drawText(context, note, MARGIN, height - MARGIN, width - 2 * MARGIN);
}

/** The SVG document of what `page` shows. `measure(font, text)` → px. */
export function svgFigure(page, measure) {
  const look = { ...PAPER, ...SAFE };
  const figure = compose(page, look, measure);
  const words = said(page);
  const outside = sheet(measure);
  frame(outside.getContext(), figure, words, look);
  const [lower, upper] = [sheet(measure), sheet(measure)];
  draw(lower, figure.picture);
  mark(upper, figure.picture, figure.shown);
  const body = `${outside.body()}\n<g transform="translate(${MARGIN} ${2 * MARGIN + 20})">\n<g opacity="${figure.behind}">\n${lower.body()}\n</g>\n${upper.body()}\n</g>`;
  return svgDocument({ ...figure, background: look.paper, title: words.title, description: words.note, record: words.record, body });
}

/** The PNG of what `page` shows: a Blob of 300 dots per inch. */
export async function pngFigure(page, measure) {
  const look = { ...PAPER, sans: page.look.sans, mono: page.look.mono, ratio: PRINT };
  const figure = compose(page, look, measure);
  const words = said(page);
  const whole = document.createElement("canvas");
  const context = fitCanvas(whole, figure.width, figure.height, PRINT);
  context.fillStyle = look.paper;
  context.fillRect(0, 0, figure.width, figure.height);
  frame(context, figure, words, look);
  for (const layer of [draw, mark]) {
    const part = document.createElement("canvas");
    layer(part, figure.picture, figure.shown);
    context.globalAlpha = layer === draw ? figure.behind : 1;
    if (part.width && part.height) context.drawImage(part, MARGIN, 2 * MARGIN + 20, part.width / PRINT, part.height / PRINT);
  }
  const bytes = new Uint8Array(await (await new Promise((done) => whole.toBlob(done, "image/png"))).arrayBuffer());
  return new Blob([withText(bytes, "mirante", words.record)], { type: "image/png" });
}
