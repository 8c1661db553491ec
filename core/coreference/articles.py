"""Portuguese articles, demonstratives and their contractions: what one says about its noun, and its form for another
noun.
"""

from __future__ import annotations

from .items import Gender, Number

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
_PLACE = {form: (row, column) for row, forms in enumerate(_SETS) for column, form in enumerate(forms)}


def said_by(word: str) -> tuple[Gender, Number] | None:
    """(gender, number) that a word says its noun has; None where it is none of these."""
    place = _PLACE.get(word.lower())
    return None if place is None else _ORDER[place[1]]


def agreeing(word: str, gender: Gender, number: Number) -> str:
    """The same word for a noun of this gender and number, capital kept; the word itself where it is none of these or
    the gender is unknown.
    """
    place = _PLACE.get(word.lower())
    if place is None or gender == "":
        return word
    form = _SETS[place[0]][_ORDER.index((gender, number))]
    return form.capitalize() if word[0].isupper() else form
