// Two columns of words and a line for each weight: the words that look on the left, the words that are looked at on the right.

import { shade } from "../shared/ramp.js";
import { axis, borders, centre, GAP, shownLabels, tokenAt } from "./axis.js";
import { others, strokeLinks, touches } from "./links.js";
import { disc, drawText, fitCanvas } from "./matrix.js";

/** Layout in `room` {width, height}: {left, right, top, font, query, key, width, height}; x of the two ends of every line. */
export function linesLayout({ room, querySpecial, keySpecial, queryLabel, keyLabel, font, ratio }) {
  const top = Math.ceil(font * 2.2);
  const count = Math.max(querySpecial.length, keySpecial.length, 1);
  const gaps = Math.max(borders(querySpecial), borders(keySpecial)) * GAP;
  const legible = count <= 24 ? font * 1.3 : 0; // a short sentence may be taller than its room
  const cell = Math.max(legible, Math.min((room.height - top - gaps - 4) / count, font * 2.4));
  const most = room.width * 0.34;
  const [left, away] = [queryLabel, keyLabel].map((label) => Math.ceil(Math.min(label, most) + 30));
  const [query, key] = [querySpecial, keySpecial].map((special) => axis(special, cell, ratio));
  const width = Math.min(room.width, left + away + 460);
  return { left, right: width - away, top, font, query, key, width, height: Math.ceil(top + Math.max(query.length, key.length) + 4) };
}

/** {q, k} under a point: the nearer column answers; `side` says which. */
export function wordAt(layout, x, y) {
  const first = x < (layout.left + layout.right) / 2;
  const i = tokenAt(first ? layout.query : layout.key, y - layout.top);
  return first ? { q: i, k: null, side: "query" } : { q: null, k: i, side: "key" };
}

/** All links, on the lower canvas. */
export function drawLines(canvas, scene, layout, sets) {
  const context = fitCanvas(canvas, layout.width, layout.height, scene.look.ratio);
  strokeLinks(context, scene, sets, others(scene), (path, q, k) => line(path, layout, q, k));
}

/** Words, and the links of those in view over all others; `values` shades the other side. */
export function drawLineMarks(canvas, scene, layout, sets, values) {
  const context = fitCanvas(canvas, layout.width, layout.height, scene.look.ratio);
  const { view } = scene;
  if (view.words.length) strokeLinks(context, scene, sets, touches(view), (path, q, k) => line(path, layout, q, k));
  context.textBaseline = "middle";
  heading(context, scene, layout);
  side(context, scene, layout, "query", values);
  side(context, scene, layout, "key", values);
}

function line(path, { left, right, top, query, key }, q, k) {
  const [from, to] = [top + centre(query, q), top + centre(key, k)];
  const middle = (left + right) / 2;
  path.moveTo(left, from);
  path.bezierCurveTo(middle, from, middle, to, right, to);
}

function heading(context, { look, texts }, layout) {
  context.font = `${look.small * 0.93}px ${look.sans}`;
  context.fillStyle = look.grey;
  context.textAlign = "right";
  drawText(context, texts.looks, layout.left - 22, look.small);
  context.textAlign = "left";
  drawText(context, texts.looked, layout.right + 22, look.small);
  disc(context, layout.left - 10, look.small, look, true);
  disc(context, layout.right + 10, look.small, look, false);
}

function side(context, scene, layout, name, values) {
  const { maps, view, look } = scene;
  const { labels, special } = maps.detail[name];
  const chosen = view.direction === name ? view.words : [];
  const shaded = view.words.length && view.direction !== name ? values : null;
  const first = name === "query";
  const x = first ? layout.left : layout.right;
  context.textAlign = first ? "right" : "left";
  for (const i of shownLabels(layout[name], special, layout.font * 1.1, marked(chosen, shaded))) {
    const y = layout.top + centre(layout[name], i);
    const bold = chosen.includes(i);
    context.font = `${bold ? 700 : 400} ${layout.font}px ${look.mono}`;
    context.fillStyle = special[i] && !bold ? look.grey : look.ink;
    if (shaded) behind(context, scene, layout, { x, y, first, label: labels[i] }, shaded[i], special[i]);
    drawText(context, labels[i], first ? x - 20 : x + 20, y, (first ? x : layout.width - x) - 22);
    if (bold) disc(context, first ? x - 10 : x + 10, y, look, first);
  }
}

/** The words in view and the strongest of what they are linked to are always named. */
const marked = (chosen, shaded) => (shaded ? Array.from(shaded.keys()).sort((a, b) => Math.abs(shaded[b]) - Math.abs(shaded[a])).slice(0, 3) : chosen);

/** The colour of a weight behind a label, and the ink that is read on it. */
function behind(context, { colours, look }, layout, { x, y, first, label }, value, special) {
  const room = (first ? x : layout.width - x) - 22;
  const width = Math.min(context.measureText(label).width, room) + 8;
  const { background, ink } = shade(colours, value, special);
  context.fillStyle = background;
  context.fillRect(first ? x - 16 - width : x + 16, y - layout.font * 0.62, width, layout.font * 1.24);
  context.fillStyle = ink;
}
