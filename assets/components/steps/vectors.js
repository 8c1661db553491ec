// Steps 1 and 2: what the layer reads, and the query, key and value made of it. Each returns {said, strips}: sentences and pictures.

import { fill, decimal } from "../shared/format.js";
import { strip } from "./strip.js";
import { largest, row } from "./sums.js";

/** Step 1. */
export function input({ detail, texts, say, query }) {
  if (!detail.input) return { said: [[detail.missing.input]], strips: [] };
  const said = [say("said_1", { n: detail.input.values.length })];
  if (detail.reads_stream !== null) said.push(say(detail.reads_stream ? "stream" : "not_stream"));
  const values = detail.input.values;
  return { said, strips: [strip(fill(texts.input, { query }), values, { texts, most: largest(values), tall: true })] };
}

/** Step 2. */
export function vectors(view) {
  const { detail, texts, say, query, key, j } = view;
  const dims = detail.q.values.length;
  const m = detail.values.shape[1];
  const said = [say(m === dims ? "said_2" : "said_2_two", { n: dims, m })];
  said.push(...how(view));
  const q = stages(view, "q", fill(texts.q_of, { query }), detail.q.values, (block) => block.values);
  const k = stages(view, "k", fill(texts.k_of, { key }), row(detail.keys, j), (block) => row(block, j));
  const v = row(detail.values, j);
  return { said, strips: [...q, ...k, strip(fill(texts.v_of, { key }), v, { texts, most: largest(detail.values.values) })] };
}

/** What happens between projection and product, in words; what is not known, and why. */
function how({ detail, texts, say }) {
  const { q, k } = detail.origins;
  const said = [];
  if (q?.how === "rotated" || k?.how === "rotated") said.push(say("how_rotated"));
  if (q?.how === "rotated" && q.factor !== 1) said.push(say("how_rotated_scaled", { factor: decimal(q.factor, 3, texts.language) }));
  if (detail.q_normed || detail.k_normed) said.push(say("how_normed"));
  for (const [name, origin] of [["q", q], ["k", k]]) {
    if (origin?.how === "scaled") said.push(say("how_scaled", { name, factor: decimal(origin.factor, 4, texts.language) }));
    if (!origin) said.push([`${texts[`missing_${name}`]} ${detail.missing[`${name}_origin`]}`]);
  }
  return said;
}

/** A vector as projected, normalised, and as it enters the product, on one scale each; one picture where nothing happens in between. */
function stages({ detail, texts }, letter, name, used, read) {
  const origin = detail.origins[letter];
  const found = [];
  const add = (template, block) => { if (block) found.push([fill(texts[template], { name }), read(block)]); };
  if (origin && (origin.how !== "same" || detail[`${letter}_normed`])) {
    add("made", detail[`${letter}_made`]);
    add("normed", detail[`${letter}_normed`]);
  }
  const last = { rotated: fill(texts.rotated, { name }), scaled: origin && fill(texts.scaled_vector, { name, factor: decimal(origin.factor, 4, texts.language) }) }[origin?.how] ?? name;
  if (origin?.how !== "same" || !detail[`${letter}_normed`]) found.push([last, used]);
  const most = largest(letter === "q" ? used : detail.keys.values, ...found.map(([, values]) => values));
  return found.map(([title, values]) => strip(title, values, { texts, most }));
}
