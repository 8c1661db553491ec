// The maps that the browser holds: any head as numbers, at the best precision at hand. No drawing, no colours.

/**
 * What one packet and the overview it names let us show. `overview` may come from an earlier packet. `attending`: the layers that have
 * attention, each by its number in the model (from 0): all of them, but in hybrids.
 */
export function atlas(detail, overview) {
  const rows = detail.query.labels.length;
  const columns = detail.key.labels.length;
  const whole = overview !== null && !overview.pooled;
  const meanOf = detail.mean ? detail.mean_of.map((head) => head.join(".")).sort().join(" ") : "";
  return { detail, overview, rows, columns, whole, layers: detail.layers, attending: detail.attending ?? everyLayer(detail.layers), heads: detail.heads, meanOf, cache: new Map() };
}

const everyLayer = (layers) => Array.from({ length: layers }, (_, i) => i);

/**
 * Head (layer, head) → {values: Float32Array rows × columns, digits} where digits is how many decimals are true:
 * 4 exact, 3 from 16 bits, 2 from 8 bits, 0 when only a thumbnail is here (values are then its blocks, stretched) or nothing
 * is (zeros): such values may be painted as waiting, never written as numbers (see `drawable`, `summable`).
 */
export function headMap(maps, layer, head) {
  const key = layer * maps.heads + head;
  if (!maps.cache.has(key)) {
    if (maps.cache.size > 48) maps.cache.clear();
    maps.cache.set(key, readHead(maps, layer, head));
  }
  return maps.cache.get(key);
}

/**
 * Mean of the heads [[layer, head], …] → {values, digits}, digits the least of theirs: exact where Python sent the mean of just these heads.
 */
export function meanMap(maps, heads) {
  if (heads.length === 1) return headMap(maps, ...heads[0]);
  const key = heads.map((head) => head.join(".")).sort().join(" ");
  if (!maps.cache.has(key)) maps.cache.set(key, key === maps.meanOf ? { values: maps.detail.mean.values, digits: 4 } : readMean(maps, heads));
  return maps.cache.get(key);
}

function readMean(maps, heads) {
  const values = new Float32Array(maps.rows * maps.columns);
  let digits = 4;
  for (const [layer, head] of heads) {
    const map = headMap(maps, layer, head);
    digits = Math.min(digits, map.digits);
    for (let i = 0; i < values.length; i++) values[i] += map.values[i] / heads.length;
  }
  return { values, digits };
}

/** The map to paint for `map`: itself, or where nothing is known of it the head that was exact before it. */
export const drawable = (maps, map) => (map.digits || maps.overview ? map : headMap(maps, maps.detail.layer, maps.detail.head));

/** Whether sums over a row are true to a per cent: the roundings of 128 weights of 8 bits can add up to more. */
export const summable = (map) => map.digits > 2;

function readHead(maps, layer, head) {
  const { detail, overview, rows, columns } = maps;
  if (layer === detail.layer && head === detail.head) return { values: detail.exact.values, digits: 4 };
  const values = new Float32Array(rows * columns);
  if (overview === null) return { values, digits: 0 };
  const small = thumbnail(maps, layer, head);
  if (maps.whole) {
    for (let i = 0; i < values.length; i++) values[i] = small.values[i] / small.top;
    return { values, digits: small.top > 255 ? 3 : 2 };
  }
  stretch(small, values, columns, detail.window);
  return { values, digits: 0 };
}

/** Blocks of a thumbnail of the whole sentence over the part of it that is shown: `window` = {query, key: [start, stop, total]}. */
function stretch(small, values, columns, { query, key }) {
  for (let q = query[0]; q < query[1]; q++) {
    const from = Math.floor((q * small.rows) / query[2]) * small.columns;
    const to = (q - query[0]) * columns - key[0];
    for (let k = key[0]; k < key[1]; k++) {
      values[to + k] = small.values[from + Math.floor((k * small.columns) / key[2])] / small.top;
    }
  }
}

/** The overview's own grid of one head, still quantised: {values, rows, columns, top}. */
export function thumbnail(maps, layer, head) {
  const { values, shape, top } = maps.overview.heads;
  const size = shape[2] * shape[3];
  const at = (layer * maps.heads + head) * size;
  return { values: values.subarray(at, at + size), rows: shape[2], columns: shape[3], top };
}

/** Mass of every row on hidden keys, mean of the heads [[layer, head], …], Float32Array of rows. */
export function hiddenMass(maps, heads) {
  const out = new Float32Array(maps.rows);
  for (const head of heads) hiddenOf(maps, ...head).forEach((mass, q) => { out[q] += mass / heads.length; });
  return out;
}

function hiddenOf(maps, layer, head) {
  const { detail, overview, rows } = maps;
  if (layer === detail.layer && head === detail.head) return detail.hidden.values;
  const out = new Float32Array(rows);
  if (overview === null) return out;
  const [, , total] = overview.hidden.shape;
  const from = (layer * maps.heads + head) * total + detail.window.query[0];
  for (let q = 0; q < rows; q++) out[q] = overview.hidden.values[from + q] / 65535;
  return out;
}
