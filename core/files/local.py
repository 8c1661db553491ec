"""A file on this machine, read whole: no further than a limit, and with our message where it cannot be.

Not inside: what its bytes mean (uploads.py and the readers)."""

from __future__ import annotations

from pathlib import Path

from ..errors import BadFile

MAX_LOCAL_BYTES = 64 * 2**20


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
