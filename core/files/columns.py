"""The columns of a file of sentences: what they are called, and which one is read.

Inside: the person's choices (`Options`), the result of opening a file with columns (`Table`),
and the guesses of header and column. Not inside: splitting lines into cells (`delimited`,
`jsonlines`), and what makes a good sentence (`sentences`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..errors import BadFile
from .uploads import Rejected

MAX_COLUMNS = 64
MAX_LINE = 20_000
"""Characters of one line or one CSV record, checked before a parser sees it: ten times the longest sentence."""
PREVIEW = 50
"""Records looked at for the guesses."""

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


def choose(columns: Sequence[str], body: Sequence[Sequence[str]], wanted: str | None, name: str) -> str | None:
    """``wanted``, else a column called like a sentence, else the one with the longest texts; None without columns."""
    if wanted is not None and wanted in columns:
        return wanted
    if wanted is not None:
        found = ", ".join(columns) or "—"
        raise BadFile("{name} has no column “{column}”; it has: {columns}.", name=name, column=wanted, columns=found)
    named = [column for column in columns if column.lower() in SENTENCE_NAMES]
    if named or not columns:
        return named[0] if named else None
    lengths = [sum(len(row[i]) for row in body if i < len(row)) for i in range(len(columns))]
    return columns[lengths.index(max(lengths))]
