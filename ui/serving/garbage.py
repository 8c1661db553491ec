"""Garbage collection: now and then, not after every run.

Streamlit collects after each run of each session (``runner.postScriptGC``, off in .streamlit/config.toml): in a class,
16 to 32 ms beside 10 of work, as every collection walks over all that all sessions hold. Python's own collection goes
on; this one bounds what it leaves. Not here: the models, which leave the collector's rounds when they are loaded
(cache.py)."""

from __future__ import annotations

import gc
import threading
import time

SECONDS = 10.0

_last = 0.0
_lock = threading.Lock()


def collect_now_and_then() -> None:
    """A whole collection, unless one was made in the last ten seconds or is being made."""
    global _last
    if time.monotonic() - _last < SECONDS or not _lock.acquire(blocking=False):
        return
    try:
        gc.collect()
        _last = time.monotonic()
    finally:
        _lock.release()
