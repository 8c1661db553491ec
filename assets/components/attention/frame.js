// The frame of the picture. A map that is too large for its room scrolls in it: the frame scrolls an empty space as large as the whole map,
// and the canvas, which stays in sight, draws the part that it stands for. So labels stay where they are, the browser scrolls as it always
// does (wheel, finger, keys, bar), and no canvas is larger than what is seen. Here too: whether a map scrolls or is made to fit.

import { nextFrame } from "../shared/page.js";
import { remembered } from "../shared/remembered.js";
import { placeOf } from "./axis.js";

const FIT = "fit";
const choice = remembered("mirante-map-size", "real");

/** Whether this visitor wants large maps made small enough to be seen as a whole. */
export const isFitted = () => choice.read() === FIT;

/** Connects the frame; called once. `redraw()`: all of the picture anew; `scrolled()`: what is seen of it has moved. */
export function wireFrame({ parts, redraw, scrolled }) {
  const clock = { frame: 0 }; // its own: pointing does not cancel scrolling
  parts.frame.addEventListener("scroll", () => nextFrame(clock, scrolled), { passive: true });
  parts.fit.addEventListener("click", () => choice.keep(isFitted() ? "real" : FIT));
  return choice.follow(redraw); // of two maps side by side both change
}

/** Gives frame, space and button the sizes of `layout`, and tells the layout where the frame stands. */
export function frameFor({ parts, texts }, layout) {
  const { frame, space, fit } = parts;
  const { whole, width, height, bar = 0 } = layout;
  frame.classList.toggle("scrolls", Boolean(whole));
  const sized = (node, wide, high) => Object.assign(node.style, { width: wide, height: high });
  if (whole) {
    const outer = (length, other, long) => `${length + (long > other ? bar : 0)}px`;
    sized(frame, outer(width, height, whole.height), outer(height, width, whole.width));
    sized(space, `${whole.width}px`, `${whole.height}px`);
    for (const [name, value] of Object.entries({ tabindex: "0", role: "group", "aria-label": texts.frame })) frame.setAttribute(name, value);
    stand(parts, layout);
  } else {
    [frame, space].forEach((node) => sized(node, "", ""));
    for (const name of ["tabindex", "role", "aria-label"]) frame.removeAttribute(name);
  }
  fit.hidden = !layout.overflows;
  fit.textContent = whole ? texts.fit : texts.real_size;
}

/** Where the frame stands, for the drawing. */
export function stand({ frame }, layout) {
  if (!layout.whole) return;
  layout.x = Math.min(Math.max(frame.scrollLeft, 0), layout.whole.width - layout.width);
  layout.y = Math.min(Math.max(frame.scrollTop, 0), layout.whole.height - layout.height);
}

/** Scrolls the frame, and nothing else, until the cell {q, k} (either may be null) is in sight; `softly`: so that the eye can follow. */
export function reveal({ parts: { frame }, figure }, cell, softly = false) {
  const layout = figure?.layout;
  if (!layout?.whole) return;
  const { x, y } = placeOf(layout, cell);
  if (Math.abs(x - layout.x) < 1 && Math.abs(y - layout.y) < 1) return;
  const still = !softly || matchMedia("(prefers-reduced-motion: reduce)").matches;
  frame.scrollTo({ left: x, top: y, behavior: still ? "instant" : "smooth" });
}

/** A new sentence is read from its first word. */
export const toStart = ({ parts: { frame } }) => frame.scrollTo({ left: 0, top: 0, behavior: "instant" });

/** px that the bar of a scrolled box takes from it here: none where bars lie over the content. */
export function barWidth() {
  const box = document.createElement("div");
  box.style.cssText = "position: absolute; visibility: hidden; overflow: scroll; width: 50px; height: 50px; scrollbar-width: thin";
  document.body.append(box);
  const width = box.offsetWidth - box.clientWidth;
  box.remove();
  return width;
}

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** The cell that a key in the frame goes to, {q, k}, or null. From the held one, else from the first in sight. */
export function stepOf(event, { query, key }, { layout, rows, columns }, firstInSight) {
  const jump = { Home: [0, -columns], End: [0, columns], ...STEPS }[event.key];
  if (!jump || !layout.whole || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return null;
  const inside = (i, count) => Math.min(Math.max(i, 0), count - 1);
  const [q0, k0] = firstInSight();
  const held = query !== null || key !== null;
  const [q, k] = [query ?? q0, key ?? k0];
  return held ? { q: inside(q + jump[0], rows), k: inside(k + jump[1], columns) } : { q, k };
}
