// The entry point of a component that shows one packet (patches, steps): one page per mount, packets in, choices out.

import { readSection } from "./section.js";

const DEBOUNCE = 250; // ms between the last choice and the one message to Python
const ramps = fetch(new URL("ramps.json", import.meta.url)).then((answer) => answer.json());

/**
 * What Streamlit calls on every rerun and theme change. `name` for the console; `pageModule` {createPage, refresh, removePage, show};
 * `receive(state, packet) → state`; `said(state)`: the fields that Python is told.
 */
export function mounted(name, { createPage, refresh, removePage, show }, receive, said) {
  const pages = new WeakMap();

  async function update(mount, parent, bytes) {
    const turn = ++mount.turn;
    const [colours] = await Promise.all([ramps, styled(parent)]);
    if (turn !== mount.turn) return undefined; // a newer packet is already here
    const detail = readSection(bytes);
    const before = mount.state;
    mount.state = receive(before, detail);
    parent.querySelector(".reserve")?.remove();
    if (!mount.page) mount.page = createPage(parent, colours, { choose: (state) => choose(mount, state), adopt: (state) => { mount.state = state; } });
    if (mount.state === before && mount.page.detail.name === detail.name) return refresh(mount.page);
    return show(mount.page, detail, mount.state);
  }

  /** A choice made here: drawn at once, told to Python once things are quiet. What the pointer is on or is only tried out (`adopt`) is never told. */
  function choose(mount, state) {
    mount.state = { ...state, sent: mount.state.sent + 1 };
    clearTimeout(mount.timer);
    const message = { ...said(mount.state), seen: mount.state.sent };
    mount.timer = setTimeout(() => mount.send(message), DEBOUNCE);
    return mount.state;
  }

  return function component({ data, parentElement, setStateValue }) {
    let mount = pages.get(parentElement);
    if (!mount) {
      mount = { page: null, state: null, turn: 0, timer: 0, send: () => {} };
      pages.set(parentElement, mount);
    }
    mount.send = (value) => setStateValue("choice", value);
    update(mount, parentElement, data).catch((error) => console.error(name, error));
    return () => {
      clearTimeout(mount.timer);
      if (mount.page) removePage(mount.page);
      pages.delete(parentElement);
    };
  };
}

/**
 * Resolves when the stylesheet that Streamlit links beside us is in force (no measurement before that), or after `patience` ms.
 * It looks instead of listening: Streamlit may replace the link while it loads, and a removed link never fires.
 */
export async function styled(parent, patience = 4000) {
  const waiting = () => Array.from(parent.querySelectorAll('link[rel="stylesheet"]')).some((link) => !link.sheet);
  for (let waited = 0; waiting() && waited < patience; waited += 20) await new Promise((resolve) => setTimeout(resolve, 20));
}
