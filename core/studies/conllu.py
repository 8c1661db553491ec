"""Treebanks in CoNLL-U (Universal Dependencies): sentences, their words as written, and who depends on whom.

A contraction (das = de + as) is one written word and two syntactic ones; both carry the span of what is written.
Relations keep their subtype (nsubj:pass, aux:pass) except those of flat and obl, which are counted with them. A file
is a stranger's: it is read line by line, unpacked no further than MAX_BYTES, and no number in it makes anything longer
than its sentence is. Inside: `read_conllu`. Not inside: what a head does with it (relations.py)."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from ..digits import whole_number
from ..errors import BadFile
from ..files.local import local_bytes
from ..text.vocabulary import Span

JOINED = ("flat", "obl")
LEFT_OUT = ("root", "punct")
MAX_BYTES = 64 * 2**20
"""Of text, unpacked: the training part of most treebanks."""
MAX_TREE_CHARS = 500_000
"""Of the lines of one sentence, comments included; sentences of a thousand words have about 100,000."""
MAX_WORDS_READ = 5_000_000
_COLUMNS = 10
_TEXT = "# text ="
_LEAST_LINE = 20  # bytes of ten columns and their tabs: more lines than this allows are empty


@dataclass(frozen=True, slots=True)
class Arc:
    """dependent, head: syntactic words, from 0."""

    dependent: int
    head: int
    relation: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """spans: characters of the text of each syntactic word (those of a contraction share one); arcs: all but
    punctuation and roots.
    """

    text: str
    spans: tuple[Span, ...]
    arcs: tuple[Arc, ...]

    def written(self) -> tuple[int, ...]:
        """Place of each syntactic word among the written ones, from 0."""
        order = {span: word for word, span in enumerate(sorted(set(self.spans)))}
        return tuple(order[span] for span in self.spans)


class _Row(NamedTuple):
    """One line: the syntactic words first … last (from 1) that it writes; first > last: an empty node, which is in no
    text. head: 0 for a root; None where the line is no syntactic word.
    """

    first: int
    last: int
    form: str
    head: int | None
    relation: str


def read_conllu(
    source: Path | str | bytes,
    *,
    treebank: str | None = None,
    name: str = "",
    most_words: int = MAX_WORDS_READ,
    most_bytes: int = MAX_BYTES,
) -> list[Parsed]:
    """The sentences of a file (.conllu or .conllu.gz), or of its bytes; ``treebank``: only those under a ``# treebank =
    NAME`` line.

    Sentences whose words cannot be found in their text, in order, are left out: a span would be wrong. Reading stops
    after the sentence in which ``most_words`` (syntactic ones) are reached. most_bytes: of text, unpacked. name: of the
    file, for messages.

    Raises:
        BadFile: no text, too large, or not CoNLL-U: with the line.
    """
    data, name = (source, name) if isinstance(source, bytes) else (local_bytes(Path(source)), name or str(source))
    sentences: list[Parsed] = []
    words = 0
    for name_of_treebank, numbered in _blocks(_lines(data, name, most_bytes)):
        if treebank in (None, name_of_treebank) and (parsed := _parsed(numbered)) is not None:
            sentences.append(parsed)
            words += len(parsed.spans)
            if words >= most_words:
                break
    return sentences


def _lines(data: bytes, name: str, most_bytes: int) -> Iterator[str]:
    """The lines of a file, unpacked as they are asked for, so that a small file cannot become a huge one."""
    raw = gzip.GzipFile(fileobj=io.BytesIO(data)) if data[:2] == b"\x1f\x8b" else io.BytesIO(data)
    text = io.TextIOWrapper(raw, encoding="utf-8-sig")
    left, lines_left = most_bytes, 1000 + most_bytes // _LEAST_LINE
    try:
        while line := text.readline(MAX_TREE_CHARS):
            left, lines_left = left - len(line), lines_left - 1
            if left < 0 or lines_left < 0:
                raise BadFile(
                    "{name} has more than {limit} MB of text. Send a part of it.", name=name, limit=most_bytes // 2**20
                )
            yield line.rstrip("\n")
    except (UnicodeDecodeError, OSError, EOFError, zlib.error) as error:
        raise BadFile("{name} is no text in UTF-8: a treebank in CoNLL-U was expected.", name=name) from error


def _blocks(lines_of_file: Iterator[str]) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """(treebank, numbered lines) of each sentence: of its comments, the text alone.

    Raises:
        BadFile: a sentence longer than MAX_TREE_CHARS.
    """
    name, characters = "", 0
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(lines_of_file, 1):
        characters += len(line)
        if line.startswith("#"):
            if line.startswith("# treebank"):
                name = line.partition("=")[2].strip()
            elif line.startswith(_TEXT):
                lines.append((number, line))
        elif line and not line.isspace():
            lines.append((number, line))
        else:
            if lines:
                yield name, lines
            lines, characters = [], 0
        if characters >= MAX_TREE_CHARS:
            raise BadFile(
                "The sentence at line {n} has more than {limit} characters with its lines: sentences were "
                "expected, with an empty line after each.",
                n=lines[0][0] if lines else number,
                limit=MAX_TREE_CHARS,
            )
    if lines:
        yield name, lines


def _parsed(lines: Sequence[tuple[int, str]]) -> Parsed | None:
    text = next((line.partition("=")[2].strip() for _, line in lines if line.startswith(_TEXT)), None)
    written = [(number, line) for number, line in lines if not line.startswith(_TEXT)]
    rows = [_row(number, line, len(written)) for number, line in written]
    if text is None or not rows:
        return None
    words = [row for row in rows if row.head is not None]
    ranges = [row for row in rows if row.last > row.first]
    if (
        [row.first for row in words] != list(range(1, len(words) + 1))
        or any(max(row.last, row.head or 0) > len(words) for row in rows)
        or any(before.last >= after.first for before, after in pairwise(ranges))
    ):
        raise BadFile(
            "The sentence at line {n} counts its words in a way that has no sense: 1, 2, 3 …, and heads "
            "among them, were expected.",
            n=lines[0][0],
        )
    spans = _spans(text, rows)
    if spans is None:
        return None
    arcs = [Arc(row.first - 1, row.head - 1, _relation(row.relation)) for row in words if row.head]
    return Parsed(text, tuple(spans), tuple(arc for arc in arcs if arc.relation not in LEFT_OUT))


def _row(number: int, line: str, most: int) -> _Row:
    """One line of a sentence of ``most`` lines: no number in it can be larger.

    Raises:
        BadFile: it has not ten columns, no form, or a number that is none, or a larger one.
    """
    columns = line.split("\t", _COLUMNS)
    row = _numbered(columns, most) if len(columns) == _COLUMNS and columns[1] else None
    if row is None:
        raise BadFile(
            "Line {n} is not CoNLL-U: ten columns separated by tabs were expected, with the number of the "
            "head in the seventh.",
            n=number,
        )
    return row


def _numbered(columns: Sequence[str], most: int) -> _Row | None:
    """The row with its numbers; None where one has no sense in a sentence of ``most`` lines."""
    place = whole_number(columns[0], most)
    if place is not None:
        head = whole_number(columns[6], most)
        return None if head is None else _Row(place, place, columns[1], head, columns[7])
    first, dash, last = columns[0].partition("-")
    if dash:
        start, stop = whole_number(first, most), whole_number(last, most)
        return None if start is None or stop is None or start > stop else _Row(start, stop, columns[1], None, "")
    before, _, after = columns[0].partition(".")
    start = whole_number(before, most)
    return None if start is None or whole_number(after, most) is None else _Row(start + 1, start, columns[1], None, "")


def _spans(text: str, rows: Sequence[_Row]) -> list[Span] | None:
    """Characters of each syntactic word, or None where one is not found after the one before."""
    spans: dict[int, Span] = {}
    at, inside = 0, 0
    for row in rows:
        if row.first > row.last or row.head is not None and row.first <= inside:
            continue
        place = text.find(row.form, at)
        if place < 0:
            return None
        at = place + len(row.form)
        inside = row.last
        for word in range(row.first, inside + 1):
            spans[word] = (place, at)
    return [spans[word] for word in sorted(spans)]


def _relation(name: str) -> str:
    base = name.partition(":")[0]
    return base if base in JOINED else name
