// One mounted page: holds the packet, what is chosen and how it looks; draws what a change makes necessary.

import { compose, make, token } from "../shared/dom.js";
import { decimal, percent } from "../shared/format.js";
import { dress, readLook } from "../shared/look.js";
import { followWidth, keepingFocus, nextFrame } from "../shared/page.js";
import { headColour } from "../shared/ramp.js";
import { formula } from "./formulas.js";
import { heads, output, residual, values } from "./mixing.js";
import { dots, mask, scale, shares } from "./scores.js";
import { drawSheet, markRow, rowsOf } from "./sheet.js";
import { skeleton } from "./skeleton.js";
import { atKey, atQuery, atStep, intention, nextKey } from "./state.js";
import { softmax } from "./sums.js";
import { buildTrail, markTrail } from "./trail.js";
import { input, vectors } from "./vectors.js";
import { drawWords } from "./words.js";

const PANES = [input, vectors, dots, scale, mask, shares, values, output, heads, residual];
const NARROW = 640;
const STACKED = 760;

/** `told` {choose(state) → the state to keep, adopt(state)}: what the mount does with a choice, and with what is only tried out. */
export function createPage(parent, ramps, told) {
  const parts = skeleton();
  parent.append(parts.root);
  const page = { parts, ramps, told, detail: null, state: null, trail: null, strips: [], extra: [], frame: 0, width: 0 };
  page.act = {
    step: (step) => choose(page, atStep(page.state, step)), by: (by) => choose(page, atStep(page.state, page.state.step + by)),
    query: (query) => choose(page, atQuery(page.state, query)), key: (key) => choose(page, atKey(page.state, key)),
    hover: (key) => point(page, key), whatIf: (change) => tryOut(page, change),
  };
  followWidth(page, refresh);
  parts.root.addEventListener("keydown", (event) => walk(page, event));
  parts.table.addEventListener("toggle", () => drawNumbers(page));
  return page;
}

/** A new packet, or another choice of the page. */
export function show(page, detail, state) {
  const fresh = !page.detail || page.detail.texts.language !== detail.texts.language;
  Object.assign(page, { detail, state });
  if (fresh) page.trail = buildTrail(page.parts.trail, detail.texts, page.act);
  refresh(page);
}

/** Reads the theme and the width again, and draws. */
export function refresh(page) {
  if (!page.detail) return;
  const { root } = page.parts;
  page.width = root.clientWidth;
  const look = readLook(root, page.ramps);
  page.look = { ...look, ...page.ramps.difference[look.dark ? "dark" : "light"] };
  root.dataset.layout = page.width < NARROW * look.scale ? "narrow" : page.width < STACKED * look.scale ? "stacked" : "wide";
  dress(root, look);
  root.style.setProperty("--head", headColour(page.ramps, page.detail.head, look.dark));
  draw(page);
}

function choose(page, state) {
  page.state = page.told.choose(state);
  draw(page);
  page.parts.live.textContent = `${page.parts.heading.textContent} ${page.parts.takeaway.textContent}`;
}

/** A slider moved: everything that follows from it is drawn again, but not the slider under the finger. */
function tryOut(page, change) {
  page.state = { ...page.state, ...change };
  page.told.adopt(page.state);
  const view = viewOf(page);
  page.parts.stage.classList.toggle("what-if-now", triedOut(page.state));
  drawSaid(page, view, PANES[page.state.step - 1](view));
  for (const one of page.extra) one.update?.(view);
  drawSheet(page.parts.sheet, view, page.act);
  markRow(page.parts.sheet, inView(page));
}

/** Hovering a row brings its word into the pictures; one redraw per frame at most. */
function point(page, key) {
  page.state.hover = key;
  nextFrame(page, () => { drawPane(page); markRow(page.parts.sheet, inView(page)); });
}

function walk(page, event) {
  const wanted = intention(event);
  if (!wanted || !page.detail) return;
  event.preventDefault();
  if (wanted.step) page.act.by(wanted.step);
  else choose(page, nextKey(page.state, rowsOf(page.detail, page.state.key), wanted.key));
}

const inView = ({ state }) => state.hover ?? state.key;

/** What the parts of the page draw from. */
function viewOf(page) {
  const { detail, state, look, ramps, act } = page;
  const { texts } = detail;
  const j = inView(page);
  const query = detail.rows.labels[detail.query];
  const key = detail.columns.labels[j];
  const real = { weights: detail.weights.values, sink: detail.sink_share };
  const now = triedOut(state) ? whatIf(detail, state.temperature) : real;
  const words = () => ({ query: [token(query, "query")], key: [token(key)] });
  const say = (name, fields = {}) => compose(texts[name], { ...words(), ...Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, [make("span", { class: "number" }, String(v))]])) });
  return { detail, texts, state, look, ramps, act, j, query, key, now, say, columns: detail.columns.labels };
}

