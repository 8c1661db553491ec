"""What a visitor said before the picture, and how it stands in a link: ``2w8_3n29_4x``.

One part for each card: its number from 1, a letter for the kind (w word, h head, c option, n number, x: shown without a
guess), and the value: a word by its place from 0, an option from 1, a head as ``4.7`` from 1. Labels never travel. Not
here: widgets; what is true (answers.py)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from .answers import ChoiceTruth, HeadTruth, NumberTruth, Truth, WordTruth
from .lesson import Lesson
from .questions import ChoiceQuestion, HeadQuestion, NumberQuestion, Question, WordQuestion

LONGEST_LINK = 600  # characters of all guesses in a link
MOST_WORDS = 200
_PART = re.compile(
    r"([0-9]{1,2})(?:(w)([0-9]{1,3})|(h)([0-9]{1,3})\.([0-9]{1,3})|(c)([0-9])|(n)(-?[0-9]{1,7}(?:\.[0-9]{1,3})?)|(x))"
)
Verdict = Literal["right", "near", "other", "unknown"]


@dataclass(frozen=True)
class Guess:
    """kind: of the question ("word", "head", "choice", "number"), or "none" where the answer was shown without a guess.

    value: a word's place or an option from 0, or a number; head: (layer, head) from 0.
    """

    kind: Literal["word", "head", "choice", "number", "none"]
    value: float = 0
    head: tuple[int, int] = (0, 0)

    @property
    def index(self) -> int:
        """A word's place or an option, from 0."""
        return int(self.value)


NO_GUESS = Guess("none")


def written_guesses(guesses: Mapping[int, Guess]) -> str:
    """The guesses of some cards, by their number from 1, as a link has them."""
    return "_".join(f"{card}{_code(guess)}" for card, guess in sorted(guesses.items()))


def read_guesses(text: str, lesson: Lesson) -> dict[int, Guess]:
    """What a link says, as far as it fits the questions of the lesson; anything else is passed over."""
    guesses = {}
    for part in text[:LONGEST_LINK].split("_"):
        if (match := _PART.fullmatch(part)) is None:
            continue
        number = int(match[1])
        question = lesson.cards[number - 1].question if 1 <= number <= len(lesson.cards) else None
        guess = _guess(match)
        if question is not None and fits_question(guess, question):
            guesses[number] = guess
    return guesses


def fits_question(guess: Guess, question: Question) -> bool:
    """Whether a guess is one that this question can get."""
    if guess.kind == "none":
        return True
    if isinstance(question, NumberQuestion):
        return guess.kind == "number" and question.least <= guess.value <= question.most
    if isinstance(question, ChoiceQuestion):
        return guess.kind == "choice" and 0 <= guess.index < len(question.options)
    if isinstance(question, HeadQuestion):
        return guess.kind == "head" and min(guess.head) >= 0
    return isinstance(question, WordQuestion) and guess.kind == "word" and 0 <= guess.index < MOST_WORDS


def judge_guess(guess: Guess, truth: Truth, question: Question) -> Verdict:
    """How a guess stands to the answer; near: a number that is not farther off than the question allows."""
    if isinstance(truth, WordTruth):
        return "unknown" if not truth.right else "right" if guess.index in truth.right else "other"
    if isinstance(truth, HeadTruth):
        return "unknown" if truth.right is None else "right" if guess.head == truth.right else "other"
    if isinstance(truth, ChoiceTruth):
        return "unknown" if truth.right is None else "right" if guess.index == truth.right else "other"
    return _of_number(guess, truth, question)


def _of_number(guess: Guess, truth: NumberTruth, question: Question) -> Verdict:
    if truth.value is None or not isinstance(question, NumberQuestion):
        return "unknown"
    distance = abs(guess.value - truth.value)
    return "right" if distance <= question.step / 2 else "near" if distance <= question.near else "other"


def _guess(match: re.Match[str]) -> Guess:
    if match[2]:
        return Guess("word", int(match[3]))
    if match[4]:
        return Guess("head", head=(int(match[5]) - 1, int(match[6]) - 1))
    if match[7]:
        return Guess("choice", int(match[8]) - 1)
    return Guess("number", float(match[10])) if match[9] else NO_GUESS


def _code(guess: Guess) -> str:
    if guess.kind == "word":
        return f"w{guess.index}"
    if guess.kind == "head":
        return f"h{guess.head[0] + 1}.{guess.head[1] + 1}"
    if guess.kind == "choice":
        return f"c{guess.index + 1}"
    return f"n{guess.value:g}" if guess.kind == "number" else "x"
