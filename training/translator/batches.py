"""Token ids for the translator: the language token, batches of nearly one length with both languages, padding.

No model, no optimiser, no file: pairs come from pairs.py, the loss is in translator.py.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from transformers import PreTrainedTokenizerFast

from training.translator import pairs, tokenizer

IGNORED = -100
# Nearly two hundred pairs: fewer would spend the time on Muon's matrices, more would leave too few steps.
TOKENS = 4_096  # padded source and target tokens of a batch
POOL = 64  # batches whose pairs are sorted by length together


@dataclass(frozen=True, eq=False)
class Batch:
    """source, given, labels: int64 (pair, position); labels IGNORED on padding; attention: int64, or None without
    padding.
    """

    source: torch.Tensor
    attention: torch.Tensor | None
    given: torch.Tensor
    labels: torch.Tensor

    def size(self) -> int:
        """Source and target tokens, padding not counted."""
        read = self.source.numel() if self.attention is None else int(self.attention.sum())
        return read + int((self.labels != IGNORED).sum())

    def asks(self) -> bool:
        """A translation always asks for its words."""
        return True


Ids = tuple[list[int], list[int]]
"""Source ids (language token first, end last) and target ids (end last)."""
Couple = tuple[Ids, ...]
"""Pairs that stay in one batch: one of each language, of nearly one length; or one alone."""


def encode(made: PreTrainedTokenizerFast, found: Sequence[pairs.Pair]) -> list[Ids]:
    """Ids of both sides of every pair, straight from the Rust tokenizer."""
    backend = made.backend_tokenizer
    backend.no_padding()
    backend.no_truncation()
    sources = backend.encode_batch_fast([prompt(pair.source, pair.language) for pair in found])
    targets = backend.encode_batch_fast([pair.target for pair in found])
    return [(source.ids, target.ids) for source, target in zip(sources, targets, strict=True)]


def prompt(sentence: str, language: str) -> str:
    """What the encoder reads: the language token, then the English sentence."""
    return f"{tokenizer.LANGUAGES[language]} {sentence}"


def passes(
    found: Sequence[pairs.Pair], made: PreTrainedTokenizerFast, seed: int, tokens: int = TOKENS
) -> Callable[[int], Iterator[Batch]]:
    """Pass i shuffles anew: every pair as many times as it says, in batches of nearly one length, half of each
    language.
    """
    encoded = [
        repeated(made, [pair for pair in found if pair.language == language]) for language in tokenizer.LANGUAGES
    ]
    return lambda index: batches(couples(*encoded, seed=1_000 * seed + index), 1_000 * seed + index, tokens)


def couples(one: Sequence[Ids], other: Sequence[Ids], *, seed: int) -> list[Couple]:
    """Each of the shorter list with one of the other, of about the same rank by length; the rest of the longer list
    alone.
    """
    rng = random.Random(seed)
    few, many = sorted((_by_length(one, rng), _by_length(other, rng)), key=len)
    places = [place * len(many) // len(few) for place in range(len(few))]
    alone = set(range(len(many))) - set(places)
    return [(ids, many[place]) for ids, place in zip(few, places, strict=True)] + [
        (many[place],) for place in sorted(alone)
    ]


def repeated(made: PreTrainedTokenizerFast, found: Sequence[pairs.Pair]) -> list[Ids]:
    """The ids of one pass, in the order of the pairs: each as many times as it says."""
    encoded = zip(found, encode(made, found), strict=True)
    return [ids for pair, ids in encoded for _ in range(pair.times)]


def batches(found: Sequence[Couple], seed: int, tokens: int = TOKENS) -> Iterator[Batch]:
    """Batches of at most `tokens` padded tokens; sorted by length inside a pool, pools and batches shuffled."""
    rng = random.Random(seed)
    shuffled = rng.sample(list(found), len(found))
    total = sum(len(source) + len(target) for couple in shuffled for source, target in couple)
    pools = max(1, total // (tokens * POOL))
    for start in range(pools):
        groups = grouped(sorted(shuffled[start::pools], key=_widths), tokens)
        rng.shuffle(groups)
        yield from map(batch, groups)


def grouped(ordered: Sequence[Couple], tokens: int) -> list[list[Ids]]:
    """Neighbours together while their padded size stays within `tokens`; every pair in exactly one group."""
    groups: list[list[Ids]] = []
    current: list[Ids] = []
    widest = (0, 0)
    for couple in ordered:
        target, source = _widths(couple)
        wider = (max(widest[0], source), max(widest[1], target))
        if current and (len(current) + len(couple)) * sum(wider) > tokens:
            groups.append(current)
            current, wider = [], (source, target)
        current.extend(couple)
        widest = wider
    return [*groups, current] if current else groups


def batch(group: Sequence[Ids], start: int = 1, filler: int = 0) -> Batch:
    """Right-padded ids; the decoder is given `start` and the target without its last token."""
    source = _padded([ids[0] for ids in group], filler)
    attention = (source != filler).long()
    return Batch(
        source,
        None if bool(attention.all()) else attention,
        _padded([[start, *ids[1][:-1]] for ids in group], filler),
        _padded([ids[1] for ids in group], IGNORED),
    )


def _padded(rows: Sequence[Sequence[int]], filler: int) -> torch.Tensor:
    width = max(map(len, rows))
    return torch.tensor([[*row, *[filler] * (width - len(row))] for row in rows])


def _by_length(found: Sequence[Ids], rng: random.Random) -> list[Ids]:
    """Shuffled, then by the length of target and source."""
    return sorted(rng.sample(list(found), len(found)), key=lambda ids: (len(ids[1]), len(ids[0])))


def _widths(couple: Couple) -> tuple[int, int]:
    """Tokens of its longest target and of its longest source."""
    return max(len(target) for _, target in couple), max(len(source) for source, _ in couple)
