"""A person's own pairs outside the table: CSV files, and the short text that travels in a link.

Not here: what a row means (pair_rows.py), bytes and encodings (files/uploads.py).
"""

from __future__ import annotations

import base64
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from ..errors import BadFile, BadInput, Message
from ..files.layout import MAX_BEFORE, announced_delimiter, spaces_follow
from ..files.records import DELIMITERS, MAX_LINE, Dialect, bounded_rows, split_line, unquoted
from ..files.spreadsheet import to_csv
from ..files.uploads import MAX_LINES, Rejected, decode
from .pair_rows import BROKEN, MAX_ROWS, NEEDED, PAIR_COLUMNS, flaw_of

LINK_BYTES = 64 * 1024
"""Of the rows in a link, unpacked."""


def read_csv(data: bytes, name: str = "CSV") -> tuple[dict[str, str], ...]:
    """The rows of a CSV or TSV file with a header, every column in each; empty rows are left out.

    Lines before the header (``sep=;``, empty rows, a title) are passed over. An optional column that the file lacks
    is "".

    Raises:
        BadFile: what `uploads.decode` refuses, unknown or missing columns, misplaced quotation marks, too many rows,
        too long cells.
    """
    text = decode(data, name).text if data.strip() else ""
    lines = tuple(islice(io.StringIO(text, newline=""), MAX_LINES + 1))
    if len(lines) > MAX_LINES:
        raise _too_many_rows(name)
    start, delimiter = _header_line(lines)
    head = split_line(lines[start], delimiter) if lines else []
    dialect = Dialect(delimiter, spaces_follow([head], len(head)), width=len(head))
    records = _records(lines, dialect, start, name)
    header = _header(next(records, (1, []))[1], name)
    rows = tuple(_record(header, line, cells, name) for line, cells in islice(records, MAX_ROWS + 1))
    if len(rows) > MAX_ROWS:
        raise _too_many_rows(name)
    return rows


def _too_many_rows(name: str) -> BadFile:
    return BadFile(
        "{name} has more than {limit} rows of pairs. Split it into smaller files.", name=name, limit=MAX_ROWS
    )


def _records(lines: Sequence[str], dialect: Dialect, start: int, name: str) -> Iterator[tuple[int, list[str]]]:
    """(first line, cells) of every record that is not empty, without the empty cells at its end."""
    for line, cells in bounded_rows(lines, dialect, start):
        if isinstance(cells, Rejected):
            raise _bad_line(name, line, Message(cells.template, **cells.fields))
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            yield line, cells


def _header_line(lines: Sequence[str]) -> tuple[int, str]:
    """(index of the line, delimiter) that give the most known columns, near the top; the first line with text where
    none has any."""
    top = [i for i, line in enumerate(lines[:MAX_BEFORE]) if line.strip() and len(line) <= MAX_LINE]
    known = {
        (i, delimiter): len({*PAIR_COLUMNS} & {*_names(map(unquoted, split_line(lines[i], delimiter)))})
        for i in top
        if announced_delimiter(lines[i]) is None
        for delimiter in DELIMITERS
    }
    return max(known, key=known.__getitem__, default=(0, ","))


def _names(cells: Iterable[str]) -> list[str]:
    return [cell.strip().lower() for cell in cells]


def _header(cells: Sequence[str], name: str) -> list[str]:
    """The names of the columns.

    Raises:
        BadFile: one is missing, unknown, or there twice.
    """
    names = _names(cells)
    if len(names) == len({*names}) and {*NEEDED} <= {*names} <= {*PAIR_COLUMNS}:
        return names
    template = (
        "The first line of {name} must name the columns {expected} ({optional} may be left out); it has: {found}."
    )
    raise BadFile(
        template,
        name=name,
        expected=", ".join(NEEDED),
        optional=", ".join(PAIR_COLUMNS[7:]),
        found=", ".join(cells)[:300] or "—",
    )


def _record(header: Sequence[str], line: int, cells: Sequence[str], name: str) -> dict[str, str]:
    """One row by column."""
    if len(cells) > len(header):
        problem = Message(
            "it has {n} columns where the first row has {width}; put the sentence in quotation marks",
            n=len(cells),
            width=len(header),
        )
        raise _bad_line(name, line, problem)
    row = dict.fromkeys(PAIR_COLUMNS, "") | dict(zip(header, cells))
    for column, cell in row.items():
        if flaw := flaw_of(column, cell):
            raise _bad_line(name, line, flaw)
    return row


def _bad_line(name: str, line: int, problem: Message) -> BadFile:
    return BadFile("{name}, line {line}: {problem}", name=name, line=line, problem=problem)


def to_csv_text(rows: Sequence[Mapping[str, str]]) -> str:
    """The rows as CSV, safe to open in a spreadsheet program.

    The first character is the byte order mark that Excel needs.
    A cell that a program would run (=, +, -, @ first) keeps the apostrophe before it when it is read again.
    """
    # a lone line break would be guarded as if it ran something
    cells = [[cell if cell.strip() else "" for cell in row] for row in _lists(rows)]
    return to_csv(PAIR_COLUMNS, cells).decode("utf-8")


def pack_rows(rows: Sequence[Mapping[str, str]]) -> str:
    """The rows as a short text that may stand in an address.

    Raises:
        BadInput: more than `unpack_rows` would take.
    """
    raw = json.dumps(_lists(rows), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    if len(raw) > LINK_BYTES or len(rows) > MAX_ROWS:
        raise BadInput("These pairs are too many for a link. Save them as CSV and send the file instead.")
    return base64.urlsafe_b64encode(zlib.compress(raw, 9)).decode("ascii").rstrip("=")


def unpack_rows(text: str) -> tuple[dict[str, str], ...]:
    """The rows of `pack_rows`.

    Raises:
        BadInput: anything else, or more than LINK_BYTES of it.
    """
    try:
        lists = json.loads(_inflated(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)))
    except (ValueError, zlib.error, RecursionError) as error:
        raise _unreadable() from error
    if not isinstance(lists, list) or len(lists) > MAX_ROWS or not all(_is_row(cells) for cells in lists):
        raise _unreadable()
    return tuple(dict(zip(PAIR_COLUMNS, cells)) for cells in lists)


def _inflated(data: bytes) -> str:
    """The text of a stream; never makes more than LINK_BYTES + 1, whatever the stream holds.

    Raises:
        ValueError: for more, or for less than a whole stream.
    """
    stream = zlib.decompressobj()
    raw = stream.decompress(data, LINK_BYTES + 1)
    if len(raw) > LINK_BYTES or not stream.eof or stream.unused_data:
        raise ValueError("not one whole short stream")
    return raw.decode("utf-8")


def _is_row(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == len(PAIR_COLUMNS)
        and all(isinstance(cell, str) and not BROKEN.search(cell) for cell in value)
    )


def _unreadable() -> BadInput:
    return BadInput(
        "The pairs in this address cannot be read: it was cut short or changed. Copy the whole address again."
    )


def _lists(rows: Sequence[Mapping[str, str]]) -> list[list[str]]:
    return [[row.get(column) or "" for column in PAIR_COLUMNS] for row in rows]
