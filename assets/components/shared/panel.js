// A button and the panel it opens: above everything (the popover of the platform closes it by Escape or a click beside it), placed under its button.

import { make } from "./dom.js";

const EDGE = 8; // px that a panel stays away from the window's sides

let made = 0;

/** {button, panel}: `panel` opens under `button`, or ends at its right side where `end` is said or the window ends. */
export function opener(label, attributes, end, ...content) {
  const id = `panel-${++made}`;
  const panel = make("div", { class: "panel", popover: "auto", id }, ...content);
  const button = make("button", { type: "button", "aria-expanded": "false", "aria-controls": id, ...attributes }, label);
  button.popoverTargetElement = panel;
  panel.addEventListener("toggle", ({ newState }) => {
    button.setAttribute("aria-expanded", String(newState === "open"));
    if (newState === "open") place(button, panel, end);
  });
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    panel.showPopover();
    panel.querySelector("a, button")?.focus();
  });
  panel.addEventListener("keydown", (event) => walk(event, panel));
  return { button, panel };
}

function place(button, panel, end) {
  const at = button.getBoundingClientRect();
  const widest = document.documentElement.clientWidth - panel.offsetWidth - EDGE;
  panel.style.left = `${Math.max(EDGE, Math.min(end ? at.right - panel.offsetWidth : at.left, widest))}px`;
  panel.style.top = `${at.bottom + 4}px`;
  panel.style.maxHeight = `${document.documentElement.clientHeight - at.bottom - 2 * EDGE}px`;
}

/** Up and down walk through what the panel offers. */
function walk(event, panel) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  event.stopPropagation();
  const offered = [...panel.querySelectorAll("a, button")];
  offered[(offered.indexOf(panel.getRootNode().activeElement) + step + offered.length) % offered.length]?.focus();
}
