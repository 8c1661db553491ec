"""One address that asks for far too much, beside a class: the class is served, the other is told to wait."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.visitor import Visitor, ask
from tools.served import running

MODEL, PROXY = "mirante-encoder-pt", "127.0.0.9"
DEAR = "O copo azul da casa está cheio de água da rua. " * 35  # as long as the model reads
CLASS, FLOOD, LONGEST_WAIT = 200, 300, 30.0


def numbers(address: str, text: str, *, source: str = "127.0.0.1", headers: dict[str, str] | None = None):
    """(status, headers, seconds) of one request to the API."""
    query, start = urlencode({"model": MODEL, "text": text, "layer": 1, "head": 1}), time.perf_counter()
    try:
        status, answered, _ = ask(address, f"/api/v1/attention?{query}", source=source, headers=headers)
    except TimeoutError:
        status, answered = 0, {}
    return status, answered, time.perf_counter() - start


@pytest.mark.slow
def test_a_class_is_served_while_one_address_floods(tmp_path: Path) -> None:
    settings = {"MIRANTE_API_SECONDS_PER_MINUTE": "20"}  # less to wait for than with the 60 of everyday
    with running(MIRANTE_DATABASE=f"sqlite:///{tmp_path}/texts.db", **settings) as address:
        assert numbers(address, "O copo está cheio.")[0] == 200
        healths: list[float] = []
        done = threading.Event()

        def watch() -> None:
            while not done.wait(0.1):
                start = time.perf_counter()
                assert ask(address, "/_stcore/health")[0] == 200
                healths.append(time.perf_counter() - start)

        watcher = threading.Thread(target=watch)
        watcher.start()
        with ThreadPoolExecutor(100) as flooding, ThreadPoolExecutor(CLASS) as attending:
            flood = [flooding.submit(numbers, address, f"{n} {DEAR}", source="127.0.0.2") for n in range(FLOOD)]
            time.sleep(2)
            answers = list(attending.map(lambda n: numbers(address, f"O copo {n} está cheio."), range(CLASS)))
            flooded = [future.result() for future in flood]
        done.set()
        watcher.join()
        waits = sorted(seconds for _, _, seconds in answers)
        statuses = Counter(status for status, _, _ in flooded)
        print(f"class: median {waits[CLASS // 2]:.1f} s, longest {waits[-1]:.1f} s; flood: {dict(statuses)}")
        print(f"health: longest {max(healths):.2f} s")
        assert {status for status, _, _ in answers} == {200} and waits[-1] < LONGEST_WAIT
        assert set(statuses) <= {200, 429, 0} and statuses[429] > FLOOD / 2
        assert all(1 <= int(headers["retry-after"]) <= 60 for status, headers, _ in flooded if status == 429)
        with Visitor(address) as visitor:
            assert "heading {" in visitor.visit("inicio")


@pytest.mark.slow
def test_a_forwarded_address_counts_only_from_a_proxy_that_is_trusted(tmp_path: Path) -> None:
    settings = {"MIRANTE_API_SECONDS_PER_MINUTE": "1", "FORWARDED_ALLOW_IPS": PROXY}
    with running(MIRANTE_DATABASE=f"sqlite:///{tmp_path}/texts.db", **settings) as address:

        def statuses(source: str) -> Counter[int]:
            named = ({"X-Forwarded-For": f"203.0.113.{n}"} for n in range(60))
            return Counter(numbers(address, "", source=source, headers=headers)[0] for headers in named)

        time.sleep(60 - time.time() % 60 if time.time() % 60 > 45 else 0)  # the count is of one minute of the clock
        assert set(statuses("127.0.0.2")) == {400, 429}  # it says that it is many, and is believed to be one
        assert set(statuses(PROXY)) == {400}
