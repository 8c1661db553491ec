// What the model answers, where its answers are cells of the picture: a share in every cell, a solid frame around its answer, a dashed one around the truth.

import { penOn } from "../shared/canvas.js";
import { make } from "../shared/dom.js";
import { fill, percent } from "../shared/format.js";
import { drawPicture } from "./paint.js";

/** [row, column] of a cell from 1. */
const named = (cell, side, texts) => fill(texts.cell, { row: Math.floor(cell / side) + 1, column: (cell % side) + 1 });

/** A softmax never gives all to one answer: what is rounded to it is said to be a little less. */
const sure = (share) => Math.min(share, 0.999);

/** The sentence: the answer, its share, and whether it is right. */
export function answered({ side, shares, truth }, texts) {
  const best = shares.indexOf(Math.max(...shares));
  const said = fill(texts.answer, { cell: named(best, side, texts), percent: percent(sure(shares[best]), texts) });
  if (truth === null) return said;
  return `${said} ${truth === best ? texts.right : fill(texts.wrong, { cell: named(truth, side, texts) })}`;
}

/** Draws the figure, if there is one, and gives its sentence. */
export function drawAnswer(parts, picture, { cells, texts }, look) {
  parts.answer.hidden = !cells;
  if (!cells) return undefined;
  const { side, shares, truth } = cells;
  const best = shares.indexOf(Math.max(...shares));
  const said = answered(cells, texts);
  parts.answerTitle.textContent = texts.cells;
  parts.answerView.setAttribute("aria-label", said);
  parts.answerView.style.aspectRatio = `${picture.width} / ${picture.height}`;
  const found = penOn(parts.answerView, look.ratio);
  if (found) drawPicture(found[0], picture, found[1], found[2]);
  parts.cells.style.gridTemplateColumns = `repeat(${side}, 1fr)`;
  parts.cells.replaceChildren(...shares.map((share, cell) => {
    const kind = [cell === best ? "best" : "", cell === truth ? "truth" : ""].join(" ").trim();
    const text = share >= 0.005 ? [make("span", { class: "share" }, percent(sure(share), texts))] : [];
    return make("div", { class: `cell ${kind}`.trim() }, ...text);
  }));
  return said;
}
