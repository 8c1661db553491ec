// Whether this visitor reads with the texts open; on a first visit, and where the browser keeps nothing, they are closed.

const NAME = "mirante-how-to-read";
let here = false; // of this page's life, where nothing is kept

export function isOpen(storage) {
  try {
    return (storage().getItem(NAME) ?? (here ? "open" : "")) === "open";
  } catch {
    return here;
  }
}

export function keep(storage, open) {
  here = open;
  try {
    storage().setItem(NAME, open ? "open" : "closed");
  } catch {
    // a private window or an embedded page may refuse: then it holds until the page is left
  }
}
