// Weights as links: which are drawn, of which heads, in which colour and how strongly. Shared by the lines and the arcs.

import { fill, weight } from "../shared/format.js";
import { headColour } from "../shared/ramp.js";
import { headMap, meanMap, summable } from "./atlas.js";
import { kept, keptMass } from "./reading.js";
import { chosenHeads } from "./selection.js";

const LEVELS = 24; // strengths that are drawn apart: links of one level share one path

/** Name that people read of a head: its own, where the page gives one (a compared text), else layer and head from 1. */
export function headLabel({ maps, texts }, layer, head) {
  return maps.detail.options.head_names?.[layer * maps.heads + head] ?? fill(texts.chip, { layer: layer + 1, head: head + 1 });
}

/** Fixed colour of a head; of a compared text, where the page names its side of the difference. */
export function colourOf({ maps, ramps, look }, layer, head) {
  const side = maps.detail.options.head_colours?.[layer * maps.heads + head];
  return side ? ramps.difference[look.dark ? "dark" : "light"][side] : headColour(ramps, head, look.dark);
}

/**
 * What is drawn: [{name, colour, dash, map, mask}], one for each chosen head, or their mean where single heads are not here (long texts).
 * Two heads of one colour (same index, another layer) are told apart by dashes.
 */
export function linkSets(scene) {
  const { maps, selection } = scene;
  const heads = chosenHeads(selection);
  const every = heads.map(([layer, head]) => ({ layer, head, name: headLabel(scene, layer, head), map: headMap(maps, layer, head) }));
  const known = every.filter(({ map }) => map.digits);
  if (known.length === heads.length) return known.map((set, i) => dressed(scene, set, known.slice(0, i)));
  const map = meanMap(maps, heads);
  return map.digits ? [{ name: scene.texts.mean, colour: () => scene.look.ink, dash: [], map, mask: visible(map, kept(map, maps.columns, selection), scene.colours) }] : [];
}

function dressed(scene, { layer, head, name, map }, before) {
  const { maps, selection, colours } = scene;
  const plain = colourOf(scene, layer, head);
  const twins = before.filter((set) => set.head % 8 === head % 8).length;
  const signed = (value) => `rgb(${colours.table[value > 0 ? 255 : 0].join(",")})`;
  return { name, colour: colours.name === "difference" ? signed : () => plain, dash: twins ? [6, 3 * twins] : [], map, mask: visible(map, kept(map, maps.columns, selection), colours) };
}

const FLOOR = 0.004; // less than one step of 255: as opacity, nothing would be seen

/** The mask without links too weak to be seen: what is said to be drawn is what is drawn. */
function visible(map, mask, { vmax }) {
  mask.forEach((drawn, i) => { if (drawn && Math.abs(map.values[i]) / vmax < FLOOR) mask[i] = 0; });
  return mask;
}

/** Share of the weight that the drawn links carry: of the rows in view, or of all that are not special; null while sums are not true (8-bit maps). */
export function drawnShare({ maps, view }, sets) {
  if (!sets.length || !sets.every(({ map }) => summable(map))) return null;
  const rows = view.direction === "query" && view.words.length ? view.words : null;
  return sets.reduce((sum, { map, mask }) => sum + keptMass(map, maps.columns, mask, maps.detail.query.special, rows), 0) / sets.length;
}

/** Whether a link touches the words in view; every link does when there are none. */
export const touches = ({ direction, words }) => (q, k) => !words.length || words.includes(direction === "query" ? q : k);

/** Every link, but for those that a saved picture draws once, over the others (`held`). */
export const others = ({ held }) => (held ? (q, k) => !held(q, k) : () => true);

/**
 * Draws the links of `sets` that `wanted(q, k)` lets through: `trace(context, q, k)` adds one to the path. Opacity is the weight itself.
 * On a vector sheet every link is a shape of its own, with its exact weight as its title.
 */
export function strokeLinks(context, scene, sets, wanted, trace) {
  for (const set of sets) {
    context.save();
    context.setLineDash(set.dash);
    (context.vector ? one : together)(context, scene, set, wanted, trace);
    context.restore();
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function together(context, scene, set, wanted, trace) {
  const levels = Array.from({ length: 2 * LEVELS }, () => []);
  each(scene, set, wanted, (q, k, value, strength) => levels[Math.ceil(strength * LEVELS) - 1 + (value < 0 ? LEVELS : 0)].push(q, k));
  levels.forEach((list, level) => {
    if (!list.length) return;
    style(context, scene, set.colour(level < LEVELS ? 1 : -1), ((level % LEVELS) + 1) / LEVELS);
    context.beginPath();
    for (let i = 0; i < list.length; i += 2) trace(context, list[i], list[i + 1]);
    context.stroke();
  });
}

function one(context, scene, set, wanted, trace) {
  const { query, key } = scene.maps.detail;
  each(scene, set, wanted, (q, k, value, strength) => {
    style(context, scene, set.colour(value), strength);
    context.beginPath();
    trace(context, q, k);
    context.title(fill(scene.texts.cell, { query: query.labels[q], key: key.labels[k], value: weight(value, set.map.digits, scene.texts) }));
    context.stroke();
  });
}

function each({ maps, colours }, { map, mask }, wanted, act) {
  const { columns } = maps;
  for (let i = 0; i < mask.length; i++) {
    const strength = Math.min(1, Math.abs(map.values[i]) / colours.vmax);
    if (!mask[i]) continue;
    const [q, k] = [Math.floor(i / columns), i % columns];
    if (wanted(q, k)) act(q, k, map.values[i], strength);
  }
}

function style(context, { look }, colour, strength) {
  context.strokeStyle = colour;
  context.globalAlpha = strength;
  context.lineWidth = (1 + 2.5 * strength) * look.scale;
}
