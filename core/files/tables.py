"""Files with columns: what a person chose about them, the one column that is read, and the rows of CSV and TSV.

Inside: the person's choices (`Options`), the result of opening a file with columns (`Table`), the guesses of delimiter,
header and column, and a guarded csv.reader (`delimited`: strict, bounded records and columns, resuming on the line
after a bad record). Not inside: bytes and encodings (uploads.py), JSON lines (jsonlines.py), the cleaning of a sentence
(sentences.py). pandas.read_csv is not used on purpose: 0.4 MB of commas cost it 4.9 s and 364 MB.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ..errors import BadFile
from .uploads import Rejected

MAX_COLUMNS = 64
MAX_LINE = 20_000
"""Characters of one line or one CSV record, checked before a parser sees it: ten times the longest sentence."""
PREVIEW = 50
"""Records looked at for the guesses."""
DELIMITERS = ("\t", ";", "|", ",")
"""In order of preference at equal evidence: commas occur inside sentences."""

_ALONE = "\x1f"  # as csv delimiter: a file of one column

_Row = tuple[int, list[str] | Rejected]

SENTENCE_NAMES = (
    "sentence",
    "frase",
    "sentença",
    "sentenca",
    "text",
    "texto",
    "oração",
    "oracao",
    "sentences",
    "frases",
)


@dataclass(frozen=True)
class Options:
    """What a person chose instead of what would be detected; None means: detect."""

    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    column: str | None = None


@dataclass(frozen=True, eq=False)
class Table:
    """Columns to choose from, the chosen one, and its cells as (line, text or refusal), read lazily and once."""

    columns: tuple[str, ...]
    column: str | None
    delimiter: str | None
    header: bool | None
    cells: Iterator[tuple[int, str | Rejected]]


def delimited(lines: Sequence[str], name: str, options: Options, *, tabs_first: bool = False) -> Table:
    """The table in ``lines`` (line ends kept). Raises BadFile for too many columns, no rows, or an unknown column."""
    delimiter = options.delimiter or _delimiter(lines, tabs_first)
    preview = _preview(lines, delimiter)
    width = len(preview[0]) if preview else 0
    check_width(width, name)
    header = is_header(preview) if options.header is None else options.header
    if header and len(list(islice(bounded_rows(lines, delimiter), 2))) < 2:
        raise BadFile("{name} has a header and no row below it. Add one sentence per row.", name=name)
    columns = names_of(preview[0] if header and preview else [""] * width)
    column = chosen_column(columns, preview[1:] if header else preview, options.column, name)
    cells = _cells(bounded_rows(lines, delimiter), header, columns.index(column) if column else 0, width)
    return Table(columns, column, None if delimiter == _ALONE else delimiter, header, cells)


def bounded_rows(lines: Sequence[str], delimiter: str) -> Iterator[_Row]:
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


def _records(lines: Sequence[str], start: int, delimiter: str) -> Iterator[_Row]:
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
    rows = (cells for _, cells in islice(bounded_rows(lines, delimiter), 4 * PREVIEW))
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


def _cells(rows: Iterator[_Row], header: bool, index: int, width: int) -> Iterator[tuple[int, str | Rejected]]:
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


def check_width(width: int, name: str) -> None:
    """Raises BadFile for more columns than MAX_COLUMNS."""
    if width > MAX_COLUMNS:
        template = "{name} has {n} columns; the limit is {limit}. Keep the column of sentences and save it again."
        raise BadFile(template, name=name, n=width, limit=MAX_COLUMNS)


def too_long(number: int, line: str) -> Rejected | None:
    """The refusal of a line beyond MAX_LINE, or None."""
    if len(line) <= MAX_LINE:
        return None
    return Rejected(number, "the line has {n} characters; the limit is {limit}", {"n": len(line), "limit": MAX_LINE})


def is_header(preview: Sequence[Sequence[str]]) -> bool:
    """Whether the first row holds names: a known one, or short unpunctuated cells above longer or numeric ones."""
    if not preview:
        return False
    first, body = [cell.strip() for cell in preview[0]], preview[1:]
    if any(cell.lower() in SENTENCE_NAMES for cell in first):
        return True
    if not body or len(set(first)) < len(first) or not all(_name_like(cell) for cell in first):
        return False
    return any(_unlike(cell, [row[i] for row in body if i < len(row)]) for i, cell in enumerate(first))


def _name_like(cell: str) -> bool:
    return 0 < len(cell) <= 40 and cell.count(" ") <= 2 and cell[-1] not in ".!?…" and not _numeric(cell)


def _unlike(name: str, below: Sequence[str]) -> bool:
    """Whether the cells below are of another kind than ``name``: numbers, or clearly longer texts."""
    if not below:
        return False
    return all(_numeric(cell) for cell in below) or sum(map(len, below)) / len(below) > 2 * len(name)


def _numeric(cell: str) -> bool:
    return cell.strip().lstrip("+-").replace(".", "", 1).replace(",", "", 1).isdecimal()


def names_of(first: Sequence[str]) -> tuple[str, ...]:
    """Names to choose from: trimmed, never empty, never twice the same ("a", "a (2)")."""
    names: list[str] = []
    for number, cell in enumerate(first, 1):
        printable = "".join(c for c in cell.strip() if c.isprintable())[:80]
        name = base = unicodedata.normalize("NFC", printable) or f"#{number}"
        copies = 1
        while name in names:
            copies += 1
            name = f"{base} ({copies})"
        names.append(name)
    return tuple(names)


def chosen_column(columns: Sequence[str], body: Sequence[Sequence[str]], wanted: str | None, name: str) -> str | None:
    """``wanted``, else a column called like a sentence, else the one with the longest texts; None without columns."""
    if wanted is not None and wanted in columns:
        return wanted
    if wanted is not None:
        offered = ", ".join(columns) or "—"
        raise BadFile("{name} has no column “{column}”; it has: {columns}.", name=name, column=wanted, columns=offered)
    named = [column for column in columns if column.lower() in SENTENCE_NAMES]
    if named or not columns:
        return named[0] if named else None
    lengths = [sum(len(row[i]) for row in body if i < len(row)) for i in range(len(columns))]
    return columns[lengths.index(max(lengths))]
