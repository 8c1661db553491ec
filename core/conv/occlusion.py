"""Hiding one word at a time and reading again: what each word did for the verdict, whatever weight it has. And how two
orders of words agree.

Occlusion (Zeiler & Fergus 2014; "leave one out": Li, Monroe & Jurafsky 2016): logit − logit without the word; above 0,
the word spoke for praise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..rank_correlation import spearman
from .classifier import Classifier, Verdict, logits
from .model import UNKNOWN

LEAST = 3
"""Words below which an agreement of orders is not computed: of two it is always 1 or −1."""


def occlusion(classifier: Classifier, verdict: Verdict, places: Sequence[int] | None = None) -> np.ndarray:
    """(place,) float64 nats: the logit less that of the text whose word at that place is the unknown word. places:
    default every one.

    A word that is unknown already changes nothing: exactly 0. Training hid words in the same way, so that the model
    knows such texts."""
    places = range(len(verdict.ids)) if places is None else places
    if not len(places):
        return np.zeros(0)
    rows = [list(verdict.ids)] + [
        [UNKNOWN if i == place else one for i, one in enumerate(verdict.ids)] for place in places
    ]
    found = logits(classifier, rows)
    return found[0] - found[1:]


def agreement(first: np.ndarray, second: np.ndarray) -> float | None:
    """Spearman's rank correlation of two numbers per word, −1 … 1, ties sharing their mean rank; None with fewer than
    `LEAST` words or where all are equal.
    """
    first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if len(first) < LEAST:
        return None
    return spearman(first, second)
