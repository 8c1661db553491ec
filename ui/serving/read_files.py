"""What a visitor sent, read once and in its turn: a parser takes a place of the same queue as the models do.

Readers are bounded in time and memory by themselves (core/files, core/studies/conllu.py, core/vision/images.py), so
that no place is held for long; the queue bounds how many of them run at once. Not here: the readers, the uploaders."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TypeVar

from .bounded_cache import Shelf
from .forward_slots import forward_slot

AT_ONCE = 16 * 1024
"""Bytes or characters that are read without a place: about two milliseconds."""
MAX_FILES = 24
Read = TypeVar("Read")

_files: Shelf = Shelf(MAX_FILES)


def read_in_turn(
    kind: str, data: bytes | str, read: Callable[[], Read], *options: object, shelf: Shelf = _files
) -> Read:
    """What ``read`` makes of ``data``; a run of the page with the same data and options finds it again.

    kind: of file, so that the same bytes may be read in two ways. A refusal is not kept.

    Raises:
        MiranteError: what ``read`` raises, or a full queue.
    """
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    key = (kind, hashlib.blake2b(raw, digest_size=16).digest(), *options)
    return shelf.get(key, read if len(raw) <= AT_ONCE else lambda: _taken(read))


def _taken(read: Callable[[], Read]) -> Read:
    with forward_slot():
        return read()
