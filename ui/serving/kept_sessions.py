"""Sessions whose page is gone: kept a while for a page that comes back, then closed.

A page that lost its network comes back within seconds by itself and finds its session; after a while nothing is lost
that the link does not hold, but for a sent file. Streamlit keeps 128 and leaves it to garbage collection to close those
that it drops; here the dropped one is closed at once, its files and pictures with it, and those whose time is over are
looked for whenever a page goes. Not here: who may come in (ui.serving.admission)."""

from __future__ import annotations

import streamlit
from streamlit.runtime import Runtime
from streamlit.runtime.caching.ttl_cache import TTLCache
from streamlit.runtime.session_manager import SessionInfo

from .bounds import MOST_KEPT_SESSIONS


class KeptSessions(TTLCache[str, SessionInfo]):
    """The kept sessions by id, the latest ``MOST_KEPT_SESSIONS`` for ``server.disconnectedSessionTTL`` seconds."""

    def expire(self, at_time: float | None = None) -> list[tuple[str, SessionInfo]]:
        expired = super().expire(at_time)
        for _, info in expired:
            info.session.shutdown()
        return expired

    def _evict_lru(self, reason) -> SessionInfo:
        info = super()._evict_lru(reason)
        info.session.shutdown()
        return info


def keep_sessions_briefly(runtime: Runtime) -> None:
    """Let a running server keep its sessions so; the second call changes nothing."""
    storage = runtime._session_mgr._session_storage
    if not isinstance(storage._cache, KeptSessions):
        kept = KeptSessions(MOST_KEPT_SESSIONS, streamlit.get_option("server.disconnectedSessionTTL"))
        kept.update(storage._cache)
        storage._cache = kept
