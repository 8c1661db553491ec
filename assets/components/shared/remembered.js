// One choice of this visitor that all pages of this browser keep. Where the browser keeps nothing it holds until the page is left.

/**
 * {read(), keep(value), follow(act)} of the choice `name`; `otherwise` on a first visit. `storage()` may throw: a private window or an
 * embedded page refuses. `follow`: calls act(value) when it is kept anew in this page; returns what ends that.
 */
export function remembered(name, otherwise, storage = () => localStorage) {
  let here = otherwise;
  const followers = new Set();

  function read() {
    try {
      return storage().getItem(name) ?? here;
    } catch {
      return here;
    }
  }

  function keep(value) {
    here = value;
    try {
      storage().setItem(name, value);
    } catch {
      // it holds until the page is left
    }
    followers.forEach((act) => act(value));
  }

  function follow(act) {
    followers.add(act);
    return () => followers.delete(act);
  }

  return { read, keep, follow };
}
