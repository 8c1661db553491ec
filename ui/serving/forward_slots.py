"""Who may run a model now: as many one-thread forward passes as there are cores, after a bounded queue.

The queue says how many are before one. Measured: more throughput than one lock. Not here: what runs.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.errors import MiranteError

from ..shell.locale import t

CORES = os.cpu_count() or 1
MAX_WAITING = 64  # requests in the queue; the next one is refused politely
MAX_WAIT_SECONDS = 60.0
HANDED = 50  # hundredths of a second that a long work waits for somebody to take its place

_slots = threading.BoundedSemaphore(CORES)
_waiting = 0
_counter = threading.Lock()


@contextmanager
def forward_slot() -> Iterator[None]:
    """One of the ``CORES`` places for a one-thread forward pass; waits its turn, and says how many are before it.

    Raises:
        MiranteError: the queue is full, or the turn did not come in ``MAX_WAIT_SECONDS``.
    """
    if not _slots.acquire(blocking=False):
        _queue()
    try:
        from core.models.devices import one_thread

        one_thread()
        yield
    finally:
        _slots.release()


def let_others() -> None:
    """Between the parts of a long work, inside ``forward_slot``: whoever waits goes first."""
    before = _waiting
    if not before:
        return
    _slots.release()
    for _ in range(
        HANDED
    ):  # a place given back and asked for at once would come back to us: those who wait have to wake up first
        time.sleep(0.01)
        if _waiting < before:
            break
    _slots.acquire()


def _queue() -> None:
    global _waiting
    with _counter:
        ahead = _waiting
        if ahead >= MAX_WAITING:
            raise _busy(ahead)
        _waiting += 1
    try:
        with st.spinner(t("Waiting for a free processor: {n} before you…", n=ahead)):
            if not _slots.acquire(timeout=MAX_WAIT_SECONDS):
                raise _busy(ahead)
    finally:
        with _counter:
            _waiting -= 1


def _busy(ahead: int) -> MiranteError:
    return MiranteError("The server is busy: {n} requests are waiting. Try again in a moment.", n=ahead)
