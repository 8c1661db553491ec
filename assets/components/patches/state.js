// What is chosen: the head (or rollout, or its null) and the position that looks; and which keys change it. Pure functions.

import { between } from "../shared/numbers.js";

/**
 * The state after a packet. A packet that has not seen the person's last choice changes nothing of it; the same state comes back when nothing
 * changed. `panel`: 0 … heads − 1, then rollout and its null. `over`: what the pointer is on, {panel} or {key}; it is never sent.
 */
export function receive(state, { name, options, heads }) {
  if (state && options.seen < state.sent) return { ...state, panel: between(state.panel, 0, heads + 1) };
  const { panel, query, seen } = options;
  if (!state) return { panel, query, sent: seen, over: null, name };
  if (name === state.name && panel === state.panel && query === state.query) return state;
  return { ...state, panel, query, over: null, name };
}

export const atPanel = (state, panel) => ({ ...state, panel, over: null });

export const atQuery = (state, query) => ({ ...state, query, over: null });

const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** The position after an arrow key: patches by row and column; above the first row, and by Home, the positions before the patches. */
export function walked(query, key, { grid: [rows, columns], prefix }) {
  const before = prefix.length;
  if (key === "Home") return 0;
  const step = ARROWS[key];
  if (!step) return null;
  if (query < before) {
    if (step[0] > 0) return before;
    return between(query + step[1], 0, before - 1);
  }
  const [row, column] = [Math.floor((query - before) / columns) + step[0], ((query - before) % columns) + step[1]];
  if (row < 0) return before > 0 ? 0 : query;
  return before + between(row, 0, rows - 1) * columns + between(column, 0, columns - 1);
}
