"""A file that is made when it is asked for: in turn, once, for who is still here, and there until it is fetched."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable

import pytest
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, BackMsg
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from core.languages import LANGUAGES, translate
from tests.loops import run_async
from ui.serving import admission, bounds, made_files
from ui.serving.fair_queue import FairQueue
from ui.serving.made_files import TOO_MANY, KeptFiles, MadeFiles
from ui.serving.turns import TURNS


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The sessions whose page is open; a session's address is its first letter."""
    names = {"a1", "a2", "b1"}
    monkeypatch.setattr(made_files, "_is_here", lambda session: session in names)
    monkeypatch.setattr(made_files, "_address_of", lambda session: session[0])
    monkeypatch.setattr(made_files, "_KEPT", KeptFiles())
    monkeypatch.setattr(made_files, "_LINE", FairQueue(1, longest=9, costliest=9))
    return names


@pytest.fixture
def manager() -> MediaFileManager:
    return MediaFileManager(MemoryMediaFileStorage("/media"))


def offered(manager: MediaFileManager, make: Callable[[], str | bytes], at: str = "1") -> str:
    """The id under which a page's file may be asked for."""
    return manager.add_deferred(make, "text/csv", at, f"{at}.csv")


def asked(session: MadeFiles, file_id: str, name: str = "a1") -> Awaitable:
    request = BackendOperationRequest(request_id="1", session_id=name)
    request.deferred_file.file_id = file_id
    return session.handle(request, name)


def read(manager: MediaFileManager, answer) -> bytes | None:
    file = manager.read_file(answer.deferred_file.url.rpartition("/")[2].partition(".")[0])
    return None if file is None else file.content


def test_it_is_there_after_anybody_s_runs_and_not_for_ever(here, manager, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MADE_FILE_SECONDS", 0.2)

    async def fetch() -> None:
        answer = await asked(MadeFiles(lambda: manager), offered(manager, lambda: "a,b"))
        for _ in range(5):
            manager.remove_orphaned_files()  # the end of a run
        assert read(manager, answer) == b"a,b"
        await asyncio.sleep(0.3)
        manager.remove_orphaned_files()
        assert read(manager, answer) is None

    run_async(fetch())


def test_the_oldest_goes_first_where_many_are_kept(here, manager, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MADE_FILES_BYTES", 25)

    async def fetch() -> None:
        session = MadeFiles(lambda: manager)
        ids = [offered(manager, lambda n=n: str(n) * 10, str(n)) for n in range(3)]
        answers = [await asked(session, file_id) for file_id in ids]
        manager.remove_orphaned_files()
        assert [read(manager, answer) for answer in answers] == [None, b"1" * 10, b"2" * 10]
        assert read(manager, await asked(session, ids[0])) == b"0" * 10  # made again

    run_async(fetch())


def test_what_is_asked_for_many_times_is_made_once_and_one_at_a_time(here, manager) -> None:
    made: list[str] = []
    at_once: list[int] = []
    inside = threading.Semaphore(10)

    def make(name: str) -> str:
        with inside:
            at_once.append(10 - inside._value)
            assert TURNS.held
            time.sleep(0.02)
            made.append(name)
        return name

    async def ask() -> None:
        session, other = MadeFiles(lambda: manager), MadeFiles(lambda: manager)
        first, second = offered(manager, lambda: make("1"), "1"), offered(manager, lambda: make("2"), "2")
        of_other = offered(manager, lambda: make("3"), "3")
        asks = [asked(session, first) for _ in range(20)] + [asked(session, second), asked(other, of_other, "b1")]
        answers = await asyncio.gather(*asks)
        assert {answer.deferred_file.url for answer in answers} == {a.deferred_file.url for a in answers[-3:]}
        await asked(session, first)
        assert sorted(made) == ["1", "2", "3"] and max(at_once) == 1

    run_async(ask())


def test_one_session_has_few_in_line_and_is_told_so(here, manager) -> None:
    async def ask() -> None:
        session = MadeFiles(lambda: manager)
        ids = [offered(manager, lambda: "a", str(n)) for n in range(bounds.FILES_WAITING_OF_SESSION + 1)]
        answers = await asyncio.gather(*(asked(session, file_id) for file_id in ids))
        assert [bool(answer.error_msg) for answer in answers] == [False] * bounds.FILES_WAITING_OF_SESSION + [True]
        assert all(translate(TOO_MANY, language) in answers[-1].error_msg for language in LANGUAGES)

    run_async(ask())


def test_who_has_gone_gets_nothing_made_and_another_address_is_next(here, manager) -> None:
    made: list[str] = []
    begun = threading.Event()

    def slow() -> str:
        begun.set()
        time.sleep(0.1)
        made.append("slow")
        return ""

    async def ask() -> None:
        ids = {n: offered(manager, lambda n=n: made.append(n) or n, n) for n in ("a1", "a2", "b1")}
        running = asyncio.ensure_future(asked(MadeFiles(lambda: manager), offered(manager, slow, "slow"), "a1"))
        await asyncio.to_thread(begun.wait)
        asks = [
            asyncio.ensure_future(asked(MadeFiles(lambda: manager), ids[name], name)) for name in ("a1", "a2", "b1")
        ]
        await asyncio.sleep(0.01)
        here.discard("a2")
        await asyncio.gather(running, *asks)
        assert made == ["slow", "b1", "a1"]

    run_async(ask())


def test_a_maker_that_breaks_down_is_an_answer_and_may_be_asked_again(here, manager) -> None:
    async def ask() -> None:
        session = MadeFiles(lambda: manager)
        broken = offered(manager, lambda: 1 / 0)
        for _ in range(2):
            answer = await asked(session, broken)
            assert answer.error_msg and not answer.deferred_file.url

    run_async(ask())


def test_asking_counts_as_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    message = BackMsg()
    message.backend_operation_request.deferred_file.file_id = "a"
    waited = []

    async def wait(rate, visitor, cost=1) -> None:
        waited.append(rate)

    async def receive():
        return {"type": "websocket.receive", "bytes": message.SerializeToString()}

    monkeypatch.setattr(admission, "_wait", wait)
    run_async(admission._paced(receive, "session of this test", "address of this test")())
    assert admission._RERUNS in waited and admission._RERUNS_FOR_LONG in waited
