// The explorer's fixed parts. Built once per mount.

import { make, partMaker } from "../shared/dom.js";

/** Every part by name; `root` holds them in reading order: words, takeaway, picture, overview, budget, table. */
export function skeleton() {
  const { parts, part } = partMaker();
  const bar = part("div", "top", {}, part("div", "switch", { role: "group" }), part("span", "named", {}, part("span", "chip"), part("span", "edge", { "aria-hidden": "true", hidden: "" })), part("div", "pickers", { hidden: "" }), part("div", "tabs", { role: "group", hidden: "" }));
  const words = part("div", "sentences", {}, part("div", "sentence query-side"), part("div", "sentence key-side"));
  const canvases = make("div", { class: "glass" }, part("canvas", "cells", { role: "img", "aria-label": "…" }), part("canvas", "marks", { "aria-hidden": "true" }));
  const picture = part("div", "picture", {}, part("button", "fit", { type: "button", hidden: "" }), part("div", "frame", {}, part("div", "space", {}, canvases)), part("div", "tip", { hidden: "" }));
  const heads = part("div", "heads", {}, part("canvas", "thumbs", { role: "img", "aria-label": "…" }), part("canvas", "choice", { "aria-hidden": "true" }));
  const side = part("div", "side", {},
    part("div", "heads-block", {}, part("h3", "heads-title"), heads, part("div", "strip", { tabindex: "0", role: "group" })),
    part("div", "profile-block", {}, part("h3", "profile-title"), part("div", "profile")));
  const main = part("div", "main", {}, part("div", "controls", { hidden: "" }), picture, part("div", "bars"));
  const stage = part("div", "stage", {}, main, side);
  const foot = part("div", "foot", {}, part("p", "budget"), part("p", "legend"), part("div", "files", { hidden: "" }));
  const table = part("details", "table", {}, part("summary", "table-title"), part("div", "table-body"));
  const live = part("p", "live", { "aria-live": "polite" });
  const message = part("p", "message", { role: "status", hidden: "" });
  const said = make("div", { class: "said" }, part("p", "takeaway"), part("div", "actions", { hidden: "" }));
  parts.said = said;
  const body = part("div", "body", {}, bar, words, said, stage, foot, part("div", "help", { hidden: "" }), table, live);
  parts.root = make("section", { class: "component explorer", tabindex: "0", role: "group" }, message, body);
  return parts;
}
