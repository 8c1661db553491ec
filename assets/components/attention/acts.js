// What a person does and what follows: pointing, choosing, walking with the keys. A choice is drawn at once, then reported.

import { nextFrame } from "../shared/page.js";
import { headAt, tokensWithin } from "./axis.js";
import { drawFocus, drawHead, drawText, say } from "./drawing.js";
import { copyLink } from "./files.js";
import { reveal, stand, stepOf, wireFrame } from "./frame.js";
import { toggleHelp } from "./help.js";
import { intention, isTyping, wanted } from "./keys.js";
import { followStrip } from "./overview.js";
import { draw, hasHeads, under } from "./picture.js";
import { addHead, addWord, lockCell, lockWord, pinHead, release, turn, walk } from "./selection.js";

const LIKE = ["layer", "head", "heads", "picture", "metric", "cut", "share", "syntax"]; // what the picture itself depends on

const WORDS = ["query", "key"];

/** A choice of the person, or a function from the present one: drawn at once, then reported. After a pointer the arrow keys walk over heads. */
function choose(page, next, byPointer = false) {
  const before = page.selection;
  const selection = typeof next === "function" ? next(before) : next;
  if (byPointer) page.parts.root.focus({ preventScroll: true });
  Object.assign(page, { selection, unsaid: true });
  page.parts.edge.hidden = true;
  if (LIKE.some((name) => JSON.stringify(selection[name]) !== JSON.stringify(before[name]))) {
    drawHead(page);
    followStrip(page);
  } else {
    drawFocus(page);
    drawText(page);
    say(page);
  }
  if (page.figure && WORDS.some((name) => selection[name] !== before[name])) reveal(page, { q: selection.query, k: selection.key }, true);
  page.changed(selection);
}

/** Hovering: one redraw per frame at most. A word of the sentence is brought into the frame while none is held; over the map nothing moves by itself. */
function point(page, hover) {
  page.hover = hover;
  if (hover && hover.x === undefined && page.selection[page.selection.direction] === null) reveal(page, hover);
  nextFrame(page, () => { if (page.map) drawFocus(page); });
}

/** Holds a word, alone or (`several`) beside those that are held. */
function hold(page, side, i, byPointer = false, several = false) {
  choose(page, (several || page.several ? addWord : lockWord)(page.selection, side, i), byPointer);
}

function goTo(page, { layer, head }, several) {
  choose(page, several || page.several ? addHead(page.selection, layer, head) : { ...page.selection, layer, head }, true);
}

/** Connects pointer and keyboard; called once. */
export function wire(page) {
  const { parts } = page;
  page.act = {
    choose: (selection, byPointer) => choose(page, selection, byPointer), point: (hover) => point(page, hover),
    hold: (side, i, byPointer, several) => hold(page, side, i, byPointer, several), wish: (asked) => { if (page.options.wishes) page.wish?.(asked); },
    wireGrid: (canvas, current) => wireGrid(page, canvas, current),
  };
  wirePicture(page);
  page.unfollow = wireFrame({ parts, redraw: () => page.resized(), scrolled: () => scrolled(page) });
  parts.frame.addEventListener("keydown", (event) => stepInFrame(page, event));
  wireGrid(page, parts.choice, () => page.grids[0]);
  parts.root.addEventListener("keydown", (event) => { if (!isTyping(event) && !event.target.closest("summary, .strip, select, input")) obey(page, event, intention(event)); });
  const anywhere = (event) => { if (!event.defaultPrevented && page.options?.mode === "explore" && !isTyping(event)) obey(page, event, wanted(event)); };
  document.addEventListener("keydown", anywhere);
  page.unwire = () => document.removeEventListener("keydown", anywhere);
  parts.table.addEventListener("toggle", () => drawText(page));
}

function wirePicture(page) {
  const { marks } = page.parts;
  const found = (event) => page.figure && under(page.figure, event.offsetX, event.offsetY, page.selection.direction);
  marks.addEventListener("pointermove", (event) => {
    const hit = found(event);
    if (!page.figure) return;
    page.overHead = hasHeads(page.picture) ? hit : null;
    point(page, { q: null, k: null, ...(hasHeads(page.picture) ? {} : hit), x: event.offsetX, y: event.offsetY });
  });
  marks.addEventListener("pointerleave", () => { page.overHead = null; point(page, null); });
  marks.addEventListener("click", (event) => {
    const hit = found(event);
    const several = event.shiftKey || event.ctrlKey || event.metaKey;
    if (!hit) return;
    if (hasHeads(page.picture)) goTo(page, hit, several);
    else if (hit.q !== null && hit.k !== null && !several) choose(page, lockCell(page.selection, hit.q, hit.k), true);
    else if (hit.q !== null) hold(page, "query", hit.q, true, several);
    else if (hit.k !== null) hold(page, "key", hit.k, true, several);
  });
  marks.addEventListener("dblclick", (event) => { // a map or a small head leads to the head itself
    if (hasHeads(page.picture) && found(event)) choose(page, { ...page.selection, picture: "matrix" });
  });
}

