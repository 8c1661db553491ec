"""A body that has to arrive: one that stays away, or comes in drops, is ended so that it holds no place.

Inside: `watched`. Not inside: how much may arrive (ui.serving.upload_quota), the answer to who is too slow."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from starlette.types import Message, Receive

from . import bounds


class TooSlow(Exception):
    """Nothing came for BODY_IDLE_SECONDS, or less than BODY_BYTES_A_SECOND over the whole time."""


def watched(receive: Receive, arrived: Callable[[int], None]) -> Receive:
    """``receive`` of one request, which tells ``arrived`` how many bytes of body each message brought.

    Raises:
        TooSlow: when it is called, and the body is too slow. Whatever ``arrived`` raises.
    """
    start, size, complete = time.monotonic(), 0, False

    async def timed() -> Message:
        nonlocal size, complete
        if complete:  # what comes now says that the client has gone, whenever that is
            return await receive()
        try:
            async with asyncio.timeout(bounds.BODY_IDLE_SECONDS):
                message = await receive()
        except TimeoutError:
            raise TooSlow from None
        size += len(message.get("body", b""))
        complete = not message.get("more_body", False)
        seconds = time.monotonic() - start
        if not complete and seconds > bounds.BODY_IDLE_SECONDS and size < seconds * bounds.BODY_BYTES_A_SECOND:
            raise TooSlow
        arrived(len(message.get("body", b"")))
        return message

    return timed
