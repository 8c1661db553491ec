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
