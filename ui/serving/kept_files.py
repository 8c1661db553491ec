"""What pages keep of a sent file in their session, so that it is counted as long as it is kept.

Streamlit forgets a file when its page is left, and a browser never sends it again by itself; so some pages keep the
bytes, or the picture made of them, as a ``Kept`` in the session's state. The quota (upload_quota.py) counts these with
the files themselves."""

from __future__ import annotations

from typing import Any, Generic, TypeVar
from weakref import WeakSet

from .visitors import session_of_page

Item = TypeVar("Item")


class Kept(Generic[Item]):
    """Something made of a file, with its bytes of memory; counted for the session of the page that made it."""

    __slots__ = ("__weakref__", "item", "session", "size")

    def __init__(self, item: Item, size: int) -> None:
        self.item, self.size, self.session = item, size, session_of_page()
        _kept.add(self)


_kept: WeakSet[Kept[Any]] = WeakSet()


def kept_bytes() -> dict[str, int]:
    """Session → bytes that its pages keep."""
    sizes: dict[str, int] = {}
    for kept in list(_kept):
        sizes[kept.session] = sizes.get(kept.session, 0) + kept.size
    return sizes
