// The component's fixed parts, in reading order. Built once per mount.

import { make, partMaker } from "../shared/dom.js";

/** Every part by name; `root` holds them. */
export function skeleton() {
  const { parts, part } = partMaker();
  const top = make("div", { class: "top" }, part("span", "chip"), part("p", "takeaway"));
  const formula = make("details", { class: "formula" }, part("summary", "formulaTitle"), part("div", "formulaBody"));
  const table = part("details", "table", {}, part("summary", "tableTitle"), part("div", "tableBody", { tabindex: "0", role: "group" }));
  const pane = make("div", { class: "pane" }, part("h2", "heading"), part("div", "said"), part("div", "pictures"), part("div", "extra"), formula, table);
  const right = make("div", { class: "keys" }, part("div", "sheet"), part("div", "every", { hidden: "" }));
  const stage = part("div", "stage", {}, pane, right);
  parts.root = make("section", { class: "component steps", tabindex: "0", role: "group" },
    part("div", "words", { role: "group" }), top, part("nav", "trail"), stage, part("p", "live", { "aria-live": "polite" }));
  return parts;
}
