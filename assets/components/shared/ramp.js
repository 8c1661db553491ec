// Colours from numbers: stops of ramps.json → look-up tables for pixels and CSS colours for chips. Pure functions.

const STEPS = 256;

/** "#rrggbb", "rgb(r, g, b)" or "rgba(…)" → [r, g, b] 0…255. */
export function rgb(text) {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(text.trim());
  if (hex) return hex.slice(1).map((part) => parseInt(part, 16));
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text.trim());
  if (short) return short.slice(1).map((part) => parseInt(part + part, 16));
  const numbers = text.match(/[\d.]+/g);
  return numbers && numbers.length >= 3 ? numbers.slice(0, 3).map(Number) : [255, 255, 255];
}

/** WCAG relative luminance, 0…1. */
export function luminance(colour) {
  const [r, g, b] = colour.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export const isDark = (background) => luminance(rgb(background)) < 0.18;

/** STEPS colours between evenly spaced stops: [[r, g, b], …]. */
export function spread(stops) {
  const colours = stops.map(rgb);
  return Array.from({ length: STEPS }, (_, i) => {
    const place = (i / (STEPS - 1)) * (colours.length - 1);
    const from = Math.min(Math.floor(place), colours.length - 2);
    const share = place - from;
    return colours[from].map((c, j) => Math.round(c + (colours[from + 1][j] - c) * share));
  });
}

/** Little-endian RGBA words for a Uint32Array over ImageData. */
export const words = (table) => Uint32Array.from(table, ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0);

/**
 * A scale: {index(value) → 0…255, table, words, special, specialWords}. "attention": 0…vmax over the sequential ramp;
 * "difference": −vmax…vmax, its middle the page's own background. Special tokens have a grey ramp of the same lightness.
 */
export function scale(ramps, name, dark, background, vmax) {
  const theme = dark ? "dark" : "light";
  if (name === "difference") {
    const { more, less } = ramps.difference[theme];
    const table = spread([less, background, more]);
    const index = (value) => clamp(Math.round(((value / vmax + 1) / 2) * (STEPS - 2)) + (value > 0 ? 1 : 0));
    return { name, index, table, words: words(table), special: table, specialWords: words(table), vmax };
  }
  const table = spread(ramps.attention[theme]);
  const special = spread(ramps.special[theme]);
  const index = (value) => clamp(Math.round((value / vmax) * (STEPS - 1)));
  return { name, index, table, words: words(table), special, specialWords: words(special), vmax };
}

const clamp = (i) => (i < 0 || Number.isNaN(i) ? 0 : i > STEPS - 1 ? STEPS - 1 : i);

/** CSS background and readable ink for a value: {background, ink}. */
export function shade(colours, value, special) {
  const colour = (special ? colours.special : colours.table)[colours.index(value)];
  return { background: `rgb(${colour.join(",")})`, ink: luminance(colour) > 0.179 ? "#000000" : "#ffffff" }; // 0.179: black and white contrast equally, 4.6
}

/** CSS gradient of a whole scale, left to right. */
export function gradient(colours) {
  const stops = [0, 32, 64, 96, 128, 160, 192, 224, 255].map((i) => `rgb(${colours.table[i].join(",")})`);
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

/** Fixed colour of a head index. */
export const headColour = (ramps, head, dark) => ramps.heads[dark ? "dark" : "light"][head % 8];
