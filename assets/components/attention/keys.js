// Keys to intentions. Arrow keys walk over heads (left, right) and layers (up, down); Escape lets go. Pure.

const ARROWS = {
  ArrowLeft: { layer: 0, head: -1 }, ArrowRight: { layer: 0, head: 1 },
  ArrowUp: { layer: -1, head: 0 }, ArrowDown: { layer: 1, head: 0 },
};

/** {kind: "walk", layer, head} | {kind: "release"} | null; keys with modifiers belong to the browser. */
export function intention(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return null;
  if (event.key in ARROWS) return { kind: "walk", ...ARROWS[event.key] };
  return event.key === "Escape" ? { kind: "release" } : null;
}

/** Next word for a roving tab stop in the sentence, or null. */
export function nextWord(key, index, count) {
  const to = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: count - 1 }[key];
  return to === undefined || to < 0 || to >= count ? null : to;
}
