// Keys to intentions. Pure. In the explorer, arrow keys walk over heads (left, right) and layers (up, down) and Escape lets go;
// single letters work wherever nobody is typing.

const ARROWS = {
  ArrowLeft: { layer: 0, head: -1 }, ArrowRight: { layer: 0, head: 1 },
  ArrowUp: { layer: -1, head: 0 }, ArrowDown: { layer: 1, head: 0 },
};

const LETTERS = {
  "/": { kind: "sentence" }, "?": { kind: "help" }, l: { kind: "link" }, v: { kind: "picture" }, d: { kind: "turn" }, f: { kind: "pin" },
  m: { kind: "wish", wish: "unit" }, s: { kind: "wish", wish: "specials" },
};

/** The keys in the order in which they are explained: [keys, name of the text]. */
export const EXPLAINED = [
  [["←", "→"], "key_heads"], [["↑", "↓"], "key_layers"], [["v"], "key_picture"], [["d"], "key_turn"], [["f"], "key_pin"], [["Shift"], "key_several"],
  [["Esc"], "key_release"], [["m"], "key_unit"], [["s"], "key_specials"], [["/"], "key_sentence"], [["l"], "key_link"], [["?"], "key_help"],
];

const free = (event) => !event.ctrlKey && !event.altKey && !event.metaKey;

/** Intention of a key inside the explorer, or null; keys with modifiers belong to the browser. */
export function intention(event) {
  if (!free(event)) return null;
  if (event.key in ARROWS) return event.shiftKey ? null : { kind: "walk", ...ARROWS[event.key] };
  return event.key === "Escape" && !event.shiftKey ? { kind: "release" } : wanted(event);
}

/** Intention of a key anywhere on the page, or null. The shift of "?" belongs to it. */
export function wanted(event) {
  if (!free(event) || (event.shiftKey && event.key !== "?" && event.key !== "/")) return null;
  return LETTERS[event.key] ?? null;
}

/** Whether the key goes into a field: then it means itself. Looks through shadow roots. */
export function isTyping(event) {
  const [at] = event.composedPath?.() ?? [event.target];
  return Boolean(at?.isContentEditable || at?.matches?.("textarea, select, input:not([type=range]):not([type=checkbox]):not([type=radio])"));
}

/** Next word for a roving tab stop in the sentence, or null. */
export function nextWord(key, index, count) {
  const to = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: count - 1 }[key];
  return to === undefined || to < 0 || to >= count ? null : to;
}
