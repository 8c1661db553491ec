// The sentence as running text: one chip per token, shaded by how much the word in view looks at it (or is looked at by it).

import { make } from "../shared/dom.js";
import { direction } from "../shared/format.js";
import { shade } from "../shared/ramp.js";

/** Chips of one side in `box`. `act` {lock(i), hover(i | null), step(key, i)}. Returns the buttons, in order. */
export function buildSentence(box, side, name, act) {
  const chips = side.labels.map((label, i) => chip(label, side, i, act));
  box.replaceChildren(...(name ? [make("span", { class: "side-name" }, name)] : []), ...chips);
  box.classList.toggle("dense", chips.length > 28);
  if (chips.length) chips[0].tabIndex = 0;
  return chips;
}

function chip(label, side, i, act) {
  const node = make("button", { type: "button", class: "word", dir: direction(label), tabindex: "-1", "aria-pressed": "false" });
  node.append(make("span", { class: "face" }, label), make("span", { class: "widest", "aria-hidden": "true" }, label));
  node.classList.toggle("special", Boolean(side.special[i]));
  node.classList.toggle("unknown", Boolean(side.unknown[i]));
  node.classList.toggle("apart", i > 0 && side.special[i] !== side.special[i - 1]);
  node.addEventListener("click", (event) => act.lock(i, event.detail > 0, event.shiftKey || event.ctrlKey || event.metaKey)); // detail 0: pressed with a key
  node.addEventListener("pointerenter", (event) => { if (event.pointerType !== "touch") act.hover(i); });
  node.addEventListener("pointerleave", () => act.hover(null));
  node.addEventListener("keydown", (event) => act.step(event, i));
  return node;
}

const looks = new WeakMap(); // chip → what it looks like now: hovering touches only the chips that change

/** Colours the chips by `values` (null: plain paper) and marks the words in view (`chosen`) and their strongest links. */
export function shadeSentence(chips, side, values, { chosen, links, locked, role }, colours) {
  chips.forEach((node, i) => {
    const tint = values ? shade(colours, values[i], side.special[i]) : { background: "transparent", ink: "inherit" };
    const mark = chosen.includes(i) ? `is-${role}` : links.includes(i) ? "is-link" : "";
    const pressed = String(chosen.includes(i) && locked);
    const look = `${tint.background} ${mark} ${pressed}`;
    if (looks.get(node) === look) return;
    looks.set(node, look);
    node.style.background = tint.background; // not by a custom property: those are handed down, and every chip would ask its parts again
    node.style.color = tint.ink;
    for (const name of ["is-query", "is-key", "is-link"]) node.classList.toggle(name, name === mark);
    node.setAttribute("aria-pressed", pressed);
  });
}
