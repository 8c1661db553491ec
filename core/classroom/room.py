"""A room: a class that answers the questions of its cards, where it stands, and who has answered what.

A card's question goes through phases: waiting → first vote → discussing → second vote → closed → revealed; `STEPS` says
which step leads from where to where. A vote belongs to one card, one round and one seat, and counts while that round is
open: a later one of the same seat takes its place, an older one that comes late changes nothing. Seats are random
numbers; no name, no address. The functions change the room that they are given or raise before they have changed
anything. Not here: questions (room_questions.py), sums (tallies.py), what is kept (core/storage), who may ask (ui)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ..errors import BadInput
from .answer_value import AnswerValue

if TYPE_CHECKING:
    from .room_questions import RoomCard
    from .texts import Heading

QuestionPhase = Literal["waiting", "first", "discussing", "second", "closed", "revealed"]
RoomStep = Literal["open", "discuss", "open_again", "close", "reveal"]
Round = Literal[1, 2]

STEPS: dict[RoomStep, dict[QuestionPhase, QuestionPhase]] = {
    "open": {"waiting": "first"},
    "discuss": {"first": "discussing"},
    "open_again": {"discussing": "second", "closed": "second"},
    "close": {"first": "closed", "discussing": "closed", "second": "closed"},
    "reveal": {"first": "revealed", "discussing": "revealed", "second": "revealed", "closed": "revealed"},
}
ROUNDS: dict[QuestionPhase, Round] = {"first": 1, "second": 2}
"""The phases in which one may vote, and the round that a vote then belongs to."""
MOST_SEATS = 1000
SEAT_NUMBERS = range(1000, 10_000)
MOST_EDITIONS = 1_000_000  # of one vote


class VoteClosed(BadInput):
    """A vote for a card or a round that is not open, or not any more."""


@dataclass(frozen=True)
class Ballot:
    """What a seat answered. edition: which of its answers to this question it is, from 1."""

    value: AnswerValue
    edition: int


@dataclass(frozen=True)
class RoomState:
    """card: the one that is shown, from 0. phases: one for each card. link: the state that the host looks at, as a link
    of ours without what stands before the page, or "". version: counted up by every change of the rest.
    """

    card: int
    phases: tuple[QuestionPhase, ...]
    link: str = ""
    version: int = 1

    @property
    def phase(self) -> QuestionPhase:
        """Of the card that is shown."""
        return self.phases[self.card]

    @property
    def open_round(self) -> Round | None:
        """The round in which one may vote now."""
        return ROUNDS.get(self.phase)


@dataclass
class Room:
    """code: its four letters. key_digest: of the teacher's key. created, expires: seconds since 1970.

    seats: number → digest of the seat's secret. ballots: (card, round) → seat → its vote.
    """

    code: str
    key_digest: str
    created: float
    expires: float
    title: Heading
    cards: tuple[RoomCard, ...]
    state: RoomState
    seats: dict[int, str] = field(default_factory=dict)
    ballots: dict[tuple[int, Round], dict[int, Ballot]] = field(default_factory=dict)

    def draft(self) -> Room:
        """A copy whose changes leave this one as it is."""
        ballots = {place: dict(votes) for place, votes in self.ballots.items()}
        return Room(
            self.code,
            self.key_digest,
            self.created,
            self.expires,
            self.title,
            self.cards,
            self.state,
            dict(self.seats),
            ballots,
        )


def first_state(cards: int, link: str = "") -> RoomState:
    """Where a room of so many cards begins; link: of the first."""
    waiting: QuestionPhase = "waiting"
    return RoomState(0, (waiting,) * cards, link)


def take_seat(room: Room, seat: int, digest: str) -> None:
    """Let somebody in.

    Raises:
        BadInput: the room is full, or the seat is taken.
    """
    if len(room.seats) >= MOST_SEATS or seat in room.seats or seat not in SEAT_NUMBERS:
        raise BadInput("This room is full: it has {n} seats.", n=MOST_SEATS)
    room.seats[seat] = digest


def cast_vote(room: Room, seat: int, card: int, vote_round: int, edition: int, value: object) -> Ballot:
    """The vote that counts for this seat now: this one, or a newer one that was there before.

    Raises:
        VoteClosed: this round of this card is not open. BadInput: no answer to this question.
    """
    question = room.cards[card].question if 0 <= card < len(room.cards) else None
    if question is None or seat not in room.seats or not 1 <= edition <= MOST_EDITIONS:
        raise BadInput("There is no such question in this room.")
    open_round = room.state.open_round
    if card != room.state.card or open_round is None or vote_round != open_round:
        raise VoteClosed("This vote is closed. What was saved before counts.")
    votes = room.ballots.setdefault((card, open_round), {})
    before = votes.get(seat)
    if before is not None and edition < before.edition:
        return before
    votes[seat] = ballot = Ballot(question.checked(value), edition)
    return ballot


def take_step(room: Room, step: RoomStep) -> None:
    """The next phase of the card that is shown.

    Raises:
        BadInput: the step does not lead on from here, or the card asks nothing.
    """
    following = STEPS[step].get(room.state.phase)
    if following is None or room.cards[room.state.card].question is None:
        raise BadInput("This is not possible now. Look at where the question stands.")
    phases = list(room.state.phases)
    phases[room.state.card] = following
    _move(room, room.state.card, tuple(phases), room.state.link)


def show_card(room: Room, card: int) -> None:
    """Another card; a vote that was open is closed.

    Raises:
        BadInput: there is none of that number.
    """
    if not 0 <= card < len(room.cards):
        raise BadInput("This room has no card {n}; it has {cards}.", n=card + 1, cards=len(room.cards))
    phases = list(room.state.phases)
    if room.state.open_round is not None and card != room.state.card:
        phases[room.state.card] = "closed"
    _move(room, card, tuple(phases), room.cards[card].link)


def show_link(room: Room, link: str) -> None:
    """What the host looks at, for those who follow."""
    _move(room, room.state.card, room.state.phases, link)


def _move(room: Room, card: int, phases: tuple[QuestionPhase, ...], link: str) -> None:
    room.state = RoomState(card, phases, link, room.state.version + 1)
