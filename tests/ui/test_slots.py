"""A long work lets those who wait go first."""

from __future__ import annotations

import threading
import time

import pytest

from ui.serving import forward_slots
from ui.serving.bounded_cache import size_of


def test_whoever_waits_is_served_between_two_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forward_slots, "_slots", threading.BoundedSemaphore(1))
    monkeypatch.setattr(forward_slots, "_waiting", 0)
    served = threading.Event()

    def short() -> None:
        monkeypatch.setattr(forward_slots, "_waiting", 1)
        with forward_slots._slots:
            monkeypatch.setattr(forward_slots, "_waiting", 0)
            served.set()

    with forward_slots._slots:
        waiter = threading.Thread(target=short)
        waiter.start()
        time.sleep(0.1)
        assert not served.is_set()
        forward_slots.let_others()
        assert served.wait(2)
    waiter.join()


def test_nobody_waiting_costs_nothing() -> None:
    start = time.perf_counter()
    for _ in range(1000):
        forward_slots.let_others()
    assert time.perf_counter() - start < 0.1


def test_every_array_of_a_result_is_counted_once() -> None:
    import numpy as np

    from core.studies.profiles import Profile
    from ui.pages.profiles.measured import Profiles

    one = np.zeros(1000)
    assert size_of(Profiles(Profile({"a": one, "b": one, "c": np.zeros(10)}, {}, {}), None)) == 8080
    assert size_of((one, [np.zeros(5)], {"x": (np.zeros(5),)})) == 8080 and size_of("text") == 0
