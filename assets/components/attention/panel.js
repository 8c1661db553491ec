// The sentences and small figures around the pictures: takeaway, budget, this head in words, legend, text table.
// While the exact head is on its way they keep their shape and say "…": a number that is not true is never shown.

import { headMap, hiddenMass, summable } from "./atlas.js";
import { compose, joined, make, token } from "./dom.js";
import { decimal, fill, percent, WAITING, weight } from "./format.js";
import { gradient } from "./ramp.js";
import { budget, column, profile, row, strongest, strongestLinks } from "./reading.js";

/** Signed percent for differences, plain percent for attention. */
const share = (value, colours, texts) => (colours.name === "difference" && value > 0 ? "+" : "") + percent(value, texts);

const named = (side, i, kind) => token(side.labels[i], side.special[i] ? `special ${kind}` : kind);

/** Nodes of the takeaway line: the word in view and its strongest links, or the strongest links of the head. */
export function takeaway(maps, map, view, colours, texts) {
  const { query, key } = maps.detail;
  if (view.direction === "query" && view.query !== null) {
    const values = row(map, maps.columns, view.query);
    return compose(texts.takeaway_query, { query: [named(query, view.query, "query")], links: links(map, values, key, colours, texts) });
  }
  if (view.direction === "key" && view.key !== null) {
    const values = column(map, maps.columns, view.key);
    return compose(texts.takeaway_key, { key: [named(key, view.key, "key")], links: links(map, values, query, colours, texts) });
  }
  if (!map.digits) return compose(texts.takeaway_head, { links: [WAITING] });
  const best = strongestLinks(map, maps.columns, query.special, key.special, 3);
  const pairs = best.map(({ q, k, value }) => compose(texts.pair, {
    query: [named(query, q, "query")], key: [named(key, k, "key")], percent: [number(share(value, colours, texts))],
  }));
  return compose(texts.takeaway_head, { links: pairs.length ? joined(pairs, " · ") : [texts.nothing] });
}

const number = (text) => make("span", { class: "number" }, text);

function links(map, values, side, colours, texts) {
  if (!map.digits) return [WAITING];
  const best = strongest(values, 3).filter((i, place) => place === 0 || Math.abs(values[i]) >= 0.005);
  const groups = best.map((i) => compose(texts.link, { token: [named(side, i, "key")], percent: [number(share(values[i], colours, texts))] }));
  return groups.length ? joined(groups, " · ") : [texts.nothing];
}

/** Fills the budget line: a bar of where the mass went and its sentence. */
export function drawBudget(box, maps, map, selection, view, texts) {
  const { query, renormalised } = maps.detail;
  const q = view.direction === "query" ? view.query : null;
  const parts = summable(map) ? spent(maps, map, selection, q) : {};
  const subject = q === null ? [texts.budget_mean] : compose(texts.budget_row, { query: [named(query, q, "query")] });
  const strip = make("span", { class: "budget-bar", "aria-hidden": "true" },
    ...Object.entries(parts).map(([name, value]) => sized(make("span", { class: `part-${name}` }), value)));
  const said = summable(map) ? joined(told(maps, parts, texts), " · ") : [WAITING];
  box.replaceChildren(strip, make("span", { class: "budget-text" }, ...subject, " ", ...said, ...(renormalised ? [` · ${texts.renormalised}`] : []), ...shownPart(maps.detail.window, texts)));
}

function spent(maps, map, { layer, head }, q) {
  const { query, key, renormalised } = maps.detail;
  return budget(map, hiddenMass(maps, layer, head), { columns: maps.columns, querySpecial: query.special, keySpecial: key.special, renormalised }, q);
}

/** The parts of a budget that are worth a word, each with its key. */
function told(maps, parts, texts) {
  const names = maps.detail.options.hidden_names || texts.special_names;
  return [["words", texts.budget_words], ["special", texts.budget_special], ["hidden", texts.budget_hidden], ["outside", texts.budget_outside]]
    .filter(([name]) => parts[name] >= 0.005)
    .map(([name, template]) => [make("span", { class: `key-${name}` }), ` ${fill(template, { percent: percent(parts[name], texts), names })}`]);
}

