"""Does a head follow a syntactic relation, and does it do better than a fixed step to the left or right?

    hit        the word that a head looks at most, of all other words of the sentence, is the other end of the arc
    accuracy   hits / arcs of the relation       (after Clark et al. 2019, §4.2, who also ask in both directions)
    gain       accuracy − that of the best fixed offset, in written words

The head, its direction (who looks: the dependent or its head) and the offset are chosen on one set of sentences and
scored on another; intervals are a bootstrap over sentences. In Portuguese an article is nearly always right before its
noun, so accuracy alone says little. Departures from Clark: special tokens, and the word itself, are not counted as
looked at; in a left-to-right model only arcs whose other end stands before are asked, and the offset with them. Not
here: reading treebanks (conllu.py), running models over many sentences (batches.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from ..intervals import Estimate
from ..text.tokens import Tokens
from .conllu import Parsed

Looker = Literal["dependent", "head"]
LOOKERS: tuple[Looker, ...] = get_args(Looker)
_REACH = 8  # words: offsets from −REACH to REACH
LEAST_ARCS = 50  # arcs on either side: a relation with fewer is not judged
_DRAWS = 1000


@dataclass(frozen=True, eq=False)
class ArcQuestions:
    """Every arc that could be asked. sentence, relation: (arc,); offset: (arc, looker) in written words, who is looked
    at less who looks;
    able: (arc, looker) whether it may be seen at all; hits: (arc, looker, layer, head)."""

    sentence: np.ndarray
    relation: np.ndarray
    offset: np.ndarray
    able: np.ndarray
    hits: np.ndarray

    def of(self, relation: str, looker: Looker) -> np.ndarray:
        """Indices of the arcs of a relation that this looker can be asked."""
        return np.flatnonzero((self.relation == relation) & self.able[:, LOOKERS.index(looker)])


@dataclass(frozen=True)
class JudgedRelation:
    """One relation. n: arcs scored; head: (layer, head); accuracy, baseline, gain: shares 0 … 1 on the second set;
    offset: of the baseline.
    """

    relation: str
    n: int
    looker: Looker
    head: tuple[int, int]
    accuracy: Estimate
    offset: int
    baseline: float
    gain: Estimate


def arc_questions(
    sentences: Sequence[Parsed], most_seen_words: Iterable[tuple[int, Tokens, np.ndarray]], *, causal: bool
) -> ArcQuestions:
    """Collects the hits of every arc.

    most_seen_words: (sentence, tokens, most_seen of its word × word maps) of the sentences that were read."""
    rows: list[tuple[int, str, list[int], list[bool]]] = []
    hits: list[np.ndarray] = []
    for index, tokens, most in most_seen_words:
        for relation, looks, others in _arcs(sentences[index], tokens):
            able = [not causal or other <= looking for looking, other in zip(looks, others, strict=True)]
            rows.append(
                (index, relation, [other - looking for looking, other in zip(looks, others, strict=True)], able)
            )
            hits.append(np.stack([most[:, :, looking] == other for looking, other in zip(looks, others, strict=True)]))
    if not rows:
        return ArcQuestions(
            np.zeros(0, int),
            np.zeros(0, str),
            np.zeros((0, 2), int),
            np.zeros((0, 2), bool),
            np.zeros((0, 2, 0, 0), bool),
        )
    numbers, relations, offsets, visible = (list(column) for column in zip(*rows, strict=True))
    return ArcQuestions(
        np.array(numbers), np.array(relations), np.array(offsets), np.array(visible, dtype=bool), np.stack(hits)
    )


def joined(parts: Sequence[ArcQuestions]) -> ArcQuestions:
    """Parts of one set of sentences, asked one after the other, as one: their sentences stay apart."""
    held = [part for part in parts if len(part.sentence)]
    if not held:
        return parts[0]
    starts = np.cumsum([0, *(int(part.sentence.max()) + 1 for part in held[:-1])])
    sentence = np.concatenate([part.sentence + start for part, start in zip(held, starts, strict=True)])
    return ArcQuestions(
        sentence,
        *(np.concatenate([getattr(part, name) for part in held]) for name in ("relation", "offset", "able", "hits")),
    )


def most_seen(attention: np.ndarray, special: Sequence[bool]) -> np.ndarray:
    """(layer, head, query): the word that each row looks at most, of all that are not special nor the row's own; from
    word × word maps.
    """
    weights = attention.copy()
    weights[..., np.array(special, dtype=bool)] = -1
    n = weights.shape[-1]
    weights[..., np.arange(n), np.arange(n)] = -1
    return weights.argmax(-1)


def table(dev: ArcQuestions, test: ArcQuestions, *, seed: int = 0) -> list[JudgedRelation]:
    """Every relation with arcs enough on both sides, most frequent first: chosen on ``dev``, scored on ``test``."""
    names, counts = np.unique(test.relation, return_counts=True)
    order = [str(names[i]) for i in np.argsort(-counts, kind="stable")]
    return [judged for name in order if (judged := _judged(dev, test, name, seed)) is not None]


def best_word_offset(answers: ArcQuestions, relation: str, looker: Looker) -> tuple[int, float]:
    """(offset, share of the arcs that lie so): the fixed step that is right most often; the nearer, then the left one,
    of equals.
    """
    steps = answers.offset[answers.of(relation, looker), LOOKERS.index(looker)]
    offsets = sorted(
        (step for step in range(-_REACH, _REACH + 1) if step),
        key=lambda step: (-int((steps == step).sum()), abs(step), step),
    )
    return offsets[0], float((steps == offsets[0]).mean()) if steps.size else 0.0


def _judged(dev: ArcQuestions, test: ArcQuestions, relation: str, seed: int) -> JudgedRelation | None:
    chosen = max((_best_head(dev, relation, looker) for looker in LOOKERS), key=lambda candidate: candidate[0])
    _, looker, head = chosen
    scored = test.of(relation, looker)
    if len(scored) < LEAST_ARCS or len(dev.of(relation, looker)) < LEAST_ARCS:
        return None
    side = LOOKERS.index(looker)
    offset, _ = best_word_offset(dev, relation, looker)
    right, still = test.hits[scored, side, head[0], head[1]], test.offset[scored, side] == offset
    accuracy, gain = _resampled(test.sentence[scored], (right, right.astype(float) - still), seed=seed)
    return JudgedRelation(relation, len(scored), looker, head, accuracy, offset, float(still.mean()), gain)


def _best_head(answers: ArcQuestions, relation: str, looker: Looker) -> tuple[float, Looker, tuple[int, int]]:
    arcs = answers.of(relation, looker)
    if not len(arcs):
        return -1.0, looker, (0, 0)
    share = answers.hits[arcs, LOOKERS.index(looker)].mean(0)
    best = np.unravel_index(int(share.argmax()), share.shape)
    return float(share.max()), looker, (int(best[0]), int(best[1]))


def _resampled(sentence: np.ndarray, values: Sequence[np.ndarray], *, seed: int) -> tuple[Estimate, ...]:
    """Means over arcs, (arc,) each, with a bootstrap over their sentences."""
    _, sentence_of = np.unique(sentence, return_inverse=True)
    size = np.bincount(sentence_of)
    drawn = np.random.default_rng(seed).multinomial(len(size), np.full(len(size), 1 / len(size)), _DRAWS)
    total = np.maximum(drawn @ size, 1)
    estimates = []
    for value in values:
        means = drawn @ np.bincount(sentence_of, weights=value.astype(float)) / total
        low, high = np.quantile(means, (0.025, 0.975))
        estimates.append(Estimate(float(value.mean()), float(low), float(high), len(value)))
    return tuple(estimates)


def _arcs(parsed: Parsed, tokens: Tokens) -> Iterable[tuple[str, tuple[int, int], tuple[int, int]]]:
    """(relation, who looks, who is looked at) in words of ``tokens``, for the two lookers; arcs inside one word, or of
    a word whose place is not known, are left out."""
    word_at = _finder(tokens)
    for arc in parsed.arcs:
        dependent, head = word_at(parsed.spans[arc.dependent][0]), word_at(parsed.spans[arc.head][0])
        if dependent is not None and head is not None and dependent != head:
            yield arc.relation, (dependent, head), (head, dependent)


def _finder(tokens: Tokens) -> Callable[[int], int | None]:
    """From a character of the text to the word that holds it."""
    spans = [(word, span) for word, span in enumerate(tokens.word_spans) if span is not None]
    return lambda at: next((word for word, (start, stop) in spans if start <= at < stop), None)
