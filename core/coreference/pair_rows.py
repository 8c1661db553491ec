"""A person's own pairs: rows of a table, typed, uploaded or taken from a link, turned into items of the bench.

A row is flat and all strings, one cell per name of `COLUMNS`. A word that occurs more than once is
marked with the number of the occurrence that is meant: ``copo#2``, from 1.

    sentence_a … gold_b
        needed; candidates are two or more nouns with ``;`` between them, gold_a and gold_b one of them as written there
    question_a, question_b   may be empty: the sentence again, then a question with one [MASK] in place of the noun

Inside: reading rows, with every fault at its row and column. Not inside: rows to start from (pair_examples.py), what
makes an item sound (items.py), CSV and the text of a link (pair_files.py), drawing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import regex

from ..errors import Message
from ..text.vocabulary import Span
from .articles import said_by
from .items import MASK, Candidate, Gender, Item, Number, problems

PAIR_COLUMNS = (
    "sentence_a",
    "sentence_b",
    "probe_a",
    "probe_b",
    "candidates",
    "gold_a",
    "gold_b",
    "question_a",
    "question_b",
)
NEEDED = PAIR_COLUMNS[:7]
OWN_CONDITION = "own"
MAX_ROWS = 500
"""About as many pairs as the bundled containers have: minutes of forwards on two cores."""
MAX_CANDIDATES = 12
"""Nouns of one row; the bundled items have two or three."""
CELL_CHARS = 500
"""Of one cell: a long sentence and its question."""

_WORD_BEFORE = regex.compile(r"(?<![\w-])(\w+)\s+$")
_MARKED = regex.compile(r"(.*\S)\s*#\s*([0-9]{1,3})")
BROKEN = regex.compile("[\0\ud800-\udfff]")
_COLUMN_OF = {
    "probe": "probe_{}",
    "options": "probe_{}",
    "right": "probe_{}",
    "gold": "gold_{}",
    "meaning": "gold_{}",
    "question": "question_{}",
}


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell.

    row: from 0. occurrences: what the word could have been (copo#1, copo#2), to choose from; else empty.
    """

    row: int
    column: str
    message: Message
    occurrences: tuple[str, ...] = ()


def read_rows(rows: Sequence[Mapping[str, str]]) -> tuple[tuple[Item, ...], tuple[Fault, ...]]:
    """Two items per sound row, and the faults of the others; empty rows are passed over.

    Items are named ``own-001-a`` and ``own-001-b``, numbered by the row, from 1.
    """
    items: list[Item] = []
    faults: list[Fault] = []
    first_row: dict[tuple[str, ...], int] = {}  # of each pair of sentences
    for number, cells in enumerate(rows):
        row = _Row(number, {column: cells.get(column) or "" for column in PAIR_COLUMNS})
        pair, pair_faults = _items_of(row)
        earlier = first_row.setdefault(tuple(item.text for item in pair), number) if pair else number
        if earlier != number:  # counted twice, one pair would look like two
            message = Message(
                "Row {row} has the same two sentences as this one. Take one of them out.", row=earlier + 1
            )
            pair, pair_faults = [], [row.fault("sentence_a", message)]
        items += pair
        faults += pair_faults
    return tuple(items), tuple(faults)


@dataclass(frozen=True)
class _Row:
    number: int
    cells: Mapping[str, str]

    @property
    def names(self) -> list[str]:
        """The candidates as their cell writes them."""
        return [name for part in self.cells["candidates"].split(";") if (name := part.strip())]

    def fault(self, column: str, message: Message, occurrences: tuple[str, ...] = ()) -> Fault:
        return Fault(self.number, column, message, occurrences)


class _Unclear(NamedTuple):
    """Why a word is nowhere, or in more than one place."""

    message: Message
    occurrences: tuple[str, ...] = ()


def _items_of(row: _Row) -> tuple[list[Item], list[Fault]]:
    """The two items of a row, or its faults in the order of the columns."""
    if not any(cell.strip() for cell in row.cells.values()):
        return [], []
    faults = [row.fault(column, flaw) for column, cell in row.cells.items() if (flaw := flaw_of(column, cell))]
    if not faults:
        row = _Row(row.number, {column: _clean(cell) for column, cell in row.cells.items()})
        faults = _of_cells(row) or _of_pair(row)
    if faults:
        return [], faults
    members = [_member(row, side) for side in "ab"]
    faults = [fault for _, member_faults in members for fault in member_faults]
    return ([], _tidy(faults)) if faults else ([item for item, _ in members if item], [])


def _tidy(faults: Sequence[Fault]) -> list[Fault]:
    """In the order of the columns; what is wrong in both sentences alike is said once."""
    different: dict[tuple, Fault] = {}
    for fault in faults:
        different.setdefault((fault.column, fault.occurrences or str(fault.message)), fault)
    return sorted(different.values(), key=lambda fault: PAIR_COLUMNS.index(fault.column))


def flaw_of(column: str, cell: str) -> Message | None:
    """Why a cell is not even looked into; None where it is."""
    if len(cell) > CELL_CHARS:
        return Message(
            "“{column}” has {n} characters; the limit is {limit}. Shorten it.",
            column=column,
            n=len(cell),
            limit=CELL_CHARS,
        )
    if BROKEN.search(cell):
        return Message("“{column}” holds a character that cannot be read. Type the text again.", column=column)
    return None


