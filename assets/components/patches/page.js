// One mounted page: holds the packet, what is chosen and how it looks; draws what a change makes necessary.

import { penOn } from "../shared/canvas.js";
import { make } from "../shared/dom.js";
import { decimal, fill, percent } from "../shared/format.js";
import { dress, readLook } from "../shared/look.js";
import { followWidth, keepingFocus, nextFrame } from "../shared/page.js";
import { headColour } from "../shared/ramp.js";
import { drawAnswer } from "./answer.js";
import { drawFrame, drawGrid, drawPicture, drawVeil, pictureOf, veils } from "./paint.js";
import { most, nameOf, panelsLike, positionAt, rowOf, shares, strongest } from "./rows.js";
import { skeleton } from "./skeleton.js";
import { atPanel, atQuery, walked } from "./state.js";
import { buildThumbs, drawThumbs } from "./thumbs.js";

const NARROW = 620;

/** `told` {choose(state) → the state to keep, adopt(state)}: what the mount does with a choice, and with what the pointer is on. */
export function createPage(parent, ramps, told) {
  const parts = skeleton();
  parent.append(parts.root);
  const page = { parts, ramps, told, detail: null, state: null, thumbs: [], picture: null, frame: 0, width: 0 };
  page.act = { panel: (panel) => choose(page, atPanel(page.state, panel)), query: (query) => choose(page, atQuery(page.state, query)), over: (over) => point(page, over) };
  followWidth(page, refresh);
  listen(page);
  return page;
}

/** A new packet, or another choice of the page. */
export function show(page, detail, state) {
  const fresh = page.detail?.name !== detail.name;
  Object.assign(page, { detail, state });
  if (fresh) {
    page.picture = pictureOf(detail);
    page.thumbs = buildThumbs(page.parts, detail, page.act);
    drawSpecial(page);
  }
  refresh(page);
}

/** Reads the theme and the width again, and draws. */
export function refresh(page) {
  if (!page.detail) return;
  const { root } = page.parts;
  page.width = root.clientWidth;
  page.look = readLook(root, page.ramps);
  root.dataset.layout = page.width < NARROW * page.look.scale ? "narrow" : "wide";
  dress(root, page.look);
  draw(page);
}

function listen(page) {
  const { view, stage, numbers } = page.parts;
  const under = (event) => positionAt(event.offsetX, event.offsetY, view.clientWidth, view.clientHeight, page.detail);
  view.addEventListener("pointermove", (event) => { const key = under(event); point(page, key === null ? null : { key }, event); });
  view.addEventListener("pointerleave", () => point(page, null));
  view.addEventListener("click", (event) => { const query = under(event); if (query !== null) choose(page, atQuery(page.state, query)); });
  stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const query = walked(page.state.query, event.key, page.detail);
    if (query === null) return;
    event.preventDefault();
    choose(page, atQuery(page.state, query));
  });
  numbers.addEventListener("toggle", () => drawNumbers(page));
}

function choose(page, state) {
  page.state = page.told.choose(state);
  draw(page);
  page.parts.live.textContent = page.parts.takeaway.textContent;
}

/** What the pointer is on: one redraw per frame at most, nothing is sent. */
function point(page, over, event) {
  page.state = { ...page.state, over };
  page.told.adopt(page.state);
  if (event) Object.assign(page.parts.tip.style, { left: `${Math.min(event.offsetX + 14, page.parts.view.clientWidth - 120)}px`, top: `${event.offsetY + 18}px` });
  nextFrame(page, () => drawLarge(page));
}

const panelInView = ({ over, panel }) => over?.panel ?? panel;

const draw = (page) => keepingFocus(page, () => drawAll(page));

function drawAll(page) {
  const { parts, detail, state, look, picture } = page;
  const { texts } = detail;
  parts.root.setAttribute("aria-label", texts.name);
  parts.stage.setAttribute("aria-label", texts.stage);
  parts.headsTitle.textContent = fill(detail.target.length ? texts.heads_target : texts.heads, { layer: detail.layer + 1 });
  parts.throughTitle.textContent = texts.through;
  parts.numbersTitle.textContent = texts.numbers;
  for (const [i, node] of Array.from(parts.special.querySelectorAll("button")).entries()) node.setAttribute("aria-pressed", String(i === state.query));
  drawThumbs(page.thumbs, picture, detail, state, look, (head) => headColour(page.ramps, head, look.dark));
  const answer = drawAnswer(parts, picture, detail, look);
  parts.question.replaceChildren(...[detail.question, answer].filter(Boolean).map((said, i) => make("span", { class: i || !detail.question ? "answered" : "asked" }, said)));
  parts.question.hidden = !parts.question.children.length;
  drawLarge(page);
  drawNumbers(page);
}

