// What is chosen: step, the word that looks, the word that is looked at; and which keys change it. Pure functions.

import { between } from "../shared/numbers.js";

export const STEPS = 10;

/**
 * The state after a packet. A packet that has not seen the person's last choice yet changes nothing of it; the same state comes
 * back when nothing changed. `temperature` and `dims` (exponent of 2 in the toy) live here only; another head or word starts again at 1.
 */
export function receive(state, { name, options }) {
  if (state && options.seen < state.sent) return { ...state };
  const { step, query, key, seen } = options;
  if (!state) return { step, query, key, sent: seen, temperature: 1, dims: 5, hover: null, name };
  if (name === state.name && step === state.step && query === state.query && key === state.key) return state;
  return { ...state, step, query, key, hover: null, temperature: name === state.name ? state.temperature : 1, name };
}

export const atStep = (state, step) => ({ ...state, step: between(step, 1, STEPS) });

/** Another word that looks; its numbers come from Python, and its own strongest key with them. */
export const atQuery = (state, query) => ({ ...state, query, hover: null });

export const atKey = (state, key) => ({ ...state, key, hover: null });

/** The word before or after the chosen one in the list of shown keys. */
export function nextKey(state, shown, by) {
  const place = shown.indexOf(state.key);
  return atKey(state, shown[between(place + by, 0, shown.length - 1)]);
}

const ARROWS = { ArrowLeft: { step: -1 }, ArrowRight: { step: 1 }, ArrowUp: { key: -1 }, ArrowDown: { key: 1 } };

/** {step: ±1} | {key: ±1} | null; keys with modifiers, and those of a field, a list or a summary, belong to the browser. */
export function intention(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return null;
  if (event.target?.closest?.("input, select, textarea")) return null;
  return ARROWS[event.key] ?? null;
}
