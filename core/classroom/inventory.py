"""The concept inventory of attention: twelve questions of a lesson, and the misconception behind every wrong option.

The questions are an ordinary lesson (assets/lessons/inventario-de-atencao.yaml), so that a room can ask them; what
stands behind their options, and the literature that names it, is assets/lessons/inventory/attention.yaml. It is not
validated (docs/inventory.md). Not here: who answered what (answer_files.py), statistics (item_statistics.py)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from ..assets import ASSETS
from ..errors import BadInput, Message
from .lesson import Code, Lesson, LessonCard
from .lesson_file import read_document, read_lesson
from .questions import MOST_OPTIONS, ChoiceQuestion
from .texts import Heading, LessonFault, Part

RIGHT = "right"
KEY = ASSETS / "lessons" / "inventory" / "attention.yaml"
MOST_ITEMS = 40
_Line = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=300)]


class Misconception(Part):
    """name: what is wrongly believed. named: sources that name it; near: those that speak of what lies behind it."""

    name: Heading
    named: tuple[Code, ...] = ()
    near: tuple[Code, ...] = ()


class ItemKey(Part):
    """code: of the lesson's card. options: for each of its options ``right`` or the code of a misconception."""

    code: Code
    options: tuple[Code, ...] = Field(min_length=2, max_length=MOST_OPTIONS)


class InventoryKey(Part):
    """The file beside the lesson. inventory: of this format; lesson: the file of the questions."""

    inventory: Literal[1]
    lesson: Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9-]{1,60}\.yaml$")]
    misconceptions: dict[Code, Misconception]
    items: tuple[ItemKey, ...] = Field(min_length=1, max_length=MOST_ITEMS)
    sources: dict[Code, _Line]

    @model_validator(mode="after")
    def _nothing_is_unknown(self) -> InventoryKey:
        for number, item in enumerate(self.items):
            if item.options.count(RIGHT) != 1:
                raise LessonFault("One option of “{code}” must be right.", ("items", number), code=item.code)
            for option in item.options:
                if option != RIGHT and option not in self.misconceptions:
                    raise LessonFault("“{name}” is no misconception of this file.", ("items", number), name=option)
        for code, misconception in self.misconceptions.items():
            for source in (*misconception.named, *misconception.near):
                if source not in self.sources:
                    path = ("misconceptions", code)
                    raise LessonFault("“{name}” is no source of this file.", path, name=source)
        return self


@dataclass(frozen=True, eq=False)
class InventoryItem:
    """options: what stands behind each option (``right`` or a misconception). right: the number of the right one, from
    1.
    """

    code: str
    card: LessonCard
    options: tuple[str, ...]
    right: int

    @property
    def question(self) -> ChoiceQuestion:
        """Its question; always one of several."""
        assert isinstance(self.card.question, ChoiceQuestion)
        return self.card.question


@dataclass(frozen=True, eq=False)
class Inventory:
    """The questions as a lesson, their key, and both joined, in the order of the lesson."""

    lesson: Lesson
    key: InventoryKey
    items: tuple[InventoryItem, ...]


def joined_inventory(lesson: Lesson, key: InventoryKey) -> Inventory:
    """Questions and key together.

    Raises:
        BadInput: they do not belong together.
    """
    items = []
    for card, item in zip(lesson.cards, key.items, strict=False):
        question, right = card.question, item.options.index(RIGHT) + 1
        fits = (
            isinstance(question, ChoiceQuestion)
            and card.code == item.code
            and len(question.options) == len(item.options)
            and question.answer == right
        )
        if not fits:
            raise BadInput("The key of “{code}” does not fit the question “{card}”.", code=item.code, card=card.code)
        items.append(InventoryItem(card.code, card, item.options, right))
    if len(lesson.cards) != len(key.items):
        raise BadInput("The lesson has {n} questions, its key {m}.", n=len(lesson.cards), m=len(key.items))
    return Inventory(lesson, key, tuple(items))


@cache
def bundled_inventory() -> Inventory:
    """The inventory that comes with Mirante.

    Raises:
        BadLesson: a file has mistakes. BadInput: the two do not belong together.
    """
    key = read_document(KEY.read_bytes(), KEY.name, _key_of, Message("A key begins with “inventory: 1”."))
    lesson = read_lesson((KEY.parents[1] / key.lesson).read_bytes(), key.lesson)
    return joined_inventory(lesson, key)


def _key_of(written: dict[str, Any]) -> InventoryKey:
    return InventoryKey.model_validate(written)
