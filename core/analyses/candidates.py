"""From one word to a few candidates: how much each head of a model looks at each of them.

The unit is the word (pieces merged as in tokens.merge). What such a weight may be said to mean, and what not,
is decided where it is shown: a weight from one sentence proves nothing about a head.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..axes import Kind
from ..errors import BadInput
from ..text.tokens import Tokens, merge
from ..tracing.trace import Trace


def word_index(tokens: Tokens, word: str) -> int:
    """Index of the last word of the sentence that is written ``word``.

    Raises:
        BadInput: the sentence has no such word.
    """
    places = [index for index, label in enumerate(tokens.words) if label == word]
    if not places:
        raise BadInput(
            "The word “{word}” is not in the sentence; it has: {words}.", word=word, words=" · ".join(tokens.words)
        )
    return places[-1]


def candidate_weights(trace: Trace, query: int, candidates: Sequence[int], kind: Kind | None = None) -> np.ndarray:
    """Attention from word ``query`` to each candidate word in every head: (layer, head, candidate) float32, 0 … 1."""
    sides = trace.sides(kind)
    rows = [
        [
            merge(trace.attention(layer, head, kind), *sides)[query, list(candidates)]
            for head in range(trace.heads(kind))
        ]
        for layer in range(trace.layers(kind))
    ]
    return np.array(rows, dtype=np.float32)


def won(weights: np.ndarray, candidate: int) -> np.ndarray:
    """Whether ``candidate`` strictly has the largest of the values (…, candidate): (…,) bool."""
    return weights[..., candidate] > np.delete(weights, candidate, axis=-1).max(axis=-1)


def turning(first: np.ndarray, second: np.ndarray, old: int, other: int) -> np.ndarray:
    """How much each head turns from candidate ``old`` to ``other`` between two sentences: (layer, head), −2 … 2.

    first, second: weights (layer, head, candidate). (first[one] − first[other]) + (second[other] − second[one]): 0 for
    a head that ignores the change, 2 for one that turns completely."""
    return (first[..., old] - first[..., other]) + (second[..., other] - second[..., old])


def best_head(scores: np.ndarray) -> tuple[int, int]:
    """(layer, head) of the largest score; ties go to the lower layer, then the lower head."""
    layer, head = np.unravel_index(int(scores.argmax()), scores.shape)
    return int(layer), int(head)


PASSED_OVER = frozenset(
    "para pela pelo pelas pelos como quem onde quando porque entre sobre with from into that this than then "
    "when where because".split()
)


def first_look(trace: Trace) -> tuple[int, int, int]:
    """(layer, head, word) worth showing first: the last written word, in the head where its look stands out most.

    Score: its weight on a distant word, less the mean weight that the other written words give to that one. A way to
    begin, not a finding: it is the largest of all heads on one sentence. Its neighbour, words of up to three letters
    (mostly articles and prepositions) and longer ones of their kind are passed over; where nothing is left, the first
    head is shown."""
    kind = trace.kinds[0]
    written = _written(trace.tokens)
    last = written[-1] if written else 0
    distant = [
        i for i in written[:-2] if len(trace.tokens.words[i]) > 3 and trace.tokens.words[i].lower() not in PASSED_OVER
    ]
    attending = trace.attending(kind)
    if not distant:
        return attending[0], 0, last
    stands_out = [
        _stands_out(trace.merged(trace.layer_attention(i, kind), kind), last, written, distant) for i in attending
    ]
    row, head = best_head(np.array(stands_out))
    return attending[row], head, last


def _stands_out(merged: np.ndarray, word: int, written: list[int], distant: list[int]) -> np.ndarray:
    """Largest, over the distant words, of the word's weight less the mean of the other written words' weights.

    merged: (head, word, word) → (head,), −1 … 1.
    """
    others = [i for i in written if i != word]
    return (merged[:, word, distant] - merged[:, others][:, :, distant].mean(axis=1)).max(axis=1)


def _written(tokens: Tokens) -> list[int]:
    """Indices of the words that hold a letter or a digit and are no special token."""
    words = enumerate(zip(tokens.words, tokens.special_words, strict=True))
    return [index for index, (word, special) in words if not special and any(map(str.isalnum, word))]
