"""Between a connection and uvicorn: what arrives is handed on in parts, and who does not take what is sent is cut off.

Inside: `Gate`, which a connection takes for its protocol and uvicorn's protocols for their transport; `gates`, what
uvicorn is given as its ``http`` class. A part is small while parts are dear (many frames, chunks or requests in little
room) and grows while they are cheap (a file). What has arrived and may not be read yet stays here, 32 KB at most, and
the rest with the sender. Nothing is read from who has not taken what was sent before.
Not here: whose turn it is to be read (intake.py), what a message may be made of (frames.py)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from . import bounds
from .intake import Intake
from .visitors import address


def gates() -> Callable[..., Gate]:
    """What makes uvicorn's protocols, each behind a gate; one line for all of them."""
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    intake: list[Intake] = []

    def gate(*arguments: Any, **named: Any) -> Gate:
        if not intake:
            intake.append(Intake(asyncio.get_running_loop()))
        return Gate(AutoHTTPProtocol(*arguments, **named), intake[0])

    return gate


class Gate(asyncio.BufferedProtocol):
    """A connection's protocol, and the transport of uvicorn's protocol behind it."""

    def __init__(self, inner: asyncio.Protocol, intake: Intake) -> None:
        self.visitor, self.owes_until, self.part = "", 0.0, bounds.READ_LEAST_BYTES
        self._inner, self._intake = inner, intake
        self._loop = asyncio.get_running_loop()
        self._transport: Any = None
        self._room, self._arrived = bytearray(), bytearray()
        self._in_line = self._reading_paused = self._blocked = self._stopped = False
        self._written = self._sent_by_last_look = 0  # bytes
        self._watch: asyncio.TimerHandle | None = None

    # What the connection calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self.visitor = address({"client": transport.get_extra_info("peername")})
        self._inner.connection_made(self)

    def get_buffer(self, sizehint: int) -> bytearray:
        self._room = bytearray(bounds.READ_BYTES)
        return self._room

    def buffer_updated(self, nbytes: int) -> None:
        self._arrived += memoryview(self._room)[:nbytes]
        self._room = bytearray()
        self._go_on()

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrived.clear()
        if self._watch is not None:
            self._watch.cancel()
        self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        self._blocked = True
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._blocked = False
        self._inner.resume_writing()
        self._go_on()

    # What the line calls.

    def read_part(self) -> bool:
        """Hand a part on; whether there is more that may be handed on now."""
        self._in_line = False
        if self._may_read():
            part = bytes(self._arrived[: self.part])
            del self._arrived[: self.part]
            try:
                self._inner.data_received(part)
            except Exception as error:
                self._loop.call_exception_handler({"message": "A protocol broke down", "exception": error})
                self._transport.abort()
            self._let_come()
            self._in_line = self._may_read()
        return self._in_line

    def _may_read(self) -> bool:
        return bool(self._arrived) and not (self._reading_paused or self._blocked or self._transport.is_closing())

    def _go_on(self) -> None:
        self._let_come()
        if self._may_read() and not self._in_line:
            self._in_line = True
            self._intake.add(self)

    def _let_come(self) -> None:
        """Let more arrive until so much is here; meanwhile it is noticed that the other side has gone."""
        stopped = len(self._arrived) >= bounds.READ_BYTES
        if stopped != self._stopped:
            self._stopped = stopped
            (self._transport.pause_reading if stopped else self._transport.resume_reading)()

    # What uvicorn's protocol calls, as its transport.

    def pause_reading(self) -> None:
        self._reading_paused = True

    def resume_reading(self) -> None:
        self._reading_paused = False
        self._go_on()

    def write(self, data: bytes) -> None:
        self._written += len(data)
        self._transport.write(data)
        if self._watch is None and (left := self._transport.get_write_buffer_size()):
            self._look_later(left)

    def set_protocol(self, protocol: asyncio.Protocol) -> None:
        """Another of uvicorn's protocols behind this gate: a web socket's."""
        self._inner = protocol

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._transport.get_extra_info(name, default)

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def close(self) -> None:
        self._transport.close()

    # Who does not take what is sent.

    def _look_later(self, left: int) -> None:
        self._sent_by_last_look = self._written - left
        self._watch = self._loop.call_later(bounds.SEND_SECONDS, self._look)

    def _look(self) -> None:
        """Cut the connection off where too little was taken since the last look."""
        self._watch = None
        if not (left := self._transport.get_write_buffer_size()):
            return
        if self._written - left - self._sent_by_last_look < bounds.SEND_SECONDS * bounds.SEND_BYTES_A_SECOND:
            self._transport.abort()
        else:
            self._look_later(left)
