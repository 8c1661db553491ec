// One mounted page: holds what is shown and redraws the parts that a change touches. Wires pointer and keys to selections.

import { headMap } from "./atlas.js";
import { gridLayout, headAt, cellAt, matrixLayout } from "./axis.js";
import { drawBars } from "./bars.js";
import { fill, weight } from "./format.js";
import { drawChoice, drawGrid } from "./grid.js";
import { intention, nextWord } from "./keys.js";
import { drawMarks, drawMatrix } from "./matrix.js";
import { drawBudget, drawLegend, drawProfile, drawTable, takeaway } from "./panel.js";
import { headColour, scale } from "./ramp.js";
import { column, meanRow, row, strongest } from "./reading.js";
import { focus, lockCell, lockWord, release, turn, walk } from "./selection.js";
import { readLook, skeleton } from "./skeleton.js";
import { buildSentence, shadeSentence } from "./words.js";

const NARROW = 600;
const STACKED = 720;
const BROAD = 1250;

export function createPage(parent, ramps, changed) {
  const parts = skeleton();
  parent.append(parts.root);
  const page = { parts, ramps, changed, maps: null, selection: null, hover: null, overHead: null, frame: 0, width: 0, narrow: false };
  page.watch = new ResizeObserver(() => { if (Math.abs(parts.root.clientWidth - page.width) > 1) redraw(page); });
  page.watch.observe(parts.root);
  page.resized = () => redraw(page);
  window.addEventListener("resize", page.resized);
  document.fonts?.ready.then(page.resized);
  wire(page);
  return page;
}

export function removePage(page) {
  page.watch.disconnect();
  window.removeEventListener("resize", page.resized);
  cancelAnimationFrame(page.frame);
  page.parts.root.remove();
}

/** New maps or a new selection from outside. */
export function show(page, maps, selection) {
  Object.assign(page, { maps, selection, hover: null, overHead: null });
  redraw(page);
}

/** Everything, from sizes on: new data, theme, width or pixel ratio. */
export function redraw(page) {
  const { parts, maps } = page;
  if (!maps) return;
  const { texts, options } = maps.detail;
  const empty = maps.rows === 0 || maps.columns === 0;
  parts.message.hidden = !empty;
  parts.message.textContent = empty ? texts.empty : "";
  parts.body.hidden = empty;
  if (empty) return;
  page.look = readLook(parts.root);
  page.width = parts.root.clientWidth;
  page.narrow = page.width < NARROW * page.look.scale;
  page.paired = isPaired(maps.detail);
  page.texts = texts;
  page.colours = scale(page.ramps, options.ramp || "attention", page.look.dark, page.look.paper, options.vmax || 1);
  page.overview = options.mode !== "matrix" && maps.overview !== null;
  parts.root.dataset.layout = layoutName(page);
  parts.root.dataset.mode = options.mode || "explore";
  page.room = pictureHeight(options);
  parts.root.style.setProperty("--picture", `${Math.round(page.room + 60 * page.look.scale)}px`);
  parts.root.classList.toggle("dark", page.look.dark);
  for (const [name, colour] of Object.entries({ paper: page.look.paper, ink: page.look.ink, grey: page.look.grey, line: page.look.line })) {
    parts.root.style.setProperty(`--explorer-${name}`, colour);
  }
  drawFixed(page);
  drawOverview(page);
  drawHead(page);
}

function layoutName({ width, narrow, look }) {
  if (narrow) return "narrow";
  return width < STACKED * look.scale ? "stacked" : width < BROAD * look.scale ? "wide" : "broad";
}

/** Height of the picture with its labels, from the window alone: another sentence or head moves nothing below it. */
const pictureHeight = (options) => options.height || Math.min(Math.max(window.innerHeight * 0.6, 360), 900);

const isPaired = ({ query, key, kind }) =>
  kind !== "cross" && query.labels.length === key.labels.length && query.positions.every((p, i) => p === key.positions[i]);

function drawFixed(page) {
  const { parts, maps, texts } = page;
  parts.root.setAttribute("aria-label", texts.name);
  parts["heads-title"].textContent = texts.all_heads;
  parts["profile-title"].textContent = texts.head_words;
  parts["table-title"].textContent = texts.table;
  drawLegend(parts.legend, page.colours, texts);
  const act = (side) => ({
    lock: (i) => choose(page, lockWord(page.selection, page.paired ? page.selection.direction : side, i), true),
    hover: (i) => point(page, i === null ? null : hoverWord(page, side, i)),
    step: (event, i) => stepWord(event, page.chips[side], i),
  });
  const { query, key } = maps.detail;
  const first = buildSentence(parts["sentence query-side"], query, page.paired ? "" : texts.looks, act("query"));
  const second = page.paired ? first : buildSentence(parts["sentence key-side"], key, texts.looked, act("key"));
  parts["sentence key-side"].hidden = page.paired;
  page.chips = { query: first, key: second };
  const buttons = ["query", "key"].map((name) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: name === "query" ? texts.where_looks : texts.who_looks });
    button.dataset.direction = name;
    button.addEventListener("click", () => choose(page, turn(page.selection, name, page.paired)));
    return button;
  });
  parts.switch.replaceChildren(...buttons);
}

