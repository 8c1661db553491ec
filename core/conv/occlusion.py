"""Hiding one word at a time and reading again: what each word did for the verdict, whatever weight it has. And how two
orders of words agree.

Occlusion (Zeiler & Fergus 2014; "leave one out": Li, Monroe & Jurafsky 2016): logit − logit without the word; above 0,
the word spoke for praise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..rank_correlation import spearman
from .classifier import Classifier, TextVerdict, logits
from .model import UNKNOWN

LEAST_WORDS = 3
"""Words below which an agreement of orders is not computed: of two it is always 1 or −1."""


def occlusion(classifier: Classifier, verdict: TextVerdict, positions: Sequence[int] | None = None) -> np.ndarray:
    """(position,) float64 nats: the logit less that of the text whose word at that position is the unknown word.
    positions: default all of them.

    A word that is unknown already changes nothing: exactly 0. Training hid words in the same way, so that the model
    knows such texts."""
    positions = range(len(verdict.ids)) if positions is None else positions
    if not len(positions):
        return np.zeros(0)
    rows = [list(verdict.ids)] + [
        [UNKNOWN if i == position else word_id for i, word_id in enumerate(verdict.ids)] for position in positions
    ]
    nats = logits(classifier, rows)
    return nats[0] - nats[1:]


def agreement(first: np.ndarray, second: np.ndarray) -> float | None:
    """Spearman's rank correlation of two numbers per word, −1 … 1, ties sharing their mean rank; None with fewer than
    `LEAST_WORDS` words or where all are equal.
    """
    first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if len(first) < LEAST_WORDS:
        return None
    return spearman(first, second)
