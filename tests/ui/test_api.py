"""The API without a server: what is asked is checked, what is refused says why, what is answered is the trace's."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import numpy as np
import pytest
from limits import RateLimitItemPerMinute
from starlette.datastructures import QueryParams
from starlette.requests import Request

import core
from core.tracing.captures import MAX_GENERATED
from core.views.view import view
from ui.serving import api, rates
from ui.serving.fair_queue import Refused
from ui.serving.headers import policy

MODEL, TEXT = "mirante-encoder-pt", "O gato dorme. “=1+1” <s>"


def ask(route=api.attention, *, client: str = "10.0.0.1", **query: object) -> tuple[int, dict, dict]:
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": urlencode(query).encode()}
    request = Request(scope | {"client": (client, 1)}, receive=connected)
    with ThreadPoolExecutor(1) as own:  # a thread without an event loop: browser tests leave one running in this one
        answer = own.submit(asyncio.run, route(request)).result()
    return answer.status_code, json.loads(answer.body), dict(answer.headers)


async def connected() -> dict:
    """Nothing more arrives from the client, which is still there."""
    await asyncio.sleep(3600)
    return {}


@pytest.fixture(autouse=True)
def _fresh_counts():
    rates._counters.storage.reset()


@pytest.fixture(scope="module")
def trace():
    return core.capture(core.load(MODEL), TEXT)


@pytest.mark.parametrize(("words", "specials"), [(1, 1), (0, 1), (0, 0), ("true", "false")])
def test_numbers_and_labels_are_those_of_the_trace(trace, words, specials):
    status, found, headers = ask(model=MODEL, text=TEXT, layer=2, head=3, words=words, specials=specials)
    shown = view(trace, words=words in (1, "true"), specials=specials == 1)
    assert status == 200 and headers["cache-control"] == "no-store"
    np.testing.assert_array_equal(np.array(found["weights"], np.float32), shown.head(1, 2))
    np.testing.assert_array_equal(np.array(found["hidden"], np.float32), shown.hidden(1, 2))
    assert tuple(found["query"]["labels"]) == shown.query.labels and found["provenance"]["sentence"] == TEXT
    assert found["provenance"]["options"]["heads"] == [{"layer": 2, "head": 3}]


def test_a_translator_has_kinds_and_a_target():
    status, found, _ = ask(
        model="mirante-translator", text="The cup is full.", target="O copo está cheio.", layer=1, head=1, kind="cross"
    )
    assert (
        status == 200
        and found["provenance"]["target"] == "O copo está cheio."
        and found["provenance"]["options"]["kind"] == "cross"
    )


GOOD = {"model": MODEL, "text": "o copo", "layer": 1, "head": 1}


@pytest.mark.parametrize(
    ("change", "status", "message"),
    [
        ({"model": "../../etc/passwd"}, 404, "No bundled model"),
        ({"model": "bert-base-uncased"}, 404, "No bundled model"),
        ({"text": " \n"}, 400, "empty"),
        ({"layer": "0"}, 400, "counted from 1"),
        ({"layer": "x"}, 400, "counted from 1"),
        ({"head": "²"}, 400, "counted from 1"),
        ({"layer": 99}, 422, "no layer 99, head 1: this model has 4 layers of 8 heads"),
        ({"words": "maybe"}, 400, "words must be"),
        ({"kind": "cross"}, 422, "has no “cross”"),
        ({"target": "x"}, 422, "target"),
        ({"rows": "1"}, 400, "Unknown parameter: rows"),
        ({"text": "a " * 1000}, 413, "built for at most"),
        ({"text": "a" * 6000}, 413, "at most 5000"),
        ({"text": "a\0b"}, 422, ""),
    ],
)
def test_refusals_say_what_is_wrong(change, status, message):
    found, body, _ = ask(**(GOOD | change))
    assert (found, set(body)) == (status, {"error"}) and message in body["error"]


@pytest.mark.parametrize("missing", GOOD)
def test_what_is_missing_is_named(missing):
    status, body, _ = ask(**{name: value for name, value in GOOD.items() if name != missing})
    assert status == 400 and missing in body["error"]


def test_an_unexpected_error_is_polite_and_in_the_log(monkeypatch, caplog):
    monkeypatch.setattr(api.cache, "trace", lambda *_: 1 / 0)
    status, body, _ = ask(**GOOD)
    assert status == 500 and "division" not in body["error"] and caplog.records[0].args[0] in body["error"]


def test_a_full_queue_is_refused_at_once(monkeypatch):
    async def full(*_):
        raise Refused(7.5, of_visitor=False)

    monkeypatch.setattr(api._queue, "_come_in", full)
    status, _, headers = ask(**GOOD)
    assert status == 503 and headers["retry-after"] == "8"


def test_what_an_address_asks_beyond_its_share_of_a_minute_is_refused(monkeypatch):
    monkeypatch.setattr(api, "_MILLISECONDS", RateLimitItemPerMinute(50, namespace="test"))
    assert [ask(**GOOD)[0] for _ in range(3)] == [200, 200, 429]
    status, body, headers = ask(**GOOD)
    assert status == 429 and 1 <= int(headers["retry-after"]) <= 60 and "address" in body["error"]
    assert ask(**GOOD, client="10.0.0.2")[0] == 200  # somebody else


def test_the_cost_of_a_request_grows_with_its_tokens_and_layers():
    def cost(**query):
        return api.estimated_seconds(QueryParams(query))

    short, long = cost(**GOOD), cost(**(GOOD | {"text": "o copo " * 200}))
    assert short < 0.03 and long > 10 * short
    assert cost(**(GOOD | {"text": "😀" * 1000})) > cost(**(GOOD | {"text": "a" * 1000}))
    assert cost(**(GOOD | {"text": "a" * 10**6})) < 5  # refused after its tokens are counted
    translated = {"model": "mirante-translator", "text": "the cat house woman river " * 5}
    assert cost(**translated) > 5 * cost(**(translated | {"target": "o"}))  # it writes up to 128 tokens itself
    assert api.MOST_WRITTEN == MAX_GENERATED
    assert cost(model="../..", text="a") == pytest.approx(api.SECONDS_A_REQUEST, abs=1e-3) == cost(model="x" * 5000)


def test_models_are_the_bundled_ones():
    status, body, _ = ask(api.models)
    assert status == 200 and {MODEL, "mirante-translator"} <= {entry["name"] for entry in body["models"]}


def test_the_policy_allows_no_eval_and_only_the_frames_that_are_named():
    found = policy("'self' https://moodle.example.edu")
    assert (
        "unsafe-eval" not in found
        and "*" not in found
        and found.endswith("frame-ancestors 'self' https://moodle.example.edu")
    )
    script = found.partition("script-src ")[2].partition(";")[0]
    assert "unsafe-inline" not in script and "'sha256-" in script
    for wrong in ("x; script-src *", "a\nb", ""):
        with pytest.raises(ValueError, match="MIRANTE_FRAME_ANCESTORS"):
            policy(wrong)
