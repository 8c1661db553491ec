"""Where the words of a parsed sentence stand in its text.

Inside: `place_forms` (the characters of each written word) and `text_of_forms` (the text of a sentence that came
without one). Not inside: which written words a sentence has (conllu.py)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from ..text.vocabulary import Span

_MOST_TRIES = 1_000
"""Places of one text at which a form is looked for in vain: a text of one letter has a place at every letter."""


def text_of_forms(forms: Iterable[tuple[str, bool]]) -> str:
    """The text that (form, whether a space follows) of each written word make."""
    return "".join(form + (" " if spaced else "") for form, spaced in forms).strip()


def place_forms(text: str, forms: Sequence[str]) -> list[Span] | None:
    """The characters of each form, in order; None where one stands nowhere after the one before.

    A form is looked for where the one before ended; what a text has besides its forms may be jumped over, up to the
    beginning of another word. White space counts as nothing (a no-break space in the text is any space of the form),
    as do invisible format characters and whether an accent is composed.
    """
    places, at = [], 0
    for form in forms:
        while at < len(text) and text[at].isspace():
            at += 1
        if not text.startswith(form, at):
            return _place_folded(text, forms)
        places.append((at, at := at + len(form)))
    return places


def _place_folded(text: str, forms: Sequence[str]) -> list[Span] | None:
    folded = [(part, index) for index, char in enumerate(text) for part in _fold(char)]
    letters, index_of = "".join(part for part, _ in folded), [index for _, index in folded]
    places: list[Span] = []
    at, tries = 0, 0
    for form in forms:
        wanted = "".join(map(_fold, form))
        at = letters.find(wanted, at) if wanted else -1
        while at > 0 and places and index_of[at] != places[-1][1] and not _opens_word(text, index_of[at]):
            at, tries = letters.find(wanted, at + 1), tries + 1
            if tries > _MOST_TRIES:
                return None
        if at < 0 or not places and not _opens_word(text, index_of[at]):
            return None
        places.append((index_of[at], index_of[at + len(wanted) - 1] + 1))
        at += len(wanted)
    return places


def _opens_word(text: str, at: int) -> bool:
    """Whether nothing but white space stands before a character."""
    return at == 0 or text[at - 1].isspace()


def _fold(char: str) -> str:
    if char.isspace() or unicodedata.category(char) == "Cf":
        return ""
    return unicodedata.normalize("NFD", char)
