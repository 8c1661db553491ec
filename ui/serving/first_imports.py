"""What is imported once, before any page runs: the large libraries, and every module of ours.

Threads that import parts of transformers at the same moment meet modules that are half made (``ImportError:
AutoConfig``, in six of six trials with visits a second apart). So the server of ``make run`` (asgi.py) imports
everything before it answers, and under ``streamlit run app.py`` the first visitors wait here together.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import streamlit as st

from ..shell.locale import t

LIBRARIES = (
    "torch",
    "transformers",
    "scipy.stats",
    "scipy.sparse.csgraph",
    "pandas",
    "pyarrow.pandas_compat",
    "pyarrow.vendored.version",
    "plotly.graph_objects",
    "plotly.offline",
    "babel.messages.mofile",
    "babel.messages.pofile",
    "babel.numbers",
    "huggingface_hub",
)
"""In this order, before ours: what pages and Streamlit's elements import when they are first used."""
PACKAGES = ("core", "ui")
COMMAND_LINE = re.compile(r".*\.__main__|core\.cli(\..*)?")
OF_LESSONS = re.compile(r"(core\.classroom|ui\.pages\.start_here)(\..*)?")
"""What reads lesson files, with pydantic and ruamel.yaml (0.4 s): imported when somebody opens a lesson."""

_lock = threading.Lock()
_imported = False


def import_everything() -> None:
    """Import all of it, unless that is done; whoever calls meanwhile waits until it is.

    Raises:
        ImportError: something is not installed.
    """
    global _imported
    if _imported:
        return
    with _lock:
        if not _imported:
            for name in (*LIBRARIES, *_modules()):
                import_module(name)
            import_module("transformers").utils.logging.disable_progress_bar()  # it writes to the log at every load
            _imported = True


def await_imports() -> None:
    """The same before a page, which says that Mirante is starting while a visitor has to wait for it."""
    if not _imported:
        with st.spinner(t("Starting Mirante…")):
            import_everything()


def _modules() -> Iterator[str]:
    for package in PACKAGES:
        for module in walk_packages(import_module(package).__path__, f"{package}."):
            if not (COMMAND_LINE.fullmatch(module.name) or OF_LESSONS.fullmatch(module.name)):
                yield module.name
