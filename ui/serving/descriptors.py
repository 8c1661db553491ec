"""File descriptors of this process: how many it may open, how many are open.

A session costs one, the connection of its page; while a browser fetches files it has up to six more. Not here: what
happens when they run out (ui.serving.admission), the three that a session of Streamlit would cost besides
(ui.serving.session_loops)."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

MOST_WANTED = 65_536  # far more than this server has sessions for
_UNKNOWN = 2**31
_OPEN = "/proc/self/fd" if sys.platform == "linux" else "/dev/fd"


def raise_limit() -> int:
    """Raise the limit to what the system allows, at most ``MOST_WANTED``; the limit that holds afterwards."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return _UNKNOWN
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_WANTED if hard == resource.RLIM_INFINITY else min(hard, MOST_WANTED)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return limit()


def limit() -> int:
    """How many descriptors this process may have open."""
    try:
        import resource
    except ImportError:
        return _UNKNOWN
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _UNKNOWN if soft == resource.RLIM_INFINITY else soft


def used() -> int:
    """How many are open; 0 where the system does not say. All of them where even asking needs one too many."""
    try:
        return len(os.listdir(_OPEN)) - 1
    except FileNotFoundError:
        return 0
    except OSError:
        return limit()


def free() -> int:
    """How many may still be opened."""
    return limit() - used()
