// Draws the parts of a mounted page from what it holds: words, overview, head, and what the word in view changes.
// Reads `page` (see page.js); handlers go through page.act, so that drawing knows nothing of events.

import { drawable, headMap } from "./atlas.js";
import { gridLayout, matrixLayout } from "./axis.js";
import { drawBars } from "./bars.js";
import { fill, weight } from "./format.js";
import { drawChoice, drawGrid } from "./grid.js";
import { nextWord } from "./keys.js";
import { drawMarks, drawMatrix } from "./matrix.js";
import { drawBudget, drawLegend, drawProfile, drawTable, takeaway } from "./panel.js";
import { headColour } from "./ramp.js";
import { column, meanRow, row, strongest } from "./reading.js";
import { focus, lockWord, turn } from "./selection.js";
import { buildSentence, shadeSentence } from "./words.js";

/** Words that stay while the sentence stays: titles, chips, switch, legend. */
export function drawFixed(page) {
  const { parts, maps, texts } = page;
  parts.root.setAttribute("aria-label", texts.name);
  parts.cells.setAttribute("aria-label", texts.name);
  parts["heads-title"].textContent = texts.all_heads;
  parts["profile-title"].textContent = texts.head_words;
  parts["table-title"].textContent = texts.table;
  drawLegend(parts.legend, page.colours, texts);
  const act = (side) => ({
    lock: (i, byPointer) => page.act.choose(lockWord(page.selection, page.paired ? page.selection.direction : side, i), true),
    hover: (i) => page.act.point(i === null ? null : hoverWord(page, side, i)),
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
    button.addEventListener("click", () => page.act.choose(turn(page.selection, name, page.paired)));
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
export function drawOverview(page) {
  const { parts, maps, look, colours, texts } = page;
  parts.heads.hidden = page.narrow;
  parts.strip.hidden = !page.narrow;
  parts.side.hidden = !page.overview;
  page.grids = [];
  if (!page.overview || !maps.overview) return;
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
  followStrip(page);
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
  page.act.wireGrid(marks, () => ({ grid, layers: [layer] }));
  return { grid, layers: [layer], cells, marks, box };
}

/** Scrolls the strip of a phone, and nothing else, to the chosen head. */
export function followStrip({ narrow, grids, selection, parts }) {
  const box = narrow && grids.find(({ layers }) => layers[0] === selection.layer)?.box;
  if (!box) return;
  const { grid } = grids[0];
  const x = box.offsetLeft - parts.strip.offsetLeft + selection.head * (grid.cell + grid.gap);
  if (x < parts.strip.scrollLeft || x + grid.left + grid.cell > parts.strip.scrollLeft + parts.strip.clientWidth) parts.strip.scrollLeft = x;
}

/** What depends on the chosen head: matrix, chip, profile. */
export function drawHead(page) {
  const { parts, maps, look, texts, selection } = page;
  page.map = headMap(maps, selection.layer, selection.head);
  const { layer, head } = selection;
  parts.chip.textContent = fill(texts.chip, { layer: layer + 1, head: head + 1 });
  page.tint = headColour(page.ramps, head, look.dark);
  parts.chip.style.setProperty("--head", page.tint);
  if (!page.narrow) {
    page.layout = layoutMatrix(page);
    drawMatrix(parts.cells, maps, drawable(maps, page.map), page.layout, page.colours, look);
  }
  parts.stage.setAttribute("aria-busy", String(!page.map.digits));
  if (page.overview) drawProfile(parts.profile, maps, page.map, page.paired, texts);
  drawFocus(page);
  drawText(page);
  parts.cells.setAttribute("aria-label", `${parts.chip.textContent}. ${parts.takeaway.textContent}`); // the picture in a sentence
  say(page);
}

/** Tells a screen reader what a choice brought, once its numbers are here. */
export function say(page) {
  if (!page.unsaid || !page.map.digits) return;
  page.unsaid = false;
  page.parts.live.textContent = `${page.parts.chip.textContent}. ${page.parts.takeaway.textContent}`;
}

/** The table of the same numbers, once somebody has opened it. */
export function drawText({ parts, maps, selection, texts }) {
  if (parts.table.open) drawTable(parts["table-body"], maps, selection, texts);
}

function layoutMatrix({ parts, maps, look, room: height }) {
  const { query, key } = maps.detail;
  const font = Math.round(14 * look.scale);
  const context = parts.marks.getContext("2d");
  context.font = `700 ${font}px ${look.mono}`;
  const widest = (labels) => Math.max(...labels.map((label) => context.measureText(label).width));
  const room = { width: parts.picture.clientWidth, height };
  return { room: room.width, ...matrixLayout({
    room, querySpecial: query.special, keySpecial: key.special, rowLabel: widest(query.labels), columnLabel: widest(key.labels), font, ratio: look.ratio,
  }) };
}

/** What depends on the word in view: shading, takeaway, marks, budget, bars. Cheap: runs on every hover. */
export function drawFocus(page) {
  const { parts, maps, map, selection, hover, colours, look, texts, layout, paired } = page;
  const view = focus(selection, hover);
  const { query, key } = maps.detail;
  const forward = view.direction === "query";
  const chosen = forward ? view.query : view.key;
  const values = !map.digits ? null : chosen === null ? meanRow(map, maps.columns, query.special) : forward ? row(map, maps.columns, chosen) : column(map, maps.columns, chosen);
  const side = forward || chosen === null ? "key" : "query";
  const links = chosen === null || !values ? [] : strongest(values, 3);
  const mark = { chosen, links, locked: view.locked, role: forward ? "query" : "key" };
  const other = side === "key" ? "query" : "key";
  shadeSentence(page.chips[side], maps.detail[side], values, paired ? mark : { ...mark, chosen: null }, colours);
  if (!paired) shadeSentence(page.chips[other], maps.detail[other], null, { ...mark, links: [] }, colours);
  for (const button of parts.switch.children) button.setAttribute("aria-pressed", String(button.dataset.direction === selection.direction));
  parts.takeaway.replaceChildren(...takeaway(maps, map, view, colours, texts));
  if (colours.name === "attention") drawBudget(parts.budget, maps, map, selection, view, texts);
  if (page.narrow) drawBars(parts.bars, maps.detail[side], values, paired ? chosen : null, colours, texts, (i) => page.act.choose(lockWord(page.selection, paired ? selection.direction : side, i)));
  else drawMarks(parts.marks, maps, layout, { row: view.query, key: view.key, hover, locked: view.locked }, look);
  for (const { grid, layers, marks } of page.grids) drawChoice(marks, grid, layers, selection, page.overHead, page.tint, look);
  drawTip(page);
}

/** The exact value beside the pointer. Its width is measured on a canvas: asking the page would lay everything out again on every hover. */
function drawTip({ parts, maps, map, hover, texts, narrow, look, layout }) {
  const shown = !narrow && Boolean(hover) && hover.q !== null && hover.k !== null && hover.x !== undefined;
  if (parts.tip.hidden === shown) parts.tip.hidden = !shown;
  if (!shown) return;
  const { query, key } = maps.detail;
  const value = weight(map.values[hover.q * maps.columns + hover.k], map.digits, texts);
  parts.tip.textContent = fill(texts.cell, { query: query.labels[hover.q], key: key.labels[hover.k], value });
  const context = parts.marks.getContext("2d");
  context.font = `600 ${15 * look.scale}px ${look.sans}`;
  const width = context.measureText(parts.tip.textContent).width + 20;
  const height = 28 * look.scale;
  const most = Math.max(layout.width, layout.room) - width;
  const beside = hover.x + 16 > most ? hover.x - width - 16 : hover.x + 16;
  const x = Math.max(0, Math.min(beside, most));
  parts.tip.style.transform = `translate(${x}px, ${hover.y < height + 24 ? hover.y + 20 : hover.y - height - 14}px)`;
}
