"""Token ids for the translator: the language token, batches of pairs of nearly one length, padding.

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
# About a hundred and fifty pairs: fewer would spend the time on Muon's matrices, more would leave too few steps.
TOKENS = 3_072  # padded source and target tokens of a batch
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
    """Pass i shuffles anew: every pair as often as REPEATS says, in batches of nearly one length."""
    encoded = repeated(made, found)
    return lambda index: batches(encoded, 1_000 * seed + index, tokens)


def repeated(made: PreTrainedTokenizerFast, found: Sequence[pairs.Pair]) -> list[Ids]:
    """The ids of one pass, in the order of the pairs: each as often as REPEATS says."""
    encoded = zip(found, encode(made, found), strict=True)
    return [ids for pair, ids in encoded for _ in range(pairs.REPEATS[pair.language])]


def batches(encoded: Sequence[Ids], seed: int, tokens: int = TOKENS) -> Iterator[Batch]:
    """Batches of at most `tokens` padded tokens; sorted by length inside a pool, pools and batches shuffled."""
    rng = random.Random(seed)
    shuffled = rng.sample(list(encoded), len(encoded))
    total = sum(len(source) + len(target) for source, target in shuffled)
    pools = max(1, total // (tokens * POOL))
    for start in range(pools):
        groups = grouped(sorted(shuffled[start::pools], key=lambda ids: (len(ids[1]), len(ids[0]))), tokens)
        rng.shuffle(groups)
        yield from map(batch, groups)


def grouped(ordered: Sequence[Ids], tokens: int) -> list[list[Ids]]:
    """Neighbours together while their padded size stays within `tokens`; every pair in exactly one group."""
    groups: list[list[Ids]] = []
    current: list[Ids] = []
    widest = (0, 0)
    for ids in ordered:
        wider = (max(widest[0], len(ids[0])), max(widest[1], len(ids[1])))
        if current and (len(current) + 1) * sum(wider) > tokens:
            groups.append(current)
            current, wider = [], (len(ids[0]), len(ids[1]))
        current.append(ids)
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
