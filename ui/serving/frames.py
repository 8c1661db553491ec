"""uvicorn's web socket, with bounds on what a message is made of.

A message of 2 MB may come in two million pieces, or in pieces of nothing without end, which are all kept until it is
whole; a ping is answered, however many come. No browser does either: whoever does is told so, and is cut off (1008).
Not here: how fast all this is read (gate.py), what a message says (messages.py)."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame

from . import bounds


class BoundedFrames(WebSocketsSansIOProtocol):
    """The connection of one page."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._control_until = 0.0  # when the control frames that came are forgotten

    def connection_lost(self, exc: Exception | None) -> None:
        """What a page sent that is gone and that nobody has read yet is not read, where it is much."""
        if self.queue.qsize() > bounds.MESSAGES_A_SECOND:
            self.queue = asyncio.Queue()
        super().connection_lost(exc)

    def handle_cont(self, event: Frame) -> None:
        if len(self.frames) < bounds.MOST_PIECES:
            super().handle_cont(event)
        else:
            self._cut_off("a message in too many pieces")

    def handle_ping(self) -> None:
        if self._few_control_frames():
            super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        if self._few_control_frames():
            super().handle_pong(event)

    def _few_control_frames(self) -> bool:
        now = self.loop.time()
        self._control_until = max(self._control_until, now) + 1
        if self._control_until - now <= bounds.CONTROL_FRAMES:
            return True
        self._cut_off("too many control frames")
        return False

    def _cut_off(self, reason: str) -> None:
        self.frames = []
        if not self.close_sent:
            self.conn.fail(CloseCode.POLICY_VIOLATION, reason)
            self.handle_parser_exception()
