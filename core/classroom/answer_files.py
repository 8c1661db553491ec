"""Files of answers to a concept inventory: CSV or JSON, as a room writes them or as a teacher typed them.

Columns (in any order, others are passed over): ``seat``; ``item`` (the code or the number of a question) or ``card``;
``answer`` (the number of an option from 1, a letter, or the option's text) or ``value``; ``round`` (pre, post, 1, 2;
all ``pre`` if it is missing); ``room``. Of several answers of one seat to one item in one round the last counts. Not
here: what the answers say (inventory_report.py)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from ..errors import BadFile
from ..files.local import whole_text
from .inventory import Inventory, InventoryItem

Occasion = Literal["pre", "post"]
MOST_ANSWERS = 200_000
_OCCASIONS: dict[str, Occasion] = {
    "": "pre", "1": "pre", "pre": "pre", "pré": "pre", "before": "pre", "antes": "pre",
    "2": "post", "post": "post", "pos": "post", "pós": "post", "after": "post", "depois": "post",
}  # fmt: skip
_LETTERS = "abcdefgh"
SEAT, ITEM, ANSWER, ROUND, ROOM = ("seat", "lugar"), ("item", "card"), ("value", "answer"), ("round",), ("room",)


@dataclass(frozen=True)
class GivenAnswer:
    """person: room and seat. item: from 0. option: from 1."""

    person: tuple[str, str]
    occasion: Occasion
    item: int
    option: int


@dataclass(frozen=True)
class GivenAnswers:
    """What a file holds. passed: rows that are no answer to an item of the inventory."""

    answers: tuple[GivenAnswer, ...]
    passed: int


def read_answers(data: bytes, name: str, inventory: Inventory) -> GivenAnswers:
    """The answers in a file.

    Raises:
        BadFile: no table with these columns, no JSON with answers, none of the inventory's items, or too many rows.
    """
    text = whole_text(data, name)
    rows = list(_json_rows(text, name) if text.lstrip()[:1] in ("{", "[") else _csv_rows(text, name))
    latest: dict[tuple[tuple[str, str], str, int], GivenAnswer] = {}
    passed = 0
    for row in rows:
        answer = _answer(row, inventory)
        if answer is None:
            passed += 1
        else:
            latest[answer.person, answer.occasion, answer.item] = answer
    if not latest:
        template = "{name} has no answer to an item of the inventory. Columns: seat, item (or card), answer, round."
        raise BadFile(template, name=name)
    return GivenAnswers(tuple(latest.values()), passed)


def _csv_rows(text: str, name: str) -> Iterable[dict[str, str]]:
    first = text.partition("\n")[0]
    delimiter = max((",", ";", "\t"), key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        header = [cell.strip().lower() for cell in next(reader)]
        missing = [" / ".join(names) for names in (SEAT, ITEM, ANSWER) if not set(names) & set(header)]
        if missing:
            raise BadFile("{name} lacks the columns {missing}.", name=name, missing=", ".join(missing))
        for number, cells in enumerate(reader):
            _check_count(number, name)
            yield dict(zip(header, map(str.strip, cells), strict=False))
    except csv.Error as error:
        raise BadFile("{name} is no table: {reason}.", name=name, reason=str(error)) from error


def _json_rows(text: str, name: str) -> Iterable[dict[str, str]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadFile("{name} is no JSON: {reason}.", name=name, reason=str(error).split("\n")[0]) from error
    room = document.get("room", "") if isinstance(document, dict) else ""
    answers = document.get("answers") if isinstance(document, dict) else document
    if not isinstance(answers, list):
        raise BadFile("{name} has no list of answers.", name=name)
    for number, row in enumerate(answers):
        _check_count(number, name)
        if isinstance(row, dict):
            yield {"room": str(room)} | {
                str(key).lower(): str(value) for key, value in row.items() if isinstance(value, str | int | float)
            }


def _check_count(number: int, name: str) -> None:
    if number >= MOST_ANSWERS:
        raise BadFile("{name} has more than {n} answers.", name=name, n=MOST_ANSWERS)


def _answer(row: Mapping[str, str], inventory: Inventory) -> GivenAnswer | None:
    """What a row says, or None where it is no answer to an item."""
    seat, occasion = _cell(row, SEAT), _OCCASIONS.get(_cell(row, ROUND).lower())
    item = _item(_cell(row, ITEM), inventory)
    if not seat or occasion is None or item is None:
        return None
    for name in ANSWER:
        option = _option(row.get(name, ""), inventory.items[item])
        if option is not None:
            return GivenAnswer((_cell(row, ROOM), seat), occasion, item, option)
    return None


def _cell(row: Mapping[str, str], names: Iterable[str]) -> str:
    return next((row[name].strip() for name in names if row.get(name, "").strip()), "")


def _item(written: str, inventory: Inventory) -> int | None:
    codes = [item.code for item in inventory.items]
    if written in codes:
        return codes.index(written)
    number = int(written) if written.isascii() and written.isdecimal() and len(written) < 4 else 0
    return number - 1 if 1 <= number <= len(codes) else None


def _option(written: str, item: InventoryItem) -> int | None:
    """The option from 1 that a number, a letter or a text names."""
    said, options = written.strip(), item.question.options
    if said.isascii() and said.isdecimal() and len(said) < 3:
        return int(said) if 1 <= int(said) <= len(options) else None
    if len(said) == 1 and said.lower() in _LETTERS[: len(options)]:
        return _LETTERS.index(said.lower()) + 1
    for number, option in enumerate(options, 1):
        if said in (option.of(language) for language in option.languages):
            return number
    return None
