// Steps 3 to 6: product, score, mask, softmax. Each returns {said, strips, extra}: sentences, pictures, and what else
// stands below ({node, update(view)}: what a slider changes in it).

import { make } from "../shared/dom.js";
import { decimal, fill, percent } from "../shared/format.js";
import { temperature, toy } from "./sliders.js";
import { doors, strip } from "./strip.js";
import { largest, product, row, scoreOf } from "./sums.js";

/** Step 3. */
export function dots(view) {
  const { detail, texts, say, query, key, j } = view;
  const [q, k] = [detail.q.values, row(detail.keys, j)];
  const products = product(q, k);
  const most = largest(q, detail.keys.values);
  return {
    said: [say("said_3", { sum: decimal(scoreOf(detail, j).dots, 2, texts.language) })],
    strips: [
      strip(fill(texts.q_of, { query }), q, { texts, most }), strip(fill(texts.k_of, { key }), k, { texts, most }),
      strip(texts.product, products, { texts, most: largest(products), tall: true }),
    ],
  };
}

/** Step 4. */
export function scale(view) {
  const { detail, texts, say, j } = view;
  const found = scoreOf(detail, j);
  const number = (value, digits = 2) => decimal(value, digits, texts.language);
  const said = [say("said_4", { dots: number(found.dots), factor: number(detail.scaling, 4), scaled: number(found.scaled) }), [reason(view)]];
  if (found.capped !== null) said.push(say("said_cap", { cap: number(detail.softcap, 1), scaled: number(found.scaled), capped: number(found.capped) }));
  if (found.bias !== null) said.push(say("said_bias", { bias: number(found.bias), score: shown(found.score, number) }));
  return { said, strips: [], extra: [flow(view, found), toy(view)] };
}

const shown = (score, number) => (Number.isFinite(score) ? number(score) : "−∞");

function reason({ detail, texts }) {
  const d = detail.q.values.length;
  const number = (value) => decimal(value, 4, texts.language);
  if (Math.abs(detail.scaling - 1) < 1e-6 && d > 1) return texts.by_one;
  if (Math.abs(detail.scaling * Math.sqrt(d) - 1) < 1e-4) return fill(texts.by_root, { d });
  return fill(texts.by_own, { factor: number(detail.scaling, 4), d, root: number(1 / Math.sqrt(d)) });
}

/** The numbers of one key in boxes, left to right. */
function flow({ texts }, found) {
  const number = (value) => decimal(value, 2, texts.language);
  const boxes = [["flow_dots", found.dots], ["flow_scaled", found.scaled], ["flow_capped", found.capped],
    ["flow_bias", found.bias === null ? null : (found.capped ?? found.scaled) + found.bias]];
  const nodes = boxes.filter(([, value]) => value !== null).map(([name, value]) =>
    make("span", { class: "box" }, make("span", { class: "box-name" }, texts[name]), make("span", { class: "box-value" }, number(value))));
  return { node: make("div", { class: "flow", "aria-hidden": "true" }, ...nodes.flatMap((node, i) => (i ? [make("span", { class: "arrow" }, "→"), node] : [node]))) };
}

/** Step 5. */
export function mask(view) {
  const { detail, texts, say, query, j, columns } = view;
  const open = Array.from(detail.open.values);
  const count = open.filter(Boolean).length;
  const numbers = { open: count, n: open.length };
  const said = [count === open.length ? say("said_5_open", numbers) : say("said_5", numbers)];
  if (!open[j]) said.push(say("closed_key"));
  const label = (i) => `${columns[i]}: ${open[i] ? texts.open : texts.closed}`;
  return { said, strips: [doors(texts.title_5, fill(texts.doors, { ...numbers, query }), open, { texts, label })] };
}

/** Step 6. */
export function shares(view) {
  const { detail, texts, say, j, columns, now } = view;
  const said = [say("said_6", { percent: percent(detail.weights.values[j], texts) })];
  if (detail.sink_share !== null) said.push(say("said_sink", { percent: percent(detail.sink_share, texts) }));
  const label = (i) => `${columns[i]}: ${decimal(now.weights[i], 4, texts.language)}`;
  const grey = (i) => Boolean(detail.columns.special[i]);
  return { said, strips: [strip(texts.shares, now.weights, { texts, most: 1, kind: "share", label, grey, tall: true })], extra: [temperature(view)] };
}
