"""Treebanks in CoNLL-U (Universal Dependencies): sentences, their words as written, and who depends on whom.

A contraction (das = de + as) is one written word and two syntactic ones; both carry the span of what is written. Relations keep their
subtype (nsubj:pass, aux:pass) except those of flat and obl, which are counted with them. Inside: `read`. Not inside: what a head does
with it (relations.py).
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import BadFile

JOINED = ("flat", "obl")
LEFT_OUT = ("root", "punct")
COLUMNS = 10

Span = tuple[int, int]


@dataclass(frozen=True)
class Arc:
    """dependent, head: syntactic words, from 0."""

    dependent: int
    head: int
    relation: str


@dataclass(frozen=True)
class Parsed:
    """spans: characters of the text of each syntactic word (those of a contraction share one); arcs: all but punctuation and roots."""

    text: str
    spans: tuple[Span, ...]
    arcs: tuple[Arc, ...]

    def written(self) -> tuple[int, ...]:
        """Place of each syntactic word among the written ones, from 0."""
        order = {span: place for place, span in enumerate(sorted(set(self.spans)))}
        return tuple(order[span] for span in self.spans)


def read(source: Path | str | bytes, *, treebank: str | None = None) -> list[Parsed]:
    """The sentences of a file (.conllu or .conllu.gz), or of its bytes; ``treebank``: only those under a ``# treebank = NAME`` line.

    Sentences whose words cannot be found in their text, in order, are left out: a span would be wrong.

    Raises:
        BadFile: not CoNLL-U: with the line.
    """
    if isinstance(source, bytes):
        text = gzip.decompress(source).decode("utf-8") if source[:2] == b"\x1f\x8b" else source.decode("utf-8")
    else:
        path = Path(source)
        text = gzip.open(path, "rt", encoding="utf-8").read() if path.suffix == ".gz" else path.read_text(encoding="utf-8")
    found = (parsed for name, start, lines in _blocks(text) if treebank in (None, name) and (parsed := _parsed(start, lines)) is not None)
    return list(found)


def _blocks(text: str) -> Iterator[tuple[str, int, list[str]]]:
    """(treebank, number of the first line, lines) of each sentence."""
    name, lines, start = "", [], 1
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
    arcs = [Arc(int(row[0]) - 1, int(row[6]) - 1, _relation(row[7])) for row in words if int(row[6]) > 0]
    return Parsed(text, tuple(spans), tuple(arc for arc in arcs if arc.relation not in LEFT_OUT))


def _row(number: int, line: str) -> list[str]:
    row = line.split("\t")
    whole = len(row) == COLUMNS and (not row[0].isdecimal() or row[6].isdecimal())
    if not whole:
        raise BadFile("Line {n} is not CoNLL-U: ten columns separated by tabs were expected, with the number of the head in the seventh.", n=number)
    return row


def _spans(text: str, rows: Sequence[list[str]]) -> list[Span] | None:
    """Characters of each syntactic word, or None where one is not found after the one before."""
    spans: dict[int, Span] = {}
    at, inside = 0, 0
    for row in rows:
        first, _, last = row[0].partition("-")
        if "." in first or (not last and int(first) <= inside):
            continue
        found = text.find(row[1], at)
        if found < 0:
            return None
        at = found + len(row[1])
        inside = int(last or first)
        spans |= dict.fromkeys(range(int(first), inside + 1), (found, at))
    return [spans[one] for one in sorted(spans)]


def _relation(name: str) -> str:
    base = name.partition(":")[0]
    return base if base in JOINED else name
