"""Random and hostile links on a running server: every one is a page or a refusal (benchmarks/links.py opens more)."""

from __future__ import annotations

import asyncio
import random

from benchmarks.links import open_links, random_link


def test_no_link_ends_in_what_nobody_foresaw(server: str) -> None:
    chance = random.Random()  # other links every time: a failure prints its own
    opened = asyncio.run(open_links(server, [random_link(chance) for _ in range(80)]))
    assert [(one.page, one.query, one.problems) for one in opened if one.problems] == []
