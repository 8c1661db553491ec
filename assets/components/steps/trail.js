// The ten steps as buttons in a row, and the two buttons beside them. Built once, then only marked.

import { make } from "../shared/dom.js";
import { STEPS } from "./state.js";

const SIGNS = ["x", "q k v", "q·k", "÷√d", "−∞", "eˢ", "A·v", "z", "W_O", "+"];

export function buildTrail(box, texts, act) {
  const button = (step) => {
    const node = make("button", { type: "button", class: "stop", "data-focus": `step-${step}` },
      make("span", { class: "sign", "aria-hidden": "true" }, SIGNS[step - 1]), make("span", { class: "stop-name" }, `${step} · ${texts[`title_${step}`]}`));
    node.addEventListener("click", () => act.step(step));
    return node;
  };
  const stops = Array.from({ length: STEPS }, (_, i) => button(i + 1));
  const end = (name, sign, by) => {
    const node = make("button", { type: "button", class: `walk ${name}`, "aria-label": texts[name], title: texts[name] }, sign);
    node.addEventListener("click", () => act.by(by));
    return node;
  };
  const [back, next] = [end("back", "‹", -1), end("next", "›", 1)];
  box.setAttribute("aria-label", texts.trail);
  box.replaceChildren(back, make("ol", { class: "stops" }, ...stops.map((stop) => make("li", {}, stop))), next);
  return { stops, back, next };
}

export function markTrail({ stops, back, next }, step) {
  stops.forEach((stop, i) => {
    if (i + 1 === step) stop.setAttribute("aria-current", "step");
    else stop.removeAttribute("aria-current");
    stop.classList.toggle("done", i + 1 < step);
  });
  back.disabled = step === 1;
  next.disabled = step === STEPS;
  const list = stops[0].closest("ol");
  const stop = stops[step - 1];
  if (list.scrollWidth > list.clientWidth) list.scrollLeft = stop.offsetLeft - (list.clientWidth - stop.offsetWidth) / 2;
}