/** Says so when only a window of a long sentence is drawn. */
function shownPart({ query: [start, stop, total], key }, texts) {
  if (stop - start === total && key[1] - key[0] === key[2]) return [];
  return [` · ${fill(texts.window, { rows: `${start + 1}–${stop}`, columns: `${key[0] + 1}–${key[1]}`, total })}`];
}

function sized(node, value) {
  node.style.width = `${value * 100}%`;
  return node;
}

const HABITS = ["previous", "self", "next", "first", "special"];

/** "This head in words": its simple habits as five bars and how far its rows spread. */
export function drawProfile(box, maps, map, paired, texts) {
  const { query, key } = maps.detail;
  const ready = map.digits === 4 ? maps.detail.options.profile : null; // Python's numbers are those of the exact head
  const habits = ready || profile(map, query, key, paired);
  const known = summable(map);
  const lines = HABITS.filter((name) => habits[name] !== null && habits[name] !== undefined).flatMap((name) => [
    make("dt", {}, texts[`profile_${name}`]),
    make("dd", {}, make("span", { class: "bar-track", "aria-hidden": "true" }, sized(make("span", { class: "bar-fill plain" }), known ? Math.min(1, habits[name]) : 0)), number(known ? percent(habits[name], texts) : WAITING)),
  ]);
  const spread = fill(texts.spread, { n: known ? decimal(habits.spread ?? 0, 1, texts.language) : WAITING, rows: habits.rows ?? "" });
  box.replaceChildren(make("dl", { class: "habits" }, ...lines), make("p", { class: "note" }, spread));
}

/** Legend of the scale, with its ends named. */
export function drawLegend(box, colours, texts) {
  const strip = make("span", { class: "legend-strip", "aria-hidden": "true" });
  strip.style.background = gradient(colours);
  const end = (value, name) => make("span", {}, name ? `${name} ${value}` : value);
  const limit = decimal(colours.vmax, colours.vmax % 1 ? 2 : 0, texts.language);
  const ends = colours.name === "difference"
    ? [end(`\u2212${limit}`, texts.less), strip, end(`+${limit}`, texts.more)] : [end("0"), strip, end(limit)];
  box.replaceChildren(...ends);
}

/** The same head as text: strongest links, and the whole locked row or column. */
export function drawTable(box, maps, selection, texts) {
  const map = headMap(maps, selection.layer, selection.head);
  if (!map.digits) return box.replaceChildren(WAITING);
  const { query, key } = maps.detail;
  const never = query.labels.map(() => false);
  const best = strongestLinks(map, maps.columns, never, key.labels.map(() => false), 20);
  const tables = [table(texts.table_links, best.map((link) => [query.labels[link.q], key.labels[link.k], weight(link.value, map.digits, texts)]), texts)];
  if (selection.direction === "query" && selection.query !== null) {
    const values = row(map, maps.columns, selection.query);
    tables.push(table(texts.table_row, Array.from(values, (v, k) => [query.labels[selection.query], key.labels[k], weight(v, map.digits, texts)]), texts));
  }
  if (selection.direction === "key" && selection.key !== null) {
    const values = column(map, maps.columns, selection.key);
    tables.push(table(texts.table_column, Array.from(values, (v, q) => [query.labels[q], key.labels[selection.key], weight(v, map.digits, texts)]), texts));
  }
  return box.replaceChildren(...tables);
}

function table(caption, rows, texts) {
  const head = [texts.column_query, texts.column_key, texts.column_weight].map((name) => make("th", { scope: "col" }, name));
  const body = rows.map(([q, k, value]) => make("tr", {}, make("td", {}, token(q)), make("td", {}, token(k)), make("td", { class: "number" }, value)));
  return make("table", {}, make("caption", {}, caption), make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...body));
}
