"""One or two sentences under a card: what was guessed, what the model says, and what chance would say."""

from __future__ import annotations

from core.axes import head_name
from core.classroom.answers import ChoiceTruth, HeadTruth, NumberTruth, Truth, WordTruth
from core.classroom.guesses import Guess, Verdict, judge_guess
from core.classroom.questions import ChoiceQuestion, NumberQuestion, OutOfReach, PairsMoved, Question
from core.errors import Message

from ...shell.locale import error_text, percent, plain, t, tn
from ...shell.numbers import decimal, exact
from .bundled import markdown


def takeaway(guess: Guess, truth: Truth, question: Question) -> str:
    """Markdown; begins with how the guess stands to the answer."""
    if isinstance(truth, WordTruth):
        said = _of_reach(guess, truth) if isinstance(question.answer, OutOfReach) else _of_word(guess, truth)
    elif isinstance(truth, HeadTruth):
        said = _of_head(guess, truth)
    elif isinstance(truth, ChoiceTruth) and isinstance(question, ChoiceQuestion):
        said = _of_choice(guess, truth, question)
    elif isinstance(truth, NumberTruth) and isinstance(question, NumberQuestion):
        said = _of_number(guess, truth, question)
    else:
        said = ""
    opening = None if guess.kind == "none" else _OPENINGS.get(judge_guess(guess, truth, question))
    return said if opening is None else f"{error_text(opening)} {said}".strip()


_OPENINGS: dict[Verdict, Message] = {
    "right": Message("**As you said.**"),
    "near": Message("**Nearly.**"),
    "other": Message("**Different from your guess.**"),
}


def number_text(value: float, question: NumberQuestion) -> str:
    """A number of a question, as a guess or an answer is written."""
    if question.unit == "%":
        return percent(value / 100)
    return decimal(value, 0) if float(value).is_integer() else decimal(value, 1)


def _of_word(guess: Guess, truth: WordTruth) -> str:
    if not truth.right:
        return ""
    best = min(truth.right)
    if truth.values is None:
        return t("It is **{word}**.", word=plain(truth.labels[best]))
    other = guess.kind == "word" and guess.index not in truth.right and guess.index < len(truth.labels)
    if truth.unit == "probability":
        text = t(
            "It gives the hidden word {before}. Without **{word}** that changes most: {after}.",
            before=exact(truth.even or 0, 1),
            word=plain(truth.labels[best]),
            after=exact(float(truth.values[best]), 1),
        )
        if not other:
            return text
        word, share = plain(truth.labels[guess.index]), exact(float(truth.values[guess.index]), 1)
        return text + " " + t("Without “{word}”: {share}.", word=word, share=share)
    text = t(
        "Most goes to **{word}**: {share}. Shared out evenly, each word would get {even}.",
        word=plain(truth.labels[best]),
        share=percent(float(truth.values[best])),
        even=percent(truth.even or 0),
    )
    return text + (
        " "
        + t(
            "“{word}”, your guess, gets {share}.",
            word=plain(truth.labels[guess.index]),
            share=percent(float(truth.values[guess.index])),
        )
        if other
        else ""
    )


def _of_reach(guess: Guess, truth: WordTruth) -> str:
    later = [truth.labels[word] for word in sorted(truth.right)]
    hidden = ", ".join(plain(word) for word in later if any(map(str.isalnum, word)))
    if not hidden:
        return t("This model may look at every word.")
    return t("Out of reach are all the words that come later: **{words}**.", words=hidden)


def _of_head(guess: Guess, truth: HeadTruth) -> str:
    if truth.right is None:
        return ""
    name = head_name(*truth.right, t("L"))
    if truth.values is None:
        return t("It is **{word}**.", word=name)
    return t(
        "Most in **{head}**: {share}. Shared out evenly, each word would get {even}.",
        head=name,
        share=percent(float(truth.values[truth.right])),
        even=percent(truth.even or 0),
    )


def _of_choice(guess: Guess, truth: ChoiceTruth, question: ChoiceQuestion) -> str:
    if truth.right is None:
        return "" if truth.size is None else t("In this model there are {n}.", n=truth.size)
    option = markdown(question.options[truth.right])
    if truth.shares is None:
        return t("The answer: **{option}**.", option=option)
    text = t(
        "The model expects **{option}** most: {share}.", option=option, share=percent(truth.shares[truth.right] or 0)
    )
    if guess.kind == "choice" and guess.index != truth.right and truth.shares[guess.index] is not None:
        text += " " + t(
            "To “{option}” it gives {share}.",
            option=markdown(question.options[guess.index]),
            share=percent(truth.shares[guess.index] or 0),
        )
    return text


def _of_number(guess: Guess, truth: NumberTruth, question: NumberQuestion) -> str:
    if truth.value is None:
        return ""
    said = t("The answer: **{n}**.", n=number_text(truth.value, question))
    if isinstance(question.answer, PairsMoved):
        pairs = round(2 * (truth.chance or 0))
        return (
            said
            + " "
            + t(
                "A coin would get {chance}, a network without training {twin}. Asked outright, the model names the "
                "right noun in {right} of {n} sentences; a coin, in {half}.",
                chance=number_text(truth.chance or 0, question),
                twin=number_text(truth.twin or 0, question),
                right=truth.answers_right,
                n=2 * pairs,
                half=pairs,
            )
        )
    if truth.chance is not None and truth.twin is not None:
        said += " " + tn(
            "Blind choice would give about {chance}; in a network without training it is {n} head.",
            "Blind choice would give about {chance}; in a network without training it is {n} heads.",
            round(truth.twin),
            chance=decimal(truth.chance, 1),
        )
    return said
