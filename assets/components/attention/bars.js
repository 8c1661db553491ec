// One row as horizontal bars: what a phone shows instead of the matrix. At most `MOST` words, in the order of the sentence, and the rest as one bar.

import { make, token } from "../shared/dom.js";
import { signed, WAITING } from "../shared/format.js";
import { strongest } from "./reading.js";

export const MOST = 14;

/** Redraws `box` with the weights of `side` (null: on their way), the held words bold and the other end of a held cell ringed; `lock(i)` when a bar is tapped. Its height depends only on the number of tokens. */
export function drawBars(box, side, weights, { chosen, ringed }, colours, texts, lock) {
  const values = weights ?? new Float32Array(side.labels.length);
  const kept = side.labels.length <= MOST ? Array.from(values.keys()) : pick(values);
  const rest = values.reduce((sum, v, i) => (kept.includes(i) ? sum : sum + Math.abs(v)), 0);
  const end = (value) => (colours.name === "difference" ? `rgb(${colours.table[value > 0 ? 255 : 0].join(",")})` : "");
  const said = (value) => (weights ? signed(value, colours, texts) : WAITING);
  const lines = kept.map((i) => bar(token(side.labels[i], side.special[i] ? "special" : ""), values[i], side.special[i], end(values[i]), [chosen.includes(i) && "chosen", i === ringed && "ringed"], said(values[i]), () => lock(i)));
  if (side.labels.length > MOST) lines.push(bar(make("span", { class: "rest" }, texts.others), rest, true, "", [], said(rest), null));
  box.replaceChildren(...lines);
}

const pick = (values) => {
  const best = strongest(values, MOST);
  for (let i = 0; best.length < MOST; i++) if (!best.includes(i)) best.push(i);
  return best.sort((a, b) => a - b);
};

function bar(name, value, grey, colour, marks, said, act) {
  const fill = make("span", { class: `bar-fill ${grey ? "grey" : "plain"}` });
  fill.style.width = `${Math.min(100, Math.abs(value) * 100)}%`;
  if (colour) fill.style.background = colour;
  const line = make(act ? "button" : "div", { class: ["bar", ...marks.filter(Boolean)].join(" "), ...(act ? { type: "button" } : {}) },
    make("span", { class: "bar-name" }, name), make("span", { class: "bar-track" }, fill), make("span", { class: "bar-value" }, said));
  if (act) line.addEventListener("click", act);
  return line;
}
