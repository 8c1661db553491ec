"""What a card asks before it shows anything, and what its answer is.

Four kinds: a word of a sentence, a head, one of several, a number. An answer is written in the file, or says how it is
computed (``by``), so that it is true of the model at hand; or there is none, where a question is only to be talked
about. Words are written as they stand in the sentence, or with their place where one stands twice: ``12:cheio``. Layers
and heads count from 1. Not here: how an answer is computed (answers.py)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag, model_validator

from ..axes import Kind
from .texts import LessonFault, Part, Text

MOST_OPTIONS, LONGEST_WORD, LONGEST_SENTENCE = 8, 60, 400
Word = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=LONGEST_WORD)]
Sentence = Annotated[
    str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=LONGEST_SENTENCE)
]
Place = Annotated[int, Field(strict=True, ge=1, le=999)]  # of a layer, a head or an option, from 1
VectorLength = Annotated[int, Field(strict=True, ge=1, le=10**7)]
Figure = Annotated[float, Field(strict=True, ge=-1e6, le=1e6)]


class LooksMost(Part):
    """The word at which ``from`` looks most in one head, special tokens and ``from`` itself left out."""

    by: Literal["looks_most"]
    layer: Place
    head: Place
    word: Word = Field(alias="from")
    kind: Kind | None = None


class CutChangesMost(Part):
    """The word whose cut most changes the probability of the hidden word (by its logarithm).

    The mask may not look at it, in any layer or head.
    layer, head: of the weights that stand beside the effects.
    """

    by: Literal["cut_changes_most"]
    hidden: Word
    layer: Place | None = None
    head: Place | None = None


class OutOfReach(Part):
    """Every word at which ``from`` cannot look, because the model reads from left to right."""

    by: Literal["out_of_reach"]
    word: Word = Field(alias="from")


class HeadLooksMost(Part):
    """The head in which ``from`` looks most at ``to``."""

    by: Literal["head_looks_most"]
    word: Word = Field(alias="from")
    to: Word
    kind: Kind | None = None


class ExpectsMost(Part):
    """The option that the model expects most at the hidden word or, in a decoder, after the last one."""

    by: Literal["expects_most"]
    hidden: Word | None = None
    options: tuple[Word, ...] = Field(min_length=2, max_length=MOST_OPTIONS)


class WeightOn(Part):
    """How much of the row of ``from`` falls on ``to`` in one head, in per cent; ``others``: on everything else."""

    by: Literal["weight"]
    layer: Place
    head: Place
    word: Word = Field(alias="from")
    to: Word
    others: bool = Field(default=False, strict=True)
    kind: Kind | None = None


class TokensOf(Part):
    """The number of tokens into which the model's tokenizer divides a word."""

    by: Literal["tokens"]
    word: Word = Field(alias="from")


class HeadsThatLookMost(Part):
    """The number of heads in which ``from`` looks at ``to`` more than at any other word."""

    by: Literal["heads_that_look_most"]
    word: Word = Field(alias="from")
    to: Word
    kind: Kind | None = None


class PlacesChanged(Part):
    """How many of the other words have another vector, as a layer reads it, when one word of the sentence changes."""

    by: Literal["places_changed"]
    word: Word = Field(alias="change")
    into: Word
    layer: Place


class VectorSize(Part):
    """The option that says how many numbers stand for one token between the layers."""

    by: Literal["vector_size"]
    options: tuple[Annotated[int, Field(strict=True, ge=1, le=10**7)], ...] = Field(
        min_length=2, max_length=MOST_OPTIONS
    )


class PairsMoved(Part):
    """In how many of the first 24 pairs of a condition of the bench the model's preference moves to the right noun.

    answers: instead, in how many of their 48 sentences its own answer is the right noun.
    """

    by: Literal["pairs_moved"]
    condition: Literal["P0", "P2", "P3", "P8"]
    answers: bool = Field(default=False, strict=True)


class GivenHead(Part):
    """A head by its place."""

    layer: Place
    head: Place


