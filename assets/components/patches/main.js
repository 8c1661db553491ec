// Entry point: one page per mount, packets in, choices out. Streamlit calls the default export on every rerun and theme change.

import { styled } from "../attention/skeleton.js";
import { readSection } from "../attention/wire.js";
import { createPage, refresh, removePage, show } from "./page.js";
import { receive } from "./state.js";

const DEBOUNCE = 250; // ms between the last choice and the one message to Python
const pages = new WeakMap();
const ramps = fetch(new URL("../attention/ramps.json", import.meta.url)).then((answer) => answer.json());

export default function patchAttention({ data, parentElement, setStateValue }) {
  let mount = pages.get(parentElement);
  if (!mount) {
    mount = { page: null, state: null, turn: 0, timer: 0, send: () => {} };
    pages.set(parentElement, mount);
  }
  mount.send = (value) => setStateValue("choice", value);
  update(mount, parentElement, data).catch((error) => console.error("patch_attention", error));
  return () => {
    clearTimeout(mount.timer);
    if (mount.page) removePage(mount.page);
    pages.delete(parentElement);
  };
}

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

/** A choice made here: drawn at once, told to Python once things are quiet. What the pointer is on (`adopt`) is never told. */
function choose(mount, state) {
  mount.state = { ...state, sent: mount.state.sent + 1 };
  clearTimeout(mount.timer);
  const { panel, query, sent } = mount.state;
  mount.timer = setTimeout(() => mount.send({ panel, query, seen: sent }), DEBOUNCE);
  return mount.state;
}
