"""Nothing that a visitor writes is in the log of a server, whichever way it is started and whatever goes wrong."""

from __future__ import annotations

import contextlib
from pathlib import Path
from urllib.parse import quote

import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.visitor import Visitor, ask
from tools.served import Mode, running

MARK = "Zumbaiúva"
PAGES = ("explorar", "mascarar", "gerar", "minhas_frases", "modelos")
SPELLINGS = (MARK, quote(MARK), MARK.encode().decode("latin-1"), ascii(MARK)[1:-1], "Zumbai")


def write_everywhere(address: str) -> None:
    """The mark in every place that a stranger can write to; half of them are errors."""
    query = f"lang=pt&sentence={quote(MARK)}"
    with Visitor(address) as visitor:
        for page in PAGES:
            visitor.visit(page, query)
        visitor.visit("explorar", "lang=pt", sentence=f"{MARK} derramou água.")
        visitor.visit("explorar", f"lang=pt&model={quote(MARK)}")
        visitor.visit("explorar", f"lang={quote(MARK)}&layer={quote(MARK)}&{quote(MARK)}=1")
        visitor.visit("explorar", "lang=pt", layer=MARK)
        visitor.visit("minhas_frases", f"lang=pt&source=file&text={quote(MARK)}")
        assert visitor.send_file(f"{MARK}.csv", f"{MARK};1\n".encode()) == 204
        visitor.visit(MARK)
        visitor.socket.send(MARK.encode())
    with Visitor(address) as visitor:
        visitor.visit("inicio")
        visitor.socket.send(MARK)
    for path in (f"/{quote(MARK)}?{query}", f"/explorar?{query}", f"/_stcore/upload_file/{quote(MARK)}/1"):
        ask(address, path)
    for asked in (f"text={quote(MARK)}&layer=1&head=1", f"text=a&layer={quote(MARK)}", f"{quote(MARK)}=1"):
        ask(address, f"/api/v1/attention?model=mirante-encoder-pt&{asked}")
    ask(address, f"/api/v1/attention?model={quote(MARK)}&text=a&layer=1&head=1")
    stream = address.replace("http", "ws", 1) + f"/_stcore/stream?{query}"
    with contextlib.suppress(WebSocketException), connect(stream, origin=f"http://{ascii(MARK)}"):
        pass


@pytest.mark.parametrize("mode", ["uvicorn", pytest.param("streamlit", marks=pytest.mark.slow)])
def test_no_text_of_a_visitor_is_in_the_log(mode: Mode, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with running(mode=mode, log=log, MIRANTE_DATABASE=f"sqlite:///{tmp_path}/texts.db") as address:
        write_everywhere(address)
    written = log.read_text(encoding="utf-8", errors="replace")
    lines = [line for line in written.splitlines() if any(mark.lower() in line.lower() for mark in SPELLINGS)]
    assert written and lines == []
