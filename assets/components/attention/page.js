// One mounted page: holds what is shown (maps, selection, look) and decides what a change makes necessary to redraw.

import { dress, readLook } from "../shared/look.js";
import { followWidth, leave } from "../shared/page.js";
import { scale } from "../shared/ramp.js";
import { wire } from "./acts.js";
import { drawFixed, drawHead, valuesOf } from "./drawing.js";
import { barWidth, isFitted, toStart } from "./frame.js";
import { buildFiles } from "./files.js";
import { buildHelp } from "./help.js";
import { drawOverview } from "./overview.js";
import { realSizes } from "./picture.js";
import { skeleton } from "./skeleton.js";

const NARROW = 600;
const NARROW_PAIR = 380; // one picture alone, as when two sentences stand side by side on a laptop
const STACKED = 720;
const BROAD = 1250;

/** `changed(selection)` after every choice; `wish({kind, …})` for what only Python can do (absent: nothing of that kind is offered). */
export function createPage(parent, ramps, changed, wish = null) {
  const parts = skeleton();
  parent.append(parts.root);
  const page = { parts, ramps, changed, wish, maps: null, selection: null, hover: null, overHead: null, frame: 0, width: 0, narrow: false, grids: [] };
  const rule = document.createElement("canvas").getContext("2d");
  page.measure = (font, text) => { rule.font = font; return rule.measureText(text).width; };
  page.valuesOf = (view) => valuesOf(page, view);
  page.scene = () => sceneOf(page);
  followWidth(page, refresh);
  page.settled = new ResizeObserver(([{ target }]) => { target.style.minHeight = `${target.offsetHeight}px`; });
  page.resized = () => refresh(page);
  window.addEventListener("resize", page.resized);
  page.bar = barWidth();
  page.lettered = () => { page.shape = ""; refresh(page); }; // a font that arrives late has other widths
  document.fonts?.addEventListener("loadingdone", page.lettered);
  wire(page);
  return page;
}

export function removePage(page) {
  leave(page);
  page.settled.disconnect();
  window.removeEventListener("resize", page.resized);
  page.unwire?.();
  page.unfollow?.();
  document.fonts?.removeEventListener("loadingdone", page.lettered);
}

/** New maps or a new selection from outside. */
export function show(page, maps, selection) {
  const { texts, options } = maps.detail;
  Object.assign(page, { maps, selection, texts, options, empty: maps.rows === 0 || maps.columns === 0 });
  const { parts } = page;
  parts.message.hidden = !page.empty;
  parts.message.textContent = page.empty ? texts.empty : "";
  parts.body.hidden = page.empty;
  const inside = parts.root.contains(parts.root.getRootNode().activeElement) && parts.root.getRootNode().activeElement !== parts.root;
  if (!page.empty && !refresh(page)) drawHead(page);
  if (inside && !parts.root.contains(parts.root.getRootNode().activeElement)) keepFocus(page);
}

/** What had the keyboard was built anew (another word, another sentence): the held word has it now, else the whole explorer. */
function keepFocus({ parts }) {
  (parts.root.querySelector('.word[aria-pressed="true"]') ?? parts.root).focus({ preventScroll: true });
}

/** What the pictures need to know of a page (picture.js). */
const sceneOf = ({ maps, map, selection, colours, look, texts, ramps, paired, causal, real }) => ({ maps, map, selection, colours, look, texts, ramps, paired, causal, real });

/** Redraws what sizes, theme, words or overview changed; a rerun that changed none of these touches nothing. True when everything was redrawn. */
export function refresh(page) {
  if (!page.maps || page.empty || !page.parts.root.clientWidth) return true;
  const { detail, overview } = page.maps;
  page.look = readLook(page.parts.root, page.ramps);
  page.width = page.parts.root.clientWidth;
  const { mode, ramp, vmax, height, pictures, far } = page.options;
  const shape = JSON.stringify([page.look, page.width, window.innerHeight, mode, ramp, vmax, height, pictures, far, page.texts, detail.query, detail.key, detail.kind, isFitted()]);
  const words = JSON.stringify([detail.query.labels, detail.key.labels]);
  if (words !== page.words) toStart(page);
  const moved = shape !== page.shape;
  if (moved) arrange(page);
  if (moved || overview !== page.drawnOverview) drawOverview(page);
  Object.assign(page, { shape, words, drawnOverview: overview });
  if (moved) drawHead(page);
  return moved;
}

