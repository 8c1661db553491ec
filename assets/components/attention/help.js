// The keys, on demand.

import { make } from "../shared/dom.js";
import { EXPLAINED } from "./keys.js";

/** Fills the panel of keys in the language of the page. */
export function buildHelp({ parts, texts, options }) {
  const works = ([keys]) => options.wishes || !["m", "s", "/"].includes(keys[0]);
  const lines = EXPLAINED.filter(works).flatMap(([keys, name]) => [make("dt", {}, ...keys.map((key) => make("kbd", {}, key))), make("dd", {}, texts[name])]);
  parts.help.replaceChildren(make("h3", {}, texts.keys), make("dl", { class: "key-list" }, ...lines));
  if (options.mode === "matrix") parts.help.hidden = true;
}

export function toggleHelp({ parts }) {
  parts.help.hidden = !parts.help.hidden;
  for (const button of parts.files.querySelectorAll("[aria-expanded]")) button.setAttribute("aria-expanded", String(!parts.help.hidden));
  if (!parts.help.hidden) parts.help.scrollIntoView({ block: "nearest" });
}
