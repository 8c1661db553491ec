"""Why a file was not taken is said in the visitor's language, where it is seen; inside another site, that none is."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tools.served import running

TAKEN = "TXT, CSV, TSV, TAB, JSONL, NDJSON, SRT, VTT, SBV"
REFUSED = f"Não foi enviado. Um arquivo tem aqui no máximo 2 MB e é de um destes tipos: {TAKEN}."
SLOW = 120_000


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    """Address of another site, which shows Mirante in a frame; ``{address}`` of the frame in its query."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<iframe width=1200 height=900 src="{self.path[2:]}"></iframe>'.encode())

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://localhost:{site.server_port}"  # another site than 127.0.0.1
        site.shutdown()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, host: str) -> Iterator[str]:
    database = f"sqlite:///{tmp_path_factory.mktemp('texts')}/t.db"
    with running(MIRANTE_DATABASE=database, MIRANTE_FRAME_ANCESTORS=f"'self' {host}") as address:
        yield address


def said(element: Locator) -> str:
    """What an element says to the eye: the words that its style puts there."""
    expect(element).to_be_attached()
    return element.evaluate("element => getComputedStyle(element, '::after').content")


def choose(page: Page, name: str, data: bytes) -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/plain", "buffer": data})


@pytest.fixture
def field(served: str, browser: Browser) -> Iterator[Page]:
    page = browser.new_page(locale="pt-BR")
    page.goto(f"{served}/minhas_frases?lang=pt")
    page.get_by_text("Enviar arquivo").click(timeout=SLOW)
    expect(page.get_by_test_id("stFileUploader")).to_be_visible(timeout=SLOW)
    yield page
    page.close()


def test_the_field_says_what_it_takes(field: Page) -> None:
    takes = field.get_by_test_id("stFileUploaderDropzoneInstructions").locator("span")
    assert said(takes) == f'"até 2 MB por arquivo · {TAKEN}"'
    assert said(field.get_by_role("button", name="Upload").locator("p")) == '"Escolher arquivo"'


@pytest.mark.parametrize(
    ("name", "size", "status"), [("a.txt", 2 * 2**20 + 1, 0), ("a.exe", 10, 0), ("a.txt", 10, 429), ("a.txt", 10, 413)]
)
def test_why_a_file_was_not_taken(field: Page, name: str, size: int, status: int) -> None:
    if status:
        field.route("**/_stcore/upload_file/**", lambda route: route.fulfill(status=status, body="no"))
    choose(field, name, b"a" * size)
    alert = field.get_by_test_id("stFileUploader").get_by_role("alert")
    assert REFUSED in said(alert)
    box, chip = alert.bounding_box(), field.get_by_test_id("stFileUploader").bounding_box()
    assert box and chip and box["height"] > 10 and box["width"] > 200
    assert chip["x"] <= box["x"] and box["x"] + box["width"] <= chip["x"] + chip["width"]
    field.get_by_test_id("stFileChip").hover()
    expect(field.get_by_test_id("stTooltipErrorContent")).to_be_hidden()


def test_a_page_inside_another_site_says_that_it_takes_none(served: str, host: str, browser: Browser) -> None:
    page = browser.new_page(locale="pt-BR", viewport={"width": 1280, "height": 1000})
    page.goto(f"{host}/?{served}/minhas_frases?lang=pt&embed=true")
    frame = page.frame_locator("iframe")
    frame.get_by_text("Enviar arquivo").click(timeout=SLOW)
    expect(frame.get_by_text("Não dá para enviar um arquivo")).to_be_visible(timeout=SLOW)
    expect(frame.get_by_test_id("stFileUploader")).to_have_count(0)
    page.goto(f"{served}/minhas_frases?lang=pt&embed=true")  # by itself, it does
    page.get_by_text("Enviar arquivo").click(timeout=SLOW)
    expect(page.get_by_test_id("stFileUploader")).to_be_visible(timeout=SLOW)
    page.close()


@pytest.mark.slow
def test_where_the_server_is_told_so_files_are_sent_from_inside_another_site(host: str, browser: Browser) -> None:
    settings = {"STREAMLIT_SERVER_XSRF_COOKIE_SAME_SITE": "none", "MIRANTE_DATABASE": "off"}
    with running(MIRANTE_FRAME_ANCESTORS=f"'self' {host}", **settings) as address:
        page = browser.new_page(locale="pt-BR", viewport={"width": 1280, "height": 1000})
        page.goto(f"{host}/?{address}/minhas_frases?lang=pt&embed=true")
        frame = page.frame_locator("iframe")
        frame.get_by_text("Enviar arquivo").click(timeout=SLOW)
        lines = {"name": "frases.txt", "mimeType": "text/plain", "buffer": b"Um.\nDois.\nTr\xc3\xaas.\n"}
        frame.locator("input[type=file]").set_input_files(lines)
        expect(frame.get_by_text("3 frases")).to_be_visible(timeout=SLOW)
        page.close()
