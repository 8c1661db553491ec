"""English sentences with their French and Portuguese translations: the sources, what must stay out, and the split.

The corpora folder holds `pairs_en_fr.tsv.gz` and `pairs_en_pt.tsv.gz`: English, translation, source, split. Only
everyday sources (Tatoeba) and short pairs are learned from; the dev part chooses, the test part is only measured. The
gold of the alignments (alignment_gold.json) is kept out as well. Token ids and batches are in translator.py."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from training.common.corpus import key

FILES = {"fra": "pairs_en_fr.tsv.gz", "por": "pairs_en_pt.tsv.gz"}
EVERYDAY = "tatoeba"  # how the name of every everyday source begins
LONGEST = 12  # words and punctuation marks, on either side
REPEATS = {"fra": 1, "por": 3}  # Portuguese has an eighth of the pairs: each is seen three times in a pass
GOLD = Path(__file__).with_name("alignment_gold.json")
_SIGN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True)
class Pair:
    """One English sentence and one translation of it; `language` is fra or por."""

    source: str
    target: str
    language: str


@dataclass(frozen=True)
class Row:
    """One line of a file: the pair, where it comes from, and train, dev or test."""

    pair: Pair
    origin: str
    split: str


@dataclass(frozen=True)
class Pairs:
    """`train` to learn from, `dev` to choose on, `test` to measure once. No sentence of dev or test, on either side, is
    in train.
    """

    train: tuple[Pair, ...]
    dev: tuple[Pair, ...]
    test: tuple[Pair, ...]


@dataclass(frozen=True)
class Banned:
    """Keys that may not be trained on: English sentences, and translations by language."""

    source: frozenset[str]
    target: frozenset[tuple[str, str]]

    def has(self, pair: Pair) -> bool:
        """Does either side stand in the forbidden sentences?"""
        return key(pair.source) in self.source or (pair.language, key(pair.target)) in self.target


def load(corpora: Path) -> Pairs:
    """The split of all languages together."""
    rows = [row for language in FILES for row in read(corpora, language)]
    kept_out = banned([row.pair for row in rows if row.split != "train"] + [pair for pair, _ in gold()])
    everyday = [row for row in rows if row.origin.startswith(EVERYDAY)]
    return Pairs(
        train=distinct(
            row.pair
            for row in everyday
            if row.split == "train" and length(row.pair) <= LONGEST and not kept_out.has(row.pair)
        ),
        dev=distinct(row.pair for row in everyday if row.split == "dev"),
        test=distinct(row.pair for row in everyday if row.split == "test"),
    )


def read(corpora: Path, language: str) -> Iterator[Row]:
    """Every line of one language's file, cleaned."""
    with gzip.open(corpora / FILES[language], "rt", encoding="utf-8") as file:
        for line in file:
            source, target, origin, split = line.rstrip("\n").split("\t")
            yield Row(Pair(clean(source), clean(target), language), origin, split)


def gold() -> tuple[tuple[Pair, str], ...]:
    """The hand-aligned pairs with their links, 'word=word' with the translation's word first, in the order of the
    file.
    """
    entries = json.loads(GOLD.read_text(encoding="utf-8"))
    return tuple((Pair(entry["source"], entry["target"], entry["language"]), entry["links"]) for entry in entries)


def banned(pairs: Iterable[Pair]) -> Banned:
    """What must not be trained on, from pairs that are measured on."""
    listed = tuple(pairs)
    return Banned(
        frozenset(key(pair.source) for pair in listed), frozenset((pair.language, key(pair.target)) for pair in listed)
    )


def clean(text: str) -> str:
    """NFC, one kind of apostrophe, plain single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).replace("’", "'").split())


def length(pair: Pair) -> int:
    """Words and punctuation marks of the longer side."""
    return max(len(_SIGN.findall(pair.source)), len(_SIGN.findall(pair.target)))


def distinct(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """Without repetitions, in order."""
    return tuple(dict.fromkeys(pairs))
