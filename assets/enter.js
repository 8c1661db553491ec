// Enter submits the sentence, Shift+Enter begins a new line, as everywhere else where one writes one line. Streamlit's own
// field submits by Ctrl+Enter: that is what it is given. An expression that Python puts into the index page
// (ui/serving/index_page.py): it hears the field from the moment when that is there, and before the field does.
() => {
  const FIELD = ".st-key-sentence textarea";
  if (document.hearsEnter) return;
  document.hearsEnter = true;
  document.addEventListener("keydown", (event) => {
    const { target, key, shiftKey, ctrlKey, metaKey, altKey, isComposing } = event;
    if (key !== "Enter" || shiftKey || ctrlKey || metaKey || altKey || isComposing || !target.matches?.(FIELD)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    target.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", code: "Enter", keyCode: 13, ctrlKey: true, bubbles: true, cancelable: true }));
    if (matchMedia("(pointer: coarse)").matches) target.blur(); // the phone's keyboard makes room for the picture
  }, true);
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches?.(FIELD)) target.setAttribute("enterkeyhint", "go");
  });
}
