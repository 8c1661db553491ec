// Entry point of the attention explorer: packets in, selections and wishes out.

import { DEBOUNCE, mounted } from "../shared/mount.js";
import { writeAddress } from "./address.js";
import { atlas } from "./atlas.js";
import { createPage, refresh, removePage, show } from "./page.js";
import { receive } from "./selection.js";
import { decode, fingerprint } from "./wire.js";

const SOON = 60; // ms between two questions for maps that are not here: a held arrow key asks now and then
const LATE = 1500; // ms of quiet before Python is told of what the browser draws by itself
const KEPT = 4; // overviews kept, by name, so that switching back and forth costs nothing
const overviews = new Map();

export default mounted("attention_explorer", { start: { packet: "", owed: false, hurried: false, chosenAt: 0, askedAt: 0 }, connect, read, draw, removePage });

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
  if (!fresh) {
    keepAddress(mount);
    return refresh(mount.page);
  }
  const { packet, detail, overview } = fresh;
  mount.packet = packet;
  if (overview) remember(detail.overview, overview);
  const maps = atlas(detail, overviews.get(detail.overview) ?? null);
  mount.state = receive(mount.state, detail.options, { ...maps });
  if (!mount.page) mount.page = openPage(mount, parent, ramps);
  show(mount.page, maps, mount.state.selection);
  keepAddress(mount);
  if (detail.overview && !maps.overview) tell(mount, null);
  else if (mount.owed) tellSoon(mount);
  return undefined;
}

/** A run that began before a choice may have put the address of before back: what was chosen here is written again. */
function keepAddress({ page, state }) {
  if (page.options.link && state.sent) writeAddress(state.selection, page.maps.detail, page.options.link);
}

function openPage(mount, parent, ramps) {
  const page = createPage(parent, ramps, (selection) => choose(mount, selection), (asked) => mount.wish(asked));
  page.pending = () => !page.options.link && Date.now() - mount.chosenAt < 1500; // the address may not yet say what is shown
  page.parts.root.addEventListener("pointerleave", () => { if (mount.owed) tellSoon(mount, 0); }); // to what may follow from the choice
  return page;
}

function remember(name, overview) {
  overviews.delete(name);
  overviews.set(name, overview);
  if (overviews.size > KEPT) overviews.delete(overviews.keys().next().value);
}

/** A choice made here: drawn already, in the address already, told to Python once things are quiet. */
function choose(mount, selection) {
  const { maps, options } = mount.page;
  mount.hurried ||= !mayWait(mount.state.selection, selection, maps, options);
  mount.state = { ...mount.state, selection, sent: mount.state.sent + 1 };
  mount.chosenAt = Date.now();
  if (options.link) writeAddress(selection, maps.detail, options.link);
  tellSoon(mount, !mount.page.map.digits ? questionAfter(mount) : mount.hurried ? DEBOUNCE : LATE);
}

/** ms: a first question at once, one that follows closely once the keys are quiet. */
function questionAfter(mount) {
  const quiet = Date.now() - mount.askedAt > 5 * SOON;
  mount.askedAt = Date.now();
  return quiet ? 0 : SOON;
}

const WORDS = ["direction", "query", "key", "words"];

/** Whether nothing that Python alone has is missing from the screen after this choice: every head is here in full, and words change nothing else. */
function mayWait(before, after, maps, { link, waits }) {
  return Boolean(link) && maps.whole && (waits || WORDS.every((name) => JSON.stringify(before[name]) === JSON.stringify(after[name])));
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
  mount.owed = mount.hurried = false;
  mount.send({ ...mount.state.selection, seen: mount.state.sent, overview, view: mount.state.view });
}
