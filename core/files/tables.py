"""Files with columns: what a person chose about them, and the one column that is read of them.

Inside: the person's choices (`Options`), the result of opening a file with columns (`Table`), the rows before the
table, the rows that hold no sentence, and the sentences that a delimiter had cut. Not inside: bytes and encodings
(uploads.py), the guess of how a table is written (layout.py), its records (records.py), names of columns and the choice
of one (headers.py), JSON lines (jsonlines.py), the cleaning of a sentence (sentences.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal

from ..errors import BadFile
from .cell_kinds import data_share, ends_a_sentence, folded, is_data
from .file_kinds import FileKind
from .headers import FORM_NAMES, chosen_column, is_header, names_a_column, names_of, names_sentences, other_sentences
from .layout import MAX_BEFORE, announced_delimiter, guess_dialect
from .records import ALONE, Dialect, Row, bounded_rows, is_soft
from .uploads import Note, Rejected

MAX_COLUMNS = 64
PREVIEW = 50
"""Records looked at for header and column."""

Maker = Literal["Google Forms", "ELAN"]

_TIME_CODE = re.compile(r"\d+:\d\d:\d\d[.,]\d{1,3}")
_TOTAL = re.compile(r"(sub)?tota(l|is)( geral)?|medias?|somas?|average|mean|sum|count|grand total|contagem")


@dataclass(frozen=True)
class Options:
    """What a person chose instead of what would be detected; None means: detect.

    ``delimiter``: "" for a file of one column. ``quotes``: whether quotation marks stand around cells (False: they are
    part of the text). ``kind``: what the file is, whatever its name says.
    """

    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    column: str | None = None
    quotes: bool | None = None
    kind: FileKind | None = None


@dataclass(frozen=True, eq=False)
class Table:
    """Columns to choose from, the chosen one, and its cells as (line, text or refusal), read lazily and once.

    ``remarks`` is called after the last cell: what was left out on the way, and what was put together again.
    """

    columns: tuple[str, ...]
    column: str | None
    delimiter: str | None
    header: bool | None
    cells: Iterator[tuple[int, str | Rejected]]
    quotes: bool | None = None
    made_by: Maker | None = None
    counts: dict[str, int] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def remarks(self) -> list[Note]:
        """What a person should know about the rows; complete after the last cell."""
        notes = []
        if self.before:
            fields = {"n": len(self.before), "text": " · ".join(self.before)[:200]}
            notes.append(Note("Lines before the table, left out: {n} ({text}).", fields))
        if self.others:
            fields = {"column": self.column, "others": ", ".join(f"“{name}”" for name in self.others)[:300]}
            notes.append(Note(_OTHERS, fields))
        return notes + [Note(_REMARKS[name], {"n": n}) for name, n in self.counts.items() if n]


_OTHERS = (
    "Several columns read like sentences. “{column}” was read; these were not, and can be chosen instead: {others}."
)

_REMARKS = {
    "joined": "Sentences that held the separator without quotation marks, put together again: {n}.",
    "headers": "Rows that repeat the names of the columns, left out: {n}.",
    "totals": "Rows that look like totals of the table, left out: {n}.",
}


def delimited(lines: Sequence[str], name: str, options: Options, *, tabs: bool = False) -> Table:
    """The table in ``lines`` (line ends kept). Raises BadFile for too many columns, no rows, or an unknown column."""
    announced = next((mark for line in lines[:1] if (mark := announced_delimiter(line))), None)
    first = 1 if announced else 0
    delimiter = announced if options.delimiter is None else options.delimiter or ALONE
    if delimiter is None and not tabs and _names_one(lines[: 4 * PREVIEW]):
        delimiter = ALONE
    dialect = guess_dialect(lines[first:], delimiter, tabs_first=tabs)
    if options.quotes is not None:
        dialect = replace(dialect, quotes=options.quotes)
    check_width(dialect.width, name)
    preview = _preview(lines, dialect, first)
    top = _top(preview, dialect.width)
    before = tuple(" ".join(filter(None, map(str.strip, cells))) for _, cells in preview[:top])
    rows = [cells for _, cells in preview[top:]]
    start = preview[top][0] - 1 if top < len(preview) else first
    header = is_header(_fitted(rows, dialect)) if options.header is None else options.header
    width = max(dialect.width, len(rows[0])) if header and rows else dialect.width
    check_width(width, name)
    if header and len(list(islice(bounded_rows(lines, dialect, start), 2))) < 2:
        raise BadFile("{name} has a header and no row below it. Add one sentence per row.", name=name)
    columns = names_of((rows[0] + [""] * width)[:width] if header and rows else [""] * width)
    body = _fitted(rows[header:], replace(dialect, width=width))
    column = chosen_column(columns, body, options.column, name)
    others = other_sentences(columns, body, column) if options.column is None else ()
    reading = _Reading(dialect, columns.index(column) if column else 0, width, rows[0] if header and rows else None)
    reading.wrapped = options.quotes is None and not dialect.quotes and _all_wrapped(body, reading.index)
    return Table(
        columns,
        column,
        None if dialect.delimiter == ALONE else dialect.delimiter,
        header,
        reading.cells(bounded_rows(lines, dialect, start)),
        dialect.quotes,
        _maker(columns, body, header),
        reading.counts,
        tuple(filter(None, before)),
        others,
    )


def _preview(lines: Sequence[str], dialect: Dialect, first: int) -> list[tuple[int, list[str]]]:
    """The first good records; looks past as many bad ones as reading tolerates before it stops."""
    rows = islice(bounded_rows(lines, dialect, first), 4 * PREVIEW)
    return list(islice(((line, cells) for line, cells in rows if isinstance(cells, list)), PREVIEW))


def _top(preview: Sequence[tuple[int, list[str]]], width: int) -> int:
    """How many records stand before the table: empty ones, titles, a date, up to the first that is as full as a row."""
    filled = [sum(bool(cell.strip()) for cell in cells) for _, cells in preview]
    if width < 2:
        return _titles_above([cells[0] for _, cells in preview if cells])
    if max(filled, default=0) < 2:
        return 0
    for enough in (lambda cells: any(map(names_sentences, cells)), lambda cells: sum(map(names_a_column, cells)) > 1):
        number = next((i for i, (_, cells) in enumerate(preview[:MAX_BEFORE]) if enough(cells)), None)
        if number is not None and all(n < filled[number] for n in filled[:number]):
            return number
    usual = sorted(filled)[len(filled) // 2]
    for number, (_, cells) in enumerate(preview[:MAX_BEFORE]):
        title = filled[number] == 0 or (filled[number] == 1 and bool(cells[0].strip()) and usual > 1)
        if not title:
            return number
    return 0


def _titles_above(cells: Sequence[str]) -> int:
    """How many titles stand above the name of a single column of sentences."""
    number = next((i for i, cell in enumerate(cells[:MAX_BEFORE]) if names_sentences(cell)), 0)
    filled = [cell for cell in cells[number + 1 :] if cell.strip()]
    below = sum(map(ends_a_sentence, filled)) >= 0.6 * max(1, len(filled))
    return number if below and not any(map(ends_a_sentence, cells[:number])) else 0


def _names_one(lines: Sequence[str]) -> bool:
    """Whether a file begins with the one name of its only column, above rows that name no columns."""
    top = [line.strip().strip('"') for line in islice((line for line in lines if line.strip()), 2)]
    return len(top) == 2 and names_sentences(top[0]) and not any(map(names_a_column, re.split(r"[,;|\t]", top[1])))


def _fitted(rows: Sequence[Sequence[str]], dialect: Dialect) -> list[list[str]]:
    """The rows as wide as the table, those that a soft mark had cut put together where that is certain."""
    joined = (_without_soft_marks(row, dialect) if len(row) > dialect.width else list(row) for row in rows)
    return [row for row in joined if len(row) <= dialect.width or not dialect.width]


def _without_soft_marks(row: Sequence[str], dialect: Dialect) -> list[str]:
    """The cells of a row that is too wide: without empty ones at its end, then cut at hard marks alone."""
    cells = list(row)
    while len(cells) > dialect.width and not cells[-1].strip():
        cells.pop()
    if len(cells) <= dialect.width:
        return cells
    joined = cells[:1]
    for cell in cells[1:]:
        if is_soft(joined[-1], cell, dialect.delimiter):
            joined[-1] += dialect.delimiter + cell
        else:
            joined.append(cell)
    return joined


def _maker(columns: Sequence[str], body: Sequence[Sequence[str]], header: bool) -> Maker | None:
    """The program that wrote the table, where its columns tell."""
    if header and columns and folded(columns[0]) in FORM_NAMES and data_share([row[0] for row in body if row]) > 0.5:
        return "Google Forms"
    codes = [sum(bool(_TIME_CODE.fullmatch(cell.strip())) for cell in row) for row in body]
    return "ELAN" if codes and sum(n >= 2 for n in codes) >= 0.8 * len(codes) else None


def _all_wrapped(body: Sequence[Sequence[str]], index: int) -> bool:
    """Whether every cell of a column stands in quotation marks, as where a program wrapped what it did not double."""
    filled = [cell.strip() for row in body if index < len(row) and (cell := row[index]).strip()]
    return bool(filled) and all(map(_is_wrapped, filled))


def _is_wrapped(cell: str) -> bool:
    return len(cell) > 2 and cell[0] == cell[-1] == '"'


class _Reading:
    """The cells of one column, row by row, and how many rows were left out or mended on the way."""

    def __init__(self, dialect: Dialect, index: int, width: int, names: Sequence[str] | None) -> None:
        self.dialect, self.index, self.width = dialect, index, width
        self.names = names
        self.wrapped = False
        self.counts = dict.fromkeys(_REMARKS, 0)

    def cells(self, rows: Iterator[Row]) -> Iterator[tuple[int, str | Rejected]]:
        """The column's cells; a record wider than the table is refused where its text may have been cut."""
        skip = self.names is not None
        for line, cells in rows:
            if isinstance(cells, Rejected):
                yield line, cells
            elif skip:
                skip = False
            elif self._is_known(cells):
                continue
            else:
                cell = self._cell(line, cells)
                wrapped = self.wrapped and isinstance(cell, str) and _is_wrapped(cell.strip())
                yield line, cell.strip()[1:-1] if wrapped and isinstance(cell, str) else cell

    def _is_known(self, cells: Sequence[str]) -> bool:
        """Whether a row repeats the names of the columns, or holds a total; it is counted."""
        if self.names is not None and self.width > 1 and list(cells) == list(self.names):
            self.counts["headers"] += 1
            return True
        filled = [cell for cell in cells if cell.strip()]
        label = folded(re.split(r"[:(]|\d", filled[0])[0])[:40].strip() if filled and self.width > 1 else ""
        read = cells[self.index] if self.index < len(cells) else ""
        if not _TOTAL.fullmatch(label) or data_share(filled[1:]) < (len(filled) > 1):
            return False
        if len(filled) == len(cells) and not is_data(read):  # a word of a list, with its number
            return False
        self.counts["totals"] += 1
        return True

    def _cell(self, line: int, row: Sequence[str]) -> str | Rejected:
        cells = list(row)
        if len(cells) > self.width and not self.dialect.spaced and (whole := self._joined(cells)) is not None:
            return whole  # also where an empty column at the end of the row has no name
        while len(cells) > self.width and not cells[-1].strip():
            cells.pop()
        if len(cells) > self.width:
            joined = self._joined(cells)
            template = "it has {n} columns where the first row has {width}; put the sentence in quotation marks"
            return joined or Rejected(line, template, {"n": len(cells), "width": self.width})
        if self.index >= len(cells):
            template = "it has {n} columns; the column of sentences is number {index}"
            return Rejected(line, template, {"n": len(cells), "index": self.index + 1})
        return cells[self.index]

    def _joined(self, cells: Sequence[str]) -> str | None:
        """The sentence that soft marks had cut, put together; None where a mark may divide columns."""
        delimiter, extra = self.dialect.delimiter, len(cells) - self.width
        parts = cells[self.index : self.index + extra + 1]
        spaced = self.dialect.spaced and delimiter != "\t"
        if not spaced and not all(is_soft(a, b, delimiter) for a, b in zip(parts, parts[1:], strict=False)):
            return None
        self.counts["joined"] += 1
        return (delimiter + " " if spaced else delimiter).join(parts)


def check_width(width: int, name: str) -> None:
    """Raises BadFile for more columns than MAX_COLUMNS."""
    if width > MAX_COLUMNS:
        template = "{name} has {n} columns; the limit is {limit}. Keep the column of sentences and save it again."
        raise BadFile(template, name=name, n=width, limit=MAX_COLUMNS)
