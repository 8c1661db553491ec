// All heads beside the picture: a grid of thumbnails, or on a phone one strip of them. Drawn once per sentence; outlined on every choice.

import { gridLayout } from "./axis.js";
import { drawChoice, drawGrid } from "./grid.js";
import { colourOf } from "./links.js";
import { chosenHeads } from "./selection.js";

/** Thumbnails of all heads: one grid, or on a phone one strip per layer, side by side. */
export function drawOverview(page) {
  const { parts, maps, look, colours, texts } = page;
  parts.heads.hidden = page.narrow;
  parts.strip.hidden = !page.narrow;
  parts.side.hidden = !page.overview;
  page.grids = [];
  if (!page.overview || !maps.overview) return;
  const all = maps.attending;
  if (!page.narrow) {
    const room = parts["heads-block"].clientWidth;
    if (!room) return; // the large picture shows all heads itself
    const grid = gridLayout({ width: room, layers: all.length, heads: maps.heads, font: look.small, ratio: look.ratio });
    page.grids = [{ grid, layers: all, cells: parts.thumbs, marks: parts.choice }];
  } else {
    const size = 56 * look.scale;
    page.grids = all.map((layer) => stripPart(page, layer, size));
    parts.strip.replaceChildren(...page.grids.map(({ box }) => box));
    parts.strip.setAttribute("aria-label", texts.all_heads);
  }
  for (const { grid, layers, cells } of page.grids) drawGrid(cells, maps, grid, layers, colours, look, texts);
  followStrip(page);
  parts.thumbs.setAttribute("aria-label", texts.all_heads);
}

function stripPart(page, layer, size) {
  const { maps, look } = page;
  const width = look.small * 2.1 + maps.heads * (size + 4) + 4;
  const grid = gridLayout({ width, layers: 1, heads: maps.heads, font: look.small, ratio: look.ratio, largest: size });
  const [cells, marks] = [document.createElement("canvas"), document.createElement("canvas")];
  const box = document.createElement("div");
  box.className = "heads";
  box.append(cells, marks);
  marks.className = "choice";
  page.act.wireGrid(marks, () => ({ grid, layers: [layer] }));
  return { grid, layers: [layer], cells, marks, box };
}

/** Scrolls the strip of a phone, and nothing else, to the chosen head. */
export function followStrip({ narrow, grids, selection, parts }) {
  const box = narrow && grids.find(({ layers }) => layers[0] === selection.layer)?.box;
  if (!box) return;
  const { grid } = grids[0];
  const x = box.offsetLeft - parts.strip.offsetLeft + selection.head * (grid.cell + grid.gap);
  if (x < parts.strip.scrollLeft || x + grid.left + grid.cell > parts.strip.scrollLeft + parts.strip.clientWidth) parts.strip.scrollLeft = x;
}

/** Outlines the chosen heads and the one under the pointer. */
export function outlineHeads(page) {
  const { grids, selection, overHead, look } = page;
  const chosen = chosenHeads(selection);
  for (const { grid, layers, marks } of grids) drawChoice(marks, grid, layers, chosen, overHead, (layer, head) => colourOf(page, layer, head), look);
}
