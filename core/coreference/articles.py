"""Portuguese articles, demonstratives and their contractions: what one says about its noun, and its form for another.

Inside: gender and number of an article, the form that agrees with a noun, and the sister sentence in which two nouns
have changed places (da jarra para o copo → do copo para a jarra). Swapping keeps length and words, so what changes is
only which noun plays which role. Not inside: any other language, agreement of adjectives.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..text.vocabulary import Span
from .items import Candidate, Gender, Number

_ORDER: tuple[tuple[Gender, Number], ...] = (("m", 1), ("f", 1), ("m", 2), ("f", 2))
_SETS = tuple(
    tuple(row.split())
    for row in (
        "o a os as",
        "um uma uns umas",
        "do da dos das",
        "no na nos nas",
        "ao à aos às",
        "pelo pela pelos pelas",
        "este esta estes estas",
        "aquele aquela aqueles aquelas",
    )
)
_ROW_AND_COLUMN = {form: (row, column) for row, forms in enumerate(_SETS) for column, form in enumerate(forms)}
_LAST_WORD = re.compile(r"(?<!\w)(\w+)(\s+)$")


def said_by(word: str) -> tuple[Gender, Number] | None:
    """(gender, number) that a word says its noun has; None where the word is none of these."""
    cell = _ROW_AND_COLUMN.get(word.lower())
    return None if cell is None else _ORDER[cell[1]]


def agreeing(word: str, gender: Gender, number: Number) -> str:
    """The same word for a noun of this gender and number, its capital kept.

    The word itself where it is none of these, or where the gender is unknown.
    """
    cell = _ROW_AND_COLUMN.get(word.lower())
    if cell is None or gender == "":
        return word
    form = _SETS[cell[0]][_ORDER.index((gender, number))]
    return form.capitalize() if word[0].isupper() else form


def swapped(text: str, candidates: Sequence[Candidate]) -> tuple[str, tuple[Span, Span]]:
    """The text with its two candidates exchanged, and the spans of the two nouns in it, in the order of the text.

    An article or contraction right before a candidate takes the gender and number of the noun that comes there.
    """
    first, second = candidates
    head, first_span = _with_noun(text[: first.span[0]], second)
    body, second_span = _with_noun(text[first.span[1] : second.span[0]], first)
    start, end = second_span
    return head + body + text[second.span[1] :], (first_span, (len(head) + start, len(head) + end))


def _with_noun(before: str, noun: Candidate) -> tuple[str, Span]:
    """The text before a noun and the noun, and the noun's span; an article before it agrees with it."""
    last = _LAST_WORD.search(before)
    if last is not None:
        before = before[: last.start()] + agreeing(last[1], noun.gender, noun.number) + last[2]
    return before + noun.text, (len(before), len(before) + len(noun.text))
