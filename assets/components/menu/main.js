// The menu of all pages: a button for each group on a wide window, one for all on a narrow one and on a projector.

import { make } from "../shared/dom.js";
import { opener } from "../shared/panel.js";
import { address } from "../shared/address.js";

const drawn = new WeakMap(); // parent → what is drawn there, as text

/** Streamlit calls it on every rerun; drawn anew only when it says something else. */
export default function menu({ data, parentElement }) {
  const said = JSON.stringify(data);
  if (drawn.get(parentElement) === said) return;
  drawn.set(parentElement, said);
  sayInOwnWords(data.skip);
  parentElement.querySelector(".reserve")?.remove();
  parentElement.querySelector("nav")?.remove();
  parentElement.append(navigation(data));
}

/** Streamlit's link past its own bar speaks English. */
function sayInOwnWords(skip) {
  const link = document.querySelector("[data-testid=stSkipToContent]");
  if (link) link.textContent = skip;
}

function navigation({ label, slim, home, groups }) {
  const nav = make("nav", { class: slim ? "bar slim" : "bar", "aria-label": label });
  const all = opener(label, { class: "all" }, true, list([home]), ...groups.flatMap((group) => [make("h2", {}, group.title), list(group.pages)]));
  nav.append(all.button, all.panel);
  for (const { title, pages } of groups) {
    const here = pages.some((page) => page.here);
    const { button, panel } = opener(title, { class: here ? "group here" : "group" }, false, list(pages));
    nav.append(button, panel);
  }
  return nav;
}

const list = (pages) => make("ul", {}, ...pages.map((page) => make("li", {}, link(page))));

function link({ path, title, purpose, here }) {
  const anchor = make("a", { href: address(path, location), "aria-current": here ? "page" : undefined }, title, make("small", {}, purpose));
  const follow = () => { anchor.href = address(path, location); }; // what is chosen when it is opened beside this one
  anchor.addEventListener("pointerdown", follow);
  anchor.addEventListener("focus", follow);
  anchor.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; // the browser opens it beside
    const native = streamlitLink(path);
    if (!native) return; // a new visit
    event.preventDefault();
    anchor.closest(".panel").hidePopover();
    native.click();
  });
  return anchor;
}

/** The link of Streamlit's own navigation, which begins a page within this visit; it is there, out of sight. */
function streamlitLink(path) {
  const links = [...document.querySelectorAll("[data-testid=stSidebarNavLink]")];
  return links.find(({ href }) => new URL(href).pathname.split("/").at(-1) === path);
}