/** What is seen of a map has moved: another cell may lie under the pointer, which has not. */
function scrolled(page) {
  if (!page.figure?.layout.whole || !page.map) return;
  stand(page.parts, page.figure.layout);
  draw(page.parts.cells, page.figure);
  if (page.hover?.x !== undefined) page.hover = { ...page.hover, ...under(page.figure, page.hover.x, page.hover.y) };
  drawFocus(page);
}

/** In the frame of a map that scrolls, the arrow keys move the held cell. */
function stepInFrame(page, event) {
  const { figure, maps, selection } = page;
  if (!figure?.layout.whole || event.target !== page.parts.frame) return;
  const { query, key, x, y } = figure.layout;
  const cell = stepOf(event, selection, { layout: figure.layout, rows: maps.rows, columns: maps.columns }, () => [tokensWithin(query, y, 1)[0], tokensWithin(key, x, 1)[0]]);
  if (!cell) return;
  event.preventDefault();
  event.stopPropagation();
  choose(page, { ...selection, query: cell.q, key: cell.k, words: [] });
}

/** A grid of thumbnails: hovering outlines, a click chooses, with Shift or Ctrl beside the others. `current` says which grid the canvas shows now. */
function wireGrid(page, canvas, current) {
  const hit = (event) => {
    const { grid, layers } = current();
    const at = headAt(grid, layers.length, page.maps.heads, event.offsetX, event.offsetY);
    return at && { layer: layers[at.layer], head: at.head };
  };
  canvas.addEventListener("pointermove", (event) => { page.overHead = hit(event); point(page, null); });
  canvas.addEventListener("pointerleave", () => { page.overHead = null; point(page, null); });
  canvas.addEventListener("click", (event) => {
    const head = hit(event);
    if (head) goTo(page, head, event.shiftKey || event.ctrlKey || event.metaKey);
  });
}

/** Does what a key asks for; a key that means nothing here stays the browser's. */
function obey(page, event, intent) {
  if (!intent || !page.map) return;
  const { selection } = page;
  const deeds = {
    walk: () => goOn(page, intent),
    release: () => choose(page, release(selection)),
    turn: () => choose(page, turn(selection, selection.direction === "query" ? "key" : "query", page.paired)),
    pin: () => choose(page, pinHead(selection, selection.layer, selection.head)),
    picture: () => choose(page, { ...selection, picture: after(page.options.pictures, selection.picture) }),
    help: () => toggleHelp(page),
    link: () => copyLink(page),
    sentence: () => focusSentence(page.texts.sentence),
    wish: () => page.wish?.({ kind: intent.wish }),
  };
  if (intent.kind === "wish" && !page.options.wishes) return;
  if (intent.kind === "picture" && !page.options.pictures?.length) return;
  event.preventDefault();
  deeds[intent.kind]();
}

/** Another head or layer; where there is none, that is said instead. */
function goOn(page, step) {
  const next = walk(page.selection, step, page.maps);
  if (next.layer !== page.selection.layer || next.head !== page.selection.head) return choose(page, next);
  if (page.options.head_names) return undefined; // sides of a comparison: they stand there as two
  return sayEdge(page, step.head > 0 ? "last_head" : step.head < 0 ? "first_head" : step.layer > 0 ? "last_layer" : "first_layer");
}

const SAID = 2000; // ms that the end of a walk is said

function sayEdge({ parts, texts }, name) {
  const { edge, live } = parts;
  edge.textContent = texts[name];
  edge.hidden = false;
  live.textContent = "";
  requestAnimationFrame(() => { live.textContent = texts[name]; }); // said again when the key is pressed again
  clearTimeout(edge.dataset.timer);
  edge.dataset.timer = setTimeout(() => { edge.hidden = true; }, SAID);
}

const after = (list, name) => list[(list.indexOf(name) + 1) % list.length];

/** Puts the cursor into the sentence; on a narrow screen its panel is opened first. */
function focusSentence(name) {
  const field = () => document.querySelector(`textarea[aria-label="${CSS.escape(name)}"]`);
  const visible = () => field()?.getBoundingClientRect().right > 0;
  if (!visible()) document.querySelector('[data-testid="stExpandSidebarButton"]')?.click();
  setTimeout(() => field()?.focus(), visible() ? 0 : 400);
}
