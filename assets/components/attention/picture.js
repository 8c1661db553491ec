// The one large picture, in any of its five forms: one table of how each is laid out, drawn, marked and pointed at.
// A scene says what is seen: {maps, map, selection, view, colours, look, texts, ramps, paired, real}. Nothing here knows of events or of the page.

import { arcsLayout, drawArcMarks, drawArcs, nodeAt, nodes } from "./arcs.js";
import { drawable } from "./atlas.js";
import { cellAt, gridLayout, headAt, matrixLayout } from "./axis.js";
import { drawChoice, drawGrid } from "./grid.js";
import { drawLineMarks, drawLines, linesLayout, wordAt } from "./lines.js";
import { colourOf, linkSets } from "./links.js";
import { drawMap } from "./map.js";
import { drawMarks, drawMatrix } from "./matrix.js";
import { chosenHeads } from "./selection.js";

/** Pictures that show links, and so have a threshold. */
export const hasLinks = (name) => name === "lines" || name === "arcs";
/** Pictures of all heads: pointing finds a head, not a word. */
export const hasHeads = (name) => name === "heads" || name === "map";

/** What one drawing of the picture needs beyond the scene: laid out for `room` {width, height}; `measure(font, text)` → px. */
export function prepare(name, scene, room, measure) {
  const words = name === "arcs" ? nodes(scene.maps.detail, scene.paired) : null;
  const own = { ...scene, words, sets: hasLinks(name) ? linkSets(scene) : [] };
  return { name, scene: own, layout: { room: room.width, ...FORMS[name].layout(own, room, measure) } };
}

export const draw = (canvas, { name, scene, layout }) => FORMS[name].draw(canvas, scene, layout);

/** Labels and what is in view. `shown`: {view, values, hover, overHead}. */
export const mark = (canvas, { name, scene, layout }, shown) => FORMS[name].mark(canvas, { ...scene, view: shown.view }, layout, shown);

/** What lies under a point: {q, k, side?} or {layer, head}; null where there is nothing. */
export const under = ({ name, scene, layout }, x, y, direction) => FORMS[name].under(layout, x, y, scene, direction);

const widths = (side, font, look, measure) => side.labels.map((label) => measure(`700 ${font}px ${look.mono}`, label));
const fontOf = (look) => Math.round(14 * look.scale);

const SMALLEST = 14; // px of a cell, so that it can be pointed at
const NAMED = 12; // px of a label of a long sentence; on a projector NAMED_FAR
const NAMED_FAR = 16;

/** Sizes of a map that is too large for its room (axis.js): every word has a cell that can be hit and a label that can be read. */
export function realSizes(look, { bar, fit, far }) {
  const font = Math.max(far ? NAMED_FAR : NAMED, Math.round(10.5 * look.scale));
  return { cell: Math.max(SMALLEST, Math.ceil(font * 1.15)), font, top: Math.ceil(82 * look.scale), bar, fit }; // top: the button and the names of the axes
}

const matrix = {
  layout({ maps, look, real }, room, measure) {
    const { query, key } = maps.detail;
    const font = fontOf(look);
    const [rowLabel, columnLabel] = [query, key].map((side) => Math.max(...widths(side, font, look, measure)));
    return matrixLayout({ real, room, querySpecial: query.special, keySpecial: key.special, rowLabel, columnLabel, font, ratio: look.ratio });
  },
  draw: (canvas, { maps, map, colours, look }, layout) => drawMatrix(canvas, maps, drawable(maps, map), layout, colours, look),
  mark(canvas, { maps, look, view }, layout, { hover }) {
    const forward = view.direction === "query";
    const rows = forward ? view.words : real(view.query);
    const columns = forward ? real(view.key) : view.words;
    drawMarks(canvas, maps, layout, { rows, columns, hover, locked: view.locked }, look);
  },
  under: (layout, x, y) => cellAt(layout, x, y),
};

const real = (i) => (i === null || i === undefined ? [] : [i]);

const lines = {
  layout({ maps, look }, room, measure) {
    const { query, key } = maps.detail;
    const font = fontOf(look);
    const [queryLabel, keyLabel] = [query, key].map((side) => Math.max(...widths(side, font, look, measure)));
    return linesLayout({ room, querySpecial: query.special, keySpecial: key.special, queryLabel, keyLabel, font, ratio: look.ratio });
  },
  draw: (canvas, scene, layout) => drawLines(canvas, scene, layout, scene.sets),
  mark: (canvas, scene, layout, { values }) => drawLineMarks(canvas, scene, layout, scene.sets, values),
  under: (layout, x, y) => wordAt(layout, x, y),
};

const arcs = {
  layout({ maps, look, words, paired, causal }, room, measure) {
    const font = fontOf(look);
    return arcsLayout({ room, words, widths: widths(words, font, look, measure), font, ratio: look.ratio, single: causal || !paired });
  },
  draw: (canvas, scene, layout) => drawArcs(canvas, scene, layout, scene.sets),
  mark: (canvas, scene, layout, { values }) => drawArcMarks(canvas, scene, layout, scene.sets, values),
  under: (layout, x, y, { words }, direction) => nodeAt(layout, words, direction, x, y),
};

const overGrid = (layout, x, y, { maps }) => {
  const at = headAt(layout, maps.attending.length, maps.heads, x, y);
  return at && { layer: maps.attending[at.layer], head: at.head };
};
const choice = (canvas, scene, layout, { overHead }) =>
  drawChoice(canvas, layout, scene.maps.attending, chosenHeads(scene.selection), overHead, (layer, head) => colourOf(scene, layer, head), scene.look);

const heads = {
  layout: ({ maps, look }, room) => gridLayout({ width: room.width, layers: maps.attending.length, heads: maps.heads, font: look.small, ratio: look.ratio, largest: 160 * look.scale }),
  draw: (canvas, { maps, colours, look, texts }, layout) => maps.overview && drawGrid(canvas, maps, layout, maps.attending, colours, look, texts),
  mark: choice,
  under: overGrid,
};

const map = {
  layout({ maps, look }, room) {
    const high = (room.height - look.small * 2) / maps.attending.length - 4;
    return gridLayout({ width: room.width, layers: maps.attending.length, heads: maps.heads, font: look.small, ratio: look.ratio, largest: Math.max(16, Math.min(high, 88 * look.scale)) });
  },
  draw: (canvas, scene, layout) => drawMap(canvas, scene, layout),
  mark: choice,
  under: overGrid,
};

const FORMS = { matrix, lines, arcs, heads, map };
