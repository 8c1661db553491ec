"""A file on this machine, read whole: no further than a limit, and with our message where it cannot be.

Not inside: what its bytes mean (uploads.py and the readers)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from ..errors import BadFile
from .uploads import Note, decode

MAX_LOCAL_BYTES = 64 * 2**20

STRAY_BYTE = re.compile("[\ud800-\udfff]")
"""A byte that is no character of its file's encoding, as `uploads.decode` leaves it in."""


def local_bytes(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        BadFile: none that can be opened, or more than MAX_LOCAL_BYTES.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_LOCAL_BYTES + 1)
    except OSError as error:
        raise BadFile("{name} cannot be opened: {reason}.", name=path.name, reason=error.strerror) from error
    if len(data) > MAX_LOCAL_BYTES:
        raise BadFile("{name} has more than {limit} MB. Split it.", name=path.name, limit=MAX_LOCAL_BYTES // 2**20)
    return data


def local_text(path: Path) -> str:
    """The text of a file in whatever encoding a page would read it, without its byte order mark.

    Raises:
        BadFile: what `local_bytes` and `whole_text` refuse.
    """
    return whole_text(local_bytes(path), path.name)


def whole_text(data: bytes, name: str, tell: Callable[[Note], object] | None = None) -> str:
    """Bytes as text in whatever encoding a page would read them, without their byte order mark.

    tell: is handed what a person should know (an encoding that was guessed).

    Raises:
        BadFile: what `uploads.decode` refuses, or a line in an encoding other than the rest (a page refuses such lines
            alone; a file that is one whole, as JSON, has no line that could be missing).
    """
    decoded = decode(data, name, most_bytes=MAX_LOCAL_BYTES)
    if stray := STRAY_BYTE.search(decoded.text):
        line = decoded.text.count("\n", 0, stray.start()) + 1
        template = "{name}, line {line}: it is not in the encoding of the other lines ({encoding}). Save it as UTF-8."
        raise BadFile(template, name=name, line=line, encoding=decoded.encoding)
    if tell is not None:
        for note in decoded.notes:
            tell(note)
    return decoded.text
