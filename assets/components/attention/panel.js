// The sentences and small figures around the pictures: takeaway, budget, this head in words, legend, text table.
// While the exact head is on its way they keep their shape and say "…": a number that is not true is never shown.

import { compose, joined, make, token } from "../shared/dom.js";
import { decimal, fill, percent, signed, WAITING, weight } from "../shared/format.js";
import { gradient } from "../shared/ramp.js";
import { hiddenMass, meanMap, summable } from "./atlas.js";
import { budget, profile, strongest, strongestLinks, together } from "./reading.js";
import { chosenHeads, heldWords } from "./selection.js";

const named = (side, i, kind) => token(side.labels[i], side.special[i] ? `special ${kind}` : kind);

/** Tokens of a side joined by a plus sign: what is held together is named together. */
const names = (side, words, kind) => joined(words.map((i) => [named(side, i, kind)]), " + ");

/** Nodes of the takeaway line: the words in view and their strongest links, or the strongest links of the head. */
export function takeaway(maps, map, view, colours, texts) {
  const { query, key } = maps.detail;
  if (view.words.length) {
    const values = together(map, maps.columns, view.direction, view.words);
    const forward = view.direction === "query";
    const [template, from, to] = forward ? [texts.takeaway_query, query, key] : [texts.takeaway_key, key, query];
    return compose(template, { [view.direction]: names(from, view.words, view.direction), links: links(map, values, to, colours, texts) });
  }
  if (!map.digits) return compose(texts.takeaway_head, { links: [WAITING] });
  const best = strongestLinks(map, maps.columns, query.special, key.special, 3);
  const pairs = best.map(({ q, k, value }) => compose(texts.pair, {
    query: [named(query, q, "query")], key: [named(key, k, "key")], percent: [number(signed(value, colours, texts))],
  }));
  return compose(texts.takeaway_head, { links: pairs.length ? joined(pairs, " · ") : [texts.nothing] });
}

const number = (text) => make("span", { class: "number" }, text);

function links(map, values, side, colours, texts) {
  if (!map.digits) return [WAITING];
  const best = strongest(values, 3).filter((i, place) => place === 0 || Math.abs(values[i]) >= 0.005);
  const groups = best.map((i) => compose(texts.link, { token: [named(side, i, "key")], percent: [number(signed(values[i], colours, texts))] }));
  return groups.length ? joined(groups, " · ") : [texts.nothing];
}

/** Fills the budget line: a bar of where the mass went and its sentence. */
export function drawBudget(box, maps, map, selection, view, texts) {
  const { query, renormalised } = maps.detail;
  const rows = view.direction === "query" ? view.words : [];
  const parts = summable(map) ? spent(maps, map, selection, rows) : {};
  const subject = rows.length ? compose(texts.budget_row, { query: names(query, rows, "query") }) : [texts.budget_mean];
  const strip = make("span", { class: "budget-bar", "aria-hidden": "true" },
    ...Object.entries(parts).map(([name, value]) => sized(make("span", { class: `part-${name}` }), value)));
  const said = summable(map) ? joined(told(maps, parts, texts), " · ") : [WAITING];
  box.replaceChildren(strip, make("span", { class: "budget-text" }, ...subject, " ", ...said, ...(renormalised ? [` · ${texts.renormalised}`] : []), ...shownPart(maps.detail.window, texts)));
}

function spent(maps, map, selection, rows) {
  const { query, key, renormalised } = maps.detail;
  return budget(map, hiddenMass(maps, chosenHeads(selection)), { columns: maps.columns, querySpecial: query.special, keySpecial: key.special, renormalised }, rows);
}

/** The parts of a budget that are worth a word, each with its key. */
function told(maps, parts, texts) {
  const [shown, hidden] = (maps.detail.options.names ?? []).map((name) => name || texts.special_names);
  const names = { special: shown ?? texts.special_names, hidden: hidden ?? texts.special_names };
  return [["words", texts.budget_words], ["special", texts.budget_special], ["hidden", texts.budget_hidden], ["outside", texts.budget_outside]]
    .filter(([name]) => parts[name] >= 0.005)
    .map(([name, template]) => [make("span", { class: `key-${name}` }), ` ${fill(template, { percent: percent(parts[name], texts), names: names[name] ?? "" })}`]);
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
  const habits = profile(map, query, key, paired);
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

/** The same heads as text: strongest links, and every weight of the held words. */
export function drawTable(box, maps, selection, texts) {
  const map = meanMap(maps, chosenHeads(selection));
  if (!map.digits) return box.replaceChildren(WAITING);
  const { query, key } = maps.detail;
  const never = query.labels.map(() => false);
  const best = strongestLinks(map, maps.columns, never, key.labels.map(() => false), 20);
  const tables = [table(texts.table_links, best.map((link) => [query.labels[link.q], key.labels[link.k], weight(link.value, map.digits, texts)]), texts)];
  const words = heldWords(selection);
  if (words.length) tables.push(heldTable(maps, map, selection.direction, words, texts));
  return box.replaceChildren(...tables);
}

function heldTable(maps, map, direction, words, texts) {
  const { query, key } = maps.detail;
  const values = together(map, maps.columns, direction, words);
  const name = words.map((i) => maps.detail[direction].labels[i]).join(" + ");
  const forward = direction === "query";
  const cells = Array.from(values, (v, i) => [forward ? name : query.labels[i], forward ? key.labels[i] : name, weight(v, map.digits, texts)]);
  return table(forward ? texts.table_row : texts.table_column, cells, texts);
}

function table(caption, rows, texts) {
  const head = [texts.column_query, texts.column_key, texts.column_weight].map((name) => make("th", { scope: "col" }, name));
  const body = rows.map(([q, k, value]) => make("tr", {}, make("td", {}, token(q)), make("td", {}, token(k)), make("td", { class: "number" }, value)));
  return make("table", {}, make("caption", {}, caption), make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...body));
}
