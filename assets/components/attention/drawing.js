// Draws the parts of a mounted page from what it holds: words, picture, head, and what the word in view changes.
// Reads `page` (see page.js); handlers go through page.act, so that drawing knows nothing of events.

import { make } from "../shared/dom.js";
import { fill, weight } from "../shared/format.js";
import { buildActions } from "./actions.js";
import { meanMap } from "./atlas.js";
import { drawBars } from "./bars.js";
import { buildControls, buildPickers, buildTabs, markPickers, markTabs, sayDrawn, sayFollowed } from "./controls.js";
import { BEHIND } from "./figure.js";
import { frameFor } from "./frame.js";
import { nextWord } from "./keys.js";
import { colourOf, drawnShare, headLabel } from "./links.js";
import { metricText, metricOf } from "./map.js";
import { drawOverview, outlineHeads } from "./overview.js";
import { drawBudget, drawLegend, drawProfile, drawTable, takeaway } from "./panel.js";
import { draw, hasHeads, hasLinks, mark, prepare } from "./picture.js";
import { meanRow, strongest, together } from "./reading.js";
import { chosenHeads, focus, turn } from "./selection.js";
import { buildSentence, shadeSentence } from "./words.js";

/** Words that stay while the sentence stays: titles, tabs, switch, legend. */
export function drawFixed(page) {
  const { parts, maps, texts } = page;
  parts.root.setAttribute("aria-label", texts.name);
  parts["heads-title"].textContent = texts.all_heads;
  parts["profile-title"].textContent = texts.head_words;
  parts["table-title"].textContent = texts.table;
  drawLegend(parts.legend, page.colours, texts);
  const act = (side) => ({
    lock: (i, byPointer, several) => page.act.hold(page.paired ? page.selection.direction : side, i, byPointer, several),
    hover: (i) => page.act.point(i === null ? null : hoverWord(page, side, i)),
    step: (event, i) => stepWord(event, page.chips[side], i),
  });
  const { query, key } = maps.detail;
  const first = buildSentence(parts["sentence query-side"], query, page.paired ? "" : texts.looks, act("query"));
  const second = page.paired ? first : buildSentence(parts["sentence key-side"], key, texts.looked, act("key"));
  parts["sentence key-side"].hidden = page.paired;
  page.chips = { query: first, key: second };
  buildPickers(parts.pickers, maps, page.options, texts, (at) => page.act.choose((now) => ({ ...now, ...at })));
  buildTabs(parts.tabs, page.options.pictures ?? [], texts, (name) => page.act.choose({ ...page.selection, picture: name }));
  parts.switch.replaceChildren(...["query", "key"].map((name) => direction(page, name)));
}

function direction(page, name) {
  const button = make("button", { type: "button", "data-direction": name }, name === "query" ? page.texts.where_looks : page.texts.who_looks);
  button.addEventListener("click", () => page.act.choose(turn(page.selection, name, page.paired)));
  return button;
}

/** A hovered chip is a row or a column as the switch says; of two texts, each chip is of its own side. */
function hoverWord(page, side, i) {
  const end = page.paired ? page.selection.direction : side;
  return end === "query" ? { q: i, k: null, side: end } : { q: null, k: i, side: end };
}

function stepWord(event, chips, i) {
  const to = nextWord(event.key, i, chips.length);
  if (to === null) return;
  event.preventDefault();
  event.stopPropagation();
  chips[i].tabIndex = -1;
  chips[to].tabIndex = 0;
  chips[to].focus();
}

/** What depends on the chosen heads and the picture: picture, chip, controls, profile. */
export function drawHead(page) {
  const { parts, maps, texts, selection } = page;
  const heads = chosenHeads(selection);
  page.map = meanMap(maps, heads);
  page.picture = page.narrow && selection.picture === "heads" ? "matrix" : selection.picture;
  page.bars = page.narrow && page.picture === "matrix";
  spread(page);
  markTabs(parts.tabs, page.picture);
  markPickers(parts.pickers, selection);
  drawChip(page, heads);
  parts.legend.hidden = page.picture === "map" && selection.metric === "distance"; // its scale ends elsewhere, and its cells say their numbers
  buildControls(parts.controls, page, page.act);
  page.figure = null;
  if (!page.bars) {
    page.figure = prepare(page.picture, page.scene(), { width: parts.picture.clientWidth, height: page.room - (parts.controls.hidden ? 0 : parts.controls.offsetHeight) }, page.measure);
    frameFor(page, page.figure.layout);
    draw(parts.cells, page.figure);
  }
  parts.stage.setAttribute("aria-busy", String(!page.map.digits));
  if (page.overview) drawProfile(parts.profile, maps, page.map, page.paired, texts);
  drawFocus(page);
  drawText(page);
  parts.cells.setAttribute("aria-label", `${texts[`picture_${page.picture}`]}. ${parts.chip.textContent}. ${parts.takeaway.textContent}`); // the picture in a sentence
  say(page);
}

/** Pictures that need the whole width push the thumbnails below, which then have another size. */
function spread(page) {
  const { dataset } = page.parts.root;
  const moved = dataset.picture !== page.picture;
  Object.assign(dataset, { picture: page.picture, bars: String(page.bars) });
  if (moved) drawOverview(page);
}

