"""A visitor without a browser, for tests of a server: one session over Streamlit's own protocol.

Inside: opening a session (from any address of this machine), visiting a page, sending a file, what the page showed. Not
here: what a real browser alone can see (tests/e2e/conftest.py)."""

from __future__ import annotations

import http.client
import socket
import uuid
from contextlib import suppress
from types import TracebackType
from urllib.parse import urlsplit

from google.protobuf.text_format import MessageToString
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

SECONDS = 120  # a cold server imports torch


class Visitor:
    """One open page. ``shown``: everything the server has sent for it, as text."""

    def __init__(self, address: str, *, source: str = "127.0.0.1", existing: str = "") -> None:
        self.address, self.source = address, source
        self.xsrf = _xsrf(address, source)
        self.socket: ClientConnection = connect(
            address.replace("http", "ws", 1) + "/_stcore/stream",
            sock=_bound(address, source),
            subprotocols=["streamlit", self.xsrf, existing] if existing else ["streamlit", self.xsrf],
            additional_headers={"Cookie": f"_streamlit_xsrf={self.xsrf}", "Accept-Language": "pt-BR"},
            max_size=None,
            open_timeout=SECONDS,
            legacy=True,  # opened here, closed by close(): a session outlives a block
        )
        self.session, self.shown, self.widgets = "", "", {}

    def __enter__(self) -> Visitor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self.socket.close()

    def visit(self, page: str, query: str = "lang=pt", **values: str) -> str:
        """What a page shows with this query and these texts in its widgets, after its run."""
        message = BackMsg()
        message.rerun_script.query_string, message.rerun_script.page_name = query, page
        for key, value in values.items():
            state = message.rerun_script.widget_states.widgets.add()
            state.id, state.string_value = self.widgets[key], value
        self.socket.send(message.SerializeToString())
        return self.read()

    def read(self) -> str:
        """What arrives until the script has finished."""
        self.shown = ""
        while True:
            answer = ForwardMsg.FromString(self.socket.recv(timeout=SECONDS))
            kind = answer.WhichOneof("type")
            if kind == "new_session":
                self.session = answer.new_session.initialize.session_id
            if kind == "delta":
                self._remember(answer.delta.new_element)
                self.shown += MessageToString(answer, as_utf8=True)
            if kind == "script_finished" and answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return self.shown

    def _remember(self, element) -> None:
        kind = element.WhichOneof("type")
        identity = getattr(getattr(element, kind or "", None), "id", "")
        if isinstance(identity, str) and "-" in identity:
            self.widgets[identity.rpartition("-")[2]] = identity

    def send_file(self, name: str, data: bytes, *, length: int | None = None) -> int:
        """Status of an upload to this session."""
        border = uuid.uuid4().hex
        body = (
            f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
            + data
            + f"\r\n--{border}--\r\n".encode()
        )
        headers = {
            "Content-Type": f"multipart/form-data; boundary={border}",
            "X-Xsrftoken": self.xsrf,
            "Cookie": f"_streamlit_xsrf={self.xsrf}",
        }
        path = f"/_stcore/upload_file/{self.session}/{uuid.uuid4()}"
        return ask(self.address, path, source=self.source, method="PUT", body=body, headers=headers)[0]


def ask(
    address: str,
    path: str,
    *,
    source: str = "127.0.0.1",
    method: str = "GET",
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, dict[str, str], bytes]:
    """(status, headers in small letters, body) of one request from an address of this machine."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=SECONDS, source_address=(source, 0))
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def _xsrf(address: str, source: str) -> str:
    _, headers, _ = ask(address, "/_stcore/health", source=source)
    cookie = headers.get("set-cookie", "")
    return cookie.partition("_streamlit_xsrf=")[2].partition(";")[0].strip('"')


def _bound(address: str, source: str) -> socket.socket:
    place = urlsplit(address)
    return socket.create_connection((place.hostname, place.port), timeout=SECONDS, source_address=(source, 0))
