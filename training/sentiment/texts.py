"""Which sentences train the classifier and which test it: generated ones by seed, the written ones, and the two kinds
of generated novelty.

All is deterministic by seed. No training sentence has the words of a written one, or of a generated test sentence
(compared without case and marks). Not here: how a sentence is made."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence

from core.conv.vocabulary import WordIds, words_of
from training.common.corpus import key
from training.sentiment.clauses import TURNED, UNSEEN, Weighted, World, world
from training.sentiment.grammar import sentence
from training.sentiment.written import DEV, HELD_OUT, Review

TRAIN, TEST = 40_000, 1_000
SEED = 11
COMMON = 2  # a word seen less often is unknown


def splits(size: int = TRAIN, seed: int = SEED, *, tests: int = TEST) -> tuple[list[Review], dict[str, list[Review]]]:
    """(training sentences, test sentences by name): generated: of the same clauses; clauses: of clauses never trained;
    turned: of such clauses that turn their adjective around; words: with adjectives never trained; written: by hand.
    Half of each is praise."""
    written = {key(one.text) for one in (*HELD_OUT, *DEV)}
    test = {
        "generated": _take(tests, seed + 1, written),
        "clauses": _take(tests, seed + 2, written, clauses=UNSEEN, alone=True),
        "turned": _take(tests, seed + 3, written, clauses=TURNED, alone=True),
        "words": _with_unseen(tests, seed + 4, written),
    }
    taken = written | {key(one.text) for found in test.values() for one in found}
    return _take(size, seed, taken), test | {"written": list(HELD_OUT)}


def vocabulary(train: Sequence[Review]) -> WordIds:
    """The words that training sentences have at least `COMMON` times, in the order of the alphabet."""
    counts = Counter(word.lower() for one in train for word in words_of(one.text))
    return WordIds(("<pad>", "<unk>", *sorted(word for word, n in counts.items() if n >= COMMON)))


def _take(
    n: int,
    seed: int,
    forbidden: set[str],
    *,
    words: World | None = None,
    clauses: Weighted | None = None,
    alone: bool = False,
) -> list[Review]:
    found, options = [], {} if clauses is None else {"clauses": clauses}
    for one in _stream(seed, words=words, alone=alone, **options):
        if key(one.text) not in forbidden:
            found.append(one)
        if len(found) == n:
            return found
    raise AssertionError("the stream does not end")


def _with_unseen(n: int, seed: int, forbidden: set[str]) -> list[Review]:
    """One clause each whose only adjectives are unseen ones; clauses without an adjective are passed over."""
    words = world(unseen_words=True)
    forms = {form for found in words.adjectives.values() for one in found for form in one.forms}
    kept: list[Review] = []
    for one in _stream(seed, words=words, alone=True):
        if forms & {word.lower() for word in words_of(one.text)} and key(one.text) not in forbidden:
            kept.append(one)
        if len(kept) == n:
            return kept
    raise AssertionError("the stream does not end")


def _stream(seed: int, **options) -> Iterator[Review]:
    """Praise and blame in turn."""
    rng, positive = random.Random(seed), True
    while True:
        yield Review(sentence(rng, positive, **options), positive)
        positive = not positive
