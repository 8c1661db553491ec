"""The lesson behind the page, read once; its texts as Markdown, and the answers of its cards, computed and kept."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache as once
from typing import TYPE_CHECKING

from core.assets import ASSETS
from core.classroom.answers import LessonModel, Truth, answer_of
from core.classroom.lesson_file import read_lesson
from core.classroom.questions import HeadsThatLookMost, PairsMoved
from core.tracing.captures import capture

from ...serving import cache
from ...serving.long_work import work
from ...shell.locale import language, plain
from ...shell.page_parameters import page_parameters
from ...shell.state import DEFAULT_MODEL, Chosen

if TYPE_CHECKING:
    from core.classroom.lesson import Lesson, LessonCard
    from core.classroom.texts import Heading, Text
    from core.tracing.trace import Trace

LESSON = ASSETS / "lessons" / "comece-aqui.yaml"
_ASKED_SECONDS = 1.5
"""Shorter than what a visitor has to agree to: the longest answer of the lesson takes about three."""
_STRONG = re.compile(r"\*\*([^*]+)\*\*|\*([^*]+)\*")


@once
def bundled_lesson() -> Lesson:
    """The ten cards.

    Raises:
        BadLesson: the file has mistakes.
    """
    return read_lesson(LESSON.read_bytes(), LESSON.name, page_parameters())


def markdown(text: Text | Heading) -> str:
    """A text of the lesson in the visitor's language: emphasis stays, every other mark is shown as it is written."""
    written, parts, end = text.of(language()), [], 0
    for match in _STRONG.finditer(written):
        parts.append(plain(written[end : match.start()]) if end < match.start() else "")
        parts.append(f"**{plain(match[1])}**" if match[1] else f"*{plain(match[2])}*")
        end = match.end()
    return "".join([*parts, plain(written[end:]) if end < len(written) else ""])


def chosen_for(chosen: Chosen, card: LessonCard) -> Chosen:
    """The visitor's choices with the model and the sentence of a card."""
    return replace(
        chosen,
        model=card.state.first("model", DEFAULT_MODEL),
        sentence=card.state.first("sentence"),
        precision="float32",
        languages=(None, None),
    )


def vectors_trace(chosen: Chosen) -> Trace:
    """The run of a card's sentence with the vectors between the layers.

    Raises:
        MiranteError: what ``core.capture`` raises, or a full queue.
    """
    model = cache.language_model(chosen)

    def run(_progress: object) -> Trace:
        return capture(model, chosen.sentence, hidden=True)

    trace = work((*chosen.key, chosen.sentence), run, seconds=0.1, name="lesson_vectors")
    assert trace is not None, "nothing so short waits for an agreement"
    return trace


def truth_of(chosen: Chosen, card: LessonCard) -> Truth | None:
    """The answer of a card's question, computed once for a model and kept; None while the computing was stopped.

    Raises:
        MiranteError: what ``answer_of`` raises, or a full queue.
    """
    question = card.question
    assert question is not None, "only a card that asks has an answer"
    model = cache.language_model(chosen)
    twin = isinstance(getattr(question, "answer", None), HeadsThatLookMost | PairsMoved)
    untrained = cache.null_model(chosen) if twin else None
    return work(
        (*chosen.key, chosen.sentence, question.model_dump_json()),
        lambda progress: answer_of(question, card.state, LessonModel(model, untrained, lambda: progress(0, 1))),
        seconds=_ASKED_SECONDS if isinstance(getattr(question, "answer", None), PairsMoved) else 0.5,
        name="lesson_answer",
    )
