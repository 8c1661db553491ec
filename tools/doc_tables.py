"""Tables of the documentation that are written by a command: they stand between two comments, the rest is by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def between(text: str, start: str, end: str, table: str) -> str:
    """The page with ``table`` between its two comments."""
    before, _, rest = text.partition(start)
    _, _, after = rest.partition(end)
    return f"{before}{start}\n{table}\n{end}{after}"


def rewrite(page: Path, updated: Callable[[str], str]) -> None:
    """Write a page anew."""
    page.write_text(updated(page.read_text(encoding="utf-8")), encoding="utf-8")
