// The component's fixed parts and what the theme says about fonts and colours. Built once per mount.

import { make } from "./dom.js";
import { isDark, rgb } from "./ramp.js";

/** Every part by name; `root` holds them in reading order: words, takeaway, picture, overview, budget, table. */
export function skeleton() {
  const part = (tag, name, attributes = {}, ...children) => (parts[name] = make(tag, { class: name, ...attributes }, ...children));
  const parts = {};
  const bar = part("div", "top", {}, part("div", "switch", { role: "group" }), part("span", "chip"), part("div", "tabs", { role: "group", hidden: "" }));
  const words = part("div", "sentences", {}, part("div", "sentence query-side"), part("div", "sentence key-side"));
  const picture = part("div", "picture", {}, part("canvas", "cells", { role: "img", "aria-label": "…" }), part("canvas", "marks", { "aria-hidden": "true" }), part("div", "tip", { hidden: "" }));
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
  const body = part("div", "body", {}, bar, words, said, stage, foot, part("div", "help", { hidden: "" }), table, live);
  parts.root = make("section", { class: "explorer", tabindex: "0", role: "group" }, message, body);
  return parts;
}

/** Colours and fonts in force, from Streamlit's own variables (defaults: a page without Streamlit). */
export function readLook(root) {
  const style = getComputedStyle(root);
  const read = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const paper = read("--st-background-color", "#ffffff");
  const ink = read("--st-text-color", "#1a1b24");
  const mix = (share) => `rgb(${rgb(ink).map((c, i) => Math.round(c * share + rgb(paper)[i] * (1 - share))).join(",")})`;
  const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
  return {
    paper, ink, dark: isDark(paper), grey: mix(0.66), line: mix(0.5), scale, ratio: Math.max(1, window.devicePixelRatio || 1),
    sans: read("--st-font", "system-ui, sans-serif"), mono: read("--st-code-font", "ui-monospace, monospace"), small: 14 * scale,
  };
}

/**
 * Resolves when the stylesheet that Streamlit links beside us is in force (no measurement before that), or after `patience` ms.
 * It looks instead of listening: Streamlit may replace the link while it loads, and a removed link never fires.
 */
export async function styled(parent, patience = 4000) {
  const waiting = () => Array.from(parent.querySelectorAll('link[rel="stylesheet"]')).some((link) => !link.sheet);
  for (let waited = 0; waiting() && waited < patience; waited += 20) await new Promise((resolve) => setTimeout(resolve, 20));
}
