// Small helpers over the document. User text enters only here, only as text nodes.

import { parts } from "./format.js";

/** make("p", {class: "x", role: "img"}, "text", node…) */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** A token as it appears in prose: isolated, so that a right-to-left word does not turn the sentence around. */
export const token = (label, kind = "") => make("bdi", { class: `token ${kind}`.trim() }, label);

/** Template filled with nodes or strings, as a list of nodes for replaceChildren. */
export function compose(template, fields) {
  return parts(template).flatMap((part) => (typeof part === "string" ? [part] : fields[part.field] ?? []));
}

/** Nodes with a separator between them. */
export const joined = (groups, separator) => groups.flatMap((group, i) => (i ? [separator, ...group] : group));

/** {parts, part(tag, name, attributes, …children)}: makes elements and keeps each in `parts` under its class. */
export function partMaker() {
  const parts = {};
  const part = (tag, name, attributes = {}, ...children) => (parts[name] = make(tag, { class: name, ...attributes }, ...children));
  return { parts, part };
}

/** Left and right arrow move the keyboard from a button to the one beside it. */
export function arrowsMove(button) {
  button.addEventListener("keydown", (event) => {
    const next = { ArrowLeft: button.previousElementSibling, ArrowRight: button.nextElementSibling }[event.key];
    if (!next?.matches("button")) return;
    event.preventDefault();
    event.stopPropagation();
    next.focus();
  });
}
