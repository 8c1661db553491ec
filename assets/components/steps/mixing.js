// Steps 7 to 10: values, head, all heads, residual stream. Each returns {said, strips, extra}.

import { make } from "../shared/dom.js";
import { decimal, fill, percent } from "../shared/format.js";
import { headColour } from "../shared/ramp.js";
import { strip } from "./strip.js";
import { largest, length, mixed, row, scaledBy } from "./sums.js";

/** Step 7. */
export function values(view) {
  const { detail, texts, say, key, j, now } = view;
  const v = row(detail.values, j);
  const most = largest(detail.values.values);
  const weight = decimal(now.weights[j], 4, texts.language);
  return {
    said: [say("said_7", { percent: percent(now.weights[j], texts) }), ...whatIf(view)],
    strips: [strip(fill(texts.v_of, { key }), v, { texts, most, tall: true }), strip(fill(texts.kept, { weight, key }), scaledBy(v, now.weights[j]), { texts, most, tall: true })],
  };
}

const whatIf = ({ texts, state, say }) =>
  (state.temperature === 1 ? [] : [say("whatif_stops", { t: decimal(state.temperature, 2, texts.language) })]);

/** Step 8. */
export function output(view) {
  const { detail, texts, say, key, j, now } = view;
  const z = mixed(now.weights, detail.values);
  const part = scaledBy(row(detail.values, j), now.weights[j]);
  const most = largest(mixed(detail.weights.values, detail.values), detail.values.values);
  return {
    said: [say("said_8", { n: now.weights.length, m: z.length }), ...whatIf(view)],
    strips: [strip(texts.head_output, z, { texts, most, tall: true }), strip(fill(texts.from_key, { key }), part, { texts, most })],
  };
}

/** Step 9. */
export function heads(view) {
  const { detail, texts, say, ramps, look } = view;
  if (!detail.concat || !detail.parts) return { said: [[detail.missing.concat]], strips: [] };
  const [count, dims] = detail.concat.shape;
  const lengths = Array.from({ length: count }, (_, h) => length(row(detail.parts, h)));
  const mine = row(detail.parts, detail.head);
  const written = detail.written.values;
  const most = largest(written, mine);
  const colour = (i) => headColour(ramps, Math.floor(i / dims), look.dark);
  return {
    said: [say("said_9", { heads: count, m: written.length, length: decimal(lengths[detail.head], 2, texts.language) })],
    strips: [
      strip(texts.concat, detail.concat.values, { texts, most: largest(detail.concat.values), colour }),
      strip(texts.part_of_head, mine, { texts, most }), strip(texts.written, written, { texts, most }),
    ],
    extra: [lengthBars(view, lengths)],
  };
}

function lengthBars({ detail, texts, ramps, look }, lengths) {
  const top = Math.max(...lengths) || 1;
  const lines = lengths.map((size, h) => {
    const bar = make("span", { class: "length-bar" });
    Object.assign(bar.style, { inlineSize: `${(size / top) * 100}%`, background: headColour(ramps, h, look.dark) });
    const said = fill(texts.head_part, { head: h + 1, length: decimal(size, 2, texts.language) });
    return make("li", { class: h === detail.head ? "length mine" : "length" }, make("span", { class: "length-name" }, said), make("span", { class: "length-track" }, bar));
  });
  return { node: make("div", { class: "lengths" }, make("p", { class: "control-title" }, texts.lengths), make("ul", { tabindex: "0", "aria-label": texts.lengths }, ...lines)) };
}

/** Step 10. */
export function residual(view) {
  const { detail, texts, say } = view;
  if (!detail.after) return { said: [[detail.missing.residual]], strips: [] };
  const number = (block) => decimal(length(block.values), 2, texts.language);
  const said = [say("said_10", { before: number(detail.before), added: number(detail.added), after: number(detail.after) })];
  if (detail.changed) said.push(say("changed"));
  if (detail.beside) said.push(say("beside_said"));
  const parts = ["before", "added", "beside", "after"].filter((name) => detail[name]);
  const most = largest(...parts.map((name) => detail[name].values));
  return { said, strips: parts.map((name) => strip(texts[name], detail[name].values, { texts, most })) };
}
