"""Who may read the metrics: this machine without a proxy between, and whom the setting names."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from ui.serving.metrics import PrivateMetrics


def status(client: str | None, *, readers: str = "", path: str = "/_stcore/metrics", **headers: str) -> int:
    """What is answered to a request from this address."""

    async def app(_scope: object, _receive: object, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    sent: list[dict] = []

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "client": client and (client, 1),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    with ThreadPoolExecutor(1) as own:  # a thread without an event loop: browser tests leave one running in this one
        own.submit(asyncio.run, PrivateMetrics(app, readers=readers)(scope, None, send)).result()
    return sent[0]["status"]


@pytest.mark.parametrize("client", ["127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1"])
def test_this_machine_reads_them_and_a_proxy_on_it_does_not(client: str) -> None:
    assert status(client) == 200
    for name in ("x_forwarded_for", "forwarded", "x_real_ip"):
        assert status(client, **{name: "10.0.0.9"}) == 403


@pytest.mark.parametrize("client", ["10.0.0.9", "2001:db8::1", "", "unix", None])
def test_nobody_else_reads_them_below_any_path(client: str | None) -> None:
    for path in ("/_stcore/metrics", "/mirante/_stcore/metrics", "/_stcore/metrics/"):
        assert status(client, path=path) == 403
    assert status(client, path="/_stcore/health") == 200


def test_the_setting_names_who_may() -> None:
    readers = "10.0.0.0/24 2001:db8::1"
    assert [status(client, readers=readers) for client in ("10.0.0.9", "2001:db8::1", "10.0.1.9")] == [200, 200, 403]
    assert status("10.0.0.9", readers=readers, x_forwarded_for="10.0.0.9") == 200  # a trusted proxy said so


def test_a_setting_that_is_no_address_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="MIRANTE_METRICS_FOR must be addresses"):
        PrivateMetrics(None, readers="everybody")
