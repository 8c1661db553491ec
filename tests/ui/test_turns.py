"""Turns at the processor: never more than there are places, in the order of coming, nothing lost when a wish is
withdrawn.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

import pytest

from ui.serving import bounded_cache, garbage, turns
from ui.serving.bounded_cache import Shelf, size_of
from ui.serving.turns import Turns


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "EVERY", 0.01)


def patient(_before: int) -> None:
    """Nobody withdraws."""


def start(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def queued(queue: Turns, waiting: int) -> None:
    """Until so many wait."""
    end = time.monotonic() + 5
    while queue.waiting != waiting and time.monotonic() < end:
        time.sleep(0.001)
    assert queue.waiting == waiting


def test_never_more_at_once_than_places_and_everyone_served() -> None:
    queue, lock = Turns(2), threading.Lock()
    inside, most, served = 0, 0, 0

    def visitor(seed: int) -> None:
        nonlocal inside, most, served
        chance = random.Random(seed)
        for _ in range(20):
            with queue.turn(patient):
                with lock:
                    inside += 1
                    most = max(most, inside)
                time.sleep(chance.random() / 2000)
                with lock:
                    inside -= 1
                    served += 1

    threads = [start(lambda seed=seed: visitor(seed)) for seed in range(16)]
    for thread in threads:
        thread.join(20)
    assert (most, served, inside) == (2, 320, 0) and not queue.waiting


def test_the_order_is_that_of_coming() -> None:
    queue, order = Turns(1), []

    def visitor(name: int) -> None:
        with queue.turn(patient):
            order.append(name)

    with queue.turn(patient):
        threads = []
        for name in range(6):
            threads.append(start(lambda name=name: visitor(name)))
            queued(queue, name + 1)
    for thread in threads:
        thread.join(5)
    assert order == list(range(6))


def test_what_is_due_first_goes_first_and_nothing_waits_for_ever() -> None:
    queue, order = Turns(1), []

    def visitor(name: str, due: float) -> None:
        with queue.turn(patient, due):
            order.append(name)

    with queue.turn(patient):
        threads = []
        for name, due in (("page", queue.due(2)), ("choice", queue.due(0)), ("page of long ago", queue.due(2) - 3)):
            threads.append(start(lambda name=name, due=due: visitor(name, due)))
            queued(queue, len(threads))
    for thread in threads:
        thread.join(5)
    assert order == ["page of long ago", "choice", "page"]


@pytest.mark.parametrize(("whose", "order"), [("here", ["choice", "page"]), ("there", ["page", "choice"])])
def test_an_address_that_had_much_delays_itself_and_not_the_others(
    monkeypatch: pytest.MonkeyPatch, whose: str, order: list[str]
) -> None:
    monkeypatch.setattr(turns, "STEP", 0.02)
    monkeypatch.setattr(turns, "CREDIT", 0.03)
    queue, served = Turns(1), []

    def visitor(name: str, patience: float, whose: str) -> None:
        with queue.turn(patient, queue.due(patience), whose=whose):
            served.append(name)

    with queue.turn(patient, whose="here"):
        time.sleep(0.1)
        threads = []
        for name, patience, asked_from in (("choice", 0.0, "here"), ("page", 9.0, whose)):
            threads.append(start(lambda name=name, p=patience, w=asked_from: visitor(name, p, w)))
            queued(queue, len(threads))
    for thread in threads:
        thread.join(5)
    assert served == order


@pytest.mark.parametrize("addresses", [1, 3])
def test_whoever_comes_does_not_wait_for_all_that_others_asked_for_long_ago(
    monkeypatch: pytest.MonkeyPatch, addresses: int
) -> None:
    monkeypatch.setattr(turns, "STEP", 0.005)
    monkeypatch.setattr(turns, "CREDIT", 0.01)
    queue, served = Turns(1), []

    def visitor(name: str, age: float, seconds: float) -> None:
        with queue.turn(patient, queue.due(-age), whose=name):
            time.sleep(seconds)
            served.append(name)

    threads = []
    with queue.turn(patient, whose="0"):
        for number in range(30):
            threads.append(start(lambda number=number: visitor(str(number % addresses), 100.0, 0.01)))
            queued(queue, len(threads))
    while len(served) < 9:
        time.sleep(0.001)
    start(lambda: visitor("newcomer", -8.0, 0.0)).join(5)
    assert served.index("newcomer") < 20, "of thirty that came before"
    for thread in threads:
        thread.join(5)
    assert len(served) == 31


def test_who_was_away_is_a_little_ahead_and_not_owed_more() -> None:
    queue = Turns(1)
    for _ in range(3):
        with queue.turn(patient, whose="here"):
            time.sleep(0.02)
    with queue.turn(patient, whose="new"):
        pass
    queue._addresses["new"].had -= 1000
    with queue.turn(patient, whose="new"):
        pass
    assert queue._addresses["new"].had == pytest.approx(queue._least - turns.CREDIT, abs=0.1)


def test_addresses_are_not_remembered_without_end() -> None:
    queue = Turns(1)
    for number in range(3 * turns._MOST_REMEMBERED):
        with queue.turn(patient, whose=str(number)):
            pass
    assert len(queue._addresses) <= turns._MOST_REMEMBERED and str(number) in queue._addresses


@pytest.mark.parametrize("others", [True, False])
def test_an_address_whose_work_is_long_leaves_a_place_to_the_others_where_there_are_any(
    monkeypatch: pytest.MonkeyPatch, others: bool
) -> None:
    monkeypatch.setattr(turns, "LONG_PIECE", 0.02)
    queue, inside, most, lock = Turns(2, for_choices=1), 0, 0, threading.Lock()

    def heavy(choice: bool) -> None:
        nonlocal inside, most
        with queue.turn(patient, choice=choice, whose="heavy"):
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.05)
            with lock:
                inside -= 1

    heavy(choice=False)
    most = 0
    if others:
        with queue.turn(patient, whose="light"):
            pass
    threads = [start(lambda choice=choice: heavy(choice)) for choice in (False, False, False, True)]
    for thread in threads:
        thread.join(5)
    assert most == (1 if others else 3) and not queue.waiting


def test_a_choice_has_a_place_that_no_page_takes() -> None:
    queue, done = Turns(1, for_choices=1), []

    def visitor(name: str, choice: bool) -> None:
        with queue.turn(patient, choice=choice):
            done.append(name)

    with queue.turn(patient):
        page = start(lambda: visitor("page", choice=False))
        queued(queue, 1)
        start(lambda: visitor("choice", choice=True)).join(5)
        assert done == ["choice"] and queue.waiting == 1
    page.join(5)
    assert done == ["choice", "page"]


def test_who_waits_is_told_how_many_are_before_and_may_leave() -> None:
    queue, told = Turns(1), []

    class Gone(Exception):
        pass

    def look(before: int) -> None:
        told.append(before)
        raise Gone

    with queue.turn(patient):
        ahead = start(lambda: queue.turn(patient).__enter__())
        queued(queue, 1)
        with pytest.raises(Gone):
            start_and_raise(queue, look)
        assert told == [1] and queue.waiting == 1
    ahead.join(5)
    assert not ahead.is_alive()


def start_and_raise(queue: Turns, look: Callable[[int], None]) -> None:
    """The visit of another thread; what it raises is raised here."""
    raised: list[BaseException] = []

    def visit() -> None:
        try:
            with queue.turn(look):
                raise AssertionError("there was no place")
        except BaseException as error:
            raised.append(error)

    start(visit).join(5)
    raise raised[0]


def test_a_place_given_to_one_who_leaves_is_not_lost() -> None:
    """Many who lose patience at the moment that they are called: in the end every place is free again."""
    queue = Turns(2)

    def visitor(seed: int) -> None:
        chance = random.Random(seed)

        def look(_before: int) -> None:
            if chance.random() < 0.5:
                raise TimeoutError

        for _ in range(15):
            try:
                with queue.turn(look):
                    time.sleep(chance.uniform(0.005, 0.015))  # as long as the patience of those who wait
            except TimeoutError:
                pass

    threads = [start(lambda seed=seed: visitor(seed)) for seed in range(12)]
    for thread in threads:
        thread.join(20)
    with queue.turn(patient):
        other = start(lambda: queue.turn(patient).__enter__())
        other.join(5)
        assert not other.is_alive()


def test_a_turn_inside_a_turn_is_free() -> None:
    queue = Turns(1)
    with queue.turn(patient), queue.turn(patient):
        assert queue.held
    assert not queue.held


def test_between_two_parts_whoever_waits_goes_first() -> None:
    queue, served = Turns(1), threading.Event()

    def short() -> None:
        with queue.turn(patient):
            served.set()

    with queue.turn(patient):
        waiter = start(short)
        queued(queue, 1)
        assert not served.is_set()
        queue.let_others(patient)
        assert served.is_set() and queue.held
    waiter.join(5)


def test_a_long_work_that_is_withdrawn_while_others_go_first_holds_nothing() -> None:
    queue, release = Turns(1), threading.Event()

    def other() -> None:
        with queue.turn(patient):
            release.wait(5)

    def look(_before: int) -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError), queue.turn(patient):
        waiter = start(other)
        queued(queue, 1)
        queue.let_others(look)
    assert not queue.held
    release.set()
    waiter.join(5)
    with queue.turn(patient):
        assert queue.held


def test_who_waits_for_what_another_makes_stands_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    """One place; the maker hands over between two parts, and somebody who wants the same thing must not keep the
    place, or both would wait for ever.
    """
    queue, shelf = Turns(1), Shelf[str](4)
    monkeypatch.setattr("ui.serving.bounded_cache.TURNS", queue)
    results: list[str] = []

    def make() -> str:
        queued(queue, 1)
        queue.let_others(patient)
        return "made"

    def visitor() -> None:
        with queue.turn(patient):
            results.append(shelf.get(("key",), make))

    threads = [start(visitor), start(visitor)]
    for thread in threads:
        thread.join(5)
    assert results == ["made", "made"]


class Ended(BaseException):
    """As Streamlit ends a run that is not wanted any more."""


def test_who_waits_for_what_another_makes_and_is_not_wanted_any_more_leaves_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queue, shelf, made = Turns(1), Shelf(4), []
    begun, over = threading.Event(), threading.Event()
    wanted, ended = True, []

    def look(_before: int = 0) -> None:
        if not wanted and threading.current_thread().name == "waits":
            raise Ended

    monkeypatch.setattr(bounded_cache, "TURNS", queue)
    monkeypatch.setattr(bounded_cache, "EVERY", 0.02)
    monkeypatch.setattr(bounded_cache, "still_wanted", look)

    def make(name: str) -> str:
        made.append(name)
        begun.set()
        with queue.aside():
            over.wait(20)
        return name

    def ask(name: str) -> None:
        try:
            with queue.turn(look):
                shelf.get(("key",), lambda: make(name))
        except Ended:
            ended.append(name)

    maker = threading.Thread(target=ask, args=("maker",), name="maker")
    maker.start()
    assert begun.wait(20)
    waits = [threading.Thread(target=ask, args=("waits",), name="waits") for _ in range(5)]
    for thread in waits:
        thread.start()
    time.sleep(0.1)
    assert not ended
    wanted = False
    for thread in waits:
        thread.join(20)
    assert ended == ["waits"] * 5 and queue.waiting == 0 and maker.is_alive()
    over.set()
    maker.join(20)
    with queue.turn(look):
        assert shelf.get(("key",), lambda: make("again")) == "maker" and made == ["maker"]


def test_garbage_is_collected_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    collections, clock = [], iter([100.0, 100.0, 103.0, 109.0, 111.0, 111.0, 112.0])
    monkeypatch.setattr(garbage, "_last", 0.0)
    monkeypatch.setattr(garbage.gc, "collect", lambda: collections.append(1))
    monkeypatch.setattr(garbage.time, "monotonic", lambda: next(clock))
    made = []
    for _ in range(5):  # at 100 (and noted), 103, 109, 111 (and noted), 112
        garbage.collect_now_and_then()
        made.append(len(collections))
    assert made == [1, 1, 1, 2, 2]


def test_every_array_of_a_result_is_counted_once() -> None:
    import numpy as np

    from core.studies.conllu import Arc
    from core.studies.profiles import Profile
    from ui.pages.profiles.measured import Profiles

    one = np.zeros(1000)
    assert size_of(Profiles(Profile({"a": one, "b": one, "c": np.zeros(10)}, {}, {}), None)) == 8080
    assert size_of((one, [np.zeros(5)], {"x": (np.zeros(5),)})) == 8080 and size_of("text") == 0
    assert size_of([Arc(0, 1, "det")]) == 0, "a dataclass of slots"


@pytest.mark.parametrize("work", ["a forward", "a long work"])
def test_a_model_s_work_waits_longer_than_one_look(work: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits is asked every half second whether it is still wanted: outside a page, it is."""
    import core.models.devices  # noqa: F401  (forward_slot imports it while the clock runs)
    from ui.serving import forward_slots

    monkeypatch.setattr(forward_slots, "TURNS", Turns(1))
    taken, free = threading.Event(), threading.Event()

    def other() -> None:
        with forward_slots.TURNS.turn(lambda _: None):
            taken.set()
            free.wait(10)

    threading.Timer(0.3, free.set).start()
    holder = threading.Thread(target=other)
    if work == "a forward":
        holder.start()
        taken.wait(10)
    with forward_slots.forward_slot():
        if work == "a long work":
            holder.start()
            while not forward_slots.TURNS.waiting:
                threading.Event().wait(0.01)
            forward_slots.let_others()
            assert taken.is_set()
        assert free.is_set()
    holder.join()
