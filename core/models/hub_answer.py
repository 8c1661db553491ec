"""An answer of the hub, before its body is read: redirects are followed without reading theirs.

The client of the library reads the whole body of every redirect into memory, however long it is and however slowly it
comes, also where the answer is asked for as a stream. Not here: what is asked for (hub_listing.py, core/fetching)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

MOST_REDIRECTS = 10


@contextmanager
def hub_answer(address: str, **options: Any) -> Iterator[Any]:
    """The last answer (``httpx2.Response``), its body unread. options: of the client's ``build_request``.

    Raises:
        httpx2.HTTPError: no connection, or more redirects than ``MOST_REDIRECTS``.
    """
    import httpx2
    from huggingface_hub.utils import get_session  # type: ignore[attr-defined]

    session = get_session()
    request = session.build_request("GET", address, **options)
    for _ in range(MOST_REDIRECTS + 1):
        response = session.send(request, stream=True, follow_redirects=False)
        if response.next_request is None:
            break
        response.close()
        request = response.next_request  # without the token where it leads to another host
    else:
        raise httpx2.TooManyRedirects(f"more than {MOST_REDIRECTS} redirects", request=request)
    try:
        yield response
    finally:
        response.close()
