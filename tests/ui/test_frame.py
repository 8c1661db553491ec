"""The frame: one clear message per error, control flow untouched, links and pickers."""

from __future__ import annotations

import gettext
import logging
import re
import threading
import time

import pytest
import streamlit as st
from hypothesis import given, strategies as some
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from core.errors import MiranteError
from ui.serving import bounded_cache as shelves, cache, forward_slots, turns
from ui.serving.turns import Turns
from ui.shell import state
from ui.shell.locale import plain
from ui.shell.state import Chosen
from ui.top_bar.sentence import use_example


def run(script, **query: str) -> AppTest:
    app = AppTest.from_function(script)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run(timeout=20)


def fails_as_we_know() -> None:
    from core.errors import ModelNotFound
    from ui.shell.frame import open_page

    with open_page("A page"):
        raise ModelNotFound("No model named {name}.", name="*x* <b>")


def test_an_error_of_ours_is_one_message_with_its_text_verbatim() -> None:
    app = run(fails_as_we_know)
    assert [error.value.replace("\\", "") for error in app.error] == ["No model named *x* <b>."]
    assert not app.exception


def begins_with_a_long_link() -> None:
    from ui.shell.frame import open_page, tell_of_long_link

    tell_of_long_link()
    with open_page("A page"):
        pass


@pytest.mark.parametrize("length, said", [("40123", "has 40123 characters"), ("<b>", "has ? characters")])
def test_a_link_that_was_too_long_is_told_once_and_leaves_the_address(length: str, said: str) -> None:
    app = run(begins_with_a_long_link, link_too_long=length, lang="en")
    (error,) = app.error
    assert said in error.value and not app.exception
    assert "link_too_long" not in app.query_params
    assert not app.run(timeout=20).error


def fails_as_nobody_knows() -> None:
    from ui.shell.frame import open_page

    with open_page("A page"):
        raise ZeroDivisionError("secret detail")


def test_any_other_error_is_polite_on_the_page_and_full_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="mirante"):
        app = run(fails_as_nobody_knows)
    (error,) = app.error
    assert "secret detail" not in error.value and not app.exception
    reference = caplog.records[0].args[0]
    assert reference in error.value
    assert "ZeroDivisionError: secret detail" in caplog.text


def reruns_and_stops() -> None:
    import streamlit as st

    from ui.shell.frame import open_page

    with open_page("A page"):
        if "seen" not in st.session_state:
            st.session_state["seen"] = True
            st.rerun()
        st.text("before")
        st.stop()
        st.text("after")


def test_rerun_and_stop_pass_through() -> None:
    app = run(reruns_and_stops)
    assert [text.value for text in app.text] == ["before"]
    assert not app.error and not app.exception


def guarded() -> None:
    import streamlit as st

    from ui.shell.frame import guard

    guard()
    st.text("page")


def test_the_guard_leaves_the_classic_mode_and_runs_again(monkeypatch: pytest.MonkeyPatch) -> None:
    app = AppTest.from_function(guarded)
    app.run(timeout=10)
    # AppTest runs the script as Streamlit would run a page in its classic mode.
    monkeypatch.setattr(PagesManager, "uses_pages_directory", 1)
    try:
        assert [text.value for text in app.run(timeout=10).text] == ["page"]
        assert PagesManager.uses_pages_directory is False
    finally:
        PagesManager.uses_pages_directory = False


