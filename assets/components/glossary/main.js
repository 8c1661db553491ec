// A term of the glossary in a text is a link (ui/shell/glossary.py); this opens what it says beside it. The pointer opens it while it rests there, a
// click, a tap or Enter until Escape or a click elsewhere; the keyboard then stands in the panel, and Escape brings it back.

import { make } from "../shared/dom.js";
import { address } from "../shared/address.js";
import { beside } from "./place.js";

const LINGER = 250; // ms in which the pointer may move from the term into its panel
const state = { data: null, panel: null, term: null, pinned: false, timer: 0 };
let heard = false;

export default function glossary({ data, parentElement }) {
  state.data = data;
  parentElement.querySelector(".reserve")?.remove();
  if (!state.panel?.isConnected) {
    state.panel = make("div", { class: "term-panel", popover: "manual", role: "note" });
    parentElement.append(state.panel);
    state.panel.addEventListener("pointerenter", () => clearTimeout(state.timer));
    state.panel.addEventListener("pointerleave", leave);
  }
  if (heard) return;
  heard = true;
  document.addEventListener("pointerover", ({ target, pointerType }) => { const term = termAt(target); if (term && pointerType === "mouse" && !state.pinned) open(term, false); });
  document.addEventListener("pointerout", ({ target }) => { if (termAt(target)) leave(); });
  document.addEventListener("focusin", ({ target }) => { const term = termAt(target); if (term?.matches(":focus-visible") && !state.pinned) open(term, false); });
  document.addEventListener("focusout", ({ target }) => { if (termAt(target)) leave(); });
  document.addEventListener("click", click, true);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && state.term) close(true); }, true);
  document.addEventListener("scroll", () => { if (state.term) place(); }, true);
}

const termAt = (target) => target?.closest?.(`a[href^="${state.data.anchor}"]`) ?? null;

function click(event) {
  const term = termAt(event.target);
  if (term) {
    event.preventDefault(); // the link is of this panel, not of the page's history
    event.stopPropagation();
    if (state.pinned && state.term === term) return close(false);
    open(term, true);
    if (event.detail === 0) state.panel.querySelector("a").focus(); // by a key
  } else if (state.term && !event.composedPath().includes(state.panel)) close(false);
}

function open(term, pinned) {
  const said = state.data.terms[term.getAttribute("href").slice(state.data.anchor.length)];
  if (!said) return;
  clearTimeout(state.timer);
  Object.assign(state, { term, pinned });
  term.setAttribute("aria-description", said.says);
  const link = make("a", { href: address(said.path, location), target: "_blank" }, said.see);
  state.panel.replaceChildren(make("strong", {}, said.name), make("p", {}, said.says), make("p", { class: "more" }, link, make("br"), said.more));
  if (!state.panel.matches(":popover-open")) state.panel.showPopover();
  place();
}

function place() {
  const { left, top } = beside(state.term.getBoundingClientRect(), state.panel.getBoundingClientRect(), document.documentElement);
  state.panel.style.left = `${left}px`;
  state.panel.style.top = `${top}px`;
}

function leave() {
  clearTimeout(state.timer);
  if (!state.pinned) state.timer = setTimeout(() => close(false), LINGER);
}

function close(back) {
  const { term, panel } = state;
  const inside = panel.getRootNode().activeElement && panel.contains(panel.getRootNode().activeElement);
  Object.assign(state, { term: null, pinned: false });
  if (panel.matches(":popover-open")) panel.hidePopover();
  if (!back || !inside) return;
  state.pinned = true; // its term opens nothing as the keyboard comes back to it
  term?.focus();
  state.pinned = false;
}
