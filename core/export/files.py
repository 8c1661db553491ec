"""The formats that a view is exported in, by name: bytes, media type and the suffix of a file.

Inside: `EXPORT_FORMATS`, `file_bytes`. Not inside: what each format writes (the other modules of this folder), the name
of a file (assets/components/attention).
"""

from __future__ import annotations

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
class ExportFormat:
    """How a format is written and served."""

    media: str
    suffix: str
    make: Callable[[View, Heads, dict[str, Any], Language], bytes]


EXPORT_FORMATS: dict[Format, ExportFormat] = {
    "csv": ExportFormat(
        "text/csv", "csv", lambda view, heads, record, _: _encoded(csv_text(view, heads, record), "utf-8-sig")
    ),
    "json": ExportFormat(
        "application/json", "json", lambda view, heads, record, _: _encoded(json_text(view, heads, record))
    ),
    "latex": ExportFormat(
        "application/x-tex",
        "tex",
        lambda view, heads, record, language: _encoded(latex_text(view, heads, record, language=language)),
    ),
    "html": ExportFormat(
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
    return EXPORT_FORMATS[name].make(view, heads, record, language)


def _encoded(text: str, encoding: str = "utf-8") -> bytes:
    return text.encode(encoding, "replace")
