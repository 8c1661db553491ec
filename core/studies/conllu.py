"""Treebanks in CoNLL-U (Universal Dependencies): sentences, their words as written, and who depends on whom.

A contraction (das = de + as) is one written word and two syntactic ones; both carry the span of what is written.
Relations keep their subtype (nsubj:pass, aux:pass) except those of flat and obl, which are counted with them. Inside:
`read`. Not inside: what a head does with it (relations.py)."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import BadFile
from ..text.vocabulary import Span

JOINED = ("flat", "obl")
LEFT_OUT = ("root", "punct")
_COLUMNS = 10
_MOST_BYTES = 64 * 2**20  # bytes of text
PLACE = re.compile(r"\d+(?:[-.]\d+)?")


@dataclass(frozen=True)
class Arc:
    """dependent, head: syntactic words, from 0."""

    dependent: int
    head: int
    relation: str


@dataclass(frozen=True)
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


def read_conllu(source: Path | str | bytes, *, treebank: str | None = None, name: str = "") -> list[Parsed]:
    """The sentences of a file (.conllu or .conllu.gz), or of its bytes; ``treebank``: only those under a ``# treebank =
    NAME`` line.

    Sentences whose words cannot be found in their text, in order, are left out: a span would be wrong. name: of the
    file, for messages.

    Raises:
        BadFile: no text, too large, or not CoNLL-U: with the line.
    """
    data, name = (source, name) if isinstance(source, bytes) else (Path(source).read_bytes(), name or str(source))
    blocks = _blocks(_text(data, name))
    return [
        parsed
        for name_of_treebank, start, lines in blocks
        if treebank in (None, name_of_treebank) and (parsed := _parsed(start, lines)) is not None
    ]


def _text(data: bytes, name: str) -> str:
    """The text of a file, unpacked; never more than MOST bytes of it, so that a small file cannot become a huge one."""
    try:
        if data[:2] == b"\x1f\x8b":
            data = gzip.GzipFile(fileobj=io.BytesIO(data)).read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise BadFile(
                "{name} has more than {limit} MB of text. Send a part of it.", name=name, limit=_MOST_BYTES // 2**20
            )
        return data.decode("utf-8-sig")
    except (UnicodeDecodeError, OSError, EOFError, zlib.error) as error:
        raise BadFile("{name} is no text in UTF-8: a treebank in CoNLL-U was expected.", name=name) from error


def _blocks(text: str) -> Iterator[tuple[str, int, list[str]]]:
    """(treebank, number of the first line, lines) of each sentence."""
    name, start = "", 1
    lines: list[str] = []
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.startswith("# treebank"):
            name = line.partition("=")[2].strip()
        if line.strip():
            start = start if lines else number
            lines.append(line)
        elif lines:
            yield name, start, lines
            lines = []


def _parsed(start: int, lines: Sequence[str]) -> Parsed | None:
    text = next((line.partition("=")[2].strip() for line in lines if line.startswith("# text =")), None)
    rows = [_row(start + i, line) for i, line in enumerate(lines) if not line.startswith("#")]
    if text is None or not rows:
        return None
    spans = _spans(text, rows)
    if spans is None:
        return None
    words = [row for row in rows if row[0].isdecimal()]
    if [int(row[0]) for row in words] != list(range(1, len(words) + 1)) or any(
        int(row[6]) > len(words) for row in words
    ):
        raise BadFile(
            "The sentence at line {n} counts its words in a way that has no sense: 1, 2, 3 …, and heads "
            "among them, were expected.",
            n=start,
        )
    arcs = [Arc(int(row[0]) - 1, int(row[6]) - 1, _relation(row[7])) for row in words if int(row[6]) > 0]
    return Parsed(text, tuple(spans), tuple(arc for arc in arcs if arc.relation not in LEFT_OUT))


def _row(number: int, line: str) -> list[str]:
    row = line.split("\t")
    fields = (
        len(row) == _COLUMNS and PLACE.fullmatch(row[0]) is not None and (not row[0].isdecimal() or row[6].isdecimal())
    )
    if not fields:
        raise BadFile(
            "Line {n} is not CoNLL-U: ten columns separated by tabs were expected, with the number of the "
            "head in the seventh.",
            n=number,
        )
    return row


def _spans(text: str, rows: Sequence[list[str]]) -> list[Span] | None:
    """Characters of each syntactic word, or None where one is not found after the one before."""
    spans: dict[int, Span] = {}
    at, inside = 0, 0
    for row in rows:
        first, _, last = row[0].partition("-")
        if "." in first or (not last and int(first) <= inside):
            continue
        surface_spans = text.find(row[1], at)
        if surface_spans < 0:
            return None
        at = surface_spans + len(row[1])
        inside = int(last or first)
        spans |= dict.fromkeys(range(int(first), inside + 1), (surface_spans, at))
    return [spans[form] for form in sorted(spans)]


def _relation(name: str) -> str:
    base = name.partition(":")[0]
    return base if base in JOINED else name
