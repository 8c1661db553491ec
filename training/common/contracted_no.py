"""Text whose every "no" (em + o) became "não": which of them were "no"?

The small translation model behind two files of the corpora wrote "não" for both words: of 106,355 distilled pairs 11
"no" are left among 22,879 "não", where people write three "no" for ten "não"; a model that learns from it says
"brincando não jardim". The word that follows tells them apart: a noun, or a verb. What follows each of the two, and
what follows other words that stand before a noun or a verb, is counted in text that people wrote. Not here: the
files. tests/training/common/test_contracted_no.py says how well."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from training.common.corpus import key

BEFORE_NOUNS = {"no": 4.0, "do": 1.0, "ao": 1.0, "pelo": 1.0, "o": 0.3, "um": 0.3, "este": 0.5, "esse": 0.5}
BEFORE_VERBS = {"não": 4.0, "ele": 1.0, "ela": 1.0, "eu": 1.0, "você": 1.0, "se": 0.5, "já": 0.5, "nunca": 2.0}
DENYING = re.compile(
    r"\b(not|no|never|nobody|nothing|none|neither|nor|without|nowhere|cannot|unless|until|hardly)\b|n't\b", re.I
)
_DOUBT = 0.05  # pseudo-count of either
_SURE = 8.0  # times as likely as the other
_NO = re.compile(r"(?<!-)\b([Nn])ão( [\w-]+)")
_PRONOUN = re.compile(r"-não\b")  # sepultaram-no


@dataclass
class Followers:
    """How often a word follows what stands before nouns, and before verbs (weighted counts)."""

    nouns: Counter[str] = field(default_factory=Counter)
    verbs: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Followers:
        """Counted in text that people wrote."""
        found = cls()
        for text in texts:
            words = key(text).split()
            for before, word in zip(words, words[1:], strict=False):
                found.nouns[word] += BEFORE_NOUNS.get(before, 0.0)
                found.verbs[word] += BEFORE_VERBS.get(before, 0.0)
        return found

    def odds(self, word: str) -> float:
        """How many times likelier "no" is before a word than "não"."""
        word = key(word)
        infinitive = 1.0 if word.endswith(("ar", "er", "ir", "armos", "ermos", "irmos")) else 0.0
        return (self.nouns[word] + _DOUBT) / (self.verbs[word] + infinitive + _DOUBT)


def restored(text: str, followers: Followers, english: str | None = None) -> str:
    """``text`` with "no" where a noun follows. english: what it translates; where nothing is denied in it, a word of
    which nothing is known follows "no", and where something is, one "não" stays unless the word says clearly otherwise.
    """
    denied = english is not None and DENYING.search(english) is not None
    limit = 1.0 if english is None else 1 / _SURE if not denied else 1.0
    found = list(_NO.finditer(text))
    if denied and len(found) == 1:
        limit = _SURE

    def word(match: re.Match[str]) -> str:
        return f"{match[1]}{'o' if followers.odds(match[2].strip()) > limit else 'ão'}{match[2]}"

    return _PRONOUN.sub("-no", _NO.sub(word, text))