/** Layout, colours and words for the present width, theme and sentence. */
function arrange(page) {
  const { parts, maps, look, options } = page;
  page.hover = page.overHead = null;
  page.narrow = page.width < (options.mode === "matrix" ? NARROW_PAIR : NARROW) * look.scale;
  page.paired = isPaired(maps.detail);
  page.causal = page.paired && looksBack(maps);
  page.colours = scale(page.ramps, options.ramp || "attention", look.dark, look.paper, options.vmax || 1);
  page.overview = options.mode !== "matrix";
  page.room = pictureHeight(options, look);
  page.real = realSizes(look, { bar: page.bar, fit: isFitted(), far: options.far });
  page.long = Math.max(maps.rows, maps.columns) > SHORT;
  parts.root.dataset.layout = layoutName(page);
  parts.root.dataset.far = String(Boolean(options.far));
  parts.root.dataset.mode = options.mode || "explore";
  placeBar(parts, Boolean(options.far) || page.narrow);
  parts.root.dataset.words = options.words || "above";
  dress(parts.root, look);
  parts.root.dataset.long = String(page.long && !page.real.fit);
  parts.root.style.setProperty("--picture", `${Math.round(pictureWidth(page))}px`);
  settle(page);
  drawFixed(page);
  buildFiles(page);
  buildHelp(page);
}

/** On a projector the picture comes first: switch, pickers and tabs stand below it, and the head's name beside what is said of it. */
function placeBar({ body, top, said, named, pickers, sentences, stage }, far) {
  if (far === (top.previousElementSibling === stage)) return;
  body.insertBefore(top, far ? stage.nextElementSibling : sentences);
  if (far) said.prepend(named);
  else top.insertBefore(named, pickers);
}

/** From here on the line above the picture grows and never shrinks: a shorter sentence under the pointer would move the picture away from it. */
function settle({ parts, settled }) {
  const line = parts.takeaway.parentElement;
  line.style.minHeight = "";
  settled.unobserve(line);
  settled.observe(line); // tells the present height once, and every later one
}

function layoutName({ width, narrow, look }) {
  if (narrow) return "narrow";
  return width < STACKED * look.scale ? "stacked" : width < BROAD * look.scale ? "wide" : "broad";
}

const ABOVE = 385; // px of title, pickers, sentence and takeaway above the picture on a projector

/** Height of the picture with its labels, from the window alone: another head moves nothing below it. */
const pictureHeight = ({ height }, { scale: size }) => height || Math.min(Math.max(window.innerHeight - ABOVE * size, 330 * size), 900);

const SHORT = 24; // words of which each is named in any room (axis.js)

/** Width of the picture with its labels, where the page has it: about square, and all the columns of a long sentence. */
function pictureWidth({ long, room, real, look, maps }) {
  const square = room + 60 * look.scale;
  if (!long || real.fit) return square;
  const cell = Math.max(real.cell, Math.min(44, (room - real.top) / maps.rows));
  return Math.max(square, 2 * cell * maps.columns + 140 * look.scale);
}

const isPaired = ({ query, key, kind }) =>
  kind !== "cross" && query.labels.length === key.labels.length && query.positions.every((p, i) => p === key.positions[i]);

/** Whether no row looks ahead: true of every map of a left-to-right model, and of no other that has two words. */
function looksBack({ detail, rows, columns }) {
  for (let q = 0; q < rows; q++) for (let k = q + 1; k < columns; k++) if (detail.exact.values[q * columns + k] !== 0) return false;
  return rows > 1;
}
