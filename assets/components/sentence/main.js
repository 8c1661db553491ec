// What stands beside the sentence's field: the button that submits it, and ready examples. Enter in the field submits too
// (assets/enter.js).

import { make } from "../shared/dom.js";
import { opener } from "../shared/panel.js";

const drawn = new WeakMap(); // parent → what is drawn there, as text

export default function sentence({ data, parentElement, setTriggerValue }) {
  const said = JSON.stringify(data);
  if (drawn.get(parentElement) === said) return;
  drawn.set(parentElement, said);
  parentElement.querySelector(".reserve")?.remove();
  parentElement.querySelector(".bar")?.remove();
  parentElement.append(tools(data, (number) => setTriggerValue("example", number)));
}

/** The button needs no listener: a press takes the focus from the field, and that submits (Streamlit). */
function tools({ go, examples, offered }, choose) {
  const list = make("ul", {}, ...offered.map(({ text, about }, number) => {
    const button = make("button", { type: "button", lang: "" }, text, make("small", {}, about));
    button.addEventListener("click", () => { button.closest(".panel").hidePopover(); choose(number); });
    return make("li", {}, button);
  }));
  const { button, panel } = opener(examples, { class: "examples" }, true, list);
  return make("div", { class: "bar" }, make("button", { type: "button", class: "go", "aria-keyshortcuts": "Enter" }, go), button, panel);
}
