// What the theme says about fonts and colours.

import { isDark, rgb } from "./ramp.js";

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