const hoverWord = (page, side, i) => {
  const end = page.paired ? page.selection.direction : side;
  return end === "query" ? { q: i, k: null } : { q: null, k: i };
};

function stepWord(event, chips, i) {
  const to = nextWord(event.key, i, chips.length);
  if (to === null) return;
  event.preventDefault();
  event.stopPropagation();
  chips[i].tabIndex = -1;
  chips[to].tabIndex = 0;
  chips[to].focus();
}

/** Thumbnails of all heads: one grid, or on a phone one strip per layer, side by side. */
function drawOverview(page) {
  const { parts, maps, look, colours, texts } = page;
  parts.heads.hidden = page.narrow;
  parts.strip.hidden = !page.narrow;
  parts.side.hidden = !page.overview;
  page.grids = [];
  if (!page.overview) return;
  const all = Array.from({ length: maps.layers }, (_, i) => i);
  if (!page.narrow) {
    const room = parts["heads-block"].clientWidth;
    const grid = gridLayout({ width: room, layers: maps.layers, heads: maps.heads, font: look.small, ratio: look.ratio });
    page.grids = [{ grid, layers: all, cells: parts.thumbs, marks: parts.choice }];
  } else {
    const size = 56 * look.scale;
    page.grids = all.map((layer) => stripPart(page, layer, size));
    parts.strip.replaceChildren(...page.grids.map(({ box }) => box));
    parts.strip.setAttribute("aria-label", texts.all_heads);
  }
  for (const { grid, layers, cells } of page.grids) drawGrid(cells, maps, grid, layers, colours, look, texts);
  parts.thumbs.setAttribute("aria-label", texts.all_heads);
}

function stripPart(page, layer, size) {
  const { maps, look } = page;
  const width = look.small * 2.1 + maps.heads * (size + 4) + 4;
  const grid = gridLayout({ width, layers: 1, heads: maps.heads, font: look.small, ratio: look.ratio, largest: size });
  const [cells, marks] = [document.createElement("canvas"), document.createElement("canvas")];
  const box = document.createElement("div");
  box.className = "heads";
  box.append(cells, marks);
  marks.className = "choice";
  wireGrid(page, marks, () => ({ grid, layers: [layer] }));
  return { grid, layers: [layer], cells, marks, box };
}

/** What depends on the chosen head: matrix, chip, profile. */
function drawHead(page) {
  const { parts, maps, look, texts, selection } = page;
  page.map = headMap(maps, selection.layer, selection.head);
  const { layer, head } = selection;
  parts.chip.textContent = fill(texts.chip, { layer: layer + 1, head: head + 1 });
  page.tint = headColour(page.ramps, head, look.dark);
  parts.chip.style.setProperty("--head", page.tint);
  if (!page.narrow) {
    page.layout = layoutMatrix(page);
    drawMatrix(parts.cells, maps, page.map, page.layout, page.colours, look);
  }
  if (page.overview) drawProfile(parts.profile, maps, page.map, page.paired, texts);
  drawFocus(page);
}

function layoutMatrix({ parts, maps, look, room: height }) {
  const { query, key } = maps.detail;
  const font = Math.round(14 * look.scale);
  const context = parts.marks.getContext("2d");
  context.font = `700 ${font}px ${look.mono}`;
  const widest = (labels) => Math.max(...labels.map((label) => context.measureText(label).width));
  const room = { width: parts.picture.clientWidth, height };
  return matrixLayout({
    room, querySpecial: query.special, keySpecial: key.special, rowLabel: widest(query.labels), columnLabel: widest(key.labels), font, ratio: look.ratio,
  });
}

