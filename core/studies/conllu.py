"""Treebanks in CoNLL-U (Universal Dependencies): sentences, their words as written, and who depends on whom.

A contraction (das = de + as) is one written word and two syntactic ones; both carry the span of what is written.
Relations keep their subtype (nsubj:pass, aux:pass) except those of flat and obl, which are counted with them. A file
is a stranger's: no number in it makes anything longer than its sentence is. A sentence is read, or left out and counted
with the reason. Inside: `read_conllu`, `Treebank`. Not inside: the file's lines (treebank_lines.py), where the words
stand in the text (written_words.py), what a head does with it (relations.py). Why it is not the library that reads:
docs/decisions/0024."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from ..digits import whole_number
from ..errors import BadFile, Message
from ..files.local import STRAY_BYTE, local_bytes
from ..files.uploads import Note
from ..text.vocabulary import Span
from .treebank_lines import SentenceLines, sentence_lines, sentences_in
from .written_words import place_forms, text_of_forms

JOINED = ("flat", "obl")
LEFT_OUT = ("root", "punct")
MAX_BYTES = 64 * 2**20
"""Of text, unpacked: the training part of most treebanks."""
MAX_WORDS_READ = 5_000_000
MOST_FLAWED = 500
MOST_TEXT_CHARS = 10_000  # of a sentence: one of a thousand words has about 6,000, and models read about 2,500
"""Sentences left out after which, where they are more than those that were read, the file is not what it says."""
_COLUMNS = 10
_LEAST_SENTENCES = (
    1000  # that are read; of more words than that, a sentence for every four: short ones cost more a word
)


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


@dataclass(frozen=True)
class LeftOut:
    """n sentences that were left out for one reason; first: what was wrong with the first of them, with its line."""

    n: int
    first: BadFile


class Treebank(list[Parsed]):
    """The sentences that were read of a file, and what was not read of it.

    name: of the file. left_out: by reason. unread: sentences after the one in which as many words were reached as are
    read (0: the whole file was read). notes: on its encoding.
    """

    def __init__(
        self,
        sentences: Iterable[Parsed] = (),
        *,
        name: str = "",
        left_out: Sequence[LeftOut] = (),
        unread: int = 0,
        notes: Sequence[Note] = (),
    ) -> None:
        super().__init__(sentences)
        self.name, self.left_out, self.unread, self.notes = name, tuple(left_out), unread, tuple(notes)

    @property
    def words(self) -> int:
        """Syntactic words that were read."""
        return sum(len(sentence.spans) for sentence in self)

    def remarks(self) -> list[Message]:
        """What a person should know of the reading, in sentences; none where every sentence was read."""
        remarks = [Message(note.template, **note.fields) for note in self.notes]
        remarks += [
            Message(
                "{name}: {n} of {all} sentences were left out for one reason, first: {reason}",
                name=self.name,
                n=reason.n,
                all=len(self) + sum(each.n for each in self.left_out) + self.unread,
                reason=reason.first,
            )
            for reason in self.left_out
        ]
        if self.unread:
            remarks.append(
                Message(
                    "{name}: the first {n} sentences were read ({words} words); {unread} more stand after them. "
                    "`python -m core relations` reads further.",
                    name=self.name,
                    n=len(self),
                    words=self.words,
                    unread=self.unread,
                )
            )
        return remarks

    def summary(self) -> dict[str, Any]:
        """The same for JSON: file, sentences, words, left_out [{sentences, first}], unread."""
        return {
            "file": self.name,
            "sentences": len(self),
            "words": self.words,
            "left_out": [{"sentences": reason.n, "first": str(reason.first)} for reason in self.left_out],
            "unread": self.unread,
        }


class _Row(NamedTuple):
    """One line: the syntactic words first … last (from 1) that it writes; first > last: an empty node, which is in no
    text. head: 0 for a root; None where the line is no syntactic word. spaced: a space follows in the text.
    """

    first: int
    last: int
    form: str
    head: int | None
    relation: str
    spaced: bool = True


def read_conllu(
    source: Path | str | bytes,
    *,
    treebank: str | None = None,
    name: str = "",
    most_words: int = MAX_WORDS_READ,
    most_bytes: int = MAX_BYTES,
) -> Treebank:
    """The sentences of a file (.conllu or .conllu.gz), or of its bytes; ``treebank``: only those under a ``# treebank =
    NAME`` line.

    A sentence without a ``# text`` line has the text that its words make; one whose words cannot be found in its text,
    in order, is left out (a span would be wrong), as is one whose lines are no CoNLL-U. Reading stops after the
    sentence in which ``most_words`` (syntactic ones; of a sentence that is left out, its lines) are reached, and before
    where sentences have fewer than four words. most_bytes: of text, unpacked. name: of the file, for messages.

    Raises:
        BadFile: no text, too large, or no sentence that could be read: with the reason and the line of the first.
    """
    data, name = (source, name) if isinstance(source, bytes) else (local_bytes(Path(source)), name or Path(source).name)
    sentences: list[Parsed] = []
    flaws: dict[str, LeftOut] = {}
    words = seen = flawed = unread = 0
    notes: list[Note] = []
    for block in sentence_lines(data, name, most_bytes, notes.append):
        seen += 1
        if treebank not in (None, block.treebank):
            continue
        try:
            sentences.append(_parsed(block))
            words += len(sentences[-1].spans)
        except BadFile as error:
            reason = flaws.get(error.template) or LeftOut(0, error.with_traceback(None))
            flaws[error.template] = LeftOut(reason.n + 1, reason.first)
            flawed, words = flawed + 1, words + len(block.lines)
            if flawed >= MOST_FLAWED and flawed > len(sentences):
                raise reason.first from None
        if words >= most_words or len(sentences) + flawed >= max(_LEAST_SENTENCES, most_words // 4):
            unread = max(0, sentences_in(data, most_bytes) - seen)
            break
    if flaws and not sentences:
        raise next(iter(flaws.values())).first
    return Treebank(sentences, name=name, left_out=tuple(flaws.values()), unread=unread, notes=notes)


def _parsed(block: SentenceLines) -> Parsed:
    """Raises:
    BadFile: a line that is no CoNLL-U, words counted in no order, or words that do not stand in the text.
    """
    rows = [_row(number, line, len(block.lines)) for number, line in block.lines]
    words = [row for row in rows if row.head is not None]
    if not words:
        raise BadFile("The sentence at line {n} has no words.", n=block.first)
    ranges = [row for row in rows if row.last > row.first]
    if (
        [row.first for row in words] != list(range(1, len(words) + 1))
        or any(max(row.last, row.head or 0) > len(words) for row in rows)
        or any(before.last >= after.first for before, after in pairwise(ranges))
    ):
        raise BadFile(
            "The sentence at line {n} counts its words in a way that has no sense: 1, 2, 3 …, and heads "
            "among them, were expected.",
            n=block.first,
        )
    written = _written(rows)
    text = block.text or text_of_forms((row.form, row.spaced) for row in written)
    if STRAY_BYTE.search(text):
        raise BadFile("The sentence at line {n} is not in the encoding of the others. Save it as UTF-8.", n=block.first)
    if len(text) > MOST_TEXT_CHARS:
        raise BadFile(
            "The sentence at line {n} is a text of {found} characters, and at most {limit} are read.",
            n=block.first,
            found=len(text),
            limit=MOST_TEXT_CHARS,
        )
    places = place_forms(text, [row.form for row in written])
    if places is None:
        raise BadFile(
            "The words of the sentence at line {n} do not stand in its “# text” line, in this order.", n=block.first
        )
    spans = [span for row, span in zip(written, places, strict=True) for _ in range(row.first, row.last + 1)]
    arcs = [Arc(row.first - 1, row.head - 1, _relation(row.relation)) for row in words if row.head]
    return Parsed(text, tuple(spans), tuple(arc for arc in arcs if arc.relation not in LEFT_OUT))


def _written(rows: Sequence[_Row]) -> list[_Row]:
    """The lines of what stands in the text: contractions and the words outside them, no empty nodes."""
    written: list[_Row] = []
    inside = 0
    for row in rows:
        if row.first <= row.last and row.first > inside:
            written.append(row)
            inside = row.last
    return written


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
        return None if head is None else _Row(place, place, columns[1], head, columns[7], _spaced(columns))
    first, dash, last = columns[0].partition("-")
    if dash:
        start, stop = whole_number(first, most), whole_number(last, most)
        return (
            None
            if start is None or stop is None or start > stop
            else _Row(start, stop, columns[1], None, "", _spaced(columns))
        )
    before, _, after = columns[0].partition(".")
    start = whole_number(before, most)
    return None if start is None or whole_number(after, most) is None else _Row(start + 1, start, columns[1], None, "")


def _spaced(columns: Sequence[str]) -> bool:
    return "SpaceAfter=No" not in columns[9].split("|")


def _relation(name: str) -> str:
    base = name.partition(":")[0]
    return base if base in JOINED else name
