// What is chosen, and who has the last word: Python or the person at the screen. Pure functions over plain objects.
//
// selection = {layer, head, direction: "query" | "key", query: int | null, key: int | null, words: [int], heads: [[layer, head]],
//   picture, metric, cut: "least" | "top", share, syntax}; positions index the shown tokens. `words` are held beside the one that
// `direction` names, `heads` beside (layer, head).
// A packet's options carry `asked` (what Python's caller asks for), `selection` (what Python takes as current) and `seen`
// (number of the last selection that Python received from us). The rule:
//   first packet            → Python's selection;
//   `asked` did not change  → ours stays (a rerun, or an answer to something else);
//   Python has not seen our last choice → ours stays (its answer is stale; the debounced message is on its way);
//   otherwise               → Python's: a real change, or an echo of ours, which changes nothing.

import { between } from "../shared/numbers.js";

export const PICTURES = ["matrix", "lines", "arcs", "heads", "map"];
export const METRICS = ["focus", "entropy", "distance", "previous", "self", "next", "first", "special"];
export const MOST_HEADS = 8; // as many as there are colours
const MOST_WORDS = 32;

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/**
 * {selection, asked, sent, view} after a packet. `state` is null before the first one. `view` names the rows and columns of the maps: words that
 * were held in other maps are not these, so there Python's, which it has found again by their labels, are taken.
 */
export function receive(state, { asked, selection, seen, view }, maps) {
  if (state === null) return { selection: fit(selection, maps), asked, sent: seen, view };
  const moved = !same(asked, state.asked);
  const stale = seen < state.sent;
  const winner = moved && !stale ? selection : state.selection;
  const { direction, query, key, words } = view === state.view ? winner : selection;
  return { selection: fit({ ...winner, direction, query, key, words }, maps), asked, sent: Math.max(state.sent, seen), view };
}

/** A selection that exists in these maps: layers and heads clamped, positions outside the sentence let go. */
export function fit(selection, { attending, heads, rows, columns }) {
  const inside = (i, count) => Number.isInteger(i) && i >= 0 && i < count;
  const held = (i, count) => (inside(i, count) ? i : null);
  const direction = selection.direction === "key" ? "key" : "query";
  const main = held(selection[direction], direction === "query" ? rows : columns);
  const words = (selection.words ?? []).filter((i) => inside(i, direction === "query" ? rows : columns) && i !== main);
  return {
    layer: nearest(selection.layer, attending),
    head: between(selection.head, 0, heads - 1),
    direction,
    query: held(selection.query, rows),
    key: held(selection.key, columns),
    words: main === null ? [] : [...new Set(words)].slice(0, MOST_WORDS),
    heads: (selection.heads ?? []).filter(([l, h]) => attending.includes(l) && inside(h, heads)).slice(0, MOST_HEADS),
    picture: PICTURES.includes(selection.picture) ? selection.picture : PICTURES[0],
    metric: METRICS.includes(selection.metric) ? selection.metric : METRICS[0],
    cut: selection.cut === "least" ? "least" : "top",
    syntax: selection.syntax === true,
    share: selection.share >= 0 && selection.share <= 1 ? selection.share : 0.6,
  };
}

const nearest = (layer, attending) => attending.reduce((best, other) => (Math.abs(other - layer) < Math.abs(best - layer) ? other : best));

/** A step of the walk over heads: stops at the borders, so that a held key never jumps. Layers without attention are stepped over. */
export function walk(selection, { layer, head }, { attending, heads }) {
  return {
    ...selection,
    layer: attending[between(attending.indexOf(selection.layer) + layer, 0, attending.length - 1)],
    head: between(selection.head + head, 0, heads - 1),
  };
}

/** Every chosen head, the one that the keys move first: [[layer, head], …], none twice. */
export function chosenHeads({ layer, head, heads }) {
  return [[layer, head], ...heads.filter(([l, h]) => l !== layer || h !== head)];
}

/** Holds a head beside the others; again: lets it go. The head in view stays chosen. */
export function pinHead(selection, layer, head) {
  const rest = selection.heads.filter(([l, h]) => l !== layer || h !== head);
  if (rest.length < selection.heads.length) return { ...selection, heads: rest };
  return rest.length < MOST_HEADS ? { ...selection, heads: [...rest, [layer, head]] } : selection;
}

/** Goes to a head and keeps the one in view beside it; a head that is already chosen is let go. */
export function addHead(selection, layer, head) {
  const here = selection.layer === layer && selection.head === head;
  const others = chosenHeads(selection).filter(([l, h]) => l !== layer || h !== head);
  if (here && !others.length) return selection;
  if (here) return { ...selection, layer: others[0][0], head: others[0][1], heads: others.slice(1) };
  if (others.length < chosenHeads(selection).length) return { ...selection, heads: others.slice(1) };
  return others.length < MOST_HEADS ? { ...selection, layer, head, heads: others } : selection;
}

/** Every held word of the side that `direction` names, in the order of the sentence. */
export function heldWords({ direction, words, ...selection }) {
  return selection[direction] === null ? [] : [selection[direction], ...words].sort((a, b) => a - b);
}

/** Locks a word (again: lets it go). The other end is let go: a word alone is a row or a column. */
export function lockWord(selection, side, index) {
  const other = side === "query" ? "key" : "query";
  const held = selection.direction === side && selection[side] === index && selection[other] === null && !selection.words.length;
  return { ...selection, direction: side, query: null, key: null, words: [], [side]: held ? null : index };
}

/** Holds a word beside those already held on its side; again: lets it go. */
export function addWord(selection, side, index) {
  const held = selection.direction === side ? heldWords(selection) : [];
  if (!held.length) return lockWord(selection, side, index);
  const words = held.includes(index) ? held.filter((i) => i !== index) : [...held, index].slice(0, MOST_WORDS);
  const [first = null, ...rest] = words;
  return { ...selection, query: null, key: null, [side]: first, words: rest };
}

/** Locks a cell of the matrix: its row is read, its key is marked. Again: lets both go. */
export function lockCell(selection, q, k) {
  if (selection.query === q && selection.key === k) return release(selection);
  return { ...selection, query: q, key: k, words: [] };
}

export const release = (selection) => ({ ...selection, query: null, key: null, words: [] });

/** Turns between "where it looks" and "who looks at it", keeping the words where both sides are the same text. */
export function turn(selection, direction, paired) {
  if (selection.direction === direction) return selection;
  const held = selection[selection.direction];
  return { ...selection, direction, query: null, key: null, [direction]: paired ? held : null, words: paired ? selection.words : [] };
}

/** The tokens in view: hovered first only when nothing is locked, and read from the `side` that is under the pointer. `words` drive the shading. */
export function focus(selection, hover) {
  const locked = selection[selection.direction] !== null;
  if (locked || !hover) return { direction: selection.direction, query: selection.query, key: selection.key, words: heldWords(selection), locked };
  const direction = hover.side ?? selection.direction;
  const over = direction === "query" ? hover.q : hover.k;
  return { direction, query: hover.q, key: hover.k, words: over === null || over === undefined ? [] : [over], locked };
}
