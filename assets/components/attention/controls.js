// The row above the picture: which picture, and what that picture alone needs (a threshold for links, a metric for the map).

import { make } from "../shared/dom.js";
import { fill, percent, WAITING } from "../shared/format.js";
import { colourOf, headLabel } from "./links.js";
import { hasLinks } from "./picture.js";
import { chosenHeads, METRICS, pinHead } from "./selection.js";

/** Tabs of the pictures; `choose(name)` when one is pressed. Built once per language and set of pictures. */
export function buildTabs(box, pictures, texts, choose) {
  const tabs = pictures.map((name) => {
    const tab = make("button", { type: "button", "data-picture": name, "aria-pressed": "false" }, texts[`picture_${name}`]);
    tab.addEventListener("click", () => choose(name));
    return tab;
  });
  box.replaceChildren(...tabs);
  box.hidden = tabs.length < 2;
}

/** Lists of layers and heads, where the page leaves them to us; `choose({layer} or {head})`. Built once per language and model. */
export function buildPickers(box, { attending, heads }, { link }, texts, choose) {
  box.hidden = !link;
  const shape = JSON.stringify([attending, heads, texts.pick_layer, texts.pick_head]);
  if (!link || box.dataset.shape === shape) return;
  box.dataset.shape = shape;
  box.replaceChildren(picker("layer", attending, texts, choose), picker("head", Array.from({ length: heads }, (_, i) => i), texts, choose));
}

function picker(name, numbers, texts, choose) {
  const options = numbers.map((i) => make("option", { value: String(i) }, String(i + 1)));
  const select = make("select", { "data-axis": name }, ...options);
  select.addEventListener("change", () => choose({ [name]: Number(select.value) }));
  return make("label", { class: "control" }, texts[`pick_${name}`], select);
}

/** Says which head is in view. */
export function markPickers(box, selection) {
  for (const select of box.querySelectorAll("select")) select.value = String(selection[select.dataset.axis]);
}

/** Says which tab is open. */
export function markTabs(box, name) {
  for (const tab of box.children) tab.setAttribute("aria-pressed", String(tab.dataset.picture === name));
}

/** Rebuilds the row for the picture in view. `act.choose(selection)`: a new selection. */
export function buildControls(box, page, act) {
  const { selection, texts } = page;
  const key = JSON.stringify([page.picture, selection.metric, selection.cut, selection.syntax, chosenHeads(selection), page.look.dark, texts]);
  if (page.controlled === key) return markShare(box, selection, texts); // a slider that is being moved stays
  page.controlled = key;
  const nodes = [];
  if (hasLinks(page.picture)) nodes.push(...threshold(selection, texts, act), make("span", { class: "drawn" }));
  if (page.picture === "arcs" && page.options.dependencies?.length) nodes.push(syntax(page, act), make("span", { class: "followed about" }));
  if (page.picture === "map") nodes.push(metric(selection, texts, act));
  const several = chosenHeads(selection);
  if (several.length > 1) nodes.push(legend(page, several, act));
  box.replaceChildren(...nodes);
  box.hidden = !nodes.length;
}

function markShare(box, { share }, texts) {
  const range = box.querySelector("input[type=range]");
  if (!range) return;
  range.value = String(Math.round(share * 100));
  range.nextElementSibling.textContent = percent(share, texts);
}

function threshold(selection, texts, act) {
  const name = (cut) => make("option", { value: cut, ...(selection.cut === cut ? { selected: "" } : {}) }, texts[`cut_${cut}`]);
  const select = make("select", { "aria-label": texts.cut }, name("top"), name("least"));
  select.addEventListener("change", () => act.choose((now) => ({ ...now, cut: select.value, share: select.value === "least" ? 0.05 : 0.6 })));
  const range = make("input", { type: "range", min: "0", max: "100", step: "1", value: String(Math.round(selection.share * 100)), "aria-label": texts.share });
  const value = make("output", {}, percent(selection.share, texts));
  range.addEventListener("input", () => {
    value.textContent = percent(range.value / 100, texts);
    act.choose((now) => ({ ...now, share: range.value / 100 }));
  });
  return [make("label", { class: "control" }, select, range, value)];
}

function syntax({ selection, texts }, act) {
  const box = make("input", { type: "checkbox", ...(selection.syntax ? { checked: "" } : {}) });
  box.addEventListener("change", () => act.choose((now) => ({ ...now, syntax: box.checked })));
  return make("label", { class: "control" }, box, texts.syntax);
}

/** How many of the dependencies a drawn link follows, in either direction: a count, not a score. */
export function sayFollowed(box, { selection, options, texts, maps }, sets) {
  const place = box.querySelector(".followed");
  if (!place) return;
  const linked = ([a, b]) => sets.some(({ mask }) => mask[a * maps.columns + b] || mask[b * maps.columns + a]);
  const found = options.dependencies.filter(linked).length;
  place.textContent = selection.syntax ? fill(texts.followed, { n: found, all: options.dependencies.length }) : "";
}

function metric(selection, texts, act) {
  const options = METRICS.map((name) => make("option", { value: name, ...(selection.metric === name ? { selected: "" } : {}) }, texts[`metric_${name}`]));
  const select = make("select", { "aria-label": texts.metric }, ...options);
  const about = make("span", { class: "about" }, texts[`about_${selection.metric}`]);
  select.addEventListener("change", () => act.choose((now) => ({ ...now, metric: select.value })));
  return make("span", { class: "control" }, select, about);
}

/** The chosen heads, each in its colour; a press lets one go. */
function legend(page, several, act) {
  const chips = several.map(([layer, head], i) => {
    const name = headLabel(page, layer, head);
    const chip = make(i ? "button" : "span", { class: "pin", ...(i ? { type: "button", "aria-label": fill(page.texts.let_go, { head: name }) } : {}) }, name);
    chip.style.setProperty("--head", colourOf(page, layer, head));
    chip.classList.toggle("dashed", several.slice(0, i).some(([, other]) => other % 8 === head % 8) && !page.maps.detail.options.head_colours);
    if (i) chip.addEventListener("click", () => act.choose((now) => pinHead(now, layer, head)));
    return chip;
  });
  return make("span", { class: "pins" }, ...chips);
}

/** "the lines carry 61 % of the weight": what the threshold leaves out is always said. */
export function sayDrawn(box, share, texts) {
  const place = box.querySelector(".drawn");
  if (place) place.textContent = share === null ? fill(texts.drawn, { percent: WAITING }) : fill(texts.drawn, { percent: percent(share, texts) });
}
