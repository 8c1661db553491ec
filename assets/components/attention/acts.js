// What a person does and what follows: pointing, choosing, walking with the keys. A choice is drawn at once, then reported.

import { cellAt, headAt } from "./axis.js";
import { drawFocus, drawHead, drawText, followStrip, say } from "./drawing.js";
import { intention } from "./keys.js";
import { lockCell, lockWord, release, walk } from "./selection.js";

/** A choice of the person: drawn at once, then reported. After a pointer the keyboard belongs to the whole explorer: arrows walk over heads. */
function choose(page, selection, byPointer = false) {
  if (byPointer) page.parts.root.focus({ preventScroll: true });
  const moved = selection.layer !== page.selection.layer || selection.head !== page.selection.head;
  Object.assign(page, { selection, unsaid: true });
  if (moved) {
    drawHead(page);
    followStrip(page);
  } else {
    drawFocus(page);
    drawText(page);
    say(page);
  }
  page.changed(selection);
}

/** Hovering: one redraw per frame at most. */
function point(page, hover) {
  page.hover = hover;
  cancelAnimationFrame(page.frame);
  page.frame = requestAnimationFrame(() => { if (page.map) drawFocus(page); });
}

/** Connects pointer and keyboard; called once. */
export function wire(page) {
  const { parts } = page;
  page.act = {
    choose: (selection, byPointer) => choose(page, selection, byPointer), point: (hover) => point(page, hover),
    wireGrid: (canvas, current) => wireGrid(page, canvas, current),
  };
  const under = (event) => ({ ...cellAt(page.layout, event.offsetX, event.offsetY), x: event.offsetX, y: event.offsetY });
  parts.marks.addEventListener("pointermove", (event) => point(page, under(event)));
  parts.marks.addEventListener("pointerleave", () => point(page, null));
  parts.marks.addEventListener("click", (event) => {
    const { q, k } = under(event);
    if (q !== null && k !== null) choose(page, lockCell(page.selection, q, k), true);
    else if (q !== null) choose(page, lockWord(page.selection, "query", q), true);
    else if (k !== null) choose(page, lockWord(page.selection, "key", k), true);
  });
  wireGrid(page, parts.choice, () => page.grids[0]);
  parts.root.addEventListener("keydown", (event) => {
    const intent = intention(event);
    if (!intent || !page.map || event.target.closest("summary, .strip")) return;
    event.preventDefault();
    choose(page, intent.kind === "walk" ? walk(page.selection, intent, page.maps) : release(page.selection));
  });
  parts.table.addEventListener("toggle", () => drawText(page));
}

/** A grid of thumbnails: hovering outlines, a click chooses. `current` says which grid and layers the canvas shows now. */
function wireGrid(page, canvas, current) {
  const under = (event) => {
    const { grid, layers } = current();
    const hit = headAt(grid, layers.length, page.maps.heads, event.offsetX, event.offsetY);
    return hit && { layer: layers[hit.layer], head: hit.head };
  };
  canvas.addEventListener("pointermove", (event) => { page.overHead = under(event); point(page, null); });
  canvas.addEventListener("pointerleave", () => { page.overHead = null; point(page, null); });
  canvas.addEventListener("click", (event) => {
    const hit = under(event);
    if (hit) choose(page, { ...page.selection, ...hit }, true);
  });
}
