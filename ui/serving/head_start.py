"""What a server does from the moment it starts, so that the first visitor need not wait for it: it imports
(first_imports.py) and loads the default model, in one thread, while it already answers.

The frame of a page needs neither. A page that comes before its part is there waits for it. Not here: what is imported,
and in which order."""

from __future__ import annotations

import gc
import logging
import threading

from ..shell.state import DEFAULT_DEVICE, DEFAULT_MODEL, DEFAULT_SENTENCE, Chosen
from . import cache
from .first_imports import import_everything, import_first, import_frame, wait_unless_ending

PAUSE = 2.0
"""Seconds between loading the model and importing what the first picture does not need: for the page of whoever has
waited for it. A page that needs the rest imports it at once."""
_LOGGER = logging.getLogger("mirante")
_lock = threading.Lock()
_begun = False


def begin() -> None:
    """Begin, once in a process. The thread is no daemon: a process that ends while C code is imported may crash."""
    global _begun
    with _lock:
        if not _begun:
            _begun = True
            import_frame()
            threading.Thread(target=_prepare, name="head-start").start()


def _prepare() -> None:
    """A failure is the first page's to tell, which meets it again."""
    try:
        import_first()
        cache.load_early(Chosen(DEFAULT_MODEL, DEFAULT_DEVICE, DEFAULT_SENTENCE, "en"))
        wait_unless_ending(PAUSE)
        import_everything()
    except Exception as error:
        _LOGGER.warning("The server could not prepare itself: %s", error)
    gc.collect()
    gc.freeze()
