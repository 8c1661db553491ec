// The sentence on a line and an arc for each weight, from the word that looks to the word that is looked at: arcs on one side
// look back, on the other ahead. Lies down where the words fit beside each other, stands up where they do not (phones, long texts).

import { shade } from "../shared/ramp.js";
import { axis, borders, centre, GAP, shownLabels, tokenAt } from "./axis.js";
import { others, strokeLinks, touches } from "./links.js";
import { disc, drawText, fitCanvas } from "./matrix.js";

const APART = 28; // px between two different texts on one line

/** One line of words from both sides: {labels, special, query(q) → place, key(k) → place, split}; one text only once. */
export function nodes({ query, key }, paired) {
  if (paired) return { labels: key.labels, special: key.special, query: (q) => q, key: (k) => k, split: null };
  const size = query.labels.length;
  return { labels: [...query.labels, ...key.labels], special: [...query.special, ...key.special], query: (q) => q, key: (k) => size + k, split: size };
}

/**
 * Layout in `room`: {upright, start, base, label, line, font, reach, width, height}. `start` is where the line of words begins along it,
 * `base` its place across, `label` half of the room that the words take across, `reach` the room for arcs. `widths` of the words in px.
 * `single`: all arcs lie on one side (a model that only looks back, or two texts on one line).
 */
export function arcsLayout({ room, words, widths, font, ratio, single }) {
  const lying = spread(running(widths, font, (room.width - 12)), words.split);
  const upright = lying.length > room.width - 12;
  const widest = Math.max(...widths, 0);
  const line = upright ? spread(standing(words, room, font, ratio), words.split) : lying;
  const label = upright ? Math.min(widest / 2 + 10, room.width * 0.2) : font * 1.1;
  const full = upright ? room.width : room.height;
  const reach = Math.max(24, Math.min(single ? full - 2 * label - 12 : full / 2 - label - 6, line.length * 0.36 + 24));
  const base = (single && upright ? 4 : reach + 4) + label;
  const thick = base + label + (single && !upright ? 4 : reach + 4);
  const [start, long] = [6, line.length + 12];
  return { upright, start, base, label, line, font, reach, width: Math.ceil(upright ? thick : long), height: Math.ceil(upright ? long : thick) };
}

/** Words one after the other, as in running text; loosened to use the room, by at most half a word. */
function running(widths, font, room) {
  const tight = widths.reduce((sum, width) => sum + width + font * 0.7, 0);
  const loose = Math.max(0, Math.min(font * 2, (room - tight - APART) / Math.max(1, widths.length)));
  const start = new Float64Array(widths.length);
  const stop = new Float64Array(widths.length);
  let x = 0;
  widths.forEach((width, i) => { start[i] = x; x += width + font * 0.7 + loose; stop[i] = x; });
  return { start, stop, cell: x / Math.max(1, widths.length), length: x };
}

function standing(words, room, font, ratio) {
  const count = Math.max(1, words.special.length);
  const gaps = borders(words.special) * GAP + (words.split === null ? 0 : APART);
  const legible = count <= 26 ? font * 1.45 : 0; // a short sentence may be taller than its room
  return axis(words.special, Math.max(legible, Math.min((room.height - 12 - gaps) / count, font * 2.2)), ratio);
}

/** Sets the second text apart from the first. */
function spread(line, split) {
  if (split === null) return line;
  const push = (edges) => edges.map((x, i) => (i >= split ? x + APART : x));
  return { ...line, start: push(line.start), stop: push(line.stop), length: line.length + APART };
}

/** {q, k, side} of the word under a point; words of a single text answer for the side that `direction` names. */
export function nodeAt(layout, words, direction, x, y) {
  const i = tokenAt(layout.line, (layout.upright ? y : x) - layout.start);
  if (i === null) return { q: null, k: null };
  if (words.split === null) return direction === "query" ? { q: i, k: null } : { q: null, k: i };
  return i < words.split ? { q: i, k: null, side: "query" } : { q: null, k: i - words.split, side: "key" };
}

/** All arcs, on the lower canvas. */
export function drawArcs(canvas, scene, layout, sets) {
  const context = fitCanvas(canvas, layout.width, layout.height, scene.look.ratio);
  strokeLinks(context, scene, sets, others(scene), (path, q, k) => arc(path, layout, scene.words, q, k));
  if (scene.selection.syntax) syntax(context, scene, layout);
}

