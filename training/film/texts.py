"""What the film learns from: short real sentences, container stories of the vessels alone, and descriptions.

The film has a mix of its own, apart from batches.one_pass: a model this small can learn agreement and the neighbours,
not the many families of the encoder, and its run must stay the same run when the encoder's recipe grows. Frames and
masking are the shared ones."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from transformers import PreTrainedTokenizerFast

from training.common import agreement, batches, corpus, grammar
from training.common.lexicon import LIQUIDS, PEOPLE, containers, noun

SOURCES = ("tatoeba", "common_voice")  # everyday sentences: the rest is too hard for a model this small
CONTAINERS, DESCRIPTIONS = 0.25, 0.12  # shares of the training sentences
POSITIONS = 64
MIX = batches.Mix(
    tokens=1536, short_limit=POSITIONS, masked=0.2
)  # sizes and masking rates; its shares are not used here


def splits(corpora: Path) -> tuple[corpus.Split, ...]:
    """The short sources; sentences shared with the forbidden sets are out, and one per cent is held out (corpus.py)."""
    banned, seen = corpus.forbidden(corpora), set()
    present = [name for name in SOURCES if name in corpus.sources(corpora)]
    return tuple(corpus.read(corpora, name, banned, seen) for name in present)


def one_pass(texts: Sequence[corpus.Split], made: PreTrainedTokenizerFast, seed: int) -> Iterator[batches.Batch]:
    """Batches of one pass over the real sentences plus fresh generated ones; `seed` decides everything."""
    rng, noise = random.Random(seed), np.random.default_rng(seed)
    real = corpus.sample(texts, rng)
    rows = batches.encode(made, real, limit=POSITIONS, generated=False)
    rows += batches.encode(made, generate(len(real), rng), limit=POSITIONS, generated=True)
    rng.shuffle(rows)
    focus = focus_of(made)
    for group in batches.grouped(rows, MIX, rng):
        yield batches.mask(batches.pad(group, made.pad_token_id), group, made, MIX, focus, noise)


def generate(real: int, rng: random.Random, poured: float = CONTAINERS, described: float = DESCRIPTIONS) -> list[str]:
    """As many generated sentences as give the two kinds their shares beside `real` real ones."""
    total = real / (1 - poured - described)
    stories = [story(rng) for _ in range(round(total * poured))]
    return stories + [agreement.sentence(rng) for _ in range(round(total * described))]


def story(rng: random.Random) -> str:
    """A container story in one of grammar.FRAMES, with a pair of vessels of the training split in either direction."""
    first, second = rng.sample(rng.choice(_train_pairs()), 2)
    pour = grammar.Pour(rng.choice(PEOPLE), rng.choice(LIQUIDS), noun(first), noun(second), rng.choice(grammar.VERBS))
    state = rng.choice(("full", "empty"))
    opening = grammar.filling if rng.random() < 0.2 else grammar.event
    frame = rng.choice(grammar.FRAMES)
    if frame == "question":
        return grammar.question(pour, state, opening, neutral=rng.random() < 0.5)
    if frame == "noun":
        return grammar.noun_subject(pour, state, opening)
    if frame == "pronoun":
        return grammar.pronoun_subject(pour, state, opening)
    if frame == "outcome":
        return grammar.outcome(pour, state)
    until = rng.choice((grammar.UNTIL[0], grammar.UNTIL[0], *grammar.UNTIL))
    return grammar.null_subject(pour, state, until, grammar.filling if frame == "filling" else grammar.event)


def focus_of(made: PreTrainedTokenizerFast) -> batches.Focus:
    """The ids that generated sentences are masked by: the four adjectives, the vessels and the nouns of the
    descriptions.
    """
    described = [word for kind in agreement.KINDS for word in (*kind.masculine, *kind.feminine)]
    nouns = [*(entry.text for entry in containers().train_nouns), *described]
    adjectives = list(grammar.ADJECTIVES.values())
    return batches.Focus(*(np.array(made.convert_tokens_to_ids(words)) for words in (adjectives, nouns)))


@cache
def _train_pairs() -> tuple[list[str], ...]:
    return tuple(sorted(sorted(pair) for pair in containers().train_pairs))
