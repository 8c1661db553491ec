// The sentence on the side that looks: a click chooses the word whose steps are shown. Of a long text, the part around that word.

import { arrowsMove, make } from "../shared/dom.js";
import { direction, fill } from "../shared/format.js";

const AROUND = 100; // tokens shown to either side of the chosen one

/** [first, last] of the shown tokens. */
export function part(count, chosen) {
  const first = Math.max(0, Math.min(chosen - AROUND, count - 2 * AROUND - 1));
  return [first, Math.min(count, first + 2 * AROUND + 1)];
}

/** Redraws `box`; the chosen word is the only tab stop, arrows move between words. */
export function drawWords(box, side, chosen, texts, act) {
  const [first, last] = part(side.labels.length, chosen);
  const chips = side.labels.slice(first, last).map((label, i) => chip(label, side.special[first + i], first + i, chosen, act));
  const more = first > 0 || last < side.labels.length ? [make("span", { class: "words-part" }, fill(texts.part, { first: first + 1, last, total: side.labels.length }))] : [];
  box.setAttribute("aria-label", texts.choose_query);
  box.classList.toggle("dense", chips.length > 40);
  box.replaceChildren(make("span", { class: "side-name" }, texts.looks), ...chips, ...more);
  const mine = chips[chosen - first];
  if (mine && box.scrollHeight > box.clientHeight) box.scrollTop = mine.offsetTop - box.offsetTop - (box.clientHeight - mine.offsetHeight) / 2;
}

function chip(label, special, place, chosen, act) {
  const node = make("button", {
    type: "button", class: special ? "word special" : "word", dir: direction(label), "aria-pressed": String(place === chosen),
    tabindex: place === chosen ? "0" : "-1", "data-focus": `word-${place}`,
  }, label);
  node.addEventListener("click", () => act.query(place));
  arrowsMove(node);
  return node;
}
