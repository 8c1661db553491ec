// Entry point of the attention explorer: packets in, selections and wishes out.

import { DEBOUNCE, mounted } from "../shared/mount.js";
import { atlas } from "./atlas.js";
import { createPage, refresh, removePage, show } from "./page.js";
import { receive } from "./selection.js";
import { decode, fingerprint } from "./wire.js";

const KEPT = 4; // overviews kept, by name, so that switching back and forth costs nothing
const overviews = new Map();

export default mounted("attention_explorer", { start: { packet: "", owed: false, chosenAt: 0 }, connect, read, draw, removePage });

function connect(mount, { setStateValue, setTriggerValue }) {
  mount.send = (value) => setStateValue("selection", value);
  mount.wish = (asked) => wish(mount, asked, (value) => setTriggerValue("wish", value));
}

/** The decoded packet; null for the one that is shown already. */
async function read(mount, bytes) {
  const packet = fingerprint(bytes);
  return mount.page && packet === mount.packet ? null : { packet, ...(await decode(bytes)) };
}

function draw(mount, parent, fresh, ramps) {
  if (!fresh) return refresh(mount.page);
  const { packet, detail, overview } = fresh;
  mount.packet = packet;
  if (overview) remember(detail.overview, overview);
  const maps = atlas(detail, overviews.get(detail.overview) ?? null);
  mount.state = receive(mount.state, detail.options, { ...maps });
  if (!mount.page) mount.page = openPage(mount, parent, ramps);
  show(mount.page, maps, mount.state.selection);
  if (detail.overview && !maps.overview) tell(mount, null);
  else if (mount.owed) tellSoon(mount);
  return undefined;
}

function openPage(mount, parent, ramps) {
  const page = createPage(parent, ramps, (selection) => choose(mount, selection), (asked) => mount.wish(asked));
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
