"""What the host and the projector are told: where the room stands, who has answered, and the counts of both votes.

``hidden``: without the counts until the question is revealed, for what the class sees. Not here: pictures."""

from __future__ import annotations

from typing import Any

from core.classroom.room import Room, Round
from core.classroom.tallies import round_tally, vote_shift
from core.languages import Language

_BOTH: tuple[Round, Round] = (1, 2)


def host_view(room: Room, present: int, language: Language, *, hidden: bool = False) -> dict[str, Any]:
    """present: phones that are connected. Cards from 0, as phones count them."""
    state, question = room.state, room.cards[room.state.card].question
    view: dict[str, Any] = {
        "code": room.code,
        "title": room.title.of(language),
        "expires": room.expires,
        "version": state.version,
        "card": state.card,
        "phase": state.phase,
        "round": state.open_round,
        "link": state.link,
        "seats": len(room.seats),
        "present": present,
        "answered": {str(nth): len(room.ballots.get((state.card, nth), {})) for nth in _BOTH},
        "cards": [
            {"title": card.title.of(language), "phase": phase, "kind": card.question.kind if card.question else None}
            for card, phase in zip(room.cards, state.phases)
        ],
    }
    if question is not None and not (hidden and state.phase != "revealed"):
        view["tallies"] = {str(nth): _tally(room, nth, language) for nth in _BOTH}
        shift = vote_shift(room, state.card)
        view["shift"] = {
            "both": shift.both,
            "changed": shift.changed,
            "to_right": shift.to_right,
            "from_right": shift.from_right,
        }
    return view


def _tally(room: Room, nth: Round, language: Language) -> dict[str, Any]:
    question = room.cards[room.state.card].question
    assert question is not None
    tally = round_tally(room, room.state.card, nth)
    counts = [
        {
            "value": value,
            "text": question.answer_text(value, language),
            "seats": seats,
            "right": question.is_right(value),
        }
        for value, seats in tally.counts.items()
    ]
    return {"seats": tally.seats, "right": tally.right, "counts": counts}
