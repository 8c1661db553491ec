// “How to read”: one control that shows the texts of a page, and hides them; all pages of this browser remember which.

import { make } from "../shared/dom.js";
import { remembered } from "../shared/remembered.js";

const choice = remembered("mirante-how-to-read", "closed");
const isOpen = () => choice.read() === "open";
const drawn = new WeakMap(); // parent → what is drawn there, as text

/** Streamlit calls it on every rerun; the texts stand in the page and listen to an attribute of its root (assets/frame.css). */
export default function reading({ data, parentElement }) {
  show(document.documentElement, isOpen());
  if (drawn.get(parentElement) === data.label) return;
  drawn.set(parentElement, data.label);
  parentElement.querySelector(".reserve")?.remove();
  parentElement.querySelector(".bar")?.remove();
  parentElement.append(make("div", { class: "bar" }, control(data.label, document.documentElement)));
}

function control(label, root) {
  const button = make("button", { type: "button", "aria-expanded": String(shown(root)) }, label);
  button.addEventListener("click", () => {
    choice.keep(shown(root) ? "closed" : "open");
    show(root, !shown(root));
    button.setAttribute("aria-expanded", String(shown(root)));
  });
  return button;
}

const shown = (root) => root.dataset.reading === "open";

function show(root, open) {
  if (open) root.dataset.reading = "open";
  else delete root.dataset.reading;
}
