// A vector as a row of small bars on a canvas: up is positive, down is negative, on a scale that its caller fixes. Hovering reads one bar.

import { penOn } from "../shared/canvas.js";
import { make } from "../shared/dom.js";
import { decimal, fill } from "../shared/format.js";
import { length } from "./sums.js";

/**
 * {node, draw(look), name, values}. `most`: the end of the scale, for all vectors that are compared. `kind`: "signed" (−most … most) or "share"
 * (0 … most). `colour(i, value, look)`: overrules the colour of a bar. `label(i)`: what a bar is called instead of its dimension.
 */
export function strip(name, values, { texts, most, kind = "signed", colour = null, label = null, tall = false, grey = () => false }) {
  const number = (value) => decimal(value, 4, texts.language);
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const greatest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const said = fill(texts.vector, { name, n: values.length, least: number(least), most: number(greatest), length: number(length(values)) });
  const canvas = make("canvas", { class: "bars", role: "img", "aria-label": said });
  const read = make("span", { class: "read", "aria-hidden": "true" });
  const end = make("span", { class: "end" }, kind === "signed" ? `±${decimal(most, 2, texts.language)}` : fill(texts.percent, { n: Math.round(most * 100) }));
  const node = make("div", { class: `strip${tall ? " tall" : ""}` }, make("div", { class: "strip-head" }, make("span", { class: "strip-name" }, name), read, end), canvas);
  const one = { name, values, node, canvas, kind, most, colour, grey, label, over: null };
  canvas.addEventListener("pointermove", (event) => {
    one.over = Math.min(values.length - 1, Math.max(0, Math.floor((event.offsetX / canvas.clientWidth) * values.length)));
    read.textContent = label ? label(one.over) : fill(texts.at_dim, { dim: one.over + 1, value: number(values[one.over]) });
  });
  canvas.addEventListener("pointerleave", () => { read.textContent = ""; });
  return { ...one, draw: (look) => paint(one, look) };
}

/** Draws every bar; of more bars than pixels, each pixel shows the extremes of its own. */
function paint({ canvas, values, kind, most, colour, grey }, look) {
  const fitted = penOn(canvas, look.ratio);
  if (!fitted) return;
  const [pen, wide, high] = fitted;
  const zero = kind === "signed" ? high / 2 : high - 1;
  const unit = (kind === "signed" ? high / 2 : high - 1) / most;
  const step = wide / values.length;
  const gap = step > 5 ? 1 : 0;
  pen.fillStyle = look.line;
  pen.fillRect(0, zero - 0.5, wide, 1);
  values.forEach((value, i) => {
    if (!Number.isFinite(value)) return;
    const tall = Math.min(Math.abs(value), most) * unit;
    pen.fillStyle = colour?.(i, value, look) ?? (grey(i) ? look.grey : value < 0 ? look.less : kind === "share" ? look.accent : look.more);
    pen.fillRect(i * step, value < 0 ? zero : zero - tall, Math.max(step - gap, 0.75), tall);
  });
}

/** Hatched where `closed(i)`: what may not be looked at. */
export function doors(name, said, open, { texts, label }) {
  const canvas = make("canvas", { class: "bars", role: "img", "aria-label": said });
  const read = make("span", { class: "read", "aria-hidden": "true" });
  canvas.addEventListener("pointermove", (event) => { read.textContent = label(Math.min(open.length - 1, Math.floor((event.offsetX / canvas.clientWidth) * open.length))); });
  canvas.addEventListener("pointerleave", () => { read.textContent = ""; });
  const node = make("div", { class: "strip" }, make("div", { class: "strip-head" }, make("span", { class: "strip-name" }, name), read), canvas);
  return { name, values: open, node, text: (i) => (open[i] ? texts.open : texts.closed), draw: (look) => paintDoors(canvas, open, look) };
}

function paintDoors(canvas, open, look) {
  const fitted = penOn(canvas, look.ratio);
  if (!fitted) return;
  const [pen, wide, high] = fitted;
  const step = wide / open.length;
  const gap = step > 5 ? 2 : 0;
  open.forEach((may, i) => {
    pen.save();
    pen.beginPath();
    pen.rect(i * step, 1, Math.max(step - gap, 0.75), high - 2);
    pen.clip();
    pen.fillStyle = look.accent;
    if (may) pen.fill();
    else hatch(pen, i * step, step, high, look);
    pen.restore();
  });
}

function hatch(pen, left, wide, high, look) {
  pen.strokeStyle = look.grey;
  pen.lineWidth = 1;
  pen.beginPath();
  for (let x = -high; x < wide; x += 5) pen.moveTo(left + x, high), pen.lineTo(left + x + high, 0);
  pen.stroke();
  pen.strokeRect(left + 0.5, 1.5, Math.max(wide - 3, 0.5), high - 3);
}
