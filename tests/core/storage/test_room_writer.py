"""Rooms that are kept: what was acknowledged is there after any end, and what failed never was."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings, strategies as st

from core.assets import ROOT
from core.classroom.room import VoteClosed, cast_vote
from core.classroom.room_questions import room_content
from core.classroom.tallies import round_tally
from core.errors import BadInput, MiranteError
from core.storage import room_changes, room_writer
from core.storage.migrating import migrate
from core.storage.room_keys import LETTERS, new_code, read_code, same_secret
from core.storage.room_rows import answer_times, save_ballot
from core.storage.room_tables import BALLOTS, ROOM_METADATA, ROOMS, SEATS
from core.storage.room_writer import NoSuchRoom, RoomWriter
from core.storage.sqlite import opened
from tests.postgres import postgres

NUMBERS = count()
CONTENT = room_content(
    {
        "title": {"pt": "Sala", "en": "Room"},
        "cards": [
            {"title": "a", "question": {"kind": "word", "ask": "?", "words": ["o", "gato"], "right": [1]}},
            {"title": "b", "question": {"kind": "text", "ask": "?"}},
            {"title": "c", "question": {"kind": "head", "ask": "?", "layers": 4, "heads": 8}},
        ],
    }
)


@pytest.fixture(scope="module")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres(tmp_path_factory.mktemp("postgres")) as address:
        yield address


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def url(tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new/rooms.db"
    address, name = sa.make_url(request.getfixturevalue("postgres_url")), f"test{next(NUMBERS)}"
    with sa.create_engine(address, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool).connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    return address.set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def writer(url: str):
    opened_writer = RoomWriter(url)
    yield opened_writer
    opened_writer.close()


def voting(writer: RoomWriter, seats: int = 1):
    """(code, seats) of a room whose first question is open."""
    code = room_changes.open_room(writer, CONTENT).code
    joined = [room_changes.join(writer, code) for _ in range(seats)]
    room_changes.advance(writer, code, "open").result(20)
    return code, [seat.result(20) for seat in joined]


def again(writer: RoomWriter, code: str):
    """The room as a process that starts now reads it."""
    fresh = RoomWriter(writer.url)
    room = fresh.fetch(code).result(20)
    fresh.close()
    return room


def test_a_class_that_votes_at_once_is_committed_together_and_read_back(writer: RoomWriter) -> None:
    code, seats = voting(writer, 200)
    assert len({seat.number for seat in seats}) == 200
    commits: list[set[str]] = []
    writer.told = lambda codes: commits.append(set(codes))
    votes = [
        room_changes.vote(writer, code, seat.number, card=0, vote_round=1, edition=1, value=seat.number % 2)
        for seat in seats
    ]
    assert [vote.result(20).value for vote in votes] == [seat.number % 2 for seat in seats]
    assert len(commits) < 50  # far fewer than votes: they share the wait for the disk
    room = again(writer, code)
    assert room == writer.room(code) and round_tally(room, 0, 1).seats == 200


def test_answers_of_every_kind_come_back_as_they_were(writer: RoomWriter) -> None:
    code, (seat,) = voting(writer)
    for card, value in ((0, 1), (1, "“=1+1” <b> 👩‍👧 ç"), (2, (4, 7))):
        if card:
            room_changes.turn_to(writer, code, card).result(20)
            room_changes.advance(writer, code, "open").result(20)
        ballot = room_changes.vote(writer, code, seat.number, card=card, vote_round=1, edition=1, value=value).result(
            20
        )
        assert again(writer, code).ballots[card, 1][seat.number] == ballot
    times = writer.read(lambda connection: answer_times(connection, code)).result(20)
    assert set(times) == {(card, 1, seat.number) for card in range(3)} and all(
        0 <= time < 20 for time in times.values()
    )


def test_a_vote_after_the_close_is_refused_and_the_close_stands(writer: RoomWriter) -> None:
    code, (seat,) = voting(writer)
    closing = room_changes.advance(writer, code, "close")
    late = room_changes.vote(writer, code, seat.number, card=0, vote_round=1, edition=1, value=1)
    closing.result(20)
    with pytest.raises(VoteClosed):
        late.result(20)
    assert again(writer, code).state.phase == "closed" and again(writer, code).ballots == {}


def test_a_vote_that_cannot_be_written_takes_no_other_with_it(writer: RoomWriter) -> None:
    code, seats = voting(writer, 3)

    def broken(room, connection):
        ballot = cast_vote(room, seats[1].number, 0, 1, 1, 0)
        save_ballot(connection, code, 9999, 0, 1, ballot, 0.0)  # a seat that is not there: the database refuses

    ready = [
        room_changes.vote(writer, code, seats[0].number, card=0, vote_round=1, edition=1, value=1),
        writer.change(code, broken),
        room_changes.vote(writer, code, seats[2].number, card=0, vote_round=1, edition=1, value=0),
    ]
    assert ready[0].result(20).value == 1 and ready[2].result(20).value == 0
    with pytest.raises(MiranteError, match="cannot be saved"):
        ready[1].result(20)
    room = again(writer, code)
    assert room == writer.room(code) and set(room.ballots[0, 1]) == {seats[0].number, seats[2].number}


def test_who_has_gone_before_it_was_written_harms_nobody(writer: RoomWriter) -> None:
    code, (seat,) = voting(writer)
    votes = [
        room_changes.vote(writer, code, seat.number, card=0, vote_round=1, edition=n, value=1) for n in range(1, 40)
    ]
    for vote in votes[::2]:
        vote.cancel()
    assert votes[1].result(20) and room_changes.advance(writer, code, "close").result(20)


def test_a_deleted_room_leaves_nothing(writer: RoomWriter) -> None:
    code, (seat,) = voting(writer)
    room_changes.vote(writer, code, seat.number, card=0, vote_round=1, edition=1, value=1).result(20)
    writer.delete(code).result(20)
    counts = writer.read(
        lambda connection: [
            connection.scalar(sa.select(sa.func.count()).select_from(t)) for t in (ROOMS, SEATS, BALLOTS)
        ]
    )
    assert counts.result(20) == [0, 0, 0] and writer.room(code) is None
    with pytest.raises(NoSuchRoom):
        room_changes.join(writer, code).result(20)


def test_a_room_whose_time_is_over_is_gone_and_then_deleted(writer: RoomWriter, monkeypatch) -> None:
    code = room_changes.open_room(writer, CONTENT, days=0.5 / 86_400).code
    kept = room_changes.open_room(writer, CONTENT).code
    time.sleep(0.6)
    assert writer.room(code) is None
    with pytest.raises(NoSuchRoom):
        writer.fetch(code).result(20)
    writer._sweep_at = 0.0
    codes = writer.read(lambda connection: set(connection.scalars(sa.select(ROOMS.c.code))))
    assert codes.result(20) == {kept} and writer.room(kept) is not None


def test_there_is_a_limit_of_rooms_and_no_code_twice(writer: RoomWriter, monkeypatch) -> None:
    monkeypatch.setattr(room_changes, "new_code", iter(["BBBB", "BBBB", "CCCC", "DDDD"]).__next__)
    monkeypatch.setattr(room_writer, "MOST_ROOMS", 2)
    assert [room_changes.open_room(writer, CONTENT).code for _ in range(2)] == ["BBBB", "CCCC"]
    with pytest.raises(MiranteError, match="2 rooms"):
        room_changes.open_room(writer, CONTENT)


def test_the_migrations_make_the_tables_that_the_code_reads(url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with opened(url).execution_options(writes=True).begin() as connection:
        migrate(connection)
        migrate(connection)  # a second time: nothing to do
        assert compare_metadata(MigrationContext.configure(connection), ROOM_METADATA) == []
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == "0001"


def test_a_database_that_cannot_be_opened_is_said_and_tried_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    writer = RoomWriter(f"sqlite:///{tmp_path}/file/rooms.db")
    with pytest.raises(MiranteError, match="cannot be saved"):
        room_changes.open_room(writer, CONTENT)
    (tmp_path / "file").unlink()
    assert room_changes.open_room(writer, CONTENT).code
    writer.close()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from("open discuss open_again close reveal vote repeat turn reconnect".split()), max_size=14),
    st.randoms(),
)
def test_any_order_of_events_and_reconnections_reads_back_what_was_acknowledged(url, events, dice) -> None:
    writer = RoomWriter(url)
    code, seats = voting(writer, 3)
    acknowledged: dict[tuple[int, int, int], tuple[int, object]] = {}
    said = []
    for edition, event in enumerate(events, 1):
        room = writer.fetch(code).result(20)
        if event == "reconnect":
            writer.close()
            writer = RoomWriter(url)
            assert writer.fetch(code).result(20) == room
            continue
        if event == "vote":
            said.append(
                (dice.choice(seats).number, room.state.card, room.state.open_round or 1, edition, dice.choice([0, 1]))
            )
        try:
            if event in ("vote", "repeat") and said:
                seat, card, vote_round, nth, value = said[-1] if event == "vote" else dice.choice(said)
                ballot = room_changes.vote(
                    writer, code, seat, card=card, vote_round=vote_round, edition=nth, value=value
                ).result(20)
                acknowledged[card, vote_round, seat] = (ballot.edition, ballot.value)
            elif event == "turn":
                room_changes.turn_to(writer, code, 0).result(20)
            elif event not in ("vote", "repeat"):
                room_changes.advance(writer, code, event).result(20)
        except BadInput:
            continue
    kept = again(writer, code)
    assert acknowledged == {
        (*place, seat): (ballot.edition, ballot.value)
        for place, votes in kept.ballots.items()
        for seat, ballot in votes.items()
    }
    writer.close()


def test_codes_and_secrets() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) > 450 and all(read_code(code) == code for code in codes) and len(LETTERS) == 20
    assert read_code(" bcdf ") == "BCDF"
    assert not any(
        read_code(text) for text in ("", "ABCD", "BCD", "BCDFG", "BC DF", "ＢＣＤＦ", "BCD\x00", "B" * 10**6)
    )
    assert not same_secret("", None) and not same_secret("x", "")


VOTER = """
import itertools, sys
from core.storage import room_changes
from core.storage.room_writer import RoomWriter
url, code, numbers, first = sys.argv[1:]
writer, seats = RoomWriter(url), [int(number) for number in numbers.split(",")]
for edition in itertools.count(int(first)):
    said = {"card": 0, "vote_round": 1, "edition": edition, "value": edition % 2}
    votes = [(seat, room_changes.vote(writer, code, seat, **said)) for seat in seats]
    for seat, vote in votes:
        print(seat, vote.result().edition, flush=True)
