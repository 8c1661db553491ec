// The table that keeps every step: one row per word that is looked at (the strongest ones, then the rest), one column per step so far.

import { make, token } from "../shared/dom.js";
import { decimal, fill, percent } from "../shared/format.js";
import { length, row, scoreOf, strongestKeys, total } from "./sums.js";

const ALL = 16; // words up to which every one has a row
const MOST = 12; // rows of a longer text

/** Columns of this model: {name, step}. */
export function columns(detail) {
  const found = [["dots", 3], ["scaled", 4], ["capped", 4], ["bias", 4], ["score", 5], ["weight", 6], ["brought", 7]];
  const has = { capped: detail.softcap !== null, bias: Boolean(detail.bias) };
  return found.filter(([name]) => has[name] ?? true).map(([name, step]) => ({ name, step }));
}

/** Places of the rows, in the order of the sentence. They follow the model's weights, so that a temperature moves no row. */
export function rowsOf(detail, chosen) {
  const weights = detail.weights.values;
  return strongestKeys(weights, chosen, weights.length <= ALL ? ALL : MOST);
}

/** Redraws `box`. `now`: weights and sink at the temperature of the moment. */
export function drawSheet(box, view, act) {
  const { detail, texts, state, now } = view;
  const shown = rowsOf(detail, state.key);
  const names = columns(detail);
  const head = make("tr", {}, make("th", { scope: "col" }, texts.column_key), ...names.map((column) =>
    make("th", { scope: "col", class: look(column, state.step), "data-column": column.name }, texts[`column_${column.name}`])));
  const lines = shown.map((j) => line(view, j, names, act));
  const rest = Array.from(detail.weights.values.keys()).filter((j) => !shown.includes(j));
  const sum = (places) => places.reduce((all, j) => all + now.weights[j], 0);
  const tail = [];
  if (rest.length) tail.push(summed(view, names, fill(texts.rest, { n: rest.length }), sum(rest)));
  if (detail.sink_share !== null) tail.push(summed(view, names, texts.sink, now.sink));
  tail.push(summed(view, names, texts.sum, total(now.weights) + (now.sink ?? 0)));
  box.replaceChildren(make("table", { class: "sheet" }, make("thead", {}, head), make("tbody", {}, ...lines), make("tfoot", {}, ...tail)));
}

const look = (column, step) => (column.step === step ? "now" : column.step > step ? "later" : "earlier");

function line(view, j, names, act) {
  const { detail, state, columns: labels } = view;
  const name = make("button", { type: "button", class: "row-name", title: labels[j], "data-focus": `row-${j}`, "aria-pressed": String(j === state.key) }, token(labels[j], detail.columns.special[j] ? "special" : ""));
  const node = make("tr", { "data-key": j }, make("th", { scope: "row" }, name), ...names.map((column) => cell(view, column, j)));
  node.addEventListener("click", () => act.key(j));
  node.addEventListener("pointerenter", (event) => { if (event.pointerType !== "touch") act.hover(j); });
  node.addEventListener("pointerleave", () => act.hover(null));
  return node;
}

/** One number; what comes at a later step is still blank. */
function cell(view, column, j) {
  const { texts, state, now } = view;
  const when = look(column, state.step);
  const node = make("td", { class: when, "data-column": column.name });
  if (when === "later") return node;
  const value = valueOf(view, column.name, j);
  if (value === -Infinity) node.append("−∞");
  else if (column.name === "weight") node.append(percent(value, texts), meter(now.weights[j]));
  else node.append(decimal(value, 2, texts.language));
  node.title = value === -Infinity ? texts.closed : decimal(value, 6, texts.language);
  return node;
}

function valueOf({ detail, now }, name, j) {
  if (name === "weight") return now.weights[j];
  if (name === "brought") return now.weights[j] * length(row(detail.values, j));
  return scoreOf(detail, j)[name];
}

function meter(share) {
  const fill_ = make("span", { class: "meter-fill" });
  fill_.style.inlineSize = `${Math.min(share, 1) * 100}%`;
  return make("span", { class: "meter", "aria-hidden": "true" }, fill_);
}

/** A line of sums: only shares can be added up. */
function summed({ texts, state }, names, name, share) {
  return make("tr", {}, make("th", { scope: "row" }, name), ...names.map((column) => {
    const node = make("td", { class: look(column, state.step), "data-column": column.name });
    if (column.name === "weight" && state.step >= column.step) node.append(percent(share, texts));
    return node;
  }));
}

/** Marks the row of the key in view without drawing anything again. */
export function markRow(box, key) {
  for (const node of box.querySelectorAll("tr[data-key]")) node.classList.toggle("in-view", Number(node.dataset.key) === key);
}
