"""Where the translator's word vectors start: from which words occur in each other's translations.

Positive pointwise mutual information between source and target entries over the training pairs, reduced by a truncated
singular value decomposition (Levy & Goldberg 2014 do so within one language): a word of the encoder and its translation
in the decoder begin close to each other. Only the vectors begin that way; every other weight begins at random, and
nothing tells a head where to look."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

NORM = 1.0  # length of a vector; Marian multiplies it by √width before adding positions
SHRINK = 2.0  # pairs that are subtracted, in effect, from the weight of a rare coincidence
CHUNK = 20_000


def vectors(
    encoded: Sequence[tuple[list[int], list[int]]], entries: int, width: int, seed: int = 0
) -> tuple[torch.Tensor, torch.Tensor]:
    """What the encoder and what the decoder begins with, each (entries, width) float32, rows of length NORM.

    `encoded`: source and target ids of each pair, as often as a pass shows it. An entry that one side never holds
    begins at random there.
    """
    together, source, target = counts(encoded, entries)
    information = surplus(together, source, target, len(encoded))
    torch.manual_seed(seed)
    left, strength, right = torch.svd_lowrank(information, q=width, niter=2)
    return _side(left * strength.sqrt()), _side(right * strength.sqrt())


def counts(
    encoded: Sequence[tuple[list[int], list[int]]], entries: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Pairs that hold a source and a target entry (source, target), and pairs that hold each entry on either side;
    float32.
    """
    together = torch.zeros(entries * entries)
    sides = [torch.zeros(entries), torch.zeros(entries)]
    for start in range(0, len(encoded), CHUNK):
        some = [(np.unique(source), np.unique(target)) for source, target in encoded[start : start + CHUNK]]
        places = np.concatenate([np.add.outer(source * entries, target).ravel() for source, target in some])
        where, seen = np.unique(places, return_counts=True)
        together[torch.from_numpy(where)] += torch.from_numpy(seen).float()
        for side, total in enumerate(sides):
            ids = np.concatenate([pair[side] for pair in some])
            total += torch.from_numpy(np.bincount(ids, minlength=entries)).float()
    return together.view(entries, entries), sides[0], sides[1]


def surplus(together: torch.Tensor, source: torch.Tensor, target: torch.Tensor, pairs: int) -> torch.Tensor:
    """max(0, log(n(s, t) N / (n(s) n(t)))) · n(s, t) / (n(s, t) + SHRINK), in nats; 0 where nothing occurs together."""
    expected = source.unsqueeze(1) * target.unsqueeze(0) / pairs
    information = (together / expected.clamp_min(1e-9)).clamp_min(1e-9).log_().clamp_min_(0)
    return information.mul_(together / (together + SHRINK))


def _side(rows: torch.Tensor) -> torch.Tensor:
    found = _unit(rows)
    unseen = found.norm(dim=1) < 1e-6
    found[unseen] = torch.randn(int(unseen.sum()), rows.shape[1])
    return NORM * _unit(found)


def _unit(rows: torch.Tensor) -> torch.Tensor:
    return rows / rows.norm(dim=1, keepdim=True).clamp_min(1e-9)