"""


def kill_in_the_middle_of_votes(writer: RoomWriter, kills: int) -> tuple[int, int]:
    """(acknowledged votes, kills that were followed by a lost or doubled vote)."""
    code, seats = voting(writer, 20)
    writer.close()
    numbers, dice = ",".join(str(seat.number) for seat in seats), random.Random(7)
    acknowledged: dict[int, int] = {}
    total = wrong = 0
    for turn in range(kills):
        command = [sys.executable, "-c", VOTER, writer.url, code, numbers, str(1 + turn * 1000)]
        voter = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        first = voter.stdout.readline()
        time.sleep(dice.uniform(0.0, 0.1))
        os.kill(voter.pid, signal.SIGKILL)
        rest, _ = voter.communicate()
        for line in (first + rest).rpartition("\n")[0].splitlines():
            seat, edition = map(int, line.split())
            acknowledged[seat], total = edition, total + 1
        votes = again(writer, code).ballots[0, 1]
        wrong += any(votes[seat].edition < edition for seat, edition in acknowledged.items())
        wrong += any(ballot.value != ballot.edition % 2 for ballot in votes.values()) or len(votes) > len(seats)
    return total, wrong


def test_a_process_killed_in_the_middle_of_a_vote_loses_none_that_was_acknowledged(writer: RoomWriter) -> None:
    total, wrong = kill_in_the_middle_of_votes(writer, 3)
    assert total > 40 and wrong == 0


@pytest.mark.slow
def test_two_hundred_kills_lose_no_acknowledged_vote(writer: RoomWriter) -> None:
    total, wrong = kill_in_the_middle_of_votes(writer, 200)
    print(total, "acknowledged votes")
    assert total > 4000 and wrong == 0
