"""The table of docs/models.md about heads and faithful readings is that of the studies beside the weights."""

from __future__ import annotations

from tools.study_tables import DOCUMENT, updated


def test_the_table_is_up_to_date() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert updated(text) == text, "run: python -m tools.study_tables"
