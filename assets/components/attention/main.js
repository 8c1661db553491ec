// Entry point: one page per mount, packets in, selections out. Streamlit calls the default export on every rerun and theme change.

import { styled } from "../shared/mount.js";
import { atlas } from "./atlas.js";
import { createPage, refresh, removePage, show } from "./page.js";
import { receive } from "./selection.js";
import { decode, fingerprint } from "./wire.js";

const DEBOUNCE = 250; // ms between the last click or key and the one message to Python
const KEPT = 4; // overviews kept, by name, so that switching back and forth costs nothing
const pages = new WeakMap();
const overviews = new Map();
const ramps = fetch(new URL("../shared/ramps.json", import.meta.url)).then((answer) => answer.json());

export default function attentionExplorer({ data, parentElement, setStateValue, setTriggerValue }) {
  let mount = pages.get(parentElement);
  if (!mount) {
    mount = { page: null, state: null, packet: "", turn: 0, timer: 0, owed: false, chosenAt: 0, send: () => {}, wish: () => {} };
    pages.set(parentElement, mount);
  }
  mount.send = (value) => setStateValue("selection", value);
  mount.wish = (asked) => wish(mount, asked, (value) => setTriggerValue("wish", value));
  update(mount, parentElement, data).catch((error) => console.error("attention_explorer", error));
  return () => {
    clearTimeout(mount.timer);
    if (mount.page) removePage(mount.page);
    pages.delete(parentElement);
  };
}

async function update(mount, parent, bytes) {
  const turn = ++mount.turn;
  const packet = fingerprint(bytes);
  if (mount.page && packet === mount.packet) return refresh(mount.page);
  const [{ detail, overview }, colours] = await Promise.all([decode(bytes), ramps, styled(parent)]);
  if (turn !== mount.turn) return undefined; // a newer packet is already being read
  mount.packet = packet;
  if (overview) remember(detail.overview, overview);
  const maps = atlas(detail, overviews.get(detail.overview) ?? null);
  mount.state = receive(mount.state, detail.options, { ...maps });
  parent.querySelector(".reserve")?.remove();
  if (!mount.page) mount.page = openPage(mount, parent, colours);
  show(mount.page, maps, mount.state.selection);
  if (detail.overview && !maps.overview) tell(mount, null);
  else if (mount.owed) tellSoon(mount);
  return undefined;
}

function openPage(mount, parent, colours) {
  const page = createPage(parent, colours, (selection) => choose(mount, selection), (asked) => mount.wish(asked));
  page.pending = () => Date.now() - mount.chosenAt < 1500; // the address may not yet say what is shown
  return page;
}

function remember(name, overview) {
  overviews.delete(name);
  overviews.set(name, overview);
  if (overviews.size > KEPT) overviews.delete(overviews.keys().next().value);
}

/** A choice made here: drawn already, told to Python once things are quiet. */
function choose(mount, selection) {
  mount.state = { ...mount.state, selection, sent: mount.state.sent + 1 };
  mount.chosenAt = Date.now();
  tellSoon(mount);
}

function tellSoon(mount, after = DEBOUNCE) {
  clearTimeout(mount.timer);
  mount.owed = true;
  mount.timer = setTimeout(() => tell(mount, mount.page.maps.overview ? mount.page.maps.detail.overview : null), after);
}

/** One message at a time: a choice that is still to be told goes with the wish, and is told again once the wish is answered. */
function wish(mount, asked, send) {
  if (mount.owed) tellSoon(mount, 8 * DEBOUNCE);
  send({ ...asked, selection: mount.state.selection, view: mount.state.view });
}

function tell(mount, overview) {
  mount.owed = false;
  mount.send({ ...mount.state.selection, seen: mount.state.sent, overview, view: mount.state.view });
}
