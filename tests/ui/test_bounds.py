"""What is counted for whom: addresses, settings, the messages of a session, sessions whose page is gone."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from ui.serving import admission, bounds, kept_sessions, visitors
from ui.serving.headers import SecurityHeaders


@pytest.mark.parametrize(
    ("client", "counted"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),  # the same house
        ("fe80::1%eth0", "fe80::/64"),
        ("<script>", visitors.UNKNOWN),
        ("", visitors.UNKNOWN),
    ],
)
def test_an_address_is_counted_as_one_visitor(client: str, counted: str) -> None:
    assert visitors.address({"type": "http", "client": (client, 1)}) == counted


def test_a_connection_without_an_address_is_counted_too() -> None:
    assert visitors.address({"type": "http", "client": None}) == visitors.address({"type": "http"}) == visitors.UNKNOWN


@pytest.mark.parametrize("text", ["0", "-1", "1e3", "", "9" * 5000, "²"])
def test_a_setting_that_is_no_number_is_refused_at_the_start(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIRANTE_MAX_SESSIONS", text)
    with pytest.raises(ValueError, match="MIRANTE_MAX_SESSIONS must be a whole number"):
        bounds._setting("MIRANTE_MAX_SESSIONS", 5)


def message_of(size: int) -> bytes:
    """A message that our pages send, of about this size."""
    message = BackMsg()
    message.rerun_script.widget_states.widgets.add().string_value = "a" * size
    return message.SerializeToString()


def seconds_of(sizes: list[int]) -> float:
    """How long a session needs to hand over messages of these sizes, on a clock that only sleeping moves."""

    async def hand_over() -> float:
        passed = 0.0

        async def receive() -> dict[str, object]:
            return {"type": "websocket.receive", "bytes": message_of(sizes.pop())}

        async def sleep(seconds: float) -> None:
            nonlocal passed
            passed += seconds

        counts = {"now": 0.0, "left": float(bounds.MESSAGES_A_SECOND)}

        def allowed(rate: object, _session: str, cost: int = 1) -> bool:
            if rate is not admission._MESSAGES:
                return True
            if passed - counts["now"] >= 1:
                counts.update(now=passed, left=float(bounds.MESSAGES_A_SECOND))
            if cost > counts["left"]:
                return False
            counts["left"] -= cost
            return True

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(admission, "allowed", allowed)
            patch.setattr(admission.asyncio, "sleep", sleep)
            receive = admission._paced(receive, "session")
            for _ in range(len(sizes)):
                await receive()
        return passed

    with ThreadPoolExecutor(1) as own:  # a thread without an event loop: browser tests leave one running in this one
        return own.submit(asyncio.run, hand_over()).result()


def test_a_session_sends_so_many_messages_a_second_and_large_ones_count_more() -> None:
    assert seconds_of([100] * 40) == 0
    assert 4 <= seconds_of([100] * 200) <= 5
    assert 9 <= seconds_of([1_900_000] * 10) <= 10


def test_who_floods_waits_in_line_like_everybody_else_and_a_cut_connection_holds_nobody_up() -> None:
    """Thirty pages of an address ask without pause, one visitor of the same address now and then."""
    address = "192.0.2.7"

    async def race() -> tuple[int, int]:
        passed, over = [0] * 31, time.monotonic() + 3
        admission._lines[admission._RERUNS_OF_ADDRESS.namespace, address] = {
            object(): time.monotonic() - 60
        }  # looked a minute ago, and never again

        async def page(number: int) -> None:
            async def receive() -> dict[str, object]:
                await asyncio.sleep(0.01 if number else 0.5)
                return {"type": "websocket.receive", "bytes": message_of(3)}

            paced = admission._paced(receive, f"{address} {number}", address)
            while time.monotonic() < over:
                await paced()
                passed[number] += 1

        pages = [asyncio.create_task(page(number)) for number in range(31)]
        await asyncio.wait(pages, timeout=4)
        for task in pages:
            task.cancel()
        return passed[0], sum(passed[1:])

    with ThreadPoolExecutor(1) as own:
        visitor, others = own.submit(asyncio.run, race()).result()
    admission._lines.pop(address, None)
    assert (
        visitor >= 2 and others <= 30 * bounds.RERUNS_NOW_AND_THEN_IN_5_SECONDS + 4 * bounds.RERUNS_A_SECOND_OF_ADDRESS
    )


def test_a_session_that_is_dropped_is_closed_and_one_that_comes_back_is_not() -> None:
    closed: list[str] = []
    infos = {
        name: SimpleNamespace(session=SimpleNamespace(shutdown=lambda name=name: closed.append(name)))
        for name in "abcd"
    }
    now = [0.0]
    kept = kept_sessions.KeptSessions(2, 300, timer=lambda: now[0])
    for name in "abc":
        kept[name] = infos[name]
    assert closed == ["a"]
    del kept["b"]  # its page is back
    now[0] = 301
    kept["d"] = infos["d"]
    assert closed == ["a", "c"] and list(kept) == ["d"]


@pytest.mark.parametrize(
    ("cookie", "sent"),
    [
        (b"_x=1; Path=/; SameSite=None; Secure", b"_x=1; Path=/; SameSite=None; Secure; Partitioned"),
        (b"_x=1; Path=/; SameSite=Strict", b"_x=1; Path=/; SameSite=Strict"),
    ],
)
def test_a_cookie_for_pages_inside_other_sites_is_kept_apart_for_each(cookie: bytes, sent: bytes) -> None:
    async def app(_scope: object, _receive: object, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"set-cookie", cookie)]})

    messages: list[dict] = []

    async def send(message: dict) -> None:
        messages.append(message)

    with ThreadPoolExecutor(1) as own:
        own.submit(asyncio.run, SecurityHeaders(app)({"type": "http"}, None, send)).result()
    assert (b"set-cookie", sent) in messages[0]["headers"]
