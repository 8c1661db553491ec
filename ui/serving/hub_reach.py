"""Whether the hub answers, asked in a thread: a page that asked itself would wait seconds where nothing answers."""

from __future__ import annotations

import threading
import time

from .first_imports import everything_imported

AGAIN_SECONDS = 300.0

_lock = threading.Lock()
_asked_at = float("-inf")
_answers = False


def hub_in_reach() -> bool:
    """Whether the hub answered when it was last asked; False before the first answer, with HF_HUB_OFFLINE=1, and while
    the libraries that ask it are imported.

    Asks again by itself, in another thread, where the last answer is older than ``AGAIN_SECONDS``.
    """
    global _asked_at
    if not everything_imported():
        return False
    with _lock:
        if time.monotonic() - _asked_at > AGAIN_SECONDS:
            _asked_at = time.monotonic()
            threading.Thread(target=_ask, name="hub-in-reach", daemon=True).start()
        return _answers


def _ask() -> None:
    global _answers
    from core.models.sources import hub_answers

    _answers = hub_answers()
