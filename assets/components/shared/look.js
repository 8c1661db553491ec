// What the theme says about fonts and colours.

import { isDark, rgb } from "./ramp.js";

/** Fonts and colours in force, from Streamlit's own variables (defaults: a page without Streamlit); `accent` is a strong tone of the attention ramp. */
export function readLook(root, ramps) {
  const style = getComputedStyle(root);
  const read = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const paper = read("--st-background-color", "#ffffff");
  const ink = read("--st-text-color", "#1a1b24");
  const dark = isDark(paper);
  const mix = (share) => `rgb(${rgb(ink).map((c, i) => Math.round(c * share + rgb(paper)[i] * (1 - share))).join(",")})`;
  const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
  return {
    paper, ink, dark, grey: mix(0.66), line: mix(0.5), accent: dark ? ramps.attention.dark[7] : ramps.attention.light[6],
    scale, ratio: Math.max(1, window.devicePixelRatio || 1),
    sans: read("--st-font", "system-ui, sans-serif"), mono: read("--st-code-font", "ui-monospace, monospace"), small: 14 * scale,
  };
}

/** Hands the colours to the stylesheets, as variables of the component. */
export function dress(root, look) {
  for (const name of ["paper", "ink", "grey", "line", "accent"]) root.style.setProperty(`--${name}`, look[name]);
}
