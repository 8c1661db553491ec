"""CSV that is safe to open in a spreadsheet program.

Inside: the one rule against formula injection (OWASP, "CSV Injection"), the same for cells that are read back to the
letter, and a writer that applies it. Not inside: reading (sentences.py, tables.py), other formats (core/export).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet program take a text for a formula."""


def spreadsheet_safe(cell: object) -> object:
    """``cell`` with an apostrophe before it, if it is a text that a spreadsheet would run; numbers stay numbers."""
    if isinstance(cell, str) and cell.startswith(RISKY):
        return "'" + cell
    return cell


SUMMARY_COLUMNS = ("line", "sentence", "tokens", "words", "unknown_pieces", "layer", "head", "focus", "refused")
"""Of the table of sentences that a page writes and reads again; its sentences are `guarded`."""

_GUARDED = re.compile(r"'+[=+\-@\t\r]")
PANDAS_UNGUARD = r"replace(r'^\x27(?=\x27*[=+\-@\t\r])', '', regex=True)"
"""What takes the apostrophe of `guarded` away from a table of pandas; without a quotation mark or an apostrophe, so
that it can stand in JSON in the first line of a file."""


def guarded(text: str) -> str:
    """``text`` so that no spreadsheet runs it and `unguarded` gives it back: an apostrophe before =, +, -, @, tab and
    return, and one more where apostrophes stand there already.
    """
    return "'" + text if text.startswith(RISKY) or _GUARDED.match(text) else text


def unguarded(cell: str) -> str:
    """The text of a cell that `guarded` wrote."""
    return cell[1:] if _GUARDED.match(cell) else cell


def to_csv(header: Sequence[str], rows: Iterable[Sequence[object]], *, decimal: str = ".") -> bytes:
    """The table as UTF-8 CSV with a byte order mark (Excel reads accents only with it); text cells made safe.

    decimal: the sign in numbers; with ``,`` (a Brazilian spreadsheet) a semicolon stands between the cells.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if decimal == "," else ",")
    for row in (header, *rows):
        writer.writerow([_with_sign(spreadsheet_safe(cell), decimal) for cell in row])
    return out.getvalue().encode("utf-8-sig", "replace")


def _with_sign(cell: object, decimal: str) -> object:
    return repr(cell).replace(".", decimal) if isinstance(cell, float) and decimal != "." else cell
