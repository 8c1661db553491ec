"""The tables of docs/coreference.md are those of the committed results."""

from __future__ import annotations

from tools.bench_tables import DOCUMENT, updated


def test_the_tables_are_up_to_date() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert updated(text) == text, "run: python -m tools.bench_tables"
