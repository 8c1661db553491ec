"""English sentences with their French and Portuguese translations: the sources, what must stay out, and the split.

The corpora folder holds `pairs_en_fr.tsv.gz` and `pairs_en_pt.tsv.gz`: English, translation, source, split. Only
everyday sources (Tatoeba) and pairs that are not long are learned from; the dev part chooses, the test part is only
measured. `pairs_en_pt_distilled.tsv.gz`, whose Portuguese a small translation model wrote, and the sentences of
words.py are only learned from. The gold of the alignments (alignment_gold.json) and what a class types (classroom.py)
are kept out. Token ids and batches are in batches.py."""

from __future__ import annotations

import gzip
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.coreference.learned import words_and_marks
from training import classroom
from training.common.contracted_no import Followers, restored
from training.common.corpus import key
from training.translator import words

FILES = {"fra": "pairs_en_fr.tsv.gz", "por": "pairs_en_pt.tsv.gz"}
DISTILLED = "pairs_en_pt_distilled.tsv.gz"
EVERYDAY = "tatoeba"  # how the name of every everyday source begins
LONGEST = 26  # words and punctuation marks, on either side
REPEATS = {"fra": 1, "por": 3}  # of what people wrote, in a pass: there is an eighth as much Portuguese
DRAWN = 6_000  # sentences around words of a class
GOLD = Path(__file__).with_name("alignment_gold.json")


@dataclass(frozen=True)
class Pair:
    """One English sentence and one translation of it; `language` is fra or por, `times` how often a pass shows it."""

    source: str
    target: str
    language: str
    times: int = 1


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


def load(corpora: Path, *, drawn: int = DRAWN) -> Pairs:
    """The split of all languages together, with `drawn` sentences around words of a class."""
    rows = [row for language in FILES for row in read(corpora, language)]
    kept_out = banned([row.pair for row in rows if row.split != "train"] + [pair for pair, _ in gold()])
    everyday = [row for row in rows if row.origin.startswith(EVERYDAY)]
    people = [replace(row.pair, times=REPEATS[row.pair.language]) for row in everyday if row.split == "train"]
    return Pairs(
        train=distinct(
            pair
            for pair in (*people, *distilled(corpora), *written(drawn))
            if length(pair) <= LONGEST and not kept_out.has(pair)
        ),
        dev=distinct(row.pair for row in everyday if row.split == "dev"),
        test=distinct(row.pair for row in everyday if row.split == "test"),
    )


def read(corpora: Path, language: str) -> Iterator[Row]:
    """Every line of one language's file, cleaned."""
    yield from _rows(corpora / FILES[language], language)


def distilled(corpora: Path) -> Iterator[Pair]:
    """The pairs whose Portuguese was written by a model, with the "no" that it wrote as "não"; nothing where the file
    is missing.
    """
    if not (corpora / DISTILLED).exists():
        return
    followers = Followers.of(row.pair.target for row in read(corpora, "por") if row.split == "train")
    for row in _rows(corpora / DISTILLED, "por"):
        if row.split == "train":
            yield replace(row.pair, target=restored(row.pair.target, followers, row.pair.source))


def written(drawn: int) -> Iterator[Pair]:
    """The sentences around words of a class, in both languages."""
    for english, french, portuguese in words.sentences(drawn) if drawn else ():
        yield Pair(clean(english), clean(french), "fra")
        yield Pair(clean(english), clean(portuguese), "por")


def gold() -> tuple[tuple[Pair, str], ...]:
    """The hand-aligned pairs with their links, 'word=word' with the translation's word first, in the order of the
    file.
    """
    entries = json.loads(GOLD.read_text(encoding="utf-8"))
    return tuple((Pair(entry["source"], entry["target"], entry["language"]), entry["links"]) for entry in entries)


def banned(pairs: Iterable[Pair]) -> Banned:
    """What must not be trained on: either side of pairs that are measured on, and the English of a class."""
    listed = tuple(pairs)
    return Banned(
        frozenset(key(text) for text in (*classroom.ENGLISH, *(pair.source for pair in listed))),
        frozenset((pair.language, key(pair.target)) for pair in listed),
    )


def clean(text: str) -> str:
    """NFC, one kind of apostrophe, plain single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).replace("’", "'").split())


def length(pair: Pair) -> int:
    """Words and punctuation marks of the longer side."""
    return max(words_and_marks(pair.source), words_and_marks(pair.target))


def distinct(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """Without repetitions, in order."""
    return tuple(dict.fromkeys(pairs))


def held_out(found: Pairs) -> dict[str, Any]:
    """What training must not see, as a document: of dev, test and gold how many pairs and a digest of their words; the
    English of a class in full.
    """
    parts = {"dev": found.dev, "test": found.test, "alignment_gold": [pair for pair, _ in gold()]}
    return {name: {"pairs": len(some), "sha256": _digest(some)} for name, some in parts.items()} | {
        "classroom": list(classroom.ENGLISH)
    }


def _digest(found: Iterable[Pair]) -> str:
    lines = sorted("\t".join((pair.language, key(pair.source), key(pair.target))) for pair in found)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _rows(path: Path, language: str) -> Iterator[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            source, target, origin, split = line.rstrip("\n").split("\t")
            yield Row(Pair(clean(source), clean(target), language), origin, split)
