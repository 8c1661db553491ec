"""Visitors that speak Streamlit's own protocol over a WebSocket: a browser for each would measure itself.

Inside: `Visitor` (connect, one run of a page or of its explorer, what the screen then holds). Not inside: what they do
(classroom.py)."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import websockets
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from core.views.attention_packet import unpack_attention


@dataclass
class Visitor:
    """One session. ids: key → widget of the last run. values: key → what its widget says. packet: the explorer's last
    maps, as they travelled. problems: errors that a page showed.
    """

    name: int
    socket: websockets.ClientConnection
    page: str = "explorar"
    query: dict[str, str] = field(default_factory=lambda: {"lang": "pt"})
    ids: dict[str, str] = field(default_factory=dict)
    values: dict[str, tuple[str, Any]] = field(default_factory=dict)
    fragment: str = ""
    packet: bytes = b""
    received: int = 0
    sent_choices: int = 0
    problems: list[str] = field(default_factory=list)

    @classmethod
    async def connect(cls, url: str, name: int) -> Visitor:
        """A session at ws://…/_stcore/stream."""
        socket = await websockets.connect(
            url, subprotocols=["streamlit"], max_size=None, open_timeout=60, compression=None
        )
        return cls(name, socket)

    async def run(self, *, fragment: bool = False) -> float:
        """Seconds of one run of the page (or of its explorer alone) with the present values, until it has finished."""
        start = time.perf_counter()
        await self.socket.send(self._message(fragment).SerializeToString())
        while True:
            raw = await self.socket.recv()
            self.received += len(raw)
            message = ForwardMsg.FromString(raw)
            kind = message.WhichOneof("type")
            if kind == "delta":
                self._see(message.delta.new_element, message.delta.fragment_id)
            elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    self.problems.append("compile error")
                return time.perf_counter() - start

    async def write(self, sentence: str) -> float:
        """The same with another sentence."""
        self.values["sentence"] = ("string_value", sentence)
        return await self.run()

    async def look_at(self, layer: int, head: int) -> float:
        """The explorer tells of another head, counted from 0, as the browser's component does."""
        detail = self.maps()
        self.sent_choices += 1
        options = detail["options"]
        choice = options["selection"] | {"layer": layer, "head": head, "heads": []}
        choice |= {"seen": self.sent_choices, "overview": detail["overview"], "view": options["view"]}
        self.values["explorer"] = ("json_value", json.dumps({"selection": choice}))
        return await self.run(fragment=True)

    async def go_to(self, page: str) -> float:
        """Another page of the navigation."""
        self.page, self.values, self.ids = page, {}, {}
        return await self.run()

    def maps(self) -> dict[str, Any]:
        """What the explorer shows, decoded (DETAIL of core/views/attention_packet.py)."""
        return unpack_attention(self.packet)[0]

    def _message(self, fragment: bool) -> BackMsg:
        message = BackMsg()
        rerun = message.rerun_script
        rerun.query_string, rerun.page_name = urlencode(self.query), self.page
        if fragment:
            rerun.fragment_id = self.fragment
        for key, (kind, value) in self.values.items():
            if key in self.ids:
                state = rerun.widget_states.widgets.add()
                state.id = self.ids[key]
                setattr(state, kind, value)
        return message

    def _see(self, element: Element, fragment: str) -> None:
        kind = element.WhichOneof("type")
        if kind is None:
            return
        shown = getattr(element, kind)
        if kind == "exception":
            self.problems.append(f"exception: {shown.message[:200]}")
        elif kind == "alert" and shown.format == Alert.ERROR:
            self.problems.append(shown.body[:200])
        elif kind == "bidi_component" and shown.bytes:  # of the others none is a picture
            self.ids["explorer"], self.packet, self.fragment = shown.id, shown.bytes, fragment
        elif identity := getattr(shown, "id", ""):
            self.ids[identity.rpartition("-")[2]] = identity
