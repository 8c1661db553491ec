// Why divide by √d: one random query and six random keys of d dimensions, always the same ones. Pure functions.

import { dot, scaledBy, softmax } from "./sums.js";

export const KEYS = 6;
export const MOST = 9; // 2⁹ = 512 dimensions

/** Numbers from a seed, 0 ≤ x < 1 (mulberry32). */
export function random(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A vector of independent standard normal numbers (Box–Muller). */
export function normal(next, size) {
  return Float64Array.from({ length: size }, () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()));
}

const seeded = (seed) => normal(random(seed), 2 ** MOST);
const query = seeded(11);
const keys = Array.from({ length: KEYS }, (_, i) => seeded(23 + i));

/** Shares of the keys without and with the division, from the first `d` of 512 dimensions: {plain, scaled}. The products have variance d. */
export function shares(d) {
  const dots = keys.map((key) => dot(query.subarray(0, d), key.subarray(0, d)));
  return { plain: softmax(dots).weights, scaled: softmax(scaledBy(dots, 1 / Math.sqrt(d))).weights };
}
