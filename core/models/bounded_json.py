"""JSON from a stranger's model folder, read within bounds: bytes, values, depth, numbers.

The values of a file are counted by their marks (``,`` ``:`` ``[`` ``{``) before it is parsed, so that neither time nor
memory follows from what is in it: a parsed value takes at most some 80 bytes beside its text. Not inside: what the
values mean (config_limits.py, weight_headers.py).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..errors import BadFile, Message

MOST_DEPTH = 32
MOST_VALUES = 400_000  # the labels of ImageNet-21k, both ways, are 90,000
_MARKS = (b",", b":", b"[", b"{")
_BLOCK = 2**20


class OutOfBounds(ValueError):
    """A file that asks for more than is read; ``reason`` is translated, ``str`` is English."""

    def __init__(self, template: str, **fields: object) -> None:
        self.reason = Message(template, **fields)
        super().__init__(str(self.reason))


_PARTS = {
    part.template: part
    for part in (
        Message("configuration"),
        Message("tokenizer"),
        Message("weights"),
        Message("picture preparation"),
        Message("folder"),
    )
}


def unreadable(name: str, part: str, reason: object) -> BadFile:
    """The error for a part (a file by its name, or one of ``_PARTS``) of the model called ``name``."""
    what = _PARTS.get(part, part)
    return BadFile("The {what} of “{name}” cannot be read: {detail}", what=what, name=name, detail=reason)


def read_json(path: Path, most_bytes: int) -> Any:
    """The value in a file.

    Raises:
        OutOfBounds: more bytes or values, deeper, or with longer numbers than is read; no JSON at all.
    """
    check_bytes(path, most_bytes)
    return parse(path.read_bytes())


def parse(data: bytes) -> Any:
    """The value in ``data``, whose length the caller has bounded.

    Raises:
        OutOfBounds: as ``read_json``.
    """
    check_values(sum(map(data.count, _MARKS)), MOST_VALUES)
    try:
        value = json.loads(data)
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:  # also: no UTF-8, a whole number of more digits than Python reads
        raise OutOfBounds("it is not valid JSON ({detail})", detail=error) from None
    _check_depth(value)
    return value


def check_bytes(path: Path, most: int) -> None:
    """Raise OutOfBounds where a file has more than ``most`` bytes."""
    size = path.stat().st_size
    if size > most:
        raise OutOfBounds(
            "it has {found} MB, and at most {limit} MB are read",
            found=round(size / 1e6, 1),
            limit=round(most / 1e6, 1),
        )


def check_values(count: int, most: int) -> None:
    """Raise OutOfBounds where there are more than ``most`` values."""
    if count > most:
        raise OutOfBounds("it holds about {found} values, and at most {limit} are read", found=count, limit=most)


def count_marks(path: Path, marks: tuple[bytes, ...]) -> int:
    """How often single characters occur in a file, read block by block."""
    count = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            count += sum(map(block.count, marks))
    return count


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(MOST_DEPTH):
        level = [
            part
            for outer in level
            if isinstance(outer, dict | list)
            for part in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> OutOfBounds:
    return OutOfBounds("its values are nested more than {limit} levels deep", limit=MOST_DEPTH)