/** What depends on the word in view: shading, takeaway, marks, budget, bars. Cheap: runs on every hover. */
function drawFocus(page) {
  const { parts, maps, map, selection, hover, colours, look, texts, layout, paired } = page;
  const view = focus(selection, hover);
  const { query, key } = maps.detail;
  const forward = view.direction === "query";
  const chosen = forward ? view.query : view.key;
  const values = chosen === null ? meanRow(map, maps.columns, query.special) : forward ? row(map, maps.columns, chosen) : column(map, maps.columns, chosen);
  const side = forward || chosen === null ? "key" : "query";
  const links = chosen === null ? [] : strongest(values, 3);
  const mark = { chosen, links, locked: view.locked, role: forward ? "query" : "key" };
  const other = side === "key" ? "query" : "key";
  shadeSentence(page.chips[side], maps.detail[side], values, paired ? mark : { ...mark, chosen: null }, colours);
  if (!paired) shadeSentence(page.chips[other], maps.detail[other], null, { ...mark, links: [] }, colours);
  for (const button of parts.switch.children) button.setAttribute("aria-pressed", String(button.dataset.direction === selection.direction));
  parts.takeaway.replaceChildren(...takeaway(maps, map, view, colours, texts));
  if (colours.name === "attention") drawBudget(parts.budget, maps, map, selection, view, texts);
  if (page.narrow) drawBars(parts.bars, maps.detail[side], values, paired ? chosen : null, colours, texts, (i) => choose(page, lockWord(page.selection, paired ? selection.direction : side, i)));
  else drawMarks(parts.marks, maps, layout, { row: view.query, key: view.key, hover, locked: view.locked }, look);
  for (const { grid, layers, marks } of page.grids) drawChoice(marks, grid, layers, selection, page.overHead, page.tint, look);
  drawTip(page);
}

function drawTip({ parts, maps, map, hover, texts, narrow }) {
  const shown = !narrow && hover && hover.q !== null && hover.k !== null;
  parts.tip.hidden = !shown;
  if (!shown) return;
  const { query, key } = maps.detail;
  const value = weight(map.values[hover.q * maps.columns + hover.k], map.digits, texts);
  parts.tip.textContent = fill(texts.cell, { query: query.labels[hover.q], key: key.labels[hover.k], value });
  const { offsetWidth: width, offsetHeight: height } = parts.tip;
  const most = parts.picture.clientWidth - width;
  const beside = hover.x + 16 > most ? hover.x - width - 16 : hover.x + 16;
  parts.tip.style.left = `${Math.max(0, Math.min(beside, most))}px`;
  parts.tip.style.top = `${hover.y < height + 24 ? hover.y + 20 : hover.y - height - 14}px`;
}

/** A choice of the person: drawn at once, then reported. `keep` leaves the keyboard focus where it is. */
function choose(page, selection) {
  const moved = selection.layer !== page.selection.layer || selection.head !== page.selection.head;
  page.selection = selection;
  if (moved) drawHead(page);
  else drawFocus(page);
  if (moved && page.narrow) page.grids.find(({ layers }) => layers[0] === selection.layer)?.box.scrollIntoView({ block: "nearest", inline: "nearest" });
  page.parts.live.textContent = `${page.parts.chip.textContent}. ${page.parts.takeaway.textContent}`;
  if (page.parts.table.open) drawTable(page.parts["table-body"], page.maps, selection, page.texts);
  page.changed(selection);
}

/** Hovering: one redraw per frame at most. */
function point(page, hover) {
  page.hover = hover;
  cancelAnimationFrame(page.frame);
  page.frame = requestAnimationFrame(() => { if (page.map) drawFocus(page); });
}

function wire(page) {
  const { parts } = page;
  const under = (event) => ({ ...cellAt(page.layout, event.offsetX, event.offsetY), x: event.offsetX, y: event.offsetY });
  parts.marks.addEventListener("pointermove", (event) => point(page, under(event)));
  parts.marks.addEventListener("pointerleave", () => point(page, null));
  parts.marks.addEventListener("click", (event) => {
    const { q, k } = under(event);
    if (q !== null && k !== null) choose(page, lockCell(page.selection, q, k));
    else if (q !== null) choose(page, lockWord(page.selection, "query", q));
    else if (k !== null) choose(page, lockWord(page.selection, "key", k));
  });
  wireGrid(page, parts.choice, () => page.grids[0]);
  parts.root.addEventListener("keydown", (event) => {
    const intent = intention(event);
    if (!intent || !page.map || event.target.closest("summary, .strip")) return;
    event.preventDefault();
    choose(page, intent.kind === "walk" ? walk(page.selection, intent, page.maps) : release(page.selection));
  });
  parts.table.addEventListener("toggle", () => { if (parts.table.open) drawTable(parts["table-body"], page.maps, page.selection, page.texts); });
}

function wireGrid(page, canvas, current) {
  const under = (event) => {
    const { grid, layers } = current();
    const hit = headAt(grid, layers.length, page.maps.heads, event.offsetX, event.offsetY);
    return hit && { layer: layers[hit.layer], head: hit.head };
  };
  canvas.addEventListener("pointermove", (event) => { page.overHead = under(event); point(page, null); });
  canvas.addEventListener("pointerleave", () => { page.overHead = null; point(page, null); });
  canvas.addEventListener("click", (event) => {
    const hit = under(event);
    if (hit) choose(page, { ...page.selection, ...hit });
    page.parts.root.focus({ preventScroll: true });
  });
}
