"""A room's answers as files, as pandas and a Brazilian spreadsheet read them; no cell runs, nobody is named."""

from __future__ import annotations

import io
import json

import pandas as pd
import pytest

from core.classroom.room import Room, cast_vote, first_state, show_card, take_seat, take_step
from core.classroom.room_answers import COLUMNS, answers_csv, answers_json
from core.classroom.room_questions import room_content

CONTENT = room_content(
    {
        "title": "Sala",
        "cards": [
            {
                "title": "a",
                "question": {"kind": "number", "ask": "Quanto; quase?", "least": -5, "step": 0.5, "right": -2.5},
            },
            {"title": "b", "question": {"kind": "text", "ask": "=1+1"}},
            {"title": "c", "question": {"kind": "head", "ask": "?", "layers": 4, "heads": 8, "right": [4, 7]}},
            {"title": "d", "question": {"kind": "choice", "ask": "?", "options": [{"pt": "maçã", "en": "apple"}, "b"]}},
        ],
    }
)
ANSWERS = ([-2.5, "=SOMA(A1); “ção”", (4, 7), 1], [3.25, "@x", (1, 2), 2])


@pytest.fixture
def room() -> Room:
    answered = Room("BCDF", "digest", 0, 10, CONTENT.title, CONTENT.cards, first_state(4))
    for seat in (1001, 1002):
        take_seat(answered, seat, "secret")
    for card in range(4):
        show_card(answered, card)
        take_step(answered, "open")
        for seat, values in zip((1001, 1002), ANSWERS):
            cast_vote(answered, seat, card, 1, 1, values[card])
    return answered


TIMES = {(0, 1, 1001): 3.14159}


@pytest.mark.parametrize(("language", "options"), [("pt", {"sep": ";", "decimal": ","}), ("en", {})])
def test_pandas_reads_the_table_back(room: Room, language: str, options: dict) -> None:
    data = answers_csv(room, TIMES, language)
    frame = pd.read_csv(io.BytesIO(data), **options)
    assert tuple(frame.columns) == COLUMNS and len(frame) == 8 and set(frame.seat) == {1001, 1002}
    numbers = pd.read_csv(io.BytesIO(data), **options, nrows=2)
    assert list(numbers.answer) == [-2.5, 3.25] and list(numbers.right) == [1, 0] and numbers.seconds[0] == 3.1
    assert list(frame.answer[2:4]) == ["'=SOMA(A1); “ção”", "'@x"] and frame.question[2] == "'=1+1"
    assert list(frame.answer[4:]) == (
        ["C4·7", "C1·2", "maçã", "b"] if language == "pt" else ["L4.7", "L1.2", "apple", "b"]
    )
    assert frame.right[2:4].isna().all() and frame.right[4] == 1


def test_a_brazilian_spreadsheet_finds_its_signs(room: Room) -> None:
    lines = answers_csv(room, TIMES, "pt").decode("utf-8").splitlines()
    assert lines[0] == "\ufeffcard;question;kind;round;seat;answer;right;seconds"
    assert lines[1] == '1;"Quanto; quase?";number;1;1001;-2,5;1;3,1'


def test_json_has_the_questions_and_nothing_of_who_answered(room: Room) -> None:
    text = answers_json(room, TIMES, "en")
    document = json.loads(text)
    assert [answer["value"] for answer in document["answers"][::2]] == [-2.5, ANSWERS[0][1], [4, 7], 1]
    assert room_content({"title": document["title"], "cards": document["cards"]}).cards == room.cards
    assert "digest" not in text and "secret" not in text
