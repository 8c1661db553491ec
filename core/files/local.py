"""A file on this machine, read whole: no further than a limit, and with our message where it cannot be.

Not inside: what its bytes mean (uploads.py and the readers)."""

from __future__ import annotations

import re
from pathlib import Path

from ..errors import BadFile
from .uploads import decode

MAX_LOCAL_BYTES = 64 * 2**20

_BROKEN = re.compile("[\ud800-\udfff]")


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
        BadFile: what `local_bytes` and `uploads.decode` refuse, or a line in an encoding other than the rest (a page
            refuses such lines alone; a file that is one whole, as JSON, has no line that could be missing).
    """
    decoded = decode(local_bytes(path), path.name, most_bytes=MAX_LOCAL_BYTES)
    if stray := _BROKEN.search(decoded.text):
        line = decoded.text.count("\n", 0, stray.start()) + 1
        template = "{name}, line {line}: it is not in the encoding of the other lines ({encoding}). Save it as UTF-8."
        raise BadFile(template, name=path.name, line=line, encoding=decoded.encoding)
    return decoded.text
