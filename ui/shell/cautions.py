"""What must be known of a model before one reads its maps: said once at the top of each page that uses the model.

``note`` is called wherever a page is given a model (ui.serving.cache); ``open_page`` gives the place. A fragment that
runs again alone leaves what the page said. Not here: what there is to say (core.models.mixing).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import Message, shortened

from .locale import error_text, plain, t


@dataclass(eq=False)
class _Top:
    """The place at the top of a page, and the models of which it has spoken."""

    container: DeltaGenerator
    models: set[str] = field(default_factory=set)


_top: ContextVar[_Top | None] = ContextVar("cautions", default=None)


def note(model: str, caution: Message | None) -> None:
    """Let the page that is being drawn say ``caution`` of a model, once."""
    top = _top.get()
    if top is None or caution is None or model in top.models:
        return
    top.models.add(model)
    top.container.warning(t("{model}: {sentence}", model=plain(shortened(model)), sentence=plain(error_text(caution))))


@contextmanager
def cautions_first() -> Iterator[None]:
    """What is noted while the block draws the page stands before what it draws."""
    token = _top.set(_Top(st.container()))
    try:
        yield
    finally:
        _top.reset(token)
