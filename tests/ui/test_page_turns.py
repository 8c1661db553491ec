"""A page that waits for its turn says how many are before it, gives way to a newer wish, and keeps its place."""

from __future__ import annotations

import threading
import time

import pytest
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException, StopException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from ui.serving import forward_slots, turns
from ui.serving.turns import PAGE, Turns


class Place:
    """As much of an empty element as a waiting page needs."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def info(self, text: str) -> None:
        self.said.append(text)

    def empty(self) -> None:
        self.said.append("")


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Turns:
    made = Turns(1)
    monkeypatch.setattr(turns, "EVERY", 0.01)
    monkeypatch.setattr(forward_slots, "TURNS", made)
    monkeypatch.setattr(forward_slots, "_places", {})
    monkeypatch.setattr(forward_slots, "session_of_page", lambda: threading.current_thread().name)
    return made


def waiting(queue: Turns, count: int) -> None:
    """Until so many wait."""
    end = time.monotonic() + 5
    while queue.waiting != count and time.monotonic() < end:
        time.sleep(0.001)
    assert queue.waiting == count


def test_from_the_third_place_on_the_page_says_how_many_are_before(queue: Turns) -> None:
    place, threads = Place(), []

    def visit(mine: Place | None) -> None:
        with forward_slots._turn(mine, PAGE):
            pass

    with queue.turn(lambda before: None):
        for number in range(4):
            threads.append(threading.Thread(target=visit, args=(place if number == 3 else None,)))
            threads[-1].start()
            waiting(queue, number + 1)
        time.sleep(0.1)
    for thread in threads:
        thread.join(5)
    assert set(place.said[:-1]) == {"Esperando um processador livre: 3 na sua frente…"} and place.said[-1] == ""


def test_a_newer_wish_keeps_the_place_of_the_older_and_a_visitor_who_leaves_keeps_none(
    queue: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    wishes = {"first": iter([RerunException(RerunData())])}

    def still_wanted(_before: int = 0) -> None:
        name = threading.current_thread().name
        if name == "gone":
            raise StopException
        if wish := next(wishes.get(name, iter(())), None):
            raise wish

    monkeypatch.setattr(forward_slots, "still_wanted", still_wanted)

    def visit() -> None:
        name = threading.current_thread().name
        for _ in range(2):
            try:
                with forward_slots._turn(None, PAGE):
                    order.append(name)
                return
            except StopException:
                return
            except RerunException:
                time.sleep(0.1)  # the newer wish arrives a little later

    with queue.turn(lambda before: None):
        threads = [threading.Thread(target=visit, name=name) for name in ("first", "second", "gone")]
        for thread in threads:
            thread.start()
            time.sleep(0.05)
        waiting(queue, 2)
        time.sleep(0.2)
    for thread in threads:
        thread.join(5)
    assert order == ["first", "second"] and not queue.waiting and forward_slots._places == {}
    with queue.turn(lambda before: None):
        assert queue.held