def _is_computed(answer: object) -> str:
    """Which of the two a written or computed answer is, so that a mistake in one is not told of the other too."""
    by = "by" in answer if isinstance(answer, dict) else hasattr(answer, "by")
    return "computed" if by else "written"


_WRITTEN, _COMPUTED = Tag("written"), Tag("computed")
WordAnswer = Annotated[
    Annotated[Word, _WRITTEN]
    | Annotated[LooksMost | CutChangesMost | OutOfReach, Field(discriminator="by"), _COMPUTED],
    Discriminator(_is_computed),
]
HeadAnswer = Annotated[
    Annotated[GivenHead, _WRITTEN] | Annotated[HeadLooksMost, _COMPUTED], Discriminator(_is_computed)
]
ChoiceAnswer = Annotated[
    Annotated[Place, _WRITTEN] | Annotated[ExpectsMost | VectorSize, Field(discriminator="by"), _COMPUTED],
    Discriminator(_is_computed),
]
NumberAnswer = Annotated[
    Annotated[Figure, _WRITTEN]
    | Annotated[
        WeightOn | TokensOf | HeadsThatLookMost | PlacesChanged | PairsMoved,
        Field(discriminator="by"),
        _COMPUTED,
    ],
    Discriminator(_is_computed),
]


class _Posed(Part):
    """ask: the question itself. reveal: what there is to see afterwards, without numbers: the page adds those."""

    ask: Text
    reveal: Text | None = None


class WordQuestion(_Posed):
    """Point at a word of a sentence: that of the state, unless another is given."""

    kind: Literal["word"]
    sentence: Sentence | None = None
    answer: WordAnswer | None = None


class HeadQuestion(_Posed):
    """Choose a head: of all, or of those that are offered."""

    kind: Literal["head"]
    heads: tuple[GivenHead, ...] = Field(default=(), max_length=MOST_OPTIONS)
    answer: HeadAnswer | None = None


class ChoiceQuestion(_Posed):
    """One of several. answer: the number of the right option, from 1."""

    kind: Literal["choice"]
    options: tuple[Text, ...] = Field(min_length=2, max_length=MOST_OPTIONS)
    answer: ChoiceAnswer | None = None

    @model_validator(mode="after")
    def _answered(self) -> ChoiceQuestion:
        number = self.answer if isinstance(self.answer, int) else 1
        computed = self.answer if isinstance(self.answer, ExpectsMost | VectorSize) else self
        offered = len(computed.options)
        if number > len(self.options) or offered != len(self.options):
            raise LessonFault(
                "The answer is option {answer}, and there are {n} options.",
                ("answer",),
                answer=number if number > 1 else offered,
                n=len(self.options),
            )
        return self


class NumberQuestion(_Posed):
    """A number from ``least`` to ``most``. near: how far from the answer a guess still counts as near."""

    kind: Literal["number"]
    least: Figure = 0
    most: Figure = 100
    step: Annotated[float, Field(strict=True, gt=0, le=1e6)] = 1
    unit: Literal["", "%"] = ""
    near: Annotated[float, Field(strict=True, ge=0, le=1e6)] = 0
    answer: NumberAnswer | None = None

    @model_validator(mode="after")
    def _has_room(self) -> NumberQuestion:
        if self.most <= self.least:
            raise LessonFault("“most” ({most}) must be larger than “least” ({least}).", ("most",), **self._ends())
        if isinstance(self.answer, int | float) and not self.least <= self.answer <= self.most:
            raise LessonFault(
                "The answer ({answer}) lies outside of {least} to {most}.",
                ("answer",),
                answer=f"{self.answer:g}",
                **self._ends(),
            )
        return self

    def _ends(self) -> dict[str, str]:
        return {"least": f"{self.least:g}", "most": f"{self.most:g}"}


Question = Annotated[WordQuestion | HeadQuestion | ChoiceQuestion | NumberQuestion, Field(discriminator="kind")]