def test_who_comes_while_another_leaves_the_classic_mode_is_sent_back_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mode is left for all at once, so it is no sign of how this run was started."""
    import streamlit as st

    from ui.shell import frame

    class SentBackError(Exception):
        pass

    def rerun() -> None:
        raise SentBackError

    state: dict[str, object] = {}
    monkeypatch.setattr(st, "rerun", rerun)
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(PagesManager, "uses_pages_directory", False)
    with pytest.raises(SentBackError):
        frame.guard()
    frame.guard()  # once: a page that is tested alone goes on
    ran = []

    class Page:
        def run(self) -> None:
            frame.guard()
            ran.append(True)

    frame.run_page(Page())
    assert ran == [True]
    with pytest.raises(SentBackError):
        frame.guard()


def page_that_cannot_be_imported() -> None:
    import streamlit as st

    from ui.shell.frame import run_page

    class Page:
        def run(self) -> None:
            raise ImportError("cannot import name 'AutoConfig' from 'transformers'")

    run_page(Page())
    st.text("the frame goes on")


def callback_that_fails() -> None:
    import streamlit as st

    from ui.shell.frame import replace_error_box

    def fail() -> None:
        raise ZeroDivisionError("secret detail")

    replace_error_box()
    st.button("Press", on_click=fail)


def fragment_that_fails() -> None:
    import streamlit as st

    from ui.shell.frame import replace_error_box

    @st.fragment
    def fail() -> None:
        raise ZeroDivisionError("secret detail")

    replace_error_box()
    fail()


def frame_that_fails() -> None:
    from core.errors import ModelNotFound
    from ui.shell.frame import replace_error_box

    replace_error_box()
    raise ModelNotFound("No model named {name}.", name="x")


@pytest.fixture
def own_box():
    """What Streamlit shows, put back afterwards."""
    from streamlit import error_util

    shown = error_util.show_uncaught_app_exception
    yield
    error_util.show_uncaught_app_exception = shown


def test_a_page_whose_imports_fail_is_one_message_and_the_frame_goes_on() -> None:
    app = run(page_that_cannot_be_imported)
    assert len(app.error) == 1 and "AutoConfig" not in app.error[0].value and "referência" in app.error[0].value
    assert [text.value for text in app.text] == ["the frame goes on"] and not app.exception


@pytest.mark.usefixtures("own_box")
@pytest.mark.parametrize("script", [callback_that_fails, fragment_that_fails, frame_that_fails])
def test_what_nothing_catches_is_our_message_and_never_the_framework_s_box(script, caplog) -> None:
    app = run(script)
    if script is callback_that_fails:
        assert not app.error
        app.button[0].click().run()
    assert len(app.error) == 1 and "secret" not in app.error[0].value and not app.exception
    assert ("No model named x" in app.error[0].value.replace("\\", "")) == (script is frame_that_fails)


def shows_choices() -> None:
    import streamlit as st

    from ui.shell.frame import open_page

    with open_page("A page") as chosen:
        st.text(f"{chosen.model}|{chosen.device}|{chosen.language}|{chosen.sentence}")


def test_a_page_alone_has_defaults() -> None:
    expected = f"{state.DEFAULT_MODEL}|auto|pt|{state.DEFAULT_SENTENCE}"
    assert run(shows_choices).text[0].value == expected


def shared_pickers() -> None:
    import streamlit as st

    from ui.shell.state import chosen, settle_language
    from ui.top_bar.pickers import pick_language, pick_model
    from ui.top_bar.sentence import pick_sentence

    settle_language()
    pick_model()
    pick_sentence()
    pick_language()
    st.text(f"{chosen().model}|{chosen().language}|{chosen().sentence}")


def test_the_link_fills_the_pickers() -> None:
    app = run(shared_pickers, model="org/name", lang="en", sentence="a\nb")
    assert app.text[0].value == "org/name|en|a\nb"


@pytest.mark.parametrize("query", [{"lang": "xx"}, {"device": "quantum"}, {"layer": "999"}])
def test_a_value_that_makes_no_sense_is_as_if_it_were_not_there(query: dict[str, str]) -> None:
    app = run(shared_pickers, **query)
    assert app.text[0].value == f"{state.DEFAULT_MODEL}|pt|{state.DEFAULT_SENTENCE}"
    assert not app.exception


@pytest.mark.parametrize(("number", "fits"), [(2, True), (99, False), ("2", False), (True, False), ({}, False)])
def test_an_example_becomes_the_sentence(monkeypatch, number: object, fits: bool) -> None:
    kept = {"sentence_tools": {"example": number}, "sentence": "O copo."}
    monkeypatch.setattr(st, "session_state", kept)
    use_example(["a", "b", "c"])
    assert kept["sentence"] == ("c" if fits else "O copo.")


@given(some.text() | some.text(alphabet=" -<>=~:/w.@a_*[]()\t\n"))
def test_plain_text_survives_markdown_escaping(text: str) -> None:
    escaped = plain(text)
    kept, marks = [], iter(escaped.replace(":color[]", ""))
    for mark in marks:
        kept.append(next(marks) if mark == "\\" else mark)
    drawn = "".join(" " if char in "\t\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029" else char for char in text)
    assert "".join(kept) == (" " + drawn.lstrip(" ") if drawn.startswith("  ") else drawn)


@given(some.text(alphabet=":/htpw.@aX-<>=~ _", max_size=30))
def test_what_markdown_recognises_behind_the_escapes_is_never_whole(text: str) -> None:
    for part in plain(text).replace("\\", "").split(":color[]"):  # one text of the parser each
        assert not re.search(r"https?://|[wW]{3}\.|@\S|:[\w+-]|->|<-|--|>=|<=|~=", part)


def test_an_escape_costs_no_more_than_its_length() -> None:
    for unit in (" ", "\n ", ":", "www.", "-", "a@"):
        start = time.process_time()
        plain(unit * 200_000)
        assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("text", "fits"), [("", True), ("a" * 1500, True), ("a" * 1501, False), ("ç" * 250, True), ("😀" * 126, False)]
)
def test_what_fits_a_link_is_measured_as_it_is_written_there(text: str, fits: bool) -> None:
    assert state.fits_link(text) is fits


def test_a_blank_sentence_is_refused_before_any_model_is_loaded() -> None:
    with pytest.raises(MiranteError, match="empty"):
        cache.trace(Chosen("no such model", "cpu", "", "pt"), " \n ")


def device_choices() -> None:
    import streamlit as st

    from ui.shell.state import chosen
    from ui.top_bar.pickers import pick_device

    pick_device(("cuda", "cpu"))
    st.text(f"{chosen().device}|{chosen().precision}")


def test_a_gpu_offers_devices_and_precision_from_the_link() -> None:
    assert run(device_choices).text[0].value == "auto|float32"
    assert run(device_choices, device="cuda", precision="float16").text[0].value == "cuda|float16"


@pytest.mark.parametrize(
    ("found", "device", "precision"),
    [(("cpu",), "auto", "float32"), (("cuda", "cpu"), "cpu", "float32"), (("cuda", "cpu"), "cuda", "float16")],
)
def test_the_cpu_always_computes_in_float32(monkeypatch, found, device, precision) -> None:
    monkeypatch.setattr(cache, "devices", lambda: found)
    assert cache._precision(device, "float16") == precision


def test_a_shelf_keeps_the_latest_within_its_number() -> None:
    shelf = shelves.Shelf(max_entries=2, max_bytes=10**9)
    for key in ("a", "b", "a", "c"):
        shelf.get((key,), lambda key=key: key.upper())
    assert len(shelf) == 2
    assert shelf.get(("a",), lambda: "made again") == "A"
    assert shelf.get(("b",), lambda: "made again") == "made again"


def test_a_shelf_keeps_within_its_bytes_but_always_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "size_of", len)
    shelf = shelves.Shelf(max_entries=9, max_bytes=10)
    for key, size in (("a", 6), ("b", 6), ("c", 99)):
        shelf.get((key,), lambda size=size: "x" * size)
    assert len(shelf) == 1 and shelf.get(("c",), lambda: "") == "x" * 99


def test_a_failure_is_not_kept() -> None:
    shelf = shelves.Shelf(max_entries=2, max_bytes=10)
    with pytest.raises(ZeroDivisionError):
        shelf.get(("a",), lambda: 1 // 0)
    assert shelf.get(("a",), lambda: "made") == "made"


def test_the_same_request_at_once_is_computed_once() -> None:
    shelf, started, made = shelves.Shelf(4, 10**9), threading.Event(), []

    def make() -> str:
        started.set()
        made.append(1)
        threading.Event().wait(0.05)
        return "made"

    threads = [threading.Thread(target=shelf.get, args=(("k",), make)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert started.is_set() and made == [1]


def test_a_class_is_never_refused_and_a_model_s_work_inside_a_turn_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forward_slots, "TURNS", Turns(1))
    monkeypatch.setattr(turns, "EVERY", 0.001)  # those who wait look often
    served = []

    def visitor(number: int) -> None:
        with forward_slots.forward_slot(), forward_slots.forward_slot():
            time.sleep(0.002)
            served.append(number)

    threads = [threading.Thread(target=visitor, args=(number,)) for number in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(served) == list(range(200))


def test_portuguese_catalogue_has_a_plural_rule() -> None:
    from core.languages import catalog

    assert isinstance(catalog("pt"), gettext.GNUTranslations)
    assert [catalog("pt").plural(n) for n in (0, 1, 2)] == [0, 0, 1]


def test_a_shelf_counts_logits_and_hidden_states() -> None:
    import numpy as np

    from core.tracing.trace import Trace

    trace = Trace("", None, None, {}, np.zeros(1000, np.float32), np.zeros(10, np.float32), None)
    assert shelves.size_of(trace) == 4040
