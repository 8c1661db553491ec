"""The vision models that come with Mirante, told from their files without loading them."""

from __future__ import annotations

import json
from functools import lru_cache

from ..models.catalog import kind_at
from ..models.sources import BUNDLED, shipped_names


def visions() -> tuple[str, ...]:
    """Names of the bundled models that read pictures, sorted."""
    return tuple(name for name in shipped_names() if kind_at(BUNDLED / name) == "vision")


@lru_cache(maxsize=32)
def pointing_head(name: str) -> tuple[int, int] | None:
    """(layer, head) from 0 of the head whose [CLS] pointed best in a bundled model's evaluation; None where none was
    measured.
    """
    path = BUNDLED / name / "evaluation.json"
    if name not in visions() or not path.exists():
        return None
    measured = json.loads(path.read_text(encoding="utf-8")).get("pointing")
    return tuple(measured["head"]) if measured else None
