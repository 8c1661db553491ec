// What the numbers of one head say: rows, columns, strongest links, the budget, the profile. Pure functions.

export const row = (map, columns, q) => map.values.subarray(q * columns, (q + 1) * columns);

export function column(map, columns, k) {
  const out = new Float32Array(map.values.length / columns);
  for (let q = 0; q < out.length; q++) out[q] = map.values[q * columns + k];
  return out;
}

/** What the words in view share: the MEAN of their rows (where they look, still a whole), or the SUM of their columns (what they receive together). */
export function together(map, columns, direction, words) {
  const parts = words.map((i) => (direction === "query" ? row(map, columns, i) : column(map, columns, i)));
  if (parts.length === 1) return parts[0];
  const size = direction === "query" ? parts.length : 1;
  return parts[0].map((_, i) => parts.reduce((sum, part) => sum + part[i], 0) / size);
}

/**
 * Which weights are drawn as lines: Uint8Array rows × columns. "least": at least `share`; "top": in each row the strongest that together
 * reach `share` of it. Signs do not matter. Weights of nothing are never drawn.
 */
export function kept(map, columns, { cut, share }) {
  const out = new Uint8Array(map.values.length);
  if (cut === "least") {
    map.values.forEach((value, i) => { out[i] = Math.abs(value) >= Math.max(share, 1e-6) ? 1 : 0; });
    return out;
  }
  for (let from = 0; from < map.values.length; from += columns) keepTop(map.values.subarray(from, from + columns), share, out, from);
  return out;
}

function keepTop(values, share, out, from) {
  const total = values.reduce((sum, value) => sum + Math.abs(value), 0);
  let sum = 0;
  for (const i of strongest(values, values.length)) {
    if (sum >= share * total - 1e-6) return;
    sum += Math.abs(values[i]);
    out[from + i] = 1;
  }
}

/** Share of the weight of the rows `rows` (all that are not special when null) that `mask` keeps, 0…1. */
export function keptMass(map, columns, mask, querySpecial, rows = null) {
  let [some, all] = [0, 0];
  for (const q of rows ?? eligible(querySpecial)) {
    for (let i = q * columns; i < (q + 1) * columns; i++) {
      all += Math.abs(map.values[i]);
      if (mask[i]) some += Math.abs(map.values[i]);
    }
  }
  return all ? some / all : 0;
}

/** Mean over the rows that are not special (all rows when every one is): how much each key is looked at. */
export function meanRow(map, columns, special) {
  const out = new Float32Array(columns);
  const rows = eligible(special);
  for (const q of rows) for (let k = 0; k < columns; k++) out[k] += map.values[q * columns + k] / rows.length;
  return out;
}

function eligible(special) {
  const all = special.map((_, i) => i);
  const words = all.filter((i) => !special[i]);
  return words.length ? words : all;
}

/** Indices of the `count` largest magnitudes, largest first; ties keep the order of the sentence. Zeros are left out. */
export function strongest(values, count, skip = () => false) {
  return Array.from(values.keys())
    .filter((i) => !skip(i) && Math.abs(values[i]) > 1e-6)
    .sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]) || a - b)
    .slice(0, count);
}

/** The `count` strongest (q, k) of a whole map, special rows and keys left out where there is anything else. */
export function strongestLinks(map, columns, querySpecial, keySpecial, count) {
  const rows = eligible(querySpecial);
  const keys = eligible(keySpecial);
  const best = [];
  for (const q of rows) {
    for (const k of keys) {
      const value = map.values[q * columns + k];
      if (best.length === count && Math.abs(value) <= Math.abs(best[count - 1].value)) continue;
      const at = best.findIndex((link) => Math.abs(link.value) < Math.abs(value));
      best.splice(at < 0 ? best.length : at, 0, { q, k, value });
      best.length = Math.min(best.length, count);
    }
  }
  return best;
}

/**
 * Where the mass of the rows `chosen` went, on average (all that are not special when there are none): {words, special, hidden, outside}, summing to 1.
 * `outside` is what neither the shown nor the hidden keys hold: sinks, or keys beyond the window.
 */
export function budget(map, hidden, { columns, querySpecial, keySpecial, renormalised }, chosen) {
  const rows = chosen.length ? chosen : eligible(querySpecial);
  const out = { words: 0, special: 0, hidden: 0, outside: 0 };
  for (const r of rows) {
    let words = 0;
    let special = 0;
    for (let k = 0; k < columns; k++) {
      if (keySpecial[k]) special += map.values[r * columns + k];
      else words += map.values[r * columns + k];
    }
    const left = renormalised ? 1 - hidden[r] : 1;
    out.words += (words * left) / rows.length;
    out.special += (special * left) / rows.length;
    out.hidden += hidden[r] / rows.length;
  }
  out.outside = Math.max(0, 1 - out.words - out.special - out.hidden);
  return out;
}

/**
 * Simple habits of a head, means over rows that are not special: {previous, self, next, first, special, spread, rows}.
 * previous/self/next use positions in the full sentence and leave special neighbours out; null where the map relates two
 * different texts. `first` is the text's first word, null where it is not shown. `spread` is 2^entropy: over how many keys a row spreads, in effect.
 */
export function profile(map, query, key, paired) {
  const columns = key.labels.length;
  const rows = eligible(query.special);
  const place = new Map(key.positions.map((p, k) => [p, k]));
  const at = (q, step) => {
    const k = place.get(query.positions[q] + step);
    return k === undefined || (step && key.special[k]) ? null : map.values[q * columns + k];
  };
  const mean = (list) => (list.length ? list.reduce((a, b) => a + b, 0) / list.length : null);
  const habit = (step) => (paired ? mean(rows.map((q) => at(q, step)).filter((v) => v !== null)) : null);
  const on = (test) => mean(rows.map((q) => row(map, columns, q).reduce((sum, v, k) => sum + (test(k) ? v : 0), 0)));
  const anySpecial = key.special.some(Boolean);
  const opening = key.opening ?? null; // the text's first word, where it is shown; of a side that does not say, the first that is not special
  const firstKey = opening === null ? key.special.findIndex((s) => !s) : key.positions.indexOf(opening);
  return {
    previous: habit(-1), self: habit(0), next: habit(1),
    first: firstKey < 0 ? null : on((k) => k === firstKey),
    special: anySpecial ? on((k) => key.special[k]) : null,
    spread: mean(rows.map((q) => 2 ** entropyBits(row(map, columns, q)))), rows: rows.length,
  };
}

/** Shannon entropy of weights rescaled to sum to 1, in bits; 0 for an empty row. */
export function entropyBits(values) {
  const total = values.reduce((a, b) => a + b, 0);
  if (total <= 0) return 0;
  return values.reduce((sum, v) => (v > 0 ? sum - (v / total) * Math.log2(v / total) : sum), 0);
}
