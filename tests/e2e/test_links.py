"""Random and hostile links on a running server: every one is a page or a refusal (benchmarks/links.py opens more)."""

from __future__ import annotations

import asyncio
import random
from concurrent.futures import ThreadPoolExecutor

from benchmarks.links import open_links, random_link


def test_no_link_ends_in_what_nobody_foresaw(server: str) -> None:
    chance = random.Random()  # other links every time: a failure prints its own
    links = [random_link(chance) for _ in range(30)]
    with ThreadPoolExecutor() as thread:  # the browser of other tests has an event loop in this one
        opened = thread.submit(asyncio.run, open_links(server, links)).result()
    assert [(one.page, one.query, one.problems) for one in opened if one.problems] == []