/** Dependencies as thin dashed lines, from the dependent to its head: behind the data, as a null is. */
function syntax(context, { maps, words, look }, layout) {
  context.save();
  context.setLineDash([5, 4]);
  context.strokeStyle = look.grey;
  context.lineWidth = 1.25 * look.scale;
  for (const [word, head, relation] of maps.detail.options.dependencies ?? []) {
    context.beginPath();
    arc(context, layout, words, word, head);
    context.title?.(`${words.labels[word]} → ${words.labels[head]} ${relation}`);
    context.stroke();
  }
  context.restore();
  context.setLineDash([]);
}

/** Words, and the arcs of those in view. `values` shades what they look at (or who looks at them). */
export function drawArcMarks(canvas, scene, layout, sets, values) {
  const context = fitCanvas(canvas, layout.width, layout.height, scene.look.ratio);
  const { view, words, look } = scene;
  if (view.words.length) {
    strokeLinks(context, scene, sets, touches(view), (path, q, k) => arc(path, layout, words, q, k));
    heads(context, scene, layout, sets);
  }
  context.textBaseline = "middle";
  context.textAlign = "center";
  const place = (i) => (view.direction === "query" ? words.query(i) : words.key(i));
  const chosen = view.words.map(place);
  const other = view.direction === "query" ? words.key : words.query;
  const shaded = values && view.words.length ? new Map(Array.from(values, (value, i) => [other(i), value])) : new Map();
  for (const i of shownLabels(layout.line, words.special, layout.upright ? layout.font * 1.1 : 1, chosen)) word(context, scene, layout, i, chosen.includes(i), shaded.get(i));
  for (const i of chosen) {
    const [x, y] = point(layout, centre(layout.line, i), layout.upright ? layout.label + 1 : layout.label + 5, 1);
    disc(context, x, y, look, view.direction === "query");
  }
}

/** (along the line, away from it, side ±1) → x, y. Side 1 is above the words or right of them. */
function point({ upright, start, base }, along, away, side) {
  return upright ? [base + side * away, start + along] : [start + along, base - side * away];
}

/** Back above, ahead below; between two texts there is no back. */
const sideOf = (words, from, to) => (words.split !== null || to <= from ? 1 : -1);

function arc(path, layout, words, q, k) {
  const [from, to] = [centre(layout.line, words.query(q)), centre(layout.line, words.key(k))];
  const side = sideOf(words, from, to);
  const far = Math.abs(to - from);
  const height = far ? Math.min(layout.reach, 10 + far * 0.38) : Math.min(layout.reach, 22);
  const bend = (layout.label + height * 1.2);
  const spreadOut = far ? 0 : Math.min(14, layout.line.cell * 0.35);
  path.moveTo(...point(layout, from + spreadOut, layout.label, side));
  path.bezierCurveTo(...point(layout, from + spreadOut, bend, side), ...point(layout, to - spreadOut, bend, side), ...point(layout, to - spreadOut, layout.label, side));
}

/** A small arrow where each arc in view arrives: at the word that is looked at. */
function heads(context, scene, layout, sets) {
  const { maps, words, view, colours } = scene;
  const wanted = touches(view);
  for (const { map, mask, colour } of sets) {
    mask.forEach((drawn, i) => {
      const [q, k] = [Math.floor(i / maps.columns), i % maps.columns];
      const strength = Math.min(1, Math.abs(map.values[i]) / colours.vmax);
      if (!drawn || strength < 0.02 || !wanted(q, k)) return;
      const [from, to] = [centre(layout.line, words.query(q)), centre(layout.line, words.key(k))];
      const side = sideOf(words, from, to);
      context.globalAlpha = Math.max(0.35, strength);
      context.fillStyle = colour(map.values[i]);
      context.beginPath();
      context.moveTo(...point(layout, to, layout.label - 1, side));
      context.lineTo(...point(layout, to - 4, layout.label + 7, side));
      context.lineTo(...point(layout, to + 4, layout.label + 7, side));
      context.closePath();
      context.fill();
    });
  }
  context.globalAlpha = 1;
}

function word(context, { words, look, colours }, layout, i, bold, value) {
  const [x, y] = point(layout, centre(layout.line, i), 0, 1);
  context.font = `${bold ? 700 : 400} ${layout.font}px ${look.mono}`;
  const room = layout.upright ? 2 * layout.label - 14 : Infinity;
  context.fillStyle = words.special[i] && !bold ? look.grey : look.ink;
  if (value !== undefined) {
    const { background, ink } = shade(colours, value, words.special[i]);
    const width = Math.min(context.measureText(words.labels[i]).width, room) + 8;
    context.fillStyle = background;
    context.fillRect(x - width / 2, y - layout.font * 0.62, width, layout.font * 1.24);
    context.fillStyle = ink;
  }
  drawText(context, words.labels[i], x, y, room);
}
