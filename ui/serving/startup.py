"""What a server does once before it serves: a clean log, room for descriptors, sessions that cost none.

``prepare`` is called when asgi.py is read, and ``prepare_running`` in every run of app.py, since ``streamlit run`` has
no other place for it. Not here: what each of them does (ui.serving.logs, descriptors, session_loops,
head_start, kept_sessions)."""

from __future__ import annotations

import sys

from streamlit import config
from streamlit.runtime import Runtime

from .descriptors import raise_limit
from .head_start import begin
from .kept_sessions import keep_sessions_briefly
from .logs import keep_log_clean
from .made_files import make_files_in_turns
from .session_loops import keep_loops_dormant
from .widget_values import read_only_own_kinds

SWITCH = 0.001  # seconds a script keeps the interpreter while the event loop, which answers everybody, waits for it


def prepare() -> None:
    """All that can be done before there is a server."""
    keep_log_clean()
    raise_limit()
    keep_loops_dormant()
    make_files_in_turns()
    read_only_own_kinds()
    sys.setswitchinterval(SWITCH)


def prepare_running() -> None:
    """The same and the rest, in a page's run; nothing outside a server (tests of a page alone)."""
    if config._server_mode is not None:
        prepare()
        begin()
        keep_sessions_briefly(Runtime.instance())
