// The small pictures: every head of the layer, and rollout beside its null. Each is a button; pointing previews it in the large picture.

import { penOn } from "../shared/canvas.js";
import { arrowsMove, make } from "../shared/dom.js";
import { fill, percent } from "../shared/format.js";
import { drawPicture, drawVeil, veils } from "./paint.js";
import { most, panelsLike, rowOf, shares } from "./rows.js";

/** One button: {node, canvas, panel, name}. The chosen one is the only tab stop of its group, arrows move between them. */
function thumb(panel, name, act) {
  const canvas = make("canvas", { "aria-hidden": "true" });
  const node = make("button", { type: "button", class: "thumb", "data-focus": `panel-${panel}` }, canvas, make("span", { class: "thumb-name" }));
  node.addEventListener("click", () => act.panel(panel));
  node.addEventListener("pointerenter", () => act.over({ panel }));
  node.addEventListener("pointerleave", () => act.over(null));
  arrowsMove(node);
  return { node, canvas, panel, name };
}

/** Builds all thumbnails of a packet. */
export function buildThumbs(parts, detail, act) {
  const { texts, heads, layer } = detail;
  const own = Array.from({ length: heads }, (_, head) => thumb(head, fill(texts.head, { layer: layer + 1, head: head + 1 }), act));
  const through = [thumb(heads, texts.rollout, act), thumb(heads + 1, texts.even, act)];
  parts.heads.replaceChildren(...own.map((one) => one.node));
  parts.through.replaceChildren(...through.map((one) => one.node));
  parts.heads.dataset.many = String(heads > 8);
  return [...own, ...through];
}

/** Draws them: the veils, the names, which is chosen. */
export function drawThumbs(thumbs, picture, detail, state, look, colourOf) {
  const ends = new Map([0, detail.heads].map((panel) => [panel, most(detail, panelsLike(detail, panel), state.query)]));
  for (const { node, canvas, panel, name } of thumbs) {
    const row = rowOf(detail, panel, state.query);
    const said = detail.target.length && row ? `${name} · ${percent(shares(row, detail).target, detail.texts)}` : name;
    const chosen = panel === state.panel;
    node.style.setProperty("--head", panel < detail.heads ? colourOf(panel) : look.grey);
    node.setAttribute("aria-pressed", String(chosen));
    node.tabIndex = chosen || (panel === detail.heads && state.panel < detail.heads) || (panel === 0 && state.panel >= detail.heads) ? 0 : -1;
    node.lastElementChild.textContent = said;
    canvas.style.aspectRatio = `${picture.width} / ${picture.height}`;
    const found = penOn(canvas, look.ratio);
    if (!found) continue;
    drawPicture(found[0], picture, found[1], found[2]);
    if (row) drawVeil(found[0], row, ends.get(panel < detail.heads ? 0 : detail.heads), detail, found[1], found[2], veils(picture.light, look)[0]);
  }
}
