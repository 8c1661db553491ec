"""The agreement cloze: masked determiners, attributive adjectives and predicates of the treebanks' test sentences.

Each item masks one word of a real sentence and lets it compete with the same lemma in another gender or number; right
is the form that was there. Items need every form to be a single token. Only the items are made here; asking and
counting are probes.py's and evaluate.py's."""

from __future__ import annotations

import gzip
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from training.common.probes import Cloze

Slot = Literal["determiner", "attributive", "predicate"]
DETERMINERS: tuple[tuple[str, str, str, str], ...] = (
    ("o", "a", "os", "as"),
    ("um", "uma", "uns", "umas"),
    ("este", "esta", "estes", "estas"),
    ("esse", "essa", "esses", "essas"),
    ("aquele", "aquela", "aqueles", "aquelas"),
    ("meu", "minha", "meus", "minhas"),
    ("seu", "sua", "seus", "suas"),
    ("nosso", "nossa", "nossos", "nossas"),
    ("outro", "outra", "outros", "outras"),
    ("todo", "toda", "todos", "todas"),
)
_PARADIGM = {form: forms for forms in DETERMINERS for form in forms}


@dataclass(frozen=True)
class Word:
    """One row of CoNLL-U with its place in the sentence's text."""

    index: str
    form: str
    lemma: str
    tag: str
    features: dict[str, str]
    head: str
    relation: str
    start: int
    end: int


def sentences(path: Path) -> Iterator[tuple[str, str, list[Word]]]:
    """(treebank, text, words) of a gzipped CoNLL-U file; words inside a contraction ('da') are left out, having no
    place of their own.
    """
    treebank, text, rows = "", "", []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in (*file, "\n"):
            line = line.rstrip("\n")
            if line.startswith("# treebank = "):
                treebank = line[13:]
            elif line.startswith("# text = "):
                text = line[9:]
            elif line and not line.startswith("#"):
                rows.append(line.split("\t"))
            elif not line and rows:
                yield treebank, text, _placed(text, rows)
                rows = []


def _placed(text: str, rows: list[list[str]]) -> list[Word]:
    words, cursor, inside = [], 0, set()
    for row in rows:
        if "." in row[0] or row[0] in inside:
            continue
        start = text.find(row[1], cursor)
        if start < 0:
            return words
        cursor = start + len(row[1])
        if "-" in row[0]:
            first, last = map(int, row[0].split("-"))
            inside = {str(i) for i in range(first, last + 1)}
            continue
        features = dict(pair.split("=", 1) for pair in row[5].split("|") if "=" in pair)
        words.append(Word(row[0], row[1], row[2], row[3], features, row[6], row[7], start, cursor))
    return words


def slot_of(word: Word, words: Iterable[Word]) -> Slot | None:
    """Which of the three a word is, if any. A predicate has a copula or, for a participle, a passive auxiliary of its
    own.
    """
    if word.tag == "DET" and word.relation == "det" and word.form in _PARADIGM:
        return "determiner"
    inflected = "Gender" in word.features and "Number" in word.features and word.form.islower()
    participle = word.tag == "VERB" and word.features.get("VerbForm") == "Part"
    if not inflected or not (word.tag == "ADJ" or participle):
        return None
    if word.tag == "ADJ" and word.relation == "amod":
        return "attributive"
    helped = any(w.head == word.index and w.relation in ("cop", "aux:pass") for w in words)
    return "predicate" if helped else None


def options_of(word: Word, slot: Slot) -> tuple[str, ...]:
    """The right form, its opposite gender, its opposite number; () where the word is not one of the regular
    -o/-a/-os/-as.
    """
    if slot == "determiner":
        table = _PARADIGM[word.form]
    else:
        ending = next(
            (e for e in ("os", "as", "o", "a") if word.form.endswith(e) and len(word.form) > len(e) + 1), None
        )
        if ending is None:
            return ()
        stem = word.form[: -len(ending)]
        table = (stem + "o", stem + "a", stem + "os", stem + "as")
    place = table.index(word.form)
    return (word.form, table[place ^ 1], table[place ^ 2])


def items(path: Path, vocabulary: Iterable[str], limit: int = 60) -> dict[tuple[Slot, str], list[Cloze]]:
    """Clozes by (slot, treebank): right form against its opposite gender and number, all of them in the vocabulary.

    Sentences of more than `limit` words are skipped, so that every item fits in short positions.
    """
    known = frozenset(vocabulary)
    found: dict[tuple[Slot, str], list[Cloze]] = defaultdict(list)
    for treebank, text, words in sentences(path):
        if len(words) > limit or "[" in text:
            continue
        for word in words:
            slot = slot_of(word, words)
            options = options_of(word, slot) if slot else ()
            if options and known.issuperset(options):
                masked = f"{text[: word.start]}[MASK]{text[word.end :]}"
                found[slot, treebank].append(Cloze(masked, options, options[:1]))
    return found


def sampled(path: Path, vocabulary: Iterable[str], most: int) -> Iterator[tuple[tuple[Slot, str], list[Cloze]]]:
    """((slot, treebank), clozes) in order; where there are more than ``most``, a sample of them, always the same."""
    for place, clozes in sorted(items(path, vocabulary).items()):
        yield place, random.Random(0).sample(clozes, most) if len(clozes) > most else clozes
