"""A room: whatever the order in which it is opened, closed, voted in, a seat counts once, with what it said last."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from core.classroom.room import (
    ROUNDS,
    STEPS,
    Room,
    VoteClosed,
    cast_vote,
    first_state,
    show_card,
    show_link,
    take_seat,
    take_step,
)
from core.classroom.room_questions import room_content
from core.classroom.tallies import round_tally, vote_shift
from core.errors import BadInput

CONTENT = room_content(
    {
        "title": {"pt": "Sala", "en": "Room"},
        "cards": [
            {
                "title": "a",
                "link": "explorar?layer=4&head=1",
                "question": {"kind": "word", "ask": "?", "words": ["o", "gato", "dorme"], "right": [1]},
            },
            {"title": "b", "text": "nothing is asked"},
            {
                "title": "c",
                "question": {"kind": "head", "ask": "?", "layers": 4, "heads": 8, "right": [4, 7]},
            },
            {"title": "d", "question": {"kind": "choice", "ask": "?", "options": ["x", "y"], "right": 2}},
            {"title": "e", "question": {"kind": "number", "ask": "?", "least": -5, "most": 5, "step": 0.5, "right": 1}},
            {"title": "f", "question": {"kind": "text", "ask": "?"}},
        ],
    }
)
WORD, NOTHING, HEAD, CHOICE, NUMBER, TEXT = range(6)
GOOD = {
    WORD: st.integers(0, 2),
    HEAD: st.tuples(st.integers(1, 4), st.integers(1, 8)),
    CHOICE: st.integers(1, 2),
    NUMBER: st.integers(-10, 10).map(lambda half: half / 2),
    TEXT: st.sampled_from(["olhar", "Olhar", "uma seta", "=1+1"]),
}


def room(seats: int = 0) -> Room:
    new = Room("BCDF", "", 0, 10, CONTENT.title, CONTENT.cards, first_state(len(CONTENT.cards), CONTENT.cards[0].link))
    for seat in range(1000, 1000 + seats):
        take_seat(new, seat, "digest")
    return new


class AnyOrder(RuleBasedStateMachine):
    """Steps, cards, votes, repeated and belated votes, and transactions that are lost, in any order."""

    seats = Bundle("seats")
    votes = Bundle("votes")

    def __init__(self) -> None:
        super().__init__()
        self.room = room()
        self.counted: dict[tuple[int, int, int], tuple[int, object]] = {}

    @rule(target=seats)
    def join(self) -> int:
        seat = 1000 + len(self.room.seats)
        take_seat(self.room, seat, "digest")
        return seat

    @rule(step=st.sampled_from(sorted(STEPS)))
    def step(self, step) -> None:
        before = self.room.state
        try:
            take_step(self.room, step)
        except BadInput:
            assert self.room.state == before

    @rule(card=st.integers(-1, len(CONTENT.cards)))
    def turn(self, card: int) -> None:
        before = self.room.state
        try:
            show_card(self.room, card)
        except BadInput:
            assert self.room.state == before
        else:
            assert card == before.card or before.phase not in ROUNDS or self.room.state.phases[before.card] == "closed"

    @rule(target=votes, seat=seats, edition=st.integers(1, 4), data=st.data())
    def vote(self, seat: int, edition: int, data):
        card = self.room.state.card
        said = (seat, card, self.room.state.open_round or 1, edition, data.draw(GOOD.get(card, st.just(0))))
        self._send(*said)
        return said

    @rule(said=votes)
    def repeat(self, said) -> None:
        """A phone did not hear that it was saved, or the network was slow."""
        self._send(*said)

    @rule(said=votes)
    def lose(self, said) -> None:
        """The process dies before the commit: what it did to its draft never was."""
        draft = self.room.draft()
        try:
            cast_vote(draft, *said)
            take_step(draft, "close")
        except BadInput:
            pass

    def _send(self, seat: int, card: int, vote_round: int, edition: int, value) -> None:
        place = (card, vote_round, seat)
        is_open = self.room.state.card == card and self.room.state.open_round == vote_round
        before = self.counted.get(place)
        try:
            ballot = cast_vote(self.room, seat, card, vote_round, edition, value)
        except BadInput:
            assert not is_open
            return
        assert is_open
        if before is None or edition >= before[0]:
            self.counted[place] = (edition, value)
        assert (ballot.edition, ballot.value) == self.counted[place]

    @invariant()
    def every_seat_counts_once_with_what_it_said_last(self) -> None:
        kept = {
            (card, vote_round, seat): (ballot.edition, ballot.value)
            for (card, vote_round), votes in self.room.ballots.items()
            for seat, ballot in votes.items()
        }
        assert kept == self.counted
        for card in range(len(CONTENT.cards)):
            for vote_round in (1, 2):
                tally = round_tally(self.room, card, vote_round)
                seats = sum(place[:2] == (card, vote_round) for place in self.counted)
                assert sum(tally.counts.values()) == tally.seats == seats
                assert tally.right is None or 0 <= tally.right <= seats
            shift = vote_shift(self.room, card)
            assert (shift.to_right or 0) + (shift.from_right or 0) <= shift.changed <= shift.both


AnyOrder.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
test_any_order = AnyOrder.TestCase


def test_a_question_from_the_first_vote_to_the_reveal_counted_by_hand() -> None:
    class_room = room(seats=4)
    take_step(class_room, "open")
    for seat, word in zip(range(1000, 1004), (1, 2, 2, 0)):
        cast_vote(class_room, seat, WORD, 1, 1, word)
    cast_vote(class_room, 1003, WORD, 1, 2, 2)  # changed while it is open
    take_step(class_room, "discuss")
    with pytest.raises(VoteClosed):
        cast_vote(class_room, 1003, WORD, 1, 3, 1)
    take_step(class_room, "open_again")
    with pytest.raises(VoteClosed):
        cast_vote(class_room, 1000, WORD, 1, 4, 0)  # of the first round, late: it is not a vote of the second
    for seat, word in zip(range(1000, 1003), (2, 1, 2)):
        cast_vote(class_room, seat, WORD, 2, 1, word)
    take_step(class_room, "reveal")
    assert round_tally(class_room, WORD, 1).counts == {2: 3, 1: 1}
    assert round_tally(class_room, WORD, 2).counts == {2: 2, 1: 1}
    shift = vote_shift(class_room, WORD)
    assert (shift.both, shift.changed, shift.to_right, shift.from_right) == (3, 2, 1, 1)
    assert [round_tally(class_room, WORD, vote_round).right for vote_round in (1, 2)] == [1, 1]
    for step in STEPS:
        with pytest.raises(BadInput):
            take_step(class_room, step)


def test_a_card_brings_its_link_and_the_host_another() -> None:
    class_room = room()
    assert class_room.state.link == "explorar?layer=4&head=1"
    show_card(class_room, CHOICE)
    assert class_room.state.link == ""
    show_link(class_room, "camadas?layer=2")
    assert (class_room.state.link, class_room.state.version) == ("camadas?layer=2", 3)


def test_texts_that_differ_in_case_are_one_answer() -> None:
    class_room = room(seats=3)
    show_card(class_room, TEXT)
    take_step(class_room, "open")
    for seat, words in zip(range(1000, 1003), ("Um olhar", "um  OLHAR\n", "seta")):
        cast_vote(class_room, seat, TEXT, 1, 1, words)
    assert round_tally(class_room, TEXT, 1) == type(round_tally(class_room, TEXT, 1))(
        {"Um olhar": 2, "seta": 1}, 3, None
    )


@pytest.mark.parametrize(
    ("card", "value"),
    [
        (WORD, 3),
        (WORD, -1),
        (WORD, True),
        (WORD, 1.0),
        (WORD, "gato"),
        (HEAD, [5, 1]),
        (HEAD, [1, 0]),
        (HEAD, [1]),
        (HEAD, 7),
        (CHOICE, 0),
        (CHOICE, 3),
        (CHOICE, None),
        (NUMBER, 5.01),
        (NUMBER, float("nan")),
        (NUMBER, float("inf")),
        (NUMBER, "3"),
        (NUMBER, False),
        (TEXT, ""),
        (TEXT, "\u200b\u202e \x00"),
        (TEXT, "a" * 81),
        (TEXT, "\ud800"),
        (TEXT, 3),
        (NOTHING, 0),
    ],
)
def test_what_is_no_answer_is_refused_and_changes_nothing(card: int, value: object) -> None:
    class_room = room(seats=1)
    show_card(class_room, card)
    if card != NOTHING:
        take_step(class_room, "open")
    with pytest.raises(BadInput):
        cast_vote(class_room, 1000, card, 1, 1, value)
    assert not any(class_room.ballots.values())


@settings(max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=200), st.lists, max_leaves=6
    )
)
def test_any_json_is_an_answer_or_refused(value: object) -> None:
    for card in CONTENT.cards:
        if card.question is not None:
            try:
                answer = card.question.checked(value)
            except BadInput:
                continue
            assert len(json.dumps(answer)) < 1000 and isinstance(card.question.answer_text(answer, "pt"), str)


CARD = {"title": "a"}
ASKED = {"ask": "?"}


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (None, "room"),
        ({"title": "T", "cards": []}, "cards"),
        ({"title": "T", "cards": [CARD] * 41}, "40"),
        ({"title": "T", "cards": [CARD], "more": 1}, "more"),
        ({"title": "x" * 121, "cards": [CARD]}, "title"),
        *(
            ({"title": "T", "cards": [CARD | {"link": link}]}, "A state is a page of Mirante")
            for link in (
                "https://evil.example",
                "//evil.example",
                "javascript:alert(1)",
                "../x",
                "a b",
                "explorar\n?x",
                "x" * 99,
            )
        ),
        *(
            ({"title": "T", "cards": [CARD | {"question": ASKED | question}]}, message)
            for question, message in (
                ({"kind": "wrong"}, "wrong"),
                ({"kind": "word", "words": ["o"]}, "words"),
                ({"kind": "word", "words": ["o"] * 201}, "200"),
                ({"kind": "word", "words": ["o", "a"], "right": [2]}, "2 words"),
                ({"kind": "head", "layers": 4, "heads": 8, "right": [5, 1]}, "4 layers"),
                ({"kind": "choice", "options": ["a", "b"], "right": 3}, "2 options"),
                ({"kind": "number", "least": 1, "most": 1}, "larger"),
            )
        ),
    ],
)
def test_content_that_cannot_be_is_refused_with_where_and_why(written: object, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        room_content(written)
