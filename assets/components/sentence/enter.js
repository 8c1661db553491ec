// Enter submits the sentence, Shift+Enter begins a new line, as everywhere else where one writes one line. Streamlit's own
// field submits by Ctrl+Enter: that is what it is given.

const FIELD = ".st-key-sentence textarea";
const heard = new WeakSet(); // documents

/** Listens once per document, before the field itself does. */
export function listen(page) {
  if (heard.has(page)) return;
  heard.add(page);
  page.addEventListener("keydown", submit, true);
  page.addEventListener("focusin", ({ target }) => { if (target.matches?.(FIELD)) target.setAttribute("enterkeyhint", "go"); });
  page.querySelector(FIELD)?.setAttribute("enterkeyhint", "go");
}

function submit(event) {
  const { target, key, shiftKey, ctrlKey, metaKey, altKey, isComposing } = event;
  if (key !== "Enter" || shiftKey || ctrlKey || metaKey || altKey || isComposing || !target.matches?.(FIELD)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  target.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", code: "Enter", keyCode: 13, ctrlKey: true, bubbles: true, cancelable: true }));
  if (matchMedia("(pointer: coarse)").matches) target.blur(); // the phone's keyboard makes room for the picture
}
