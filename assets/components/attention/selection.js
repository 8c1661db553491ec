// What is chosen, and who has the last word: Python or the person at the screen. Pure functions over plain objects.
//
// selection = {layer, head, direction: "query" | "key", query: int | null, key: int | null}; positions index the shown tokens.
// A packet's options carry `asked` (what Python's caller asks for), `selection` (what Python takes as current) and `seen`
// (number of the last selection that Python received from us). The rule:
//   first packet            → Python's selection;
//   `asked` did not change  → ours stays (a rerun, or an answer to something else);
//   Python has not seen our last choice → ours stays (its answer is stale; the debounced message is on its way);
//   otherwise               → Python's: a real change, or an echo of ours, which changes nothing.

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** {selection, asked, sent} after a packet. `state` is null before the first one. */
export function receive(state, { asked, selection, seen }, maps) {
  if (state === null) return { selection: fit(selection, maps), asked, sent: seen };
  const moved = !same(asked, state.asked);
  const stale = seen < state.sent;
  const winner = moved && !stale ? selection : state.selection;
  return { selection: fit(winner, maps), asked, sent: Math.max(state.sent, seen) };
}

/** A selection that exists in these maps: layers and heads clamped, positions outside the sentence let go. */
export function fit(selection, { layers, heads, rows, columns }) {
  const inside = (i, count) => (Number.isInteger(i) && i >= 0 && i < count ? i : null);
  return {
    layer: Math.min(Math.max(selection.layer, 0), layers - 1),
    head: Math.min(Math.max(selection.head, 0), heads - 1),
    direction: selection.direction === "key" ? "key" : "query",
    query: inside(selection.query, rows),
    key: inside(selection.key, columns),
  };
}

/** A step of the walk over heads: stops at the borders, so that a held key never jumps. */
export function walk(selection, { layer, head }, { layers, heads }) {
  return {
    ...selection,
    layer: Math.min(Math.max(selection.layer + layer, 0), layers - 1),
    head: Math.min(Math.max(selection.head + head, 0), heads - 1),
  };
}

/** Locks a word (again: lets it go). The other end is let go: a word alone is a row or a column. */
export function lockWord(selection, side, index) {
  const held = selection.direction === side && selection[side] === index && selection[side === "query" ? "key" : "query"] === null;
  return { ...selection, direction: side, query: null, key: null, [side]: held ? null : index };
}

/** Locks a cell of the matrix: its row is read, its key is marked. Again: lets both go. */
export function lockCell(selection, q, k) {
  if (selection.query === q && selection.key === k) return release(selection);
  return { ...selection, query: q, key: k };
}

export const release = (selection) => ({ ...selection, query: null, key: null });

/** Turns between "where it looks" and "who looks at it", keeping the word where both sides are the same text. */
export function turn(selection, direction, paired) {
  if (selection.direction === direction) return selection;
  const held = selection[selection.direction];
  return { ...selection, direction, query: null, key: null, [direction]: paired ? held : null };
}

/** The token in view: hovered first only when nothing is locked. {query, key}: one of them drives the shading. */
export function focus(selection, hover) {
  const locked = selection[selection.direction] !== null;
  const source = locked || !hover ? selection : { ...selection, query: hover.q, key: hover.k };
  return { direction: selection.direction, query: source.query, key: source.key, locked };
}
