"""What a room asks, as phones get it: no model, no computing, the right answer (if there is one) written down.

Five kinds: a word of a sentence, a head, one of several, a number, a few words. Each says what an answer may be
(``checked``), whether it is right (None where nobody knows) and how it reads in a file. A room's cards come as JSON
from a page or from the network, so everything in them is bounded. Not here: lessons (lesson.py), votes (room.py)."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError, model_validator

from ..errors import BadInput
from ..languages import Language
from .answer_value import AnswerValue
from .lesson import MOST_CARDS
from .lesson_faults import faults_of
from .questions import MOST_OPTIONS, Figure
from .texts import Heading, LessonFault, Part, Text

MOST_WORDS_OF_SENTENCE, LONGEST_ANSWER, MOST_DECIMALS = 200, 80, 6
_LINK = re.compile(r"[a-z0-9_]{1,40}(\?[!-~]{0,3000})?|")
"""A page of ours and its parameters as an address has them: nothing that could lead elsewhere."""
Label = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=60)]
FromOne = Annotated[int, Field(strict=True, ge=1, le=999)]
FromZero = Annotated[int, Field(strict=True, ge=0, lt=MOST_WORDS_OF_SENTENCE)]


class _Asked(Part):
    """ask: the question. reveal: what there is to see afterwards."""

    ask: Text
    reveal: Text | None = None


def _whole(value: object) -> int | None:
    """A whole number, where JSON has one; true is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


class RoomWordQuestion(_Asked):
    """Point at a word. words: all of the sentence; offered: the places of those that one may choose, none: all."""

    kind: Literal["word"]
    words: tuple[Label, ...] = Field(min_length=2, max_length=MOST_WORDS_OF_SENTENCE)
    offered: tuple[FromZero, ...] = Field(default=(), max_length=MOST_WORDS_OF_SENTENCE)
    right: tuple[FromZero, ...] = Field(default=(), max_length=MOST_WORDS_OF_SENTENCE)

    @model_validator(mode="after")
    def _of_the_sentence(self) -> RoomWordQuestion:
        if max((*self.offered, *self.right), default=0) >= len(self.words):
            raise LessonFault("The sentence has {n} words.", ("offered",), n=len(self.words))
        return self

    def checked(self, value: object) -> AnswerValue:
        """The place of a word that may be chosen."""
        place = _whole(value)
        if place is None or not 0 <= place < len(self.words) or (self.offered and place not in self.offered):
            raise BadInput("Choose one of the words.")
        return place

    def is_right(self, value: AnswerValue) -> bool | None:
        """Whether it is one of the right ones."""
        return value in self.right if self.right else None

    def answer_text(self, value: AnswerValue, language: Language) -> str:
        """The word."""
        return self.words[value] if isinstance(value, int) else ""


class RoomHeadQuestion(_Asked):
    """Choose a head of so many layers and heads; offered: of these, none: of all. Everything from 1."""

    kind: Literal["head"]
    layers: FromOne
    heads: FromOne
    offered: tuple[tuple[FromOne, FromOne], ...] = Field(default=(), max_length=MOST_OPTIONS)
    right: tuple[FromOne, FromOne] | None = None

    @model_validator(mode="after")
    def _of_the_model(self) -> RoomHeadQuestion:
        for layer, head in (*self.offered, *([self.right] if self.right else [])):
            if layer > self.layers or head > self.heads:
                raise LessonFault("The model has {n} layers of {heads} heads.", n=self.layers, heads=self.heads)
        return self

    def checked(self, value: object) -> AnswerValue:
        """(layer, head), each there."""
        layer, head = value if isinstance(value, list | tuple) and len(value) == 2 else (None, None)
        layer, head = _whole(layer), _whole(head)
        if layer is None or head is None or not (1 <= layer <= self.layers and 1 <= head <= self.heads):
            raise BadInput("Choose a layer and a head.")
        if self.offered and (layer, head) not in self.offered:
            raise BadInput("Choose a layer and a head.")
        return layer, head

    def is_right(self, value: AnswerValue) -> bool | None:
        """Whether it is the right one."""
        return value == self.right if self.right else None

    def answer_text(self, value: AnswerValue, language: Language) -> str:
        """``L4.7`` (``C4·7`` in Portuguese)."""
        layer, head = value if isinstance(value, tuple) else (0, 0)
        return f"C{layer}·{head}" if language == "pt" else f"L{layer}.{head}"


