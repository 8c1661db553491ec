// The two sliders: a temperature for the softmax ("what if"), and the number of dimensions of random vectors.
// Each gives {node, update(view)}; an update leaves the slider itself alone, so that a finger on it is not lost.

import { make } from "../shared/dom.js";
import { decimal, fill, percent } from "../shared/format.js";
import { KEYS, MOST, shares } from "./toy.js";

const TENTHS = 50; // steps per factor of ten

/** A slider with its value in words beside it: {node, set(at, words)}. */
function slider(name, title, least, most, change) {
  const input = make("input", { type: "range", min: least, max: most, step: 1, "aria-label": title, "data-focus": name });
  const words = make("span", { class: "slider-value", "aria-hidden": "true" });
  input.addEventListener("input", () => change(Number(input.value)));
  const set = (at, said) => {
    if (Number(input.value) !== at) input.value = at;
    input.setAttribute("aria-valuetext", said);
    words.textContent = said;
  };
  return { node: make("div", { class: "slider" }, input, words), set };
}

/** The temperature: marked as "what if" as soon as it is not 1. */
export function temperature(view) {
  const { texts, act } = view;
  const control = slider("temperature", texts.temperature, -TENTHS, TENTHS, (x) => act.whatIf({ temperature: 10 ** (x / TENTHS) }));
  const reset = make("button", { type: "button", class: "plain-button", "data-focus": "reset" }, texts.reset);
  reset.addEventListener("click", () => act.whatIf({ temperature: 1 }));
  const note = make("p", { class: "note" });
  const node = make("div", { class: "what-if" }, make("p", { class: "control-title" }, texts.temperature), make("div", { class: "control" }, control.node, reset), note);
  const update = ({ detail, state, say, j, now }) => {
    const t = decimal(state.temperature, 2, texts.language);
    const real = state.temperature === 1;
    control.set(Math.round(Math.log10(state.temperature) * TENTHS), fill(texts.temperature_value, { t }));
    node.classList.toggle("on", !real);
    reset.disabled = real;
    note.replaceChildren(...(real ? [texts.real] : say("whatif", { t, percent: percent(now.weights[j], texts), real: percent(detail.weights.values[j], texts) })));
  };
  update(view);
  return { node, update };
}

/** Softmax of random products with and without the division, as the dimensions grow. */
export function toy(view) {
  const { texts, act } = view;
  const control = slider("toy", texts.toy_slider, 0, MOST, (dims) => act.whatIf({ dims }));
  const [plainly, divided] = [bars(texts.toy_plain, texts), bars(texts.toy_scaled, texts)];
  const note = make("p", { class: "note" });
  const node = make("div", { class: "toy" }, make("p", { class: "control-title" }, texts.toy), make("div", { class: "control" }, control.node),
    make("div", { class: "toy-pair" }, plainly.node, divided.node), note);
  const update = ({ state }) => {
    const d = 2 ** state.dims;
    const { plain, scaled } = shares(d);
    const top = (values) => percent(Math.max(...values), texts);
    control.set(state.dims, fill(texts.toy_value, { d }));
    plainly.set(plain);
    divided.set(scaled);
    note.textContent = fill(texts.toy_said, { d, plain: top(plain), scaled: top(scaled) });
  };
  update(view);
  return { node, update };
}

/** One bar per random key: {node, set(shares)}. */
function bars(title, texts) {
  const found = Array.from({ length: KEYS }, () => make("span", { class: "toy-bar" }));
  const columns = found.map((bar) => make("span", { class: "toy-slot" }, bar));
  const set = (values) => found.forEach((bar, i) => {
    bar.style.height = `${Math.max(values[i] * 100, 1)}%`;
    bar.title = `${fill(texts.toy_key, { n: i + 1 })}: ${decimal(values[i], 4, texts.language)}`;
  });
  return { node: make("div", { class: "toy-chart" }, make("div", { class: "toy-bars", "aria-hidden": "true" }, ...columns), make("span", { class: "toy-title" }, title)), set };
}
