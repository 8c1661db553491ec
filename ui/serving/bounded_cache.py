"""A bounded memory of what is costly: the latest things asked for, each made once though many ask at the same moment.

Not here: what is kept on which shelf (ui.serving.cache).
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from typing import Any, Generic, TypeVar

from .turns import EVERY, TURNS
from .visitors import still_wanted

Kept = TypeVar("Kept")
_PLAIN = (str, bytes, int, float, type(None))  # weigh nothing beside arrays


class Shelf(Generic[Kept]):
    """The latest models or traces, bounded by number and by bytes; the same key asked twice at once is computed once.

    A visit costs microseconds (Streamlit's own cache, with its spinner: about 2 ms of every rerun).
    """

    def __init__(self, max_entries: int, max_bytes: float = math.inf) -> None:
        self.max_entries, self.max_bytes = max_entries, max_bytes
        self._items: OrderedDict[tuple, tuple[Kept, int]] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[tuple, threading.Lock] = {}

    def peek(self, key: tuple) -> Kept | None:
        """What is kept, without waiting for what is being made."""
        with self._lock:
            return self._take(key)

    def get(self, key: tuple, make: Callable[[], Kept]) -> Kept:
        """What is kept, or the one that ``make`` gives; an error of ``make`` is not kept."""
        with self._lock:
            if (cached := self._take(key)) is not None:
                return cached
            turn = self._making.setdefault(key, threading.Lock())
        with _without_a_turn(turn):
            with self._lock:
                if (cached := self._take(key)) is not None:
                    return cached
            try:
                entry = make()
                with self._lock:
                    self._put(key, entry)
                return entry
            finally:
                with self._lock:
                    self._making.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._items.clear()

    def __len__(self) -> int:
        return len(self._items)

    def _take(self, key: tuple) -> Kept | None:
        if key not in self._items:
            return None
        self._items.move_to_end(key)
        return self._items[key][0]

    def _put(self, key: tuple, entry: Kept) -> None:
        self._items[key] = (entry, size_of(entry) if self.max_bytes < math.inf else 0)
        while len(self._items) > 1 and self._too_much():
            self._items.popitem(last=False)

    def _too_much(self) -> bool:
        total = sum(size for _, size in self._items.values())
        return len(self._items) > self.max_entries or total > self.max_bytes


@contextmanager
def _without_a_turn(making: threading.Lock) -> Iterator[None]:
    """The lock; whoever has to wait for it gives the place at the processor to others, and leaves when nobody wants it
    any more.
    """
    acquired = making.acquire(blocking=False)
    try:
        if not acquired:
            with TURNS.aside(still_wanted):
                while not (acquired := making.acquire(timeout=EVERY)):
                    still_wanted()
        yield
    finally:
        if acquired:
            making.release()


def size_of(item: object) -> int:
    """Bytes of all arrays that a thing holds, in its fields, tables and lists, however deep; each counted once."""
    counted: set[int] = set()

    def count(part: object) -> int:
        if id(part) in counted or isinstance(part, _PLAIN):
            return 0
        counted.add(id(part))
        if hasattr(part, "nbytes"):
            return int(part.nbytes)
        if isinstance(part, Mapping):
            return sum(map(count, part.values()))
        if isinstance(part, list | tuple | set | frozenset):
            return sum(count(item) for item in part if not isinstance(item, _PLAIN))
        if not is_dataclass(part):
            return 0
        return sum(map(count, vars(part).values() if hasattr(part, "__dict__") else _slots(part)))

    return count(item)


def _slots(part: Any) -> list[object]:
    """The values of a dataclass that has no dictionary."""
    return [getattr(part, field.name) for field in fields(part)]
