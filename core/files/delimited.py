"""Rows of a delimited file (CSV, TSV): cells of the one column a person wants read.

Inside: a guarded csv.reader (strict, bounded records and columns, resuming on the line after
a bad record) and the guess of the delimiter. Not inside: bytes and encodings (`uploads`),
names and choice of columns (`columns`), the cleaning of a sentence (`sentences`).
pandas.read_csv is not used on purpose: 0.4 MB of commas cost it 4.9 s and 364 MB.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import islice

from ..errors import BadFile
from .columns import MAX_LINE, PREVIEW, Options, Table, check_width, choose, is_header, names_of, too_long
from .uploads import Rejected

DELIMITERS = ("\t", ";", "|", ",")
"""In order of preference at equal evidence: commas occur inside sentences."""

_ALONE = "\x1f"  # as csv delimiter: a file of one column

Row = tuple[int, list[str] | Rejected]


def delimited(lines: Sequence[str], name: str, options: Options, *, tabs_first: bool = False) -> Table:
    """The table in ``lines`` (line ends kept). Raises BadFile for too many columns, no rows, or an unknown column."""
    delimiter = options.delimiter or _delimiter(lines, tabs_first)
    preview = _preview(lines, delimiter)
    width = len(preview[0]) if preview else 0
    check_width(width, name)
    header = is_header(preview) if options.header is None else options.header
    if header and len(list(islice(_rows(lines, delimiter), 2))) < 2:
        raise BadFile("{name} has a header and no row below it. Add one sentence per row.", name=name)
    columns = names_of(preview[0] if header and preview else [""] * width)
    column = choose(columns, preview[1:] if header else preview, options.column, name)
    cells = _cells(_rows(lines, delimiter), header, columns.index(column) if column else 0, width)
    return Table(columns, column, None if delimiter == _ALONE else delimiter, header, cells)


def _rows(lines: Sequence[str], delimiter: str) -> Iterator[Row]:
    """Records with their first line's number. A bad record costs its first line only: reading resumes on the next."""
    start = 0
    while start < len(lines):
        for at, cells in _records(lines, start, delimiter):
            if isinstance(cells, Rejected):
                yield at + 1, cells
                start = at + 1
                break
            if cells:
                yield at + 1, cells
        else:
            return


def _records(lines: Sequence[str], start: int, delimiter: str) -> Iterator[Row]:
    """(index of the first line, cells) from ``start`` on, up to and with the first bad record."""
    feed = _Feed(lines, start)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        at, feed.characters = feed.index, 0
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield at, too_long(at + 1, lines[at]) or _misquoted(at + 1, error)
            return
        if cells is None:
            return
        yield at, cells


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


def _preview(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """The first good records; looks past as many bad ones as reading tolerates before it stops."""
    rows = (cells for _, cells in islice(_rows(lines, delimiter), 4 * PREVIEW))
    return list(islice((cells for cells in rows if isinstance(cells, list)), PREVIEW))


def _delimiter(lines: Sequence[str], tabs_first: bool) -> str:
    """The delimiter whose records agree best with the first one's width; one column when none reaches 60 %."""
    sample = lines[: 2 * PREVIEW]
    if tabs_first and any("\t" in line for line in sample):
        return "\t"
    shares = {d: _agreement(sample, d) for d in DELIMITERS}
    best = max(DELIMITERS, key=shares.__getitem__)
    return best if shares[best] >= 0.6 else _ALONE


def _agreement(sample: Sequence[str], delimiter: str) -> float:
    """Share of records as wide as the first, 0 … 1; 0 for one column, or marks always before a space (prose)."""
    rows = _preview(sample, delimiter)
    if not rows or len(rows[0]) < 2:
        return 0.0
    filled = [cell for row in rows for cell in row[1:] if cell]
    if filled and all(cell[0] == " " for cell in filled):
        return 0.0
    return sum(len(row) == len(rows[0]) for row in rows) / len(rows)


def _cells(rows: Iterator[Row], header: bool, index: int, width: int) -> Iterator[tuple[int, str | Rejected]]:
    """The column's cells; a record wider than the first is refused, since its text may have been cut at a delimiter."""
    skip = header
    for line, cells in rows:
        if isinstance(cells, Rejected):
            yield line, cells
        elif skip:
            skip = False
        elif len(cells) > width:
            template = "it has {n} columns where the first row has {width}; put the sentence in quotation marks"
            yield line, Rejected(line, template, {"n": len(cells), "width": width})
        elif index >= len(cells):
            template = "it has {n} columns; the column of sentences is number {index}"
            yield line, Rejected(line, template, {"n": len(cells), "index": index + 1})
        else:
            yield line, cells[index]
