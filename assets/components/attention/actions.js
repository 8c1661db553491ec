// What can be done with a held word: hide it behind the mask, put another in its place. Python does it; here it is asked for.

import { make } from "../shared/dom.js";
import { fill } from "../shared/format.js";
import { heldWords } from "./selection.js";

/** The one word that can be changed, {side, place, label, masked}, or null. `place`: its position in the full text, of words or pieces. */
export function changeable({ maps, selection, options }) {
  const can = options.change;
  const [i, ...others] = heldWords(selection);
  const side = selection.direction;
  const name = can?.sides.includes(side) && i !== undefined && !others.length ? maps.detail[side] : null;
  if (!name || name.special[i]) return null;
  const place = name.positions[i];
  return { side, place, label: name.labels[i], masked: can.masked.includes(place) };
}

/** Buttons for the word in `page`; `wish({kind, …})` goes to Python. Nothing while no word is held. */
export function buildActions(box, page, wish) {
  const word = changeable(page);
  const key = word ? `${word.side} ${word.place} ${word.label} ${word.masked} ${page.texts.language}` : "";
  if (box.dataset.word === key) return; // the same word: what is being typed stays
  box.dataset.word = key;
  box.replaceChildren(...(word ? [...mask(page, word, wish), ...replace(page, word, wish)] : []));
  box.hidden = !box.children.length;
}

function mask({ texts, options }, word, wish) {
  if (!options.change.mask) return [];
  const button = make("button", { type: "button", class: "action" }, word.masked ? texts.unmask : fill(texts.mask, { word: word.label }));
  button.addEventListener("click", () => wish({ kind: "mask", place: word.place }));
  return [button];
}

function replace({ texts }, word, wish) {
  const field = make("input", { type: "text", maxlength: "60", placeholder: texts.replace_with, "aria-label": fill(texts.replace, { word: word.label }), autocomplete: "off", spellcheck: "false" });
  const form = make("form", { class: "replace" }, field, make("button", { type: "submit", class: "action" }, texts.replace_button));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.value.trim()) wish({ kind: "replace", place: word.place, text: field.value.trim() });
  });
  form.addEventListener("keydown", (event) => event.stopPropagation()); // arrows move in the field, not over heads
  return [form];
}
