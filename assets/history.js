// One visit of a page is one entry of the browser's history. An expression: Python calls it with the names of the pages, before
// Streamlit's own script where the server is ours (ui/shell/history.py, docs/decisions/0030-history.md). Streamlit pushes
// - an entry for every parameter that Python writes into the address: what stays on its page replaces the entry instead, and so does what
//   leaves an address that is no page (`/nowhere` becomes the start page);
// - the first parameters of the next page before it goes there: the entry that is left gets back the address that it had when the visitor
//   last clicked or pressed a key;
// - what a link says beside the same from a widget bound to the address: each is written once;
// - the address of a page that arrives after Back or Forward has gone on to another: nobody has asked for it any more.
(pages) => {
  if (history.pushState.oncePerVisit) return;
  const push = history.pushState.bind(history);
  const isPage = (path) => ["", ...pages].includes(path.split("/").pop());
  let touched = new URL(location.href);
  let travelling = false; // whether Back or Forward came after the last click or key
  const touch = () => {
    touched = new URL(location.href);
    travelling = false;
  };
  for (const kind of ["click", "keydown"]) addEventListener(kind, touch, true);
  addEventListener("popstate", () => (travelling = true), true);
  history.pushState = (state, unused, address) => {
    const next = new URL(address ?? location.href, location.href);
    const pairs = next.search.slice(1).split("&");
    next.search = pairs.filter((pair, i) => pairs.indexOf(pair) === i).join("&");
    if (next.pathname === location.pathname || !isPage(location.pathname)) return history.replaceState(state, unused, next.href);
    if (travelling) return;
    if (touched.pathname === location.pathname) history.replaceState(history.state, unused, touched.href);
    push(state, unused, next.href);
  };
  history.pushState.oncePerVisit = true;
}
