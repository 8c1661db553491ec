"""What is measured of the classifier and of those it is compared with: accuracy by set, and whether the attention
orders words as hiding them does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from core.conv.classifier import Classifier, classify, logits
from core.conv.linear_probe import LinearProbe, probe_text
from core.conv.model import UNKNOWN
from core.conv.occlusion import agreement, occlusion
from core.conv.vocabulary import words_of
from core.conv.window import seen_by
from core.models.loading import LanguageModel
from training.common.numbers import Number, mean, rate
from training.sentiment.baselines import Judge, labels
from training.sentiment.written import Review

TOGETHER = 128


def judge(classifier: Classifier) -> Judge:
    """The classifier's logits, `TOGETHER` texts at a time."""

    def of(reviews: Sequence[Review]) -> np.ndarray:
        rows = [classifier.words.ids(words_of(one.text)) for one in reviews]
        return np.concatenate(
            [logits(classifier, rows[start : start + TOGETHER]) for start in range(0, len(rows), TOGETHER)]
        )

    return of


def accuracy(asked: Judge, reviews: Sequence[Review]) -> Number:
    """Share of reviews on the right side, with Wilson's interval."""
    right = (asked(reviews) > 0) == labels(reviews)
    return rate(int(right.sum()), len(reviews))


def accuracies(judges: Mapping[str, Judge], sets: Mapping[str, Sequence[Review]]) -> dict[str, dict[str, Number]]:
    """By judge, by set; and the part of the written ones that holds a word of negation."""
    every = {**sets, "negated": [one for one in sets["written"] if one.negated]}
    return {name: {part: accuracy(asked, reviews) for part, reviews in every.items()} for name, asked in judges.items()}


def majority(reviews: Sequence[Review]) -> float:
    """Share of the commoner label."""
    share = float(labels(reviews).mean())
    return max(share, 1 - share)


def unknown(classifier: Classifier, reviews: Sequence[Review]) -> Number:
    """Share of words that the classifier does not know."""
    ids = [index for one in reviews for index in classifier.words.ids(words_of(one.text))]
    return rate(sum(index == UNKNOWN for index in ids), len(ids))


def orders(
    classifier: Classifier, lm: LanguageModel, probe: LinearProbe, reviews: Sequence[Review]
) -> dict[str, Number]:
    """Means over the reviews of Spearman's correlation between words' numbers; a review for which one cannot be
    computed is left out.
    """
    found: dict[str, list[float]] = {
        name: [] for name in ("attention_occlusion", "windows_occlusion", "parts_occlusion", "classifier_encoder")
    }
    for one in reviews:
        for name, value in _orders(classifier, lm, probe, one.text):
            if value is not None:
                found[name].append(value)
    return {name: mean(values) for name, values in found.items()}


def _orders(
    classifier: Classifier, lm: LanguageModel, probe: LinearProbe, text: str
) -> Iterator[tuple[str, float | None]]:
    verdict = classify(classifier, text)
    fell = occlusion(classifier, verdict)
    yield "attention_occlusion", agreement(verdict.attention, np.abs(fell))
    yield "windows_occlusion", agreement(seen_by(verdict, classifier.model.sizes.window), np.abs(fell))
    yield "parts_occlusion", agreement(np.abs(verdict.by_position), np.abs(fell))
    other = probe_text(lm, probe, text)
    if other.words == verdict.words:
        yield "classifier_encoder", agreement(fell, other.occlusion)


def spread(classifier: Classifier, reviews: Sequence[Review]) -> dict[str, Any]:
    """How far the attention is from even: the mean of n · max α, and how often its first word is also the one whose
    hiding changes most.
    """
    verdicts = [classify(classifier, one.text) for one in reviews]
    times = [float(one.attention.max() * len(one.words)) for one in verdicts]
    same = [int(one.attention.argmax() == np.abs(occlusion(classifier, one)).argmax()) for one in verdicts]
    chance = float(np.mean([1 / len(one.words) for one in verdicts]))
    return {
        "largest_times_even": mean(times),
        "same_first_word": rate(sum(same), len(same)),
        "same_first_word_by_chance": round(chance, 4),
    }
