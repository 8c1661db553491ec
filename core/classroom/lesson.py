"""A lesson: cards of one idea each, in order; one YAML file, documented in docs/lessons.md.

A card has a text to read and a state to look at, and mostly a question that comes before the picture. These classes
say what a lesson may hold; a file is read by lesson_file.py, which gives every fault its line. Answers that are
computed: answers.py. Not here: pages, widgets, who answered what.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlsplit

from pydantic import Field, StringConstraints, ValidationInfo, model_validator

from ..text.words import segments
from .questions import Question, WordQuestion
from .texts import Heading, LessonFault, Part, Remark, Text

MOST_CARDS, MOST_PARAMETERS, LONGEST_VALUE = 40, 24, 400
PAGES = "pages"  # key of the validation context
Parameters = Mapping[str, Collection[str]]
"""Address of a page → names of the parameters that its links may have."""
Value = str | int | bool
Code = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]


class LinkState(Part):
    """One of Mirante's links: a page and its parameters, in order. In the file: the link itself as it is copied, or a
    mapping with ``page`` and one line for each parameter (a list where one stands several times).
    """

    page: str
    parameters: tuple[tuple[str, str], ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _written(cls, written: object, info: ValidationInfo) -> object:
        pairs = _of_link(written) if isinstance(written, str) else _of_mapping(written)
        page = dict(pairs).get("page", "")
        parameters = tuple((name, value) for name, value in pairs if name not in ("page", "lang"))
        _check(page, parameters, (info.context or {}).get(PAGES))
        return {"page": page, "parameters": parameters}

    def first(self, name: str, default: str = "") -> str:
        """The first value of a parameter."""
        return next((value for key, value in self.parameters if key == name), default)


class LessonCard(Part):
    """One idea. code: short and stable, for links. attempt: the one thing to try. note: for the teacher alone."""

    code: Code
    title: Heading
    text: Text
    state: LinkState
    question: Question | None = None
    attempt: Text | None = Field(default=None, alias="try")
    note: Remark | None = None

    @model_validator(mode="after")
    def _words_stand_in_the_sentence(self) -> LessonCard:
        question = self.question
        sentence = (question.sentence if isinstance(question, WordQuestion) else None) or self.state.first("sentence")
        if isinstance(question, WordQuestion) and not sentence:
            raise LessonFault("There is no sentence to point at: give one here, or in the state.", ("question",))
        answer = getattr(question, "answer", None)
        of_text = getattr(answer, "kind", None) not in (
            "cross",
            "decoder",
        )  # else the word is one that the model writes
        named = (
            {"answer": answer}
            if isinstance(answer, str)
            else {"from": getattr(answer, "word", None) if of_text else None, "hidden": getattr(answer, "hidden", None)}
        )
        for name, word in named.items():
            if word and sentence and not _stands_in(word, sentence):
                at = ("question", "answer") if name == "answer" else ("question", "answer", name)
                raise LessonFault(
                    "The word “{word}” is not in the sentence “{sentence}”.", at, word=word, sentence=sentence
                )
        return self


class Lesson(Part):
    """A whole lesson. version: of its texts, counted up by whoever changes them; lesson: of this format."""

    lesson: Literal[1]
    title: Heading
    goal: Text
    minutes: Annotated[int, Field(strict=True, ge=1, le=600)]
    version: Annotated[int, Field(strict=True, ge=1, le=10_000)] = 1
    cards: tuple[LessonCard, ...] = Field(min_length=1, max_length=MOST_CARDS)

    @model_validator(mode="after")
    def _codes_differ(self) -> Lesson:
        codes: set[str] = set()
        for number, card in enumerate(self.cards):
            if card.code in codes:
                raise LessonFault("Two cards have the code “{code}”.", ("cards", number, "code"), code=card.code)
            codes.add(card.code)
        return self


def _of_link(link: str) -> list[tuple[str, str]]:
    """The page and the parameters of a link as a browser has it; where it is served does not matter."""
    address = urlsplit(link.strip()[:4000])
    page = address.path.rstrip("/").rpartition("/")[2]
    return [("page", page), *parse_qsl(address.query, max_num_fields=MOST_PARAMETERS * 2)]


def _of_mapping(written: object) -> list[tuple[str, str]]:
    if not isinstance(written, dict):
        raise LessonFault("A state is a link of Mirante, or a page with its parameters (page: explorar, layer: 4 …).")
    pairs = []
    for name, values in written.items():
        for value in values if isinstance(values, list) else [values]:
            if not isinstance(value, Value):
                raise LessonFault("“{name}” of a link is a text, a whole number, true or false.", (name,), name=name)
            pairs.append((str(name), str(value).lower() if isinstance(value, bool) else str(value)))
    return pairs


def _check(page: str, parameters: tuple[tuple[str, str], ...], pages: Parameters | None) -> None:
    """Refuse what no link of Mirante has."""
    if len(parameters) > MOST_PARAMETERS or any(len(value) > LONGEST_VALUE for _, value in parameters):
        raise LessonFault(
            "A link has at most {n} parameters of {characters} characters each.",
            n=MOST_PARAMETERS,
            characters=LONGEST_VALUE,
        )
    if pages is None:
        return
    if page not in pages:
        raise LessonFault("There is no page “{name}”; there are {known}.", ("page",), name=page, known=", ".join(pages))
    if unknown := [name for name, _ in parameters if name not in pages[page]]:
        raise LessonFault(
            "The page {page} has no parameter “{name}”; it has {known}.",
            (unknown[0],),
            page=page,
            name=unknown[0],
            known=", ".join(sorted(pages[page])),
        )


def _stands_in(word: str, sentence: str) -> bool:
    """Whether a word (``copo``, or with its place ``8:copo``) is one of a sentence; places belong to a tokenizer."""
    label = word.partition(":")[2] if word.partition(":")[0].isdecimal() else word
    return label in [sentence[slice(*span)] for span in segments(sentence)]


def lesson_of(written: dict[str, Any], pages: Parameters | None) -> Lesson:
    """The lesson that a mapping says.

    Raises:
        pydantic.ValidationError: with every fault, each where it stands (lesson_file.py tells them).
    """
    return Lesson.model_validate(written, context={PAGES: pages})
