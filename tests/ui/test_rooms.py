"""Rooms over HTTP, without a browser: what a phone, a host and a stranger get, and what everybody is refused."""

from __future__ import annotations

import asyncio
import io
import json
import re
import time
from collections.abc import Iterator

import pandas as pd
import pytest

from benchmarks.phone_driver import Host, Line, Phone, close_all, events
from core.languages import LANGUAGES
from tests.loops import run_async
from tests.room_server import rooms_in_a_thread
from ui.serving import admission, bounds, index_page, rates
from ui.serving.rooms.phone_page import FILES, phone_page

WORDS = "Ela encheu o copo".split()
CONTENT = {
    "title": {"pt": "Sala", "en": "Room"},
    "cards": [
        {
            "title": "a",
            "link": "explorar?layer=4&head=1",
            "question": {"kind": "word", "ask": "?", "words": WORDS, "right": [3], "reveal": "SECRET"},
        },
        {"title": "b", "question": {"kind": "number", "ask": "?", "near": 7, "right": 42.5}},
    ],
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the rooms' routes in a thread."""
    with rooms_in_a_thread(tmp_path_factory.mktemp("rooms")) as running:
        yield running


@pytest.fixture(autouse=True)
def _fresh_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    rates._counters.storage.reset()
    monkeypatch.setattr(bounds, "REFUSAL_SECONDS", 0)


def drive(coroutine):
    """What a coroutine returns; the driver's connections end with it."""

    async def driven():
        try:
            return await coroutine
        finally:
            await close_all()

    return run_async(driven())


async def until(condition, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


def test_a_question_is_opened_answered_closed_and_shown(address: str) -> None:
    async def lesson() -> None:
        host = await Host.open(address, CONTENT)
        phones = [Phone(address, host.code), Phone(address, host.code.lower())]
        for phone in phones:
            await phone.join()
        assert phones[0].state["phase"] == "waiting" and phones[0].seat != phones[1].seat
        await host.lead(step="open")
        await until(lambda: all(phone.state["phase"] == "first" for phone in phones))
        assert [await phone.vote(2) for phone in phones][0][0] == 200 and (await phones[0].vote(3, 2))[0] == 200
        sent = json.dumps(phones[0].state)
        assert "SECRET" not in sent and not {"right", "reveal", "near"} & set(phones[0].state["question"])
        assert (await host.look("?view=projector")).keys().isdisjoint({"tallies", "shift"})
        seen = await host.look()
        assert (seen["answered"], seen["present"], seen["seats"]) == ({"1": 2, "2": 0}, 2, 2)
        assert [(c["text"], c["seats"], c["right"]) for c in seen["tallies"]["1"]["counts"]] == [
            ("o", 1, False),
            ("copo", 1, True),
        ]
        await host.lead(step="discuss")
        await until(lambda: phones[0].state["phase"] == "discussing")
        phones[0].state["round"] = 1  # a phone that has not heard yet
        assert (await phones[0].vote(0, 3))[0] == 409
        await host.lead(step="open_again")
        await until(lambda: all(phone.state["round"] == 2 for phone in phones))
        assert (await phones[1].vote(3))[0] == 200
        await host.lead(step="reveal")
        await until(lambda: all(phone.state["phase"] == "revealed" for phone in phones))
        assert phones[0].state["question"]["right"] == [3] and phones[0].state["question"]["reveal"]["pt"] == "SECRET"
        shown = await host.look("?view=projector&lang=en")
        assert shown["shift"] == {"both": 1, "changed": 1, "to_right": 1, "from_right": 0} and shown["title"] == "Room"
        for phone in phones:
            await phone.leave()

    drive(lesson())


def test_a_phone_that_comes_back_has_its_seat_its_answer_and_the_latest_state(address: str) -> None:
    async def lesson() -> None:
        host = await Host.open(address, CONTENT)
        await host.lead(step="open")
        phone = Phone(address, host.code)
        await phone.join()
        await phone.vote(1)
        seat = phone.seat
        await phone.leave()
        await host.lead(card=1)
        await host.lead(link="camadas?layer=2")
        await phone.join()
        assert phone.seat == seat and phone.mine == {"0.1": {"value": 1, "edition": 1}}
        assert (phone.state["card"], phone.state["link"]) == (1, "camadas?layer=2")
        another = Phone(address, host.code, seat=seat, secret="guessed")
        await another.join()
        assert another.seat != seat
        for each in (phone, another):
            await each.leave()

    drive(lesson())


def test_the_host_hears_every_vote_and_everybody_of_the_end(address: str) -> None:
    async def lesson() -> None:
        host = await Host.open(address, CONTENT)
        await host.lead(step="open")
        phone, heard = Phone(address, host.code), []

        async def listen() -> None:
            async for name, data, _ in events(address, f"/api/rooms/{host.code}/live", key=host.key):
                heard.append((name, data))

        listening = asyncio.create_task(listen())
        await phone.join()
        await until(lambda: heard and heard[-1][1]["present"] == 1)
        await phone.vote(2)
        await until(lambda: heard[-1][1]["answered"]["1"] == 1)
        assert (await host.line.ask("DELETE", f"/api/rooms/{host.code}", key=host.key))[0] == 204
        await asyncio.wait_for(listening, 10)
        await asyncio.wait_for(phone.listening, 10)
        assert heard[-1][0] == "gone" and (await phone.line.ask("POST", f"/s/{host.code}/seat", {}))[0] == 404

    drive(lesson())


def test_answers_as_files_are_the_host_s(address: str) -> None:
    async def lesson() -> tuple[bytes, dict, int]:
        host = await Host.open(address, CONTENT)
        await host.lead(card=1)
        await host.lead(step="open")
        phone = Phone(address, host.code)
        await phone.join()
        await phone.vote(42.25)
        await phone.leave()
        path = f"/api/rooms/{host.code}/answers"
        assert (await host.line.ask("GET", f"{path}.csv"))[0] == 403
        return (
            (await host.line.ask("GET", f"{path}.csv?lang=pt", key=host.key))[1],
            (await host.line.ask("GET", f"{path}.json", key=host.key))[1],
            phone.seat,
        )

    table, document, seat = drive(lesson())
    (row,) = pd.read_csv(io.BytesIO(table), sep=";", decimal=",").to_dict("records")
    assert (row["answer"], row["seat"], row["right"]) == (42.25, seat, 1)
    assert document["answers"][0]["value"] == 42.25 and 0 <= document["answers"][0]["seconds"] < 60


def test_what_no_phone_sends_is_refused_with_a_reason(address: str) -> None:
    async def lesson() -> None:
        host = await Host.open(address, CONTENT)
        await host.lead(step="open")
        phone, line = Phone(address, host.code), Line(address)
        await phone.join()
        good = {"seat": phone.seat, "secret": phone.secret, "card": 0, "round": 1, "edition": 1, "value": 1}
        path = f"/s/{host.code}/answer"
        for change, status in [
            ({"value": 99}, 422),
            ({"value": "x" * 500}, 422),
            ({"value": None}, 422),
            ({"card": 1}, 409),
            ({"card": 99}, 422),
            ({"card": "0"}, 422),
            ({"round": 2}, 409),
            ({"edition": 0}, 422),
            ({"edition": 10**12}, 422),
            ({"secret": "wrong"}, 403),
            ({"secret": ["x"]}, 403),
            ({"seat": phone.seat + 1}, 403),
            ({"more": "x" * 3000}, 413),
        ]:
            got, said = await line.ask("POST", path, good | change)
            assert (got, bool(said["error"])) == (status, True), change
        assert (await line.ask("POST", path, [1]))[0] == 422 and (await line.ask("GET", path))[0] == 404
        assert (await line.ask("POST", path, good))[0] == 200
        assert (await host.look())["answered"]["1"] == 1
        for what in ({}, {"step": "jump"}, {"card": 9}, {"link": "//evil.example"}, {"link": "javascript:alert(1)"}):
            assert (await host.lead(**what))[0] == 422
        assert (await line.ask("POST", f"/api/rooms/{host.code}/lead", {"step": "close"}))[0] == 403
        assert (await line.ask("POST", "/api/rooms", {"title": "x"}))[0] == 422
        with pytest.raises(ConnectionError, match="403"):
            async for _ in events(address, f"/s/{host.code}/live?seat={phone.seat}&secret=wrong"):
                pass
        await phone.leave()

    drive(lesson())


def test_limits_are_of_the_seat_first_and_a_guesser_locks_out_nobody_who_sits(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MOST_STREAMS_OF_SEAT", 1)

    async def lesson() -> None:
        host = await Host.open(address, CONTENT)
        await host.lead(step="open")
        eager, calm = Phone(address, host.code), Phone(address, host.code)
        for phone in (eager, calm):
            await phone.join()
        statuses = [(await eager.vote(n % 4, n))[0] for n in range(1, 30)]
        assert statuses.count(200) == bounds.VOTES_OF_SEAT_IN_10_SECONDS and statuses[-1] == 429
        assert (await calm.vote(1))[0] == 200
        with pytest.raises(ConnectionError, match="503"):
            async for _ in events(address, f"/s/{host.code}/live?seat={eager.seat}&secret={eager.secret}"):
                pass
        stranger = Line(address)
        codes = [(await stranger.ask("POST", f"/s/ZZZ{letter}/seat", {}))[0] for letter in "BCDFGHJKLMNPQRSTVWXZ" * 3]
        assert codes.count(404) == bounds.WRONG_CODES_A_MINUTE and codes[-1] == 429
        assert (await stranger.ask("POST", f"/s/{host.code}/seat", {}))[0] == 429  # or it would tell which code is one
        assert (await calm.vote(2, 2))[0] == 200
        distant = Line(address, "127.0.0.2")
        assert (await distant.ask("POST", f"/s/{host.code}/seat", {}))[0] == 201
        for phone in (eager, calm):
            await phone.leave()

    drive(lesson())


def test_who_asks_on_and_on_waits_for_the_refusal(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "REFUSAL_SECONDS", 0.3)

    async def refused() -> float:
        begun = time.monotonic()
        assert (await Line(address).ask("POST", "/s/BCDF/answer", {"more": "x" * 3000}))[0] == 413
        return time.monotonic() - begun

    assert drive(refused()) >= 0.3


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_small_whole_and_allows_nothing_from_elsewhere(language: str) -> None:
    answer = phone_page(language)
    page = answer.body.decode()
    assert len(answer.body) + sum(len(text.encode()) for text, _ in FILES.values()) <= 30_000
    assert "{{" not in page and not re.search(r"https?://|<style|style=|<script>|onclick", page)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy and "set-cookie" not in answer.headers
    script = FILES["phone.js"][0]
    assert "innerHTML" not in script and "document.cookie" not in script and "eval" not in script
    texts = json.loads(re.search(r'data-texts="([^"]*)"', page)[1].replace("&quot;", '"').replace("&#x27;", "'"))
    asked = set(re.findall(r'say\(\s*"(\w+)"', script)) | {"yourFirst", "yourSecond", "layer", "head"}
    assert asked <= set(texts) and {"waiting", "first", "discussing", "second", "closed", "revealed"} <= set(texts)


def test_the_page_is_not_taken_for_a_page_of_streamlit_nor_counted_as_a_visit(address: str) -> None:
    async def get(path: str) -> tuple[int, bytes]:
        return await Line(address).ask("GET", path)

    assert drive(get("/s/BCDF?lang=en"))[0] == 200 and drive(get("/s"))[0] == 307
    assert drive(get("/s/?code=bcdf"))[0] == 307 and drive(get("/s/a/b/c"))[0] == 404
    status, script = drive(get("/s/phone.js"))
    assert status == 200 and script.decode() == FILES["phone.js"][0]
    start = {"status": 200, "headers": [(name, value) for name, value in phone_page("pt").raw_headers]}
    assert not index_page._is_index({"path": "/s/BCDF"}, start)
    assert index_page._is_index({"path": "/explorar"}, {"status": 200, "headers": [(b"content-type", b"text/html")]})
    html = {"headers": [(b"accept", b"text/html")], "type": "http"}
    assert not admission._is_page(html, "/mirante/s/BCDF") and admission._is_page(html, "/s")
