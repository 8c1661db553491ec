"""The frame around every page: navigation, the first-visit guard, one clear message per error.

A page is ``guard()``, its imports, then ``with open_page(...) as chosen:``. Not here: the shared pickers
(ui.top_bar), the session keys (ui.shell.state), the caches (ui.serving.cache).
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from functools import cache

import streamlit as st
from streamlit import error_util
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import Page
from streamlit.runtime.pages_manager import PagesManager

from core.assets import ROOT
from core.errors import BadInput, MiranteError, ModelFailure
from core.languages import Language

from .cautions import cautions_first
from .locale import error_text, language, plain, t
from .page_registry import REGISTRY, PageEntry, page_entry
from .state import LINK_TOO_LONG, Chosen, chosen

_LOGGER = logging.getLogger("mirante")
REFUSED, _SENT_BACK = "_refused", "_sent_back"
_framed: ContextVar[bool] = ContextVar("framed", default=False)
_beside_title: ContextVar[DeltaGenerator | None] = ContextVar("beside_title", default=None)


def guard() -> None:
    """First line of each page, before it imports anything: hand the first visits of a server's life back to app.py.

    Beside a folder called pages/, Streamlit starts in its classic mode, and until app.py has
    called ``st.navigation`` once, a deep link runs the page alone: no frame, no pickers. We
    leave that mode for good and start the run again (docs/decisions; tests/e2e/test_deep_link.py).
    Whether this run is such a one is asked of the run: of visitors who come at the same moment, one
    has left that mode for all. A page that is tested alone is sent back once, and goes on.
    """
    if _framed.get():
        return
    PagesManager.uses_pages_directory = False
    if not st.session_state.get(_SENT_BACK):
        st.session_state[_SENT_BACK] = True
        st.rerun()


def run_page(page: Page) -> None:
    """Run the page that ``navigate`` gave, its imports included; whatever fails becomes one clear message."""
    st.session_state.pop(_SENT_BACK, None)
    token = _framed.set(True)
    try:
        with _explaining():
            page.run()
    finally:
        _framed.reset(token)


def replace_error_box() -> None:
    """Let our message stand where Streamlit would show its own, in English.

    It shows one for what nothing here catches: the frame itself, a callback, a fragment. An application can give a
    function for that (``st.App(on_script_error=…)``), ``streamlit run`` cannot; this is the one place where both end.
    """
    error_util.show_uncaught_app_exception = _show_uncaught


def navigate(*, hidden: bool = False) -> Page:
    """The page that the link asks for.

    Streamlit's own navigation is there, unless ``hidden``, and out of sight (assets/frame.css): our menu in the bar
    presses its links (ui/top_bar/menu.py). A page's path is its file's name: only so does the classic mode, in which a
    server begins, find the page of a first deep link (see ``guard``).
    """
    return st.navigation(
        [copy(page) for page in _pages(language())],
        position="hidden" if hidden else "sidebar",
        expanded=True,
    )


def page_in_view(page: Page) -> PageEntry:
    """What the registry says of a page of ``navigate``."""
    return page_entry(page.url_path or REGISTRY[0].slug)


@cache
def _pages(_language: Language) -> tuple[Page, ...]:
    """The pages with their titles in a language. Each run takes copies (Streamlit notes on them which one it runs):
    making one asks the file system, for twenty pages a sixth of what a run costs.
    """
    return tuple(
        st.Page(
            ROOT / f"pages/{entry.slug}.py",
            title=error_text(entry.title),
            url_path=entry.slug,
            default=entry is REGISTRY[0],
        )
        for entry in REGISTRY
    )


@contextmanager
def open_page(title: str, lead: str | None = None) -> Iterator[Chosen]:
    """Title, a short lead and the options in one row, then the body; whatever fails inside is one clear message."""
    with st.container(key="title_row", horizontal=True, vertical_alignment="center", gap="small"):
        st.title(title, anchor=False, width="content")
        if lead:
            st.caption(lead, width="content")
        row = st.container(key="beside_title", horizontal=True, vertical_alignment="center", gap="small")
    token = _beside_title.set(row)
    try:
        with cautions_first(), telling():
            yield chosen()
    finally:
        _beside_title.reset(token)


def beside_title() -> DeltaGenerator:
    """The row of the title, for the options of the page: the picture needs the height. Labels there are hidden
    (``label_visibility="collapsed"``). In a fragment, or without ``open_page``, a row of its own.
    """
    return _beside_title.get() or st.container(horizontal=True, vertical_alignment="bottom")


def picture_beside_words() -> tuple[DeltaGenerator, DeltaGenerator]:
    """The places of the main picture and, at its right, of what is said of it.

    So the picture begins as high as it can, and a wide screen is used. On a narrow one the words stand below it.
    """
    picture, words = st.columns([3, 2], gap="medium")
    return picture, words


def heeding(callback: Callable[..., None]) -> Callable[..., None]:
    """A callback whose refusal the page tells.

    It runs before the page, outside of everything that turns errors into a message.
    """

    def run(*args: object) -> None:
        try:
            callback(*args)
        except MiranteError as error:
            st.session_state[REFUSED] = error

    return run


def tell_of_long_link() -> None:
    """Let the page say that its link was too long to be opened, and take that out of the address."""
    if (length := st.query_params.get(LINK_TOO_LONG)) is not None:
        del st.query_params[LINK_TOO_LONG]
        st.session_state[REFUSED] = BadInput(
            "This link has {characters} characters, more than a page can open, so nothing of it was read: the page "
            "stands as it begins. Make the sentence or the list shorter, or send it as a file.",
            characters=length if length.isdecimal() else "?",
        )


@contextmanager
def telling() -> Iterator[None]:
    """Whatever fails inside becomes one clear message. A fragment needs its own: it runs again without its page.

    Streamlit's own control flow (rerun, stop) is no ``Exception`` and passes through.
    """
    if refused := st.session_state.pop(REFUSED, None):
        _explain(refused)
    with _explaining():
        yield


@contextmanager
def _explaining() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        _explain(error)


def _explain(error: BaseException) -> None:
    """What a refusal of ours says; of anything else, that it was not the visitor's fault. The log keeps what a model's
    own code raised.
    """
    if isinstance(error, ModelFailure):
        _LOGGER.warning("A model failed at a step", exc_info=error)
    if isinstance(error, MiranteError):
        st.error(plain(error_text(error)))
    else:
        report_unexpected()


def _show_uncaught(error: BaseException) -> None:
    try:
        _explain(error)
    except Exception:
        _LOGGER.exception("The message about an error could not be shown")


def report_unexpected() -> None:
    """A polite message with a short reference; the traceback goes to the log under the same one."""
    reference = secrets.token_hex(3)
    _LOGGER.exception("Unexpected error, reference %s", reference)
    st.error(
        t(
            "Something went wrong in Mirante, and it is not your fault. Try again or change the sentence or the model. "
            "If it comes back, report it with the reference {reference}.",
            reference=reference,
        )
    )
