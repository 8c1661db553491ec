"""The formats that a view is exported in, by name: bytes, media type and a file name.

Inside: `FORMATS`, `file_bytes`, `file_name`. Not inside: what each format writes (the other modules of this folder).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..languages import DEFAULT, Language
from .html import html_page
from .latex import latex_text
from .numbers import csv_text, json_text

if TYPE_CHECKING:
    from ..views.view import View

Format = Literal["csv", "json", "latex", "html"]
Heads = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Written:
    """How a format is written and served."""

    media: str
    suffix: str
    make: Callable[[View, Heads, dict[str, Any], Language], bytes]


FORMATS: dict[Format, Written] = {
    "csv": Written(
        "text/csv", "csv", lambda view, heads, record, _: _encoded(csv_text(view, heads, record), "utf-8-sig")
    ),
    "json": Written(
        "application/json", "json", lambda view, heads, record, _: _encoded(json_text(view, heads, record))
    ),
    "latex": Written(
        "application/x-tex",
        "tex",
        lambda view, heads, record, language: _encoded(latex_text(view, heads, record, language=language)),
    ),
    "html": Written(
        "text/html",
        "html",
        lambda view, heads, record, language: _encoded(html_page(view, heads=heads, record=record, language=language)),
    ),
}


def file_bytes(name: Format, view: View, heads: Heads, record: dict[str, Any], language: Language = DEFAULT) -> bytes:
    """``view`` with ``heads`` ((layer, head) from 0) in a format, as a file holds it.

    Raises:
        BadInput: a head that the view does not have, or a map too large for the format.
    """
    return FORMATS[name].make(view, heads, record, language)


def file_name(record: dict[str, Any], suffix: str) -> str:
    """``mirante-MODEL-4.3-2026-11-21.csv``: letters, digits, dots and hyphens only."""
    heads = [f"{head['layer']}.{head['head']}" for head in record["options"].get("heads", [])[:1]]
    model = re.split(r"[/\\]", record["model"].rstrip("/"))[-1].removeprefix("mirante-")
    stem = "-".join(["mirante", model, *heads, record["date"][:10]])
    return f"{re.sub(r'[^A-Za-z0-9.]+', '-', stem)}.{suffix}"


def _encoded(text: str, encoding: str = "utf-8") -> bytes:
    return text.encode(encoding, "replace")
