// The entry point of a component that shows one section of numbers and tells Python one choice (patches, steps).

import { DEBOUNCE, mounted } from "./mount.js";
import { leave } from "./page.js";
import { readSection } from "./section.js";

/**
 * What Streamlit calls. `name` for the console; `pageModule` {createPage, refresh, show}; `receive(state, packet) → state`;
 * `said(state)`: the fields that Python is told.
 */
export function choosing(name, { createPage, refresh, show }, receive, said) {
  /** A choice made here: drawn at once, told to Python once things are quiet. What the pointer is on or is only tried out (`adopt`) is never told. */
  function choose(mount, state) {
    mount.state = { ...state, sent: mount.state.sent + 1 };
    clearTimeout(mount.timer);
    const message = { ...said(mount.state), seen: mount.state.sent };
    mount.timer = setTimeout(() => mount.send(message), DEBOUNCE);
    return mount.state;
  }

  function draw(mount, parent, detail, ramps) {
    const before = mount.state;
    mount.state = receive(before, detail);
    if (!mount.page) mount.page = createPage(parent, ramps, { choose: (state) => choose(mount, state), adopt: (state) => { mount.state = state; } });
    if (mount.state === before && mount.page.detail.name === detail.name) refresh(mount.page);
    else show(mount.page, detail, mount.state);
  }

  const connect = (mount, { setStateValue }) => { mount.send = (value) => setStateValue("choice", value); };
  return mounted(name, { connect, read: (_, bytes) => readSection(bytes), draw, removePage: leave });
}
