// The maps that the browser holds: any head as numbers, at the best precision at hand. No drawing, no colours.

/** What one packet and the overview it names let us show. `overview` may come from an earlier packet. */
export function atlas(detail, overview) {
  const rows = detail.query.labels.length;
  const columns = detail.key.labels.length;
  const whole = overview !== null && !overview.pooled;
  return { detail, overview, rows, columns, whole, layers: detail.layers, heads: detail.heads, cache: new Map() };
}

const top = (type) => (type === "u2" ? 65535 : 255);

/**
 * Head (layer, head) → {values: Float32Array rows × columns, digits} where digits is how many decimals are true:
 * 4 exact, 3 from 16 bits, 2 from 8 bits, 0 when only a thumbnail is here (values are then its blocks, stretched) or nothing
 * is (zeros): such values may be painted as waiting, never written as numbers (see `drawable`, `summable`).
 */
export function headMap(maps, layer, head) {
  const key = layer * maps.heads + head;
  if (!maps.cache.has(key)) {
    if (maps.cache.size > 24) maps.cache.clear();
    maps.cache.set(key, readHead(maps, layer, head));
  }
  return maps.cache.get(key);
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
    return { values, digits: small.top === 255 ? 2 : 3 };
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
  const { values, shape, type } = maps.overview.heads;
  const size = shape[2] * shape[3];
  const at = (layer * maps.heads + head) * size;
  return { values: values.subarray(at, at + size), rows: shape[2], columns: shape[3], top: top(type) };
}

/** Mass of every row on hidden keys, Float32Array of rows. */
export function hiddenMass(maps, layer, head) {
  const { detail, overview, rows } = maps;
  if (layer === detail.layer && head === detail.head) return detail.hidden.values;
  const out = new Float32Array(rows);
  if (overview === null) return out;
  const [, , total] = overview.hidden.shape;
  const from = (layer * maps.heads + head) * total + detail.window.query[0];
  for (let q = 0; q < rows; q++) out[q] = overview.hidden.values[from + q] / 65535;
  return out;
}
