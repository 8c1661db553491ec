"""The answers of a room as files: one row for each seat, card and round, with the seat's random number and nothing else
of who answered.

CSV in two spellings: for a Brazilian spreadsheet (semicolons, decimal comma) and for everybody else; JSON with the
questions beside the answers. Not here: sums (tallies.py)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..files.spreadsheet import to_csv
from ..languages import Language, decimal_sign
from .room import Ballot, Room

Times = Mapping[tuple[int, int, int], float]
"""(card, round, seat) → seconds from the opening of the round to the answer."""
COLUMNS = ("card", "question", "kind", "round", "seat", "answer", "right", "seconds")


def answers_csv(room: Room, times: Times, language: Language) -> bytes:
    """The table of `COLUMNS`; cards from 1; right: 1, 0, or empty where nobody knows; seconds with one decimal.

    In Portuguese with semicolons and decimal commas: ``pandas.read_csv(file, sep=";", decimal=",")``.
    """
    rows = [
        [row[column] if row[column] is not None else "" for column in COLUMNS] for row in _rows(room, times, language)
    ]
    return to_csv(COLUMNS, rows, decimal=decimal_sign(language))


def answers_json(room: Room, times: Times, language: Language) -> str:
    """The room's title and cards, and its answers as `answers_csv` has them; answers also as they were sent."""
    cards = [card.model_dump(mode="json") for card in room.cards]
    answers = list(_rows(room, times, language))
    document = {"room": room.code, "title": room.title.model_dump(), "cards": cards, "answers": answers}
    return json.dumps(document, ensure_ascii=False, indent=1)


def _rows(room: Room, times: Times, language: Language) -> Iterator[dict[str, Any]]:
    for card, vote_round in sorted(room.ballots):
        votes = room.ballots[card, vote_round]
        for seat in sorted(votes):
            seconds = times.get((card, vote_round, seat))
            yield _row(room, card, seat, votes[seat], language) | {
                "round": vote_round,
                "seconds": None if seconds is None else round(seconds, 1),
            }


def _row(room: Room, card: int, seat: int, ballot: Ballot, language: Language) -> dict[str, Any]:
    question = room.cards[card].question
    assert question is not None  # or nobody could have answered it
    right = question.is_right(ballot.value)
    number = question.kind == "number"
    return {
        "card": card + 1,
        "question": question.ask.of(language),
        "kind": question.kind,
        "seat": seat,
        "answer": ballot.value if number else question.answer_text(ballot.value, language),
        "value": ballot.value,
        "right": None if right is None else int(right),
    }
