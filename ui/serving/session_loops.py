"""The event loop that Streamlit makes for every session, opened only when something runs in it.

``asyncio.new_event_loop()`` opens three file descriptors (a selector, a pair of sockets). Streamlit makes one loop per
session for libraries that want one in the script's thread, never runs it itself, and keeps it as long as the session,
that is also while its page is gone. Nothing of ours runs in it: a ``DormantLoop`` in its place costs none. Not here:
how long a session is kept (ui.serving.kept_sessions)."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Mapping
from functools import wraps

from streamlit.runtime.app_session import AppSession

_LOOP = "_script_event_loop"


class LateSelector(selectors.BaseSelector):
    """The system's selector, opened when something is registered or waited for."""

    def __init__(self) -> None:
        self._selector: selectors.BaseSelector | None = None

    def _opened(self) -> selectors.BaseSelector:
        if self._selector is None:
            self._selector = selectors.DefaultSelector()
        return self._selector

    def register(self, fileobj, events, data=None):
        return self._opened().register(fileobj, events, data)

    def unregister(self, fileobj):
        return self._opened().unregister(fileobj)

    def modify(self, fileobj, events, data=None):
        return self._opened().modify(fileobj, events, data)

    def select(self, timeout=None):
        return self._opened().select(timeout)

    def get_map(self) -> Mapping:
        return {} if self._selector is None else self._selector.get_map()

    def close(self) -> None:
        if self._selector is not None:
            self._selector.close()


class DormantLoop(asyncio.SelectorEventLoop):
    """An event loop like any other, that opens its selector and its pair of sockets when it first runs."""

    def __init__(self) -> None:
        super().__init__(LateSelector())

    def run_forever(self) -> None:
        if self._csock is None:
            super()._make_self_pipe()
        super().run_forever()

    def _make_self_pipe(self) -> None:
        self._ssock = self._csock = None

    def _close_self_pipe(self) -> None:
        if self._csock is not None:
            super()._close_self_pipe()


def keep_loops_dormant() -> None:
    """From here on a new session's loop is dormant; the second call changes nothing."""
    start = AppSession.__init__
    if hasattr(start, "__wrapped__"):
        return

    @wraps(start)
    def start_without_descriptors(session: AppSession, *arguments, **options) -> None:
        start(session, *arguments, **options)
        getattr(session, _LOOP).close()
        setattr(session, _LOOP, DormantLoop())

    AppSession.__init__ = start_without_descriptors
