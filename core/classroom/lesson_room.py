"""A lesson as a room: its cards as phones get them, with the answers that were computed of the model at hand.

Not here: computing (answers.py), rooms (room.py). The teacher's notes and what to try stay with the host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from .answers import ChoiceTruth, HeadTruth, NumberTruth, Truth, WordTruth
from .lesson import Lesson, LinkState
from .questions import ChoiceQuestion, HeadQuestion, NumberQuestion, Question
from .room_questions import RoomContent, room_content


def lesson_room(lesson: Lesson, truths: Mapping[str, Truth]) -> RoomContent:
    """The title and cards of a room. truths: code of a card → what is true of its question; a card with a question and
    no truth is shown without it.

    Raises:
        BadInput: a truth that fits no question of a room (a sentence of more words than a phone shows).
    """
    cards = []
    for card in lesson.cards:
        truth = truths.get(card.code)
        asked = None if card.question is None or truth is None else _asked(card.question, truth)
        title, text = card.title.model_dump(), card.text.model_dump()
        cards.append({"title": title, "text": text, "link": link_of(card.state), "question": asked})
    return room_content({"title": lesson.title.model_dump(), "cards": cards})


def link_of(state: LinkState) -> str:
    """``explorar?layer=4&sentence=O%20gato``: the state as a link without what stands before the page."""
    query = urlencode(state.parameters, quote_via=quote)
    return f"{state.page}?{query}" if query else state.page


def _asked(question: Question, truth: Truth) -> dict[str, Any]:
    reveal = None if question.reveal is None else question.reveal.model_dump()
    return {"kind": question.kind, "ask": question.ask.model_dump(), "reveal": reveal, **_fields(question, truth)}


def _fields(question: Question, truth: Truth) -> dict[str, Any]:
    if isinstance(truth, WordTruth):
        return {"words": truth.labels, "offered": truth.offered, "right": sorted(truth.right)}
    if isinstance(truth, HeadTruth) and isinstance(question, HeadQuestion):
        offered = [(head.layer, head.head) for head in question.heads]
        right = None if truth.right is None else (truth.right[0] + 1, truth.right[1] + 1)
        return {"layers": truth.layers, "heads": truth.heads, "offered": offered, "right": right}
    if isinstance(truth, ChoiceTruth) and isinstance(question, ChoiceQuestion):
        options = [option.model_dump() for option in question.options]
        return {"options": options, "right": None if truth.right is None else truth.right + 1}
    assert isinstance(truth, NumberTruth) and isinstance(question, NumberQuestion)
    ends = {name: getattr(question, name) for name in ("least", "most", "step", "unit", "near")}
    return ends | {"right": None if truth.value is None else float(truth.value)}
