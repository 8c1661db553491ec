"""Which items a translator was trained to read: a longer sentence would measure the length, not what “it” refers to.

Known of a bundled translator only (`core.models.catalog.longest_learned`). Only what it reads decides: what it is asked
to write is longer than all that mirante-translator was trained on, in every item, and the note says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..errors import Message
from ..models.catalog import longest_learned
from ..models.loading import LanguageModel
from .items import Item

_PIECE = re.compile(r"\w+|[^\w\s]")
_LANGUAGE = re.compile(r"^>>\w+<<\s*")


def words_and_marks(text: str) -> int:
    """How many words and punctuation marks a text has; a language token at its beginning is none."""
    return len(_PIECE.findall(_LANGUAGE.sub("", text)))


def learned_items(lm: LanguageModel, items: Sequence[Item]) -> tuple[Item, ...]:
    """The items of whole pairs that are no longer than what the model was trained on; all where that is not known."""
    longest = longest_learned(lm.name)
    if longest is None:
        return tuple(items)
    too_long = {item.pair for item in items if words_and_marks(item.text) > longest}
    return tuple(item for item in items if item.pair not in too_long)


def length_note(lm: LanguageModel, items: Sequence[Item]) -> Message | None:
    """What a person should know of the items that are left out and of those that are asked; None where none is too
    long.
    """
    longest, readable_items = longest_learned(lm.name), learned_items(lm, items)
    targets = [words_and_marks(item.target) for item in readable_items if item.target]
    if longest is None or (len(readable_items) == len(items) and max(targets, default=0) <= longest):
        return None
    if not targets or min(targets) <= longest:
        return Message(
            "“{name}” was trained on sentences of at most {most} words and marks: {n} of the {all} sentences are "
            "asked, the others are longer.",
            name=lm.name,
            most=longest,
            n=len(readable_items),
            all=len(items),
        )
    return Message(
        "“{name}” was trained on sentences of at most {most} words and marks: {n} of the {all} sentences are asked, "
        "the others are longer. The translations of those that are asked have {least} or more, so even an answer no "
        "better than chance may be a matter of length.",
        name=lm.name,
        most=longest,
        n=len(readable_items),
        all=len(items),
        least=min(targets),
    )
