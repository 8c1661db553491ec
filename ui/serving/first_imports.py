"""What is imported once, before a page needs it: the large libraries, and every module of ours.

Threads that import parts of transformers at the same moment meet modules that are half made (``ImportError:
AutoConfig``, in six of six trials with visits a second apart). So one thread imports everything, from the moment when
the server starts (head_start.py), and a page waits until its part is there: the frame needs none of it, the pages of
``EARLY`` what ``import_first`` imports, the others all. Where no server runs (a test of a page), whoever waits imports.
"""

from __future__ import annotations

import gc
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import chain
from pkgutil import walk_packages

import streamlit as st

from ..shell.locale import t
from .turns import TURNS

FRAME = ("pandas", "ui.top_bar.bar", "ui.top_bar.model_fit", "ui.explorer.carried", "ui.explorer.where_next")
"""What the bar on top needs, and Streamlit to send it."""
FIRST = (
    "torch",
    "transformers",
    "core.models.loading",
    "core.tracing.captures",
    "core.analyses.candidates",
    "pyarrow",
    "babel.messages.mofile",
    "babel.messages.pofile",
    "huggingface_hub",
    "core.export",
    "ui.components.attention",
    "ui.explorer.first_look",
    "ui.explorer.edited_sentence",
    "ui.explorer.number_cards",
    "ui.pages.explore.look",
)
"""What the pages of ``EARLY`` import, and the loading of a bundled model."""
LIBRARIES = (
    "scipy.stats",
    "scipy.sparse.csgraph",
    "pyarrow.pandas_compat",
    "pyarrow.vendored.version",
    "plotly.graph_objects",
    "plotly.offline",
    "babel.numbers",
)
"""After those and before the rest of ours: what pages and Streamlit's elements import when they are first used."""
PACKAGES = ("core", "ui")
EARLY = ("inicio", "explorar")
"""Pages that begin before everything is imported: most visits begin with one of them."""
COMMAND_LINE = re.compile(r".*\.__main__|core\.cli(\..*)?")
OF_LESSONS = re.compile(r"(core\.classroom|ui\.pages\.start_here)(\..*)?")
"""What reads lesson files, with pydantic and ruamel.yaml (0.4 s): imported when somebody opens a lesson."""

_ending = threading.Event()
_lock = threading.RLock()
_first = False
_imported = False


def import_frame() -> None:
    """Import what the frame needs: before anybody is answered."""
    with _lock:
        _import(FRAME)


def import_first() -> None:
    """Import what the pages of ``EARLY`` need; else as ``import_everything``."""
    global _first
    with _lock:
        if not _first:
            _import((*FRAME, *FIRST))
            import_module("transformers").utils.logging.disable_progress_bar()  # it writes to the log at every load
            _first = True


def import_everything() -> None:
    """Import all of it, unless that is done; whoever calls meanwhile waits until it is.

    Raises:
        ImportError: something is not installed, or the server is ending.
    """
    global _imported
    if _imported:
        return
    import_first()
    with _lock:
        if not _imported:
            from core.models.locks import LOADING

            with LOADING:  # a page of EARLY may load a model meanwhile, which imports parts of transformers
                _import(chain(LIBRARIES, _modules()))
            _imported = True


def everything_imported() -> bool:
    """Whether all of it is there."""
    return _imported


def first_imported() -> bool:
    """Whether torch is there, and all that ``import_first`` imports."""
    return _first


def await_imports(slug: str) -> bool:
    """The same before a page, which says that Mirante is starting while a visitor has to wait for it. Whether it had
    to.
    """
    early = slug in EARLY
    if _imported or (early and _first):
        return False
    with st.spinner(t("Starting Mirante…")), TURNS.aside():
        (import_first if early else import_everything)()
    return True


def stop_importing() -> None:
    """The server ends: whoever imports stops before the next module."""
    _ending.set()


def wait_unless_ending(seconds: float) -> None:
    """Let others have the processor, as long as the server lives."""
    _ending.wait(seconds)


def _import(names: Iterable[str]) -> None:
    with _no_collections():
        for name in names:
            if _ending.is_set():
                raise ImportError("The server is ending.")
            import_module(name)


@contextmanager
def _no_collections() -> Iterator[None]:
    """While it imports, Python looks again and again for garbage among half a million objects that stay: 15 % of the
    time.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _modules() -> Iterator[str]:
    for package in PACKAGES:
        for module in walk_packages(import_module(package).__path__, f"{package}."):
            if not (COMMAND_LINE.fullmatch(module.name) or OF_LESSONS.fullmatch(module.name)):
                yield module.name