/** Whether the numbers in view are those of another temperature: from the softmax to the head's output, never beyond. */
const triedOut = ({ temperature, step }) => temperature !== 1 && step >= 6 && step <= 8;

function whatIf(detail, temperature) {
  const { weights, sink } = softmax(detail.scores.values, temperature, detail.sink);
  return { weights, sink: detail.sink === null ? null : sink };
}

const draw = (page) => keepingFocus(page, () => drawAll(page));

function drawAll(page) {
  const { parts, detail, state } = page;
  const waiting = state.query !== detail.query;
  const { texts } = detail;
  parts.root.setAttribute("aria-label", texts.name);
  parts.root.dataset.step = state.step;
  parts.root.setAttribute("aria-busy", String(waiting));
  parts.chip.textContent = texts.chip.replace("{layer}", detail.layer + 1).replace("{head}", detail.head + 1);
  drawWords(parts.words, detail.rows, state.query, texts, page.act);
  markTrail(page.trail, state.step);
  parts.stage.classList.toggle("what-if-now", triedOut(state));
  const view = viewOf(page);
  drawPane(page, view);
  drawSheet(parts.sheet, view, page.act);
  drawEveryKey(page, view);
  markRow(parts.sheet, inView(page));
}

/** The left side: what the chosen step does to the word in view. */
function drawPane(page, view = viewOf(page)) {
  const { parts, detail, state } = page;
  const { texts } = detail;
  const pane = PANES[state.step - 1](view);
  page.extra = pane.extra ?? [];
  parts.extra.replaceChildren(...page.extra.map((one) => one.node));
  parts.formulaTitle.textContent = texts.formula;
  parts.formulaBody.replaceChildren(...formula(detail, state.step).map((line) => make("p", {}, line)));
  parts.tableTitle.textContent = texts.numbers;
  parts.tableBody.setAttribute("aria-label", texts.numbers);
  drawSaid(page, view, pane);
}

/** Sentences and pictures of the step. */
function drawSaid(page, view, pane) {
  const { parts, detail, state } = page;
  const { texts } = detail;
  const said = state.query === detail.query ? pane.said : [[texts.loading]];
  parts.takeaway.replaceChildren(...view.say("takeaway", { layer: detail.layer + 1, head: detail.head + 1, percent: percent(detail.weights.values[view.j], texts) }));
  parts.heading.textContent = `${state.step} · ${texts[`heading_${state.step}`]}`;
  parts.said.replaceChildren(...said.map((nodes) => make("p", {}, ...nodes)));
  parts.pictures.replaceChildren(...pane.strips.map((one) => one.node));
  page.strips = pane.strips;
  for (const one of pane.strips) one.draw(page.look);
  drawNumbers(page);
}

/** The text equivalent of the pictures: every number, when it is asked for. One node per vector, however long. */
function drawNumbers({ parts, strips, detail }) {
  if (!parts.table.open) return parts.tableBody.replaceChildren();
  const { texts, columns } = detail;
  const number = (value) => (Number.isFinite(value) ? decimal(value, 4, texts.language) : "−∞");
  const text = (one) => Array.from(one.values, (value, i) => (one.label ? one.label(i) : one.text ? `${columns.labels[i]}: ${one.text(i)}` : number(value))).join("  ");
  const nodes = strips.flatMap((one) => [make("dt", {}, one.name), make("dd", {}, text(one))]);
  return parts.tableBody.replaceChildren(make("dl", {}, ...nodes));
}

/** Where not every word has a row, a list of all of them. */
function drawEveryKey(page, { detail, state, texts, act }) {
  const count = detail.columns.labels.length;
  const shown = rowsOf(detail, state.key);
  page.parts.every.hidden = count <= shown.length;
  if (page.parts.every.hidden) return;
  const option = (label, j) => make("option", { value: j, ...(j === state.key ? { selected: "" } : {}) }, `${j + 1} · ${label} · ${percent(detail.weights.values[j], texts)}`);
  const list = make("select", { "aria-label": texts.choose_key, "data-focus": "every" });
  const listed = count <= 600 ? detail.columns.labels.map(option) : shown.map((j) => option(detail.columns.labels[j], j));
  list.append(...listed);
  list.addEventListener("change", () => act.key(Number(list.value)));
  page.parts.every.replaceChildren(make("label", {}, make("span", {}, texts.every_key), list));
}
