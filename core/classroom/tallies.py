"""What a class answered, counted: how often each answer, and who came to the right one between two votes.

Pure sums over the ballots of a room. Every seat counts once in a round. Not here: pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from .answer_value import AnswerValue
from .room import Ballot, Room, Round


@dataclass(frozen=True)
class RoundTally:
    """counts: answer → seats that gave it, most frequent first. right: seats whose answer is right; None: unknown."""

    counts: dict[AnswerValue, int]
    seats: int
    right: int | None


@dataclass(frozen=True)
class VoteShift:
    """Of the seats that voted in both rounds. to_right, from_right: whose answer became right, stopped being right."""

    both: int
    changed: int
    to_right: int | None
    from_right: int | None


def round_tally(room: Room, card: int, vote_round: Round) -> RoundTally:
    """The votes of one round of a card."""
    votes = room.ballots.get((card, vote_round), {})
    written = Counter(_one_spelling(votes))
    counts = dict(sorted(written.items(), key=lambda each: (-each[1], str(each[0]))))
    verdicts = [verdict for ballot in votes.values() if (verdict := _is_right(room, card, ballot)) is not None]
    return RoundTally(counts, len(votes), sum(verdicts) if verdicts else None)


def vote_shift(room: Room, card: int) -> VoteShift:
    """What changed between the two rounds of a card."""
    first, second = room.ballots.get((card, 1), {}), room.ballots.get((card, 2), {})
    pairs = [(first[seat], second[seat]) for seat in first.keys() & second.keys()]
    verdicts = [(_is_right(room, card, before), _is_right(room, card, after)) for before, after in pairs]
    known = any(verdict != (None, None) for verdict in verdicts)
    return VoteShift(
        len(pairs),
        sum(before.value != after.value for before, after in pairs),
        verdicts.count((False, True)) if known else None,
        verdicts.count((True, False)) if known else None,
    )


def _is_right(room: Room, card: int, ballot: Ballot) -> bool | None:
    question = room.cards[card].question
    return None if question is None else question.is_right(ballot.value)


def _one_spelling(votes: Mapping[int, Ballot]) -> list[AnswerValue]:
    """The answers; of texts that differ in case only, each in the spelling of the lowest seat."""
    spelling: dict[str, str] = {}
    answers: list[AnswerValue] = []
    for _, ballot in sorted(votes.items()):
        value = ballot.value
        answers.append(spelling.setdefault(value.casefold(), value) if isinstance(value, str) else value)
    return answers
