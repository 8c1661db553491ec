"""The explorer's JavaScript modules for a page without a server: found from an entry point, their imports under bare names.

A ``data:`` address has no folder, so ``from "./x.js"`` means nothing in it; ``from "mirante/x.js"`` is looked up in the import map of the
page. Inside: `modules`. Not inside: how they travel (`html`, assets/standalone/loader.js).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

ASSETS = Path(__file__).resolve().parents[2] / "assets"
FOLDER = ASSETS / "components" / "attention"
NEIGHBOUR = re.compile(r'(\b(?:from|import)\s*)"\./([\w-]+\.js)"')


@cache
def modules(entry: str = "standalone.js") -> dict[str, str]:
    """{bare name: source} of ``entry`` and of all that it imports, however far away; the entry first."""
    found: dict[str, str] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if bare(name) in found:
            continue
        source = (FOLDER / name).read_text(encoding="utf-8")
        found[bare(name)] = NEIGHBOUR.sub(lambda part: f'{part[1]}"{bare(part[2])}"', source)
        waiting += [part[2] for part in NEIGHBOUR.finditer(source)]
    return found


def bare(name: str) -> str:
    """The name of a module in the import map."""
    return f"mirante/{name}"
