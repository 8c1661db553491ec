// The component's fixed parts, in reading order. Built once per mount.

import { make, partMaker } from "../shared/dom.js";

/** Every part by name; `root` holds them. */
export function skeleton() {
  const { parts, part } = partMaker();
  const top = make("div", { class: "top" }, part("p", "question"), make("div", { class: "reading" }, part("span", "chip"), part("p", "takeaway")));
  const stage = part("div", "stage", { tabindex: "0", role: "group" }, part("canvas", "view", { role: "img" }), part("div", "tip", { hidden: "", "aria-hidden": "true" }));
  const legend = make("div", { class: "legend" }, part("span", "least"), part("span", "bar"), part("span", "end"), part("span", "means"));
  const large = make("div", { class: "large" }, part("div", "special", { role: "group" }), stage, legend, part("p", "budget"));
  const heads = make("div", { class: "group" }, part("p", "headsTitle"), part("div", "heads", { role: "group" }));
  const through = make("div", { class: "group" }, part("p", "throughTitle"), part("div", "through", { role: "group" }));
  const answer = part("figure", "answer", {}, part("figcaption", "answerTitle"), make("div", { class: "answerBox" }, part("canvas", "answerView", { role: "img" }), part("div", "cells", { "aria-hidden": "true" })));
  const table = part("details", "numbers", {}, part("summary", "numbersTitle"), part("div", "numbersBody", { tabindex: "0", role: "group" }));
  const side = make("div", { class: "side" }, heads, make("div", { class: "pair" }, through, answer));
  parts.root = make("section", { class: "component patches", role: "group" }, top, make("div", { class: "body" }, large, side), table, part("p", "live", { "aria-live": "polite" }));
  return parts;
}
