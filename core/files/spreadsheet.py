"""CSV that is safe to open in a spreadsheet program.

Inside: the one rule against formula injection (OWASP, "CSV Injection") and a writer that applies it. Not inside:
reading (sentences.py, tables.py), other formats (core/export).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet program take a text for a formula."""


def spreadsheet_safe(cell: object) -> object:
    """``cell`` with an apostrophe before it, if it is a text that a spreadsheet would run; numbers stay numbers."""
    if isinstance(cell, str) and cell.startswith(RISKY):
        return "'" + cell
    return cell


def to_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The table as UTF-8 CSV with a byte order mark (Excel reads accents only with it); text cells made safe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in (header, *rows):
        writer.writerow([spreadsheet_safe(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig", "replace")