function drawChip(page, heads) {
  const { parts, texts, maps } = page;
  const names = heads.map(([layer, head]) => headLabel(page, layer, head));
  const many = maps.detail.options.head_names ? fill(texts.mean_names, { names: names.join(", ") }) : fill(texts.mean_of, { n: heads.length }); // which: the legend below
  parts.chip.textContent = heads.length > 1 ? many : names[0];
  parts.chip.style.setProperty("--head", colourOf(page, ...heads[0]));
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

/** Weights that the words in view give (or receive); of no word, what each is looked at on average. Null while no number is here. */
export function valuesOf({ map, maps }, view) {
  if (!map.digits) return null;
  return view.words.length ? together(map, maps.columns, view.direction, view.words) : meanRow(map, maps.columns, maps.detail.query.special);
}

/**
 * What depends on the word in view: marks, shading, takeaway, budget, bars. Cheap: runs on every hover. Canvases first: setting a font there
 * asks the page for its styles, which is free only while nothing else has changed.
 */
export function drawFocus(page) {
  const { parts, maps, map, selection, hover, colours, texts, paired } = page;
  const view = focus(selection, hover);
  const values = valuesOf(page, view);
  if (!page.bars) mark(parts.marks, page.figure, { view, values, hover, overHead: page.overHead });
  outlineHeads(page);
  shadeWords(page, view, values);
  for (const button of parts.switch.children) button.setAttribute("aria-pressed", String(button.dataset.direction === selection.direction));
  parts.takeaway.replaceChildren(...takeaway(maps, map, view, colours, texts));
  buildActions(parts.actions, page, page.act.wish);
  if (colours.name === "attention") drawBudget(parts.budget, maps, map, selection, view, texts);
  if (page.bars) drawBars(parts.bars, maps.detail[shadedSide(view)], values, { chosen: paired ? view.words : [], ringed: view[shadedSide(view)] }, colours, texts, (i) => page.act.hold(paired ? selection.direction : shadedSide(view), i));
  else finishPicture(page, view);
}

/** The side whose words are coloured: what is looked at, or who looks. */
const shadedSide = ({ direction, words }) => (direction === "query" || !words.length ? "key" : "query");

function shadeWords({ chips, maps, colours, paired }, view, values) {
  const side = shadedSide(view);
  const other = side === "key" ? "query" : "key";
  const links = !view.words.length || !values ? [] : strongest(values, 3);
  const look = { chosen: view.words, links, locked: view.locked, role: view.direction };
  shadeSentence(chips[side], maps.detail[side], values, paired ? look : { ...look, chosen: [] }, colours);
  if (!paired) shadeSentence(chips[other], maps.detail[other], null, { ...look, links: [] }, colours);
}

/** Around the marked picture: links of other words step back, what is left out is said, the exact value stands beside the pointer. */
function finishPicture(page, view) {
  const { parts, figure, texts } = page;
  const dim = hasLinks(page.picture) && view.words.length > 0 ? String(BEHIND) : "";
  if (parts.cells.style.opacity !== dim) parts.cells.style.opacity = dim;
  if (hasLinks(page.picture)) {
    sayDrawn(parts.controls, drawnShare({ ...figure.scene, view }, figure.scene.sets), texts);
    sayFollowed(parts.controls, page, figure.scene.sets);
  }
  drawTip(page);
}

/** What the pointer is on, exactly. Its width is measured on a canvas: asking the page would lay everything out again on every hover. */
function drawTip(page) {
  const { parts, hover, look, figure } = page;
  const text = hover?.x === undefined ? "" : tipText(page);
  if (parts.tip.hidden === Boolean(text)) parts.tip.hidden = !text;
  if (!text) return;
  parts.tip.textContent = text;
  const width = page.measure(`600 ${15 * look.scale}px ${look.sans}`, text) + 20;
  const height = 28 * look.scale;
  const most = Math.max(figure.layout.width, figure.layout.room) - width;
  const beside = hover.x + 16 > most ? hover.x - width - 16 : hover.x + 16;
  const x = Math.max(0, Math.min(beside, most));
  parts.tip.style.transform = `translate(${x}px, ${hover.y < height + 24 ? hover.y + 20 : hover.y - height - 14}px)`;
}

function tipText(page) {
  const { maps, map, hover, texts, overHead, selection } = page;
  if (hasHeads(page.picture)) return overHead ? headTip(page, overHead, selection.metric) : "";
  if (hover.q === null || hover.k === null) return "";
  const { query, key } = maps.detail;
  return fill(texts.cell, { query: query.labels[hover.q], key: key.labels[hover.k], value: weight(map.values[hover.q * maps.columns + hover.k], map.digits, texts) });
}

function headTip(page, { layer, head }, metric) {
  const name = headLabel(page, layer, head);
  if (page.picture !== "map") return name;
  return fill(page.texts.metric_tip, { head: name, metric: page.texts[`metric_${metric}`], value: metricText(metricOf(page.maps, metric, layer, head), metric, page.texts) });
}
