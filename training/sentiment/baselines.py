"""What the classifier is compared with: the commoner label, a logistic regression over words, and one over an encoder's
states (the probe).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

from core.conv.linear_probe import LinearProbe, means
from core.conv.model import UNKNOWN
from core.conv.vocabulary import WordIds, words_of
from core.models.loading import LanguageModel
from core.text.tokens import encode
from training.sentiment.written import Review

PENALTY = 1e-4  # of the squared weights, beside the mean loss
Judge = Callable[[Sequence[Review]], np.ndarray]
"""Logits of reviews, (review,) nats: above 0 is praise."""


@dataclass(frozen=True)
class Linear:
    """logit = x · direction + bias."""

    direction: np.ndarray
    bias: float


def logistic(x: np.ndarray | sparse.csr_matrix, labels: np.ndarray, *, penalty: float = PENALTY) -> Linear:
    """Minimum of mean log(1 + e^{−s(x·d + b)}) + penalty · |d|², s = ±1: convex, so the same for every start. x (item,
    feature).
    """
    signs = np.where(labels, 1.0, -1.0)

    def loss(point: np.ndarray) -> tuple[float, np.ndarray]:
        direction, bias = point[:-1], point[-1]
        margins = signs * (x @ direction + bias)
        pull = -signs / (1 + np.exp(np.clip(margins, -500, 500))) / len(signs)
        slope = np.append(x.T @ pull + 2 * penalty * direction, pull.sum())
        return float(np.logaddexp(0, -margins).mean() + penalty * direction @ direction), slope

    found = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return Linear(found[:-1], float(found[-1]))


def bag(reviews: Sequence[Review], words: WordIds) -> sparse.csr_matrix:
    """(review, vocabulary) 0 or 1: which known words stand in it, in whatever order."""
    rows, columns = [], []
    for place, one in enumerate(reviews):
        found = {index for index in words.ids(words_of(one.text)) if index != UNKNOWN}
        rows += [place] * len(found)
        columns += sorted(found)
    return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(reviews), len(words)))


def bag_of_words(train: Sequence[Review], words: WordIds) -> Judge:
    """A logistic regression over the bag."""
    fitted = logistic(bag(train, words), labels(train))
    return lambda reviews: bag(reviews, words) @ fitted.direction + fitted.bias


def states(lm: LanguageModel, reviews: Sequence[Review]) -> np.ndarray:
    """(review, model) float64: the means that the probe reads, of whole texts."""
    tokens = [encode(lm.tokenizer, one.text) for one in reviews]
    return means(lm, [one.ids for one in tokens], [one.special for one in tokens])


def probe(lm: LanguageModel, train: Sequence[Review]) -> LinearProbe:
    """Fitted on standardised means, then written as one vector over the means themselves, rounded to what is shipped
    (float16 would lose digits: float32).
    """
    x = states(lm, train)
    centre, size = x.mean(0), x.std(0) + 1e-9
    fitted = logistic((x - centre) / size, labels(train), penalty=1e-3)
    direction = (fitted.direction / size).astype(np.float32).astype(np.float64)
    return LinearProbe(direction, float(np.float32(fitted.bias - centre @ (fitted.direction / size))))


def labels(reviews: Sequence[Review]) -> np.ndarray:
    """(review,) bool: praise."""
    return np.array([one.positive for one in reviews])
