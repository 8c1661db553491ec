"""The log says where and what kind, never what a visitor wrote, and no place writes without end.

The process of a test keeps its own log: each program here runs in another."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent

import pytest

from core.errors import BadInput
from tools.served import ROOT
from ui.serving.logs import error_text_without_words, route

MARK = "Zumbaiúva"


def written_by(program: str) -> str:
    """What a program writes, in which ``MARK`` is a visitor's text and the log is kept clean."""
    start = f"import logging, sys\nfrom ui.serving.logs import keep_log_clean\nkeep_log_clean()\nMARK = {MARK!r}\n"
    done = subprocess.run(
        [sys.executable, "-c", start + dedent(program)], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=120
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("logging.getLogger('others').warning('text %s of %d', MARK, 7)", "text … of 7"),
        ("logging.getLogger('others').warning('of %(n)d: %(text)r', {'n': 7, 'text': MARK})", "of 7: '…'"),
        ("logging.getLogger('others').warning(f'text {MARK}')", "withheld"),
        ("logging.getLogger('others').warning(MARK.upper())", "withheld"),
        ("logging.getLogger('others').warning(ValueError(MARK))", "withheld"),
        ("logging.getLogger('others').warning('%s', [MARK])", "<list>"),
        ("logging.getLogger('mirante').warning('reference %s', 'a1b2c3')", "reference a1b2c3"),
        ("logging.getLogger('uvicorn.error').warning('%s \"%s\"', '10.0.0.1', '/x?text=' + MARK)", '10.0.0.1 "/…"'),
        ("raise ValueError(MARK)", "Uncaught error"),
        ("from core.errors import BadInput\nraise BadInput('No {text} here.', text=MARK)", "No {text} here."),
        ("import threading\nthreading.Thread(target=lambda: int(MARK)).start()", "ValueError"),
        ("import warnings\nwarnings.warn(MARK)", "UserWarning at <string>, line"),
        ("import traceback\ntry:\n    int(MARK)\nexcept ValueError:\n    traceback.print_exc()", "ValueError"),
        ("class Text:\n    def __del__(self): int(MARK)\nText()", "ValueError"),
        (
            """
            import asyncio, gc
            async def fail(): int(MARK)
            async def forget():
                asyncio.get_running_loop().create_task(fail())
                await asyncio.sleep(0.01)
                gc.collect()
            asyncio.run(forget())
            """,
            "ValueError",
        ),
        (
            """
            try:
                try: {}[MARK]
                except KeyError as error: raise RuntimeError(MARK) from error
            except RuntimeError: logging.getLogger("others").exception("it failed")
            """,
            "caused by:",
        ),
    ],
)
def test_what_was_written_is_kept_and_the_text_is_not(program: str, said: str) -> None:
    written = written_by(program)
    assert said in written and MARK.lower() not in written.lower() and "Zumbai" not in written


def test_one_place_writes_so_much_a_minute_and_says_what_it_left_out() -> None:
    written = written_by(
        """
        import time
        now = time.monotonic()
        time.monotonic = lambda: now
        for n in range(100_000):
            logging.getLogger("others").error("again %d", n)
            if n == 99_998:
                time.monotonic = lambda: now + 60
        logging.getLogger("others").error("something else")
        """
    )
    lines = written.splitlines()
    assert len(lines) == 22 and lines[-1].endswith("something else")
    assert lines[-2].endswith("again 99999 [and 99979 more like this]")


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        (f"/explorar?sentence={MARK}", "/explorar"),
        (f"/{MARK}/explorar#a", "/…/explorar"),
        ("/_stcore/upload_file/1-2/3", "/_stcore/upload_file/…/…"),
        ("/api/v1/attention?text=a", "/api/v1/attention"),
        ("", ""),
    ],
)
def test_an_address_keeps_the_parts_that_are_ours(path: str, kept: str) -> None:
    assert route(path) == kept


def test_an_error_names_its_kind_its_place_and_an_error_of_ours_its_template() -> None:
    try:
        raise BadInput("No {text} here.", text=MARK)
    except BadInput as error:
        told = error_text_without_words(error)
    assert told.endswith("core.errors.BadInput: No {text} here.") and "test_logs.py" in told and MARK not in told
    assert error_text_without_words(FileNotFoundError(2, MARK, MARK)) == "FileNotFoundError 2"


def test_the_places_of_an_error_are_written_once_an_hour() -> None:
    program = """
        def fail():
            try:
                int(MARK)
            except ValueError as error:
                logging.getLogger('mirante').error('failed', exc_info=error)
        for _ in range(15):
            fail()
    """
    text = written_by(program)
    assert text.count("in fail") == 1 and text.count("ValueError (its places are in an earlier line)") == 14
