"""What a phone is sent: where the room stands, the question without its answer until that is shown, its own votes.

Never what others answered. Texts in every language that they have: the phone chooses. Not here: the page."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from core.classroom.room import Room

_SECRETS = {"right", "reveal", "near"}
"""What a question holds that a phone may see when it is revealed."""


def phone_view(room: Room) -> str:
    """The state of a room as JSON, the same for all its phones."""
    return _phone_view(_Shown(room))


def own_votes(room: Room, seat: int) -> str:
    """The votes of a seat as JSON: ``{"0.1": {"value": 3, "edition": 1}}``, by card from 0 and round."""
    votes = {
        f"{card}.{vote_round}": {"value": ballots[seat].value, "edition": ballots[seat].edition}
        for (card, vote_round), ballots in room.ballots.items()
        if seat in ballots
    }
    return json.dumps(votes, ensure_ascii=False)


class _Shown:
    """A room, equal to another of the same code and version of its state: the key of what was written last."""

    def __init__(self, room: Room) -> None:
        self.room, self.key = room, (room.code, room.created, room.state.version)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Shown) and other.key == self.key


@lru_cache(maxsize=64)
def _phone_view(state: _Shown) -> str:
    room = state.room
    card = room.cards[room.state.card]
    question: dict[str, Any] | None = None
    if card.question is not None:
        hidden = set() if room.state.phase == "revealed" else _SECRETS
        question = card.question.model_dump(mode="json", exclude=hidden)
    return json.dumps(
        {
            "version": room.state.version,
            "room": room.title.model_dump(),
            "card": room.state.card,
            "cards": len(room.cards),
            "phase": room.state.phase,
            "round": room.state.open_round,
            "title": card.title.model_dump(),
            "text": None if card.text is None else card.text.model_dump(),
            "link": room.state.link,
            "question": question,
        },
        ensure_ascii=False,
    )
