// What is chosen, in the address of the page: written here at once, so that a copied link is right without asking Python.
// The names are those of ui/explorer/selection_link.py, the defaults come from there (`options.link`). Pure but for `writeAddress`.

const written = (value) => (typeof value === "number" ? String(Math.round(value * 100)) : String(value));

/** {name: [values]} of everything that an address says of a selection; no values: the name stays out of it. */
export function addressed(selection, detail, { first, drawn }) {
  const { layer, head, direction } = selection;
  const other = direction === "query" ? "key" : "query";
  const place = (side, i) => `${i}:${detail[side].labels[i]}`;
  const held = selection[direction] === null ? [] : [selection[direction], ...selection.words];
  const untouched = layer === first[0] && head === first[1];
  const beside = selection.heads.map(([l, h]) => `${l + 1}.${h + 1}`).join(",");
  const said = {
    layer: untouched ? [] : [String(layer + 1)],
    head: untouched ? [] : [String(head + 1)],
    token: held.map((i) => place(direction, i)),
    to: held.length && selection[other] !== null ? [place(other, selection[other])] : [],
    side: direction === "key" ? ["key"] : [],
    heads: beside ? [beside] : [],
  };
  for (const { name, default: usual, by, defaults } of drawn) {
    const value = written(selection[name]);
    said[name] = value === (by && by in selection ? defaults[selection[by]] ?? usual : usual) ? [] : [value];
  }
  return said;
}

/** `search` with what is said: a name that stands in it keeps its place, a new one comes last. */
export function searchWith(search, said) {
  const before = [...new URLSearchParams(search)];
  const names = new Set(before.map(([name]) => name));
  const values = (name) => said[name].map((value) => [name, value]);
  const seen = new Set();
  const kept = before.flatMap(([name, value]) => {
    if (!(name in said)) return [[name, value]];
    if (seen.has(name)) return [];
    seen.add(name);
    return values(name);
  });
  return new URLSearchParams([...kept, ...Object.keys(said).filter((name) => !names.has(name)).flatMap(values)]).toString();
}

/** Writes a choice into the address bar; the history stays as it is. */
export function writeAddress(selection, detail, rules) {
  const search = searchWith(location.search, addressed(selection, detail, rules));
  if (`?${search}` !== location.search) history.replaceState(history.state, "", `${location.pathname}${search ? `?${search}` : ""}${location.hash}`);
}
