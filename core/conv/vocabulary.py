"""Words of the classifier: a text cut into words by the rule of the whole project, lower case, each with its id; what
is not known is UNKNOWN.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ..text.tokens import check_text
from ..text.words import segments
from .model import PAD, UNKNOWN

LONGEST = 256
"""Words that are read at most: the training sentences have a tenth of that."""


@dataclass(frozen=True, eq=False)
class WordIds:
    """entries: what each id stands for; the first two are padding and the unknown word."""

    entries: tuple[str, ...]

    @cached_property
    def index_of(self) -> dict[str, int]:
        return {entry: index for index, entry in enumerate(self.entries) if index not in (PAD, UNKNOWN)}

    def __len__(self) -> int:
        return len(self.entries)

    def ids(self, words: Sequence[str]) -> list[int]:
        """One id per word, UNKNOWN where it has no entry."""
        return [self.index_of.get(word.lower(), UNKNOWN) for word in words]


def words_of(text: str) -> list[str]:
    """The words and marks of a text as they are written, in order (core/text/words.py).

    Raises:
        BadInput: a blank text, or one that no tokenizer can read.
    """
    check_text(text)
    return [text[start:stop] for start, stop in segments(text)]