class RoomChoiceQuestion(_Asked):
    """One of several. right: from 1."""

    kind: Literal["choice"]
    options: tuple[Text, ...] = Field(min_length=2, max_length=MOST_OPTIONS)
    right: FromOne | None = None

    @model_validator(mode="after")
    def _of_the_options(self) -> RoomChoiceQuestion:
        if (self.right or 1) > len(self.options):
            raise LessonFault("The answer is option {answer}, and there are {n} options.", ("right",), **self._counts())
        return self

    def _counts(self) -> dict[str, object]:
        return {"answer": self.right, "n": len(self.options)}

    def checked(self, value: object) -> AnswerValue:
        """The number of an option, from 1."""
        option = _whole(value)
        if option is None or not 1 <= option <= len(self.options):
            raise BadInput("Choose one of the answers.")
        return option

    def is_right(self, value: AnswerValue) -> bool | None:
        """Whether it is the right one."""
        return value == self.right if self.right else None

    def answer_text(self, value: AnswerValue, language: Language) -> str:
        """The option's text."""
        return self.options[value - 1].of(language) if isinstance(value, int) else ""


class RoomNumberQuestion(_Asked):
    """A number. near: how far off is still right; without it half a step."""

    kind: Literal["number"]
    least: Figure = 0
    most: Figure = 100
    step: Annotated[float, Field(strict=True, gt=0, le=1e6)] = 1
    unit: Literal["", "%"] = ""
    near: Annotated[float, Field(strict=True, ge=0, le=1e6)] = 0
    right: Figure | None = None

    @model_validator(mode="after")
    def _has_room(self) -> RoomNumberQuestion:
        if self.most <= self.least:
            raise LessonFault(
                "“most” ({most}) must be larger than “least” ({least}).", ("most",), least=self.least, most=self.most
            )
        return self

    def checked(self, value: object) -> AnswerValue:
        """A number between the two ends."""
        number = value if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
        if not self.least <= number <= self.most:
            raise BadInput("Write a number from {least} to {most}.", least=f"{self.least:g}", most=f"{self.most:g}")
        return round(float(number), MOST_DECIMALS)

    def is_right(self, value: AnswerValue) -> bool | None:
        """Whether it is as near as the question allows."""
        if self.right is None or not isinstance(value, int | float):
            return None
        return abs(value - self.right) <= max(self.near, self.step / 2)

    def answer_text(self, value: AnswerValue, language: Language) -> str:
        """The number, without the unit."""
        return f"{value:.10g}"


class RoomTextQuestion(_Asked):
    """A few words; there is no right answer."""

    kind: Literal["text"]

    def checked(self, value: object) -> AnswerValue:
        """One line without what cannot be seen, of ``LONGEST_ANSWER`` characters at most."""
        if not isinstance(value, str) or len(value) > 4 * LONGEST_ANSWER:
            raise BadInput("Write at most {n} characters.", n=LONGEST_ANSWER)
        spaced = re.sub(r"\s+", " ", unicodedata.normalize("NFC", value))
        words = "".join(sign for sign in spaced if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
        if not words.strip():
            raise BadInput("Write a few words.")
        if len(words.strip()) > LONGEST_ANSWER:
            raise BadInput("Write at most {n} characters.", n=LONGEST_ANSWER)
        return words.strip()

    def is_right(self, value: AnswerValue) -> bool | None:
        """Nobody knows."""
        return None

    def answer_text(self, value: AnswerValue, language: Language) -> str:
        """What was written."""
        return str(value)


RoomQuestion = Annotated[
    RoomWordQuestion | RoomHeadQuestion | RoomChoiceQuestion | RoomNumberQuestion | RoomTextQuestion,
    Field(discriminator="kind"),
]


class RoomCard(Part):
    """What a class sees of a card. link: the state to look at, a page of ours with its parameters."""

    title: Heading
    text: Text | None = None
    link: Annotated[str, StringConstraints(strict=True)] = ""
    question: RoomQuestion | None = None

    @model_validator(mode="after")
    def _stays_here(self) -> RoomCard:
        if not is_link(self.link):
            raise LessonFault("A state is a page of Mirante and its parameters (explorar?layer=4&head=1).", ("link",))
        return self


def is_link(link: str) -> bool:
    """Whether it is a link of ours without what stands before the page (``explorar?layer=4``), or ""."""
    return _LINK.fullmatch(link) is not None


class RoomContent(Part):
    """A room's title and cards."""

    title: Heading
    cards: tuple[RoomCard, ...] = Field(min_length=1, max_length=MOST_CARDS)


def room_content(written: Any) -> RoomContent:
    """The title and cards that JSON says.

    Raises:
        BadInput: the first thing that is wrong with them, and where.
    """
    try:
        return RoomContent.model_validate(written)
    except ValidationError as error:
        path, reason = next(faults_of(error))
        raise BadInput("{where}: {reason}", where=".".join(map(str, path)) or "room", reason=reason) from None
