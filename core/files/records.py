"""Records of a file with columns: one reader over the csv module, bounded, for every program that writes such files.

Inside: quotation marks around cells or in the text, spaces after the delimiter, bad records that cost their own line,
an open quotation mark that would swallow rows. Not inside: the guess of how a file is written (layout.py), what its
columns mean (headers.py), bytes (uploads.py). pandas.read_csv is not used on purpose: 0.4 MB of commas cost it 4.9 s
and 364 MB.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from .uploads import Rejected

MAX_LINE = 20_000
"""Characters of one line or one record, checked before a parser sees it: ten times the longest sentence."""
MAX_MENDED = 200
"""After so many records whose quotation marks did not fit, they are taken for text in the rest of the file."""
DELIMITERS = ("\t", ";", "|", ",")
"""In order of preference at equal evidence: commas occur inside sentences."""
ALONE = "\x1f"
"""As delimiter: a file of one column."""
PROSE_MARKS = ",;"
"""Delimiters that sentences use too, with a space after them or between the digits of a number."""

_WHOLE_PART = re.compile(r"(?:^|[^\w/:.+-])[+-]?\d[\d.]*$")
_DECIMALS = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[^\W\d_]{1,3})?(?![\w/:@-])")

Row = tuple[int, list[str] | Rejected]


@dataclass(frozen=True)
class Dialect:
    """How records are written. ``spaced``: spaces after the delimiter do not belong to the cell. ``quotes``: quotation
    marks stand around cells; else they are text. ``width``: cells of a record, 0 where not known."""

    delimiter: str
    spaced: bool = False
    quotes: bool = True
    width: int = 0


def bounded_rows(lines: Sequence[str], dialect: Dialect, start: int = 0) -> Iterator[Row]:
    """Records from line ``start`` on, each with the number of its first line (from 1).

    A bad record costs its first line only: reading resumes on the next.
    """
    quotes, mended = dialect.quotes, 0
    while start < len(lines):
        if not quotes or mended >= MAX_MENDED:
            yield from _plain_rows(lines, start, dialect.delimiter)
            return
        for at, cells in _records(lines, start, dialect):
            if isinstance(cells, Rejected):
                literal = _mended(lines[at], dialect)
                yield at + 1, cells if literal is None else literal
                mended += literal is not None
                start = at + 1
                break
            if cells:
                yield at + 1, cells
        else:
            return


def split_line(line: str, delimiter: str) -> list[str]:
    """The cells of one line as written: cells in quotation marks whole and still in them, spaces kept."""
    return [match.group(1) for match in _cell(delimiter).finditer(line.rstrip("\r\n"))]


def unquoted(cell: str) -> str:
    """The text of a cell that stands in quotation marks, or the cell."""
    text = cell.strip()
    if is_quoted(text):
        return text[1:-1].replace('""', '"')
    return cell


def is_quoted(cell: str) -> bool:
    """Whether a cell begins and ends with a quotation mark and has only doubled ones inside."""
    text = cell.strip()
    return len(text) > 1 and text[0] == text[-1] == '"' and '"' not in text[1:-1].replace('""', "")


def is_soft(before: str, after: str, delimiter: str) -> bool:
    """Whether a delimiter between two pieces of text may belong to a sentence: a space follows, or it stands between
    the digits of a number (12,50)."""
    if delimiter not in PROSE_MARKS or not after:
        return False
    if after[0] in " \u00a0":
        return True
    return delimiter == "," and bool(_WHOLE_PART.search(before[-30:]) and _DECIMALS.match(after))


@cache
def _cell(delimiter: str) -> re.Pattern[str]:
    """One cell of a line and the delimiter after it; no way back (possessive), so that time is linear."""
    mark = re.escape(delimiter)
    blank = "[ ]*+" if delimiter == "\t" else r"[^\S\r\n]*+"
    return re.compile(rf'(?:^|(?<={mark}))({blank}"(?:[^"]|"")*+"{blank}(?={mark}|$)|[^{mark}]*+)(?:{mark}|$)')


def _plain_rows(lines: Sequence[str], start: int, delimiter: str) -> Iterator[Row]:
    """One record per line, quotation marks as text."""
    for at in range(start, len(lines)):
        line = lines[at]
        if line.strip("\r\n"):
            yield at + 1, too_long(at + 1, line) or line.rstrip("\r\n").split(delimiter)


def _mended(line: str, dialect: Dialect) -> list[str] | None:
    """The cells of a line whose quotation marks are no CSV; None where they may have cut a cell.

    In a file of tabs, or of one column, marks that do not pair are text. Elsewhere a line counts only if all its marks
    pair (`"a" ;"b"`, which the csv module refuses).
    """
    if len(line) > MAX_LINE:
        return None
    cells = split_line(line, dialect.delimiter)
    if dialect.delimiter == ALONE:
        return cells
    fits = not dialect.width or len(cells) == dialect.width
    paired = all(is_quoted(cell) for cell in cells if cell.lstrip().startswith('"'))
    return [unquoted(cell) for cell in cells] if fits and (paired or dialect.delimiter == "\t") else None


def _records(lines: Sequence[str], start: int, dialect: Dialect) -> Iterator[Row]:
    """(index of the first line, cells) from ``start`` on, up to and with the first bad record."""
    feed = _Feed(lines, start)
    reader = csv.reader(feed, delimiter=dialect.delimiter, strict=True, skipinitialspace=dialect.spaced)
    while True:
        at, feed.characters = feed.index, 0
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield at, too_long(at + 1, lines[at]) or _misquoted(at + 1, error)
            return
        if cells is None:
            return
        if feed.index - at > 1 and _swallowed(lines[at : feed.index], dialect):
            yield at, split_line(lines[at], dialect.delimiter)
            feed.index = at + 1
            reader = csv.reader(feed, delimiter=dialect.delimiter, strict=True, skipinitialspace=dialect.spaced)
            continue
        yield at, cells


def _swallowed(lines: Sequence[str], dialect: Dialect) -> bool:
    """Whether each line that one pair of quotation marks holds together is a whole record by itself."""
    if dialect.width < 2:
        return False
    return all(hard_width(split_line(line, dialect.delimiter), dialect.delimiter) == dialect.width for line in lines)


def hard_width(cells: Sequence[str], delimiter: str) -> int:
    """The number of cells if delimiters that may belong to a sentence are not counted (nor one that ends a verse)."""
    verse = delimiter in PROSE_MARKS and len(cells) > 1 and not cells[-1].strip()
    return 1 - verse + sum(not is_soft(a, b, delimiter) for a, b in zip(cells, cells[1:], strict=False))


class _Feed:
    """The lines from ``index`` on, until one record has taken more than MAX_LINE characters: an open quote
    must not swallow a file. (csv.field_size_limit would do it for the whole process, other threads included.)"""

    def __init__(self, lines: Sequence[str], index: int) -> None:
        self.lines, self.index, self.characters = lines, index, 0

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self.index == len(self.lines):
            raise StopIteration
        line = self.lines[self.index]
        self.characters += len(line)
        if self.characters > MAX_LINE:
            raise csv.Error("record too long")
        self.index += 1
        return line


def _misquoted(number: int, error: csv.Error) -> Rejected:
    if "after" in str(error):
        return Rejected(number, "its quotation marks are misplaced; inside a quoted cell write them twice")
    return Rejected(number, "its quotation marks do not close within {limit} characters", {"limit": MAX_LINE})


def too_long(number: int, line: str) -> Rejected | None:
    """The refusal of a line beyond MAX_LINE, or None."""
    if len(line) <= MAX_LINE:
        return None
    return Rejected(number, "the line has {n} characters; the limit is {limit}", {"n": len(line), "limit": MAX_LINE})
