"""From a file of answers to a report: the columns that a room writes, what a teacher types, and what is refused."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given, settings, strategies as st
from typer.testing import CliRunner

from core.__main__ import app
from core.classroom import item_statistics
from core.classroom.answer_files import GivenAnswers, read_answers
from core.classroom.inventory import bundled_inventory
from core.classroom.inventory_report import inventory_report, report_rows
from core.classroom.room import Room, cast_vote, first_state, show_card, take_seat, take_step
from core.classroom.room_answers import answers_csv, answers_json
from core.classroom.room_questions import room_content
from core.errors import BadFile

INVENTORY = bundled_inventory()
HEADER = ("card", "question", "kind", "round", "seat", "answer", "right", "seconds")
"""As a room writes them."""


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(item_statistics, "ITEM_DRAWS", 40)


def table(rows: list[tuple], header: tuple[str, ...] = HEADER, delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([header, *rows])
    return out.getvalue().encode("utf-8-sig")


def room_rows(persons: int, language: str = "pt") -> list[tuple]:
    """Before: person p is right on the first p items and takes the first wrong option elsewhere. After: all right."""
    rows = []
    for person in range(persons):
        for number, item in enumerate(INVENTORY.items, 1):
            wrong = 2 if item.right == 1 else 1
            for vote_round, option in ((1, item.right if number <= person else wrong), (2, item.right)):
                text = item.question.options[option - 1].of(language)
                rows.append((number, "?", "choice", vote_round, 1000 + person, text, "", 3.5))
    return rows


@pytest.mark.parametrize(("language", "delimiter"), [("pt", ";"), ("en", ","), ("pt", "\t")])
def test_the_file_of_a_room(language: str, delimiter: str) -> None:
    found = read_answers(table(room_rows(6, language), delimiter=delimiter), "room.csv", INVENTORY)
    assert len(found.answers) == 6 * 12 * 2 and found.passed == 0
    report = inventory_report(found.answers, INVENTORY)
    before, after = report.occasions["pre"], report.occasions["post"]
    assert before.persons == after.persons == report.matched == 6
    assert [round(difficulty.value * 6) for difficulty, _ in before.items] == [5, 4, 3, 2, 1, *[0] * 7]
    assert after.mean.value == 1 and report.gain.value == 1 and after.alpha.value is None
    chosen = before.chosen["softmax-is-certainty"]
    assert chosen.value == pytest.approx((1 / 3 + 5 * 0) / 6), "person 0 alone took it, at one of the three items"
    assert set(after.chosen.values()) and all(share.value == 0 for share in after.chosen.values())


def test_what_a_teacher_types_and_json() -> None:
    typed = table([("A1", "share", "B"), ("A1", "sum", "4"), ("A1", "sum", "1"), ("", "sum", "4"), ("A2", "13", "1")],
                  ("seat", "item", "answer"))  # fmt: skip
    found = read_answers(typed, "typed.csv", INVENTORY)
    assert [(one.person, one.item, one.option, one.occasion) for one in found.answers] == [
        (("", "A1"), 0, 2, "pre"),
        (("", "A1"), 1, 1, "pre"),
    ], "the last answer counts"
    assert found.passed == 2
    rows = [{"card": 1, "round": 2, "seat": 1001, "answer": "?", "value": 2}, {"card": 1}, 7]
    as_json = json.dumps({"room": "ABCD", "answers": rows}).encode()
    found = read_answers(as_json, "room.json", INVENTORY)
    assert [(one.person, one.occasion, one.option) for one in found.answers] == [(("ABCD", "1001"), "post", 2)]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"seat,answer\n1,2\n", "lacks the columns item / card"),
        (b"seat,item,answer\n1,nothing,2\n", "no answer to an item"),
        (b'{"answers": 3}', "no list of answers"),
        (b'{"answers": [', "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'seat,item,answer\n1,share,"' + b"x" * 200_000, "no table"),
    ],
)
def test_other_files_are_refused(data: bytes, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        read_answers(data, "file.csv", INVENTORY)


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=100)
def test_any_text_is_answers_or_a_refusal(text: str) -> None:
    try:
        assert isinstance(read_answers(b"seat,item,answer\n" + text.encode(), "x.csv", INVENTORY), GivenAnswers)
    except BadFile:
        pass


def test_other_persons_before_and_after_are_not_matched() -> None:
    rows = [row if row[3] == 1 else (*row[:4], row[4] + 500, *row[5:]) for row in room_rows(5)]
    report = inventory_report(read_answers(table(rows), "room.csv", INVENTORY).answers, INVENTORY)
    assert report.matched == 0 and report.gain.value == 1
    last = report_rows(report, INVENTORY)[-1]
    assert (last["measure"], last["of"]) == ("normalised gain", "unmatched")


def test_the_command(tmp_path) -> None:
    before, after = tmp_path / "before.csv", tmp_path / "after.csv"
    rows = room_rows(5)
    before.write_bytes(table([row for row in rows if row[3] == 1]))
    after.write_bytes(table([(*row[:3], 1, *row[4:]) for row in rows if row[3] == 2]))
    done = CliRunner().invoke(app, ["classroom", "report", str(before), "--post", str(after), "--json"])
    assert done.exit_code == 0, done.output
    numbers = {(row["occasion"], row["measure"], row["of"]): row["value"] for row in json.loads(done.stdout)}
    assert numbers["post", "mean share right", ""] == 1 and numbers["pre → post", "normalised gain", "matched"] == 1
    assert ("pre", "discrimination", "share") in numbers and "Fewer than 30 persons" in done.stderr
    printed = CliRunner().invoke(app, ["classroom", "report", str(before)])
    assert printed.stdout.startswith("occasion\tmeasure\tof\tvalue\tlow\thigh\tn\n")


@pytest.mark.parametrize("language", ["pt", "en"])
def test_a_room_that_asked_the_inventory_twice(language: str) -> None:
    """From the ballots of a room, through the files that it gives out, to the report."""
    cards = [
        {
            "title": item.card.title.model_dump(),
            "question": {
                "kind": "choice",
                "ask": item.question.ask.model_dump(),
                "options": [option.model_dump() for option in item.question.options],
                "right": item.right,
            },
        }
        for item in INVENTORY.items
    ]
    content = room_content({"title": INVENTORY.lesson.title.model_dump(), "cards": cards})
    room = Room("ABCD", "", 0, 1, content.title, content.cards, first_state(len(cards)))
    for seat in range(1000, 1005):
        take_seat(room, seat, "")
    for card, item in enumerate(INVENTORY.items):
        show_card(room, card)
        for step, vote_round in (("open", 1), ("close", 0), ("open_again", 2), ("close", 0)):
            take_step(room, step)
            for seat in room.seats if vote_round else ():
                wrong = 2 if item.right == 1 else 1
                cast_vote(room, seat, card, vote_round, 1, item.right if vote_round == 2 else wrong)
    for data, name in (
        (answers_csv(room, {}, language), "room.csv"),
        (answers_json(room, {}, language).encode(), "room.json"),
    ):
        found = read_answers(data, name, INVENTORY)
        report = inventory_report(found.answers, INVENTORY)
        assert found.passed == 0 and len(found.answers) == 5 * 12 * 2, name
        assert (report.occasions["pre"].mean.value, report.gain.value, report.matched) == (0, 1, 5), name
