// The arithmetic of a head, on the numbers that Python sent. Pure functions over typed arrays.

/** Row i of a (rows, width) block. */
export const row = ({ values, shape }, i) => values.subarray(i * shape[1], (i + 1) * shape[1]);

export const product = (a, b) => Float64Array.from(a, (value, i) => value * b[i]);

export const total = (values) => values.reduce((sum, value) => sum + value, 0);

export const dot = (a, b) => total(product(a, b));

export const scaledBy = (values, factor) => Float64Array.from(values, (value) => value * factor);

/** Euclidean length. */
export const length = (values) => Math.sqrt(dot(values, values));

/** Largest magnitude of some vectors, for their common scale; 1 when all are zero. */
export const largest = (...vectors) => vectors.reduce((most, vector) => vector.reduce((m, v) => Math.max(m, Math.abs(v)), most), 0) || 1;

/**
 * Softmax of scores (−∞: closed) divided by a temperature; a sink's logit is one more column, for which no token stands:
 * {weights, sink}.
 */
export function softmax(scores, temperature = 1, sink = null) {
  const top = scores.reduce((m, s) => Math.max(m, s), sink ?? -Infinity);
  const powers = Float64Array.from(scores, (s) => Math.exp((s - top) / temperature));
  const rest = sink === null ? 0 : Math.exp((sink - top) / temperature);
  const sum = total(powers) + rest;
  return { weights: powers.map((p) => p / sum), sink: rest / sum };
}

/** Σ_j weights[j] · values[j], (dim,). */
export function mixed(weights, block) {
  const out = new Float64Array(block.shape[1]);
  weights.forEach((weight, j) => row(block, j).forEach((value, d) => { out[d] += weight * value; }));
  return out;
}

/** Indices of the `most` largest weights and of `chosen`, in the order of the sentence. */
export function strongestKeys(weights, chosen, most) {
  const order = Array.from(weights.keys()).sort((a, b) => weights[b] - weights[a] || a - b);
  const kept = order.filter((i) => i !== chosen).slice(0, most - 1);
  return [...kept, chosen].sort((a, b) => a - b);
}

/** Every number on the way from q·k to the score of key j: {dots, scaled, capped, bias, score}; what the model has not is null. */
export function scoreOf(detail, j) {
  const dots = dot(detail.q.values, row(detail.keys, j));
  const scaled = dots * detail.scaling;
  const capped = detail.softcap === null ? null : detail.softcap * Math.tanh(scaled / detail.softcap);
  return { dots, scaled, capped, bias: detail.bias ? detail.bias.values[j] : null, score: detail.scores.values[j] };
}
