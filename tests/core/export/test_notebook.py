"""A trace in a notebook's cell: the explorer in its own frame, a table beside it, nothing of a text's own markup."""

from __future__ import annotations

from html import unescape

import pytest

import core
from core.errors import BadInput
from core.export.notebook import MOST_TOKENS
from tests import tiny

TEXT = 'copo <b> água </b> "quoted"'


@pytest.fixture(scope="module")
def trace():
    return core.capture(core.load(str(tiny.folder("gpt2"))), TEXT)


def test_the_table_escapes_labels(trace):
    html = trace._repr_html_()
    assert "<b>" not in html and "&lt;" in html and html.startswith("<table>")


def test_the_cell_holds_the_standalone_page_and_the_table(trace):
    html = trace.show(layer=1, head=2)._repr_html_()
    page = unescape(html.split('srcdoc="')[1].split('" sandbox')[0])
    assert page.lower().startswith("<!doctype html>") and page.rstrip().endswith("</html>")
    assert "C2·3" in page and "L2·3" in html.split("<details>")[1]  # counted from 1 where a person reads
    assert html.split("<details>")[1].count("<tr>") == min(len(trace.tokens), MOST_TOKENS) + 1
    assert "<b>" not in html.replace(page, "")


def test_cross_attention_is_shown_where_there_is_one():
    lm = core.load(str(tiny.folder("marian")))
    shown = core.capture(lm, tiny.SENTENCE).show(language="en")
    assert "(cross)" in shown.table and "<summary>Table</summary>" in shown._repr_html_()


@pytest.mark.parametrize("place", [{"layer": 99}, {"head": 99}, {"kind": "cross"}])
def test_what_is_not_there_is_refused(trace, place):
    with pytest.raises(BadInput):
        trace.show(**place)
