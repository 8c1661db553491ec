// The life of a component on a Streamlit page: one page per mount, packets in, choices out.

export const DEBOUNCE = 250; // ms between the last choice and the one message to Python
const colours = fetch(new URL("ramps.json", import.meta.url)).then((answer) => answer.json());

/**
 * What Streamlit calls on every rerun and theme change. `name` for the console; `start`: what a mount holds beside {page, state, turn, timer};
 * `connect(mount, {setStateValue, setTriggerValue})`: its ways to Python; `read(mount, bytes)` → packet, or a promise of it;
 * `draw(mount, parent, packet, ramps)`, which makes `mount.page` where there is none; `removePage(page)`.
 */
export function mounted(name, { start = {}, connect, read, draw, removePage }) {
  const mounts = new WeakMap();

  async function update(mount, parent, bytes) {
    const turn = ++mount.turn;
    const [packet, ramps] = await Promise.all([read(mount, bytes), colours, styled(parent)]);
    if (turn !== mount.turn) return; // a newer packet is already here
    parent.querySelector(".reserve")?.remove();
    draw(mount, parent, packet, ramps);
    parent.getRootNode().host?.closest(".stElementContainer")?.setAttribute("data-drawn", ""); // assets/frame.css keeps no place for it any more
  }

  return function component({ data, parentElement, ...ways }) {
    let mount = mounts.get(parentElement);
    if (!mount) {
      mount = { page: null, state: null, turn: 0, timer: 0, ...start };
      mounts.set(parentElement, mount);
    }
    connect(mount, ways);
    update(mount, parentElement, data).catch((error) => console.error(name, error));
    return () => {
      clearTimeout(mount.timer);
      if (mount.page) removePage(mount.page);
      mounts.delete(parentElement);
    };
  };
}

/**
 * Resolves when the stylesheet that Streamlit links beside us, and what it imports, is in force (no measurement before that), or after `patience` ms.
 * It looks instead of listening: Streamlit may replace the link while it loads, and a removed link never fires.
 */
async function styled(parent, patience = 4000) {
  const waiting = () => Array.from(parent.querySelectorAll('link[rel="stylesheet"]')).some((link) => !isComplete(link.sheet));
  for (let waited = 0; waiting() && waited < patience; waited += 20) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Whether a stylesheet and all that it imports have arrived; a browser may refuse to show the rules of one that has not. */
function isComplete(sheet) {
  try {
    return Boolean(sheet) && Array.from(sheet.cssRules).every((rule) => !(rule instanceof CSSImportRule) || isComplete(rule.styleSheet));
  } catch {
    return false;
  }
}
