// The address of a page beside the one in view.

const CARRIED = ["model", "sentence", "text", "device", "precision", "lang", "projector"]; // the choices that every page shares (ui/shell/state.py)

/** `path` beside the page that `location` shows, with what is chosen for all pages. */
export function address(path, { pathname, search }) {
  const asked = new URLSearchParams(search);
  const kept = new URLSearchParams(CARRIED.flatMap((name) => (asked.has(name) ? [[name, asked.get(name)]] : [])));
  return `${pathname.slice(0, pathname.lastIndexOf("/") + 1)}${path}${kept.size ? `?${kept}` : ""}`;
}