/** Positions before the patches, as buttons; none for a model that has none. */
function drawSpecial({ parts, detail, act }) {
  const buttons = detail.prefix.map((name, i) => {
    const node = make("button", { type: "button", class: "position", "data-focus": `special-${i}` }, name);
    node.addEventListener("click", () => act.query(i));
    return node;
  });
  parts.special.setAttribute("aria-label", detail.texts.looks);
  parts.special.replaceChildren(make("span", { class: "looks" }, detail.texts.looks), ...buttons, make("span", { class: "or" }, detail.texts.or_patch));
}

/** The large picture: what the panel in view looks at from the chosen position. */
function drawLarge(page) {
  const { parts, detail, state, look, picture } = page;
  const panel = panelInView(state);
  const row = rowOf(detail, panel, state.query);
  parts.root.setAttribute("aria-busy", String(row === null));
  parts.view.style.aspectRatio = `${picture.width} / ${picture.height}`;
  const found = penOn(parts.view, look.ratio);
  const end = most(detail, panelsLike(detail, panel), state.query);
  if (found) {
    const [on, wide, high] = found;
    drawPicture(on, picture, wide, high);
    if (row) drawVeil(on, row, end, detail, wide, high, veils(picture.light, look)[0]);
    if (detail.grid[1] <= 32) drawGrid(on, detail.grid, wide, high, look);
    drawFrame(on, state.query, detail, wide, high, look, "query");
    if (state.over?.key !== undefined && state.over.key !== state.query) drawFrame(on, state.over.key, detail, wide, high, look, "key");
  }
  say(page, panel, row, end);
}

/** Chip, takeaway, tip, legend and budget. */
function say(page, panel, row, end) {
  const { parts, detail, state, look } = page;
  const { texts, heads } = detail;
  const name = panel < heads ? fill(texts.head, { layer: detail.layer + 1, head: panel + 1 }) : panel === heads ? texts.rollout : texts.even;
  parts.chip.textContent = name;
  parts.chip.style.setProperty("--head", panel < heads ? headColour(page.ramps, panel, look.dark) : look.grey);
  const query = nameOf(state.query, detail);
  parts.takeaway.textContent = row === null ? texts.loading : takeaway(row, query, detail);
  parts.view.setAttribute("aria-label", `${name}. ${parts.takeaway.textContent}`);
  parts.least.textContent = fill(texts.percent, { n: 0 });
  parts.end.textContent = percent(end, texts);
  parts.means.textContent = texts.means;
  const [veil, beneath] = veils(page.picture.light, look);
  parts.bar.style.background = `linear-gradient(to right, ${Array.from({ length: 9 }, (_, i) => `color-mix(in srgb, ${beneath} ${Math.round(100 * Math.sqrt(i / 8))}%, ${veil})`).join(", ")})`;
  parts.budget.textContent = row && detail.prefix.length ? fill(texts.budget, { names: detail.prefix.join("/"), percent: percent(shares(row, detail).special, texts) }) : "";
  const key = state.over?.key;
  parts.tip.hidden = key === undefined || row === null;
  if (!parts.tip.hidden) parts.tip.textContent = fill(texts.tip, { query, key: nameOf(key, detail), value: decimal(row[key], 4, texts.language) });
}

/** "[CLS] → (2, 5) 31% · (2, 6) 24%; 61% on the circle, evenly spread it would be 6%". */
export function takeaway(row, query, detail) {
  const { texts } = detail;
  const best = strongest(row, 3).map((i) => `${nameOf(i, detail)} ${percent(row[i], texts)}`).join(" · ");
  const said = fill(texts.takeaway, { query, best });
  if (!detail.target.length) return said;
  const { target, even } = shares(row, detail);
  return `${said} ${fill(texts.on_target, { percent: percent(target, texts), even: percent(even, texts) })}`;
}

/** The text equivalent of the picture: every weight of the row, when it is asked for. */
function drawNumbers({ parts, detail, state }) {
  const { texts } = detail;
  parts.numbersBody.setAttribute("aria-label", texts.numbers);
  const row = parts.numbers.open ? rowOf(detail, state.panel, state.query) : null;
  if (!row) return parts.numbersBody.replaceChildren();
  const lines = strongest(row, row.length).map((i) => `${nameOf(i, detail)} ${decimal(row[i], 4, texts.language)}`);
  return parts.numbersBody.replaceChildren(make("p", {}, lines.join(" · ")));
}