def _clean(cell: str) -> str:
    """In NFC, trimmed, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", cell).split())


def _of_cells(row: _Row) -> list[Fault]:
    """Faults that one cell alone shows."""
    faults = []
    for column in NEEDED:
        if not row.cells[column]:
            faults.append(row.fault(column, Message("This cell is empty. Fill it in, or empty the whole row.")))
        elif MASK in row.cells[column]:
            faults.append(row.fault(column, Message("[MASK] belongs in the questions only, in place of the noun.")))
    return faults


def _of_pair(row: _Row) -> list[Fault]:
    """Faults that two cells together show."""
    faults, names = [], row.names
    if row.cells["sentence_a"] == row.cells["sentence_b"]:
        message = Message("The two sentences are the same. They must differ in what decides between the nouns.")
        faults.append(row.fault("sentence_b", message))
    if len(names) < 2:
        message = Message("Two or more nouns were expected, with “;” between them, and there is {n}.", n=len(names))
        faults.append(row.fault("candidates", message))
    if len(names) > MAX_CANDIDATES:
        message = Message(
            "There are {n} nouns, and at most {limit} are compared. Keep the likely ones.",
            n=len(names),
            limit=MAX_CANDIDATES,
        )
        return [*faults, row.fault("candidates", message)]
    for column in ("gold_a", "gold_b") if len(names) > 1 else ():
        if (gold := row.cells[column]) not in names:
            listed = "; ".join(names)
            message = Message("“{gold}” is not one of the candidates. Write one of: {names}.", gold=gold, names=listed)
            faults.append(row.fault(column, message))
    return faults


def _member(row: _Row, side: str) -> tuple[Item | None, list[Fault]]:
    """One sentence of the pair as an item, or what is wrong with it."""
    text = row.cells[f"sentence_{side}"]
    words = [(f"probe_{side}", row.cells[f"probe_{side}"]), *(("candidates", name) for name in row.names)]
    spans: list[Span] = []
    faults: list[Fault] = []
    for column, word in words:
        span = _span_of(text, word)
        if isinstance(span, _Unclear):
            faults.append(row.fault(column, *span))
        else:
            spans.append(span)
    if faults:
        return None, faults
    item = _item(row, side, spans[0], spans[1:])
    return item, [row.fault(_COLUMN_OF.get(field, field).format(side), message) for field, message in problems(item)]


def _item(row: _Row, side: str, probe: Span, spans: Sequence[Span]) -> Item:
    """The item of a row whose words all have one place in the sentence.

    Nothing competes between two forms that are both true (see `probes.choice`).
    """
    cells, text, pair = row.cells, row.cells[f"sentence_{side}"], f"{OWN_CONDITION}-{row.number + 1:03}"
    ordered = sorted(zip(spans, row.names))
    gold = [name for _, name in ordered].index(cells[f"gold_{side}"])
    options = tuple(dict.fromkeys(_parts(cells[column])[0] for column in ("probe_a", "probe_b")))
    right = options if cells["gold_a"] != cells["gold_b"] else (text[slice(*probe)],)
    candidates = tuple(_candidate(text, span) for span, _ in ordered)
    return Item(
        f"{pair}-{side}",
        pair,
        OWN_CONDITION,
        text,
        probe,
        candidates,
        gold,
        gold,
        options,
        right,
        cells[f"question_{side}"] or None,
    )


def _candidate(text: str, span: Span) -> Candidate:
    """With the gender and number of the article right before the noun, outside it or as its first word.

    "" and 1 where there is none.
    """
    noun, before = text[slice(*span)], _WORD_BEFORE.search(text[: span[0]])
    first_word = noun.split()[0] if " " in noun else ""
    unknown: tuple[Gender, Number] = ("", 1)
    gender, number = said_by(first_word) or said_by(before[1] if before else "") or unknown
    return Candidate(noun, span, gender, "", number)


def _span_of(text: str, cell: str) -> Span | _Unclear:
    """The characters of a sentence where the word of a cell stands, or why that is not one place."""
    word, number = _parts(cell)
    spans = [match.span() for match in regex.finditer(rf"(?<!\w){regex.escape(word)}(?!\w)", text)]
    if not spans:
        return _Unclear(
            Message(
                "“{word}” is not a whole word of “{text}”. Copy it from there: capitals and accents count.",
                word=word,
                text=text,
            )
        )
    if number is None and len(spans) == 1 or number is not None and 1 <= number <= len(spans):
        return spans[(number or 1) - 1]
    choices = tuple(f"{word}#{occurrence}" for occurrence in range(1, len(spans) + 1))
    listed = ", ".join(choices)
    return _Unclear(
        Message(
            "“{word}” occurs {n}× in “{text}”. Write which one is meant: {choices}.",
            word=word,
            n=len(spans),
            text=text,
            choices=listed,
        ),
        choices,
    )


def _parts(cell: str) -> tuple[str, int | None]:
    """The word and the number of its occurrence: ``copo#2`` is ("copo", 2)."""
    marked = _MARKED.fullmatch(cell)
    return (marked[1], int(marked[2])) if marked else (cell, None)
