"""What a visitor writes goes through the one escape before Markdown reads it: on every page, in every element."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

from tests.ui.test_pages import open_page
from ui.shell.page_registry import REGISTRY

SENTENCE = (
    "__ẁa__ https://ẁb.pt/_x_ www.ẁc.pt __ẁd__ a_b_c@ẁe.pt __ẁf__ *ẁg* <b>ẁh</b> [ẁi](http://ẁj.pt) $ẁk$ `ẁl` __ẁm__."
)
RAW = re.compile(r"(?<!\\)_ẁ|(?<!\])//ẁ|[wW]{3}\.ẁ|(?<!\\)_c@|@ẁ|(?<!\\)\*ẁ|(?<!\\)<b|(?<!\\)\[ẁ|(?<!\\)\$ẁ|(?<!\\)`ẁ")
"""Marks of the sentence that no escape stands before."""

LABELS = ("label", "help")
MARKDOWN = {"Markdown": ("body",), "Alert": ("body",), "Spinner": ("text",), "Radio": ("options",), "Metric": ("body",)}


def read_as_markdown(app: AppTest) -> Iterator[tuple[str, str]]:
    """(kind of element, text) of everything that the browser reads as Markdown."""
    for node in app._tree:
        proto = getattr(node, "proto", None)
        if isinstance(proto, Message):
            yield from _of(proto)


def _of(proto: Message) -> Iterator[tuple[str, str]]:
    kind = proto.DESCRIPTOR.name
    for field, value in proto.ListFields():
        if isinstance(value, Message):
            yield from _of(value)
        elif field.message_type is not None:
            for part in value:
                if isinstance(part, Message):
                    yield from _of(part)
        elif field.name in (*LABELS, *MARKDOWN.get(kind, ())) or kind == "Option" and field.name == "content":
            for text in [value] if isinstance(value, str) else value:
                yield kind, text


def unescaped(app: AppTest) -> list[tuple[str, Any]]:
    return [(kind, text) for kind, text in read_as_markdown(app) if RAW.search(text)]


@pytest.mark.parametrize("entry", REGISTRY, ids=lambda entry: entry.slug)
def test_a_naughty_sentence_is_escaped_on_every_page(entry) -> None:
    model = {"encoder-decoder": "mirante-translator", "decoder": "mirante-decoder-pt"}.get(entry.needs)
    query = {"sentence": SENTENCE, "target": SENTENCE, "b_sentence": SENTENCE + " x", "lines": SENTENCE}
    app = open_page(f"{entry.slug}.py", **query, **({"model": model} if model else {}))
    assert not app.exception
    assert unescaped(app) == []
    raw_html = [node.proto.body for node in app.get("html")]
    assert [body for body in raw_html if "<b>ẁ" in body] == []


@pytest.mark.parametrize("entry", REGISTRY, ids=lambda entry: entry.slug)
def test_a_naughty_name_of_a_model_is_escaped_in_its_message(entry) -> None:
    app = open_page(f"{entry.slug}.py", model="__ẁa__/https://ẁb.pt/_x_ www.ẁc.pt")
    assert not app.exception
    assert unescaped(app) == []


def test_the_test_sees_what_is_not_escaped() -> None:
    def script() -> None:
        import streamlit as st

        st.button("see https://ẁb.pt")
        st.pills("x", ["__ẁa__"])
        st.tabs(["*ẁg*"])
        st.caption("a", help="www.ẁc.pt")
        st.selectbox("a_b_c@ẁe.pt", ["__ẁa__"])

    found = unescaped(AppTest.from_function(script).run())
    assert len(found) == 5, found
