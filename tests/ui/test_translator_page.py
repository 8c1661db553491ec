"""Explorar with the bundled translator: opens on cross-attention, rows named by what they write, the choice kept in the
link.
"""

from __future__ import annotations

from tests.ui.test_pages import open_page

MODEL = "mirante-translator"
SENTENCE = ">>fra<< I like strawberries."


def test_it_opens_on_the_written_rows_of_its_aligning_head():
    page = open_page("explorar.py", model=MODEL, sentence=SENTENCE)
    assert not page.exception
    assert page.session_state["kind"] == "cross" and page.session_state["rows"] == "written"
    assert (page.session_state["layer"], page.session_state["head"]) == aligning()
    assert "rows" not in page.query_params


def test_a_link_names_the_rows_by_the_word_just_read():
    page = open_page("explorar.py", model=MODEL, sentence=SENTENCE, rows="read")
    assert not page.exception and page.session_state["rows"] == "read"


def test_other_kinds_have_no_such_choice():
    page = open_page("explorar.py", model=MODEL, sentence=SENTENCE, kind="decoder")
    assert not page.exception and "rows" not in page.session_state


def test_a_target_of_one_s_own_is_read():
    page = open_page("explorar.py", model=MODEL, sentence=SENTENCE, target="J'aime les pommes.")
    assert not page.exception and not any("escreveu" in caption.value for caption in page.caption)


def aligning() -> tuple[int, int]:
    from core.models.catalog import alignment_head

    layer, head = alignment_head(MODEL)
    return layer + 1, head + 1
