"""Which heads of a decoder look at the previous token, and which look for what followed the last time (induction).

Scores are mean attention weights of captured maps. Induction (Olsson et al. 2022): random readable words, said twice;
the mean of A[q, q − (n − 1)] over the second time, where n is the number of words: the position after the same word's
first time. Previous: the mean of A[q, q − 1] over held-out sentences, the first word left out because <s> stands before
it. A head is chosen on one half of the items and reported on the other, so that its score is not the luck of the best
of many."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from transformers import PreTrainedTokenizerFast

import core
from training.common.numbers import mean

WORDS = 20  # words of a segment
ITEMS = 60
FLOORS = {"induction": 0.5, "previous": 0.7}


def measure(lm: core.LanguageModel, sentences: Sequence[str], items: int = ITEMS) -> dict[str, Any]:
    """Both roles: the best head and its score, the mean over all heads, the score of every head, and the random twin's
    best.
    """
    twin = core.twin(lm)
    asked = {
        "induction": ([" ".join(words) for words in segments(lm.tokenizer, items)], induction),
        "previous": (list(sentences[:items]), previous),
    }
    return {
        role: {**best(scores(lm, texts, of)), "random_twin": best(scores(twin, texts, of))["best"]}
        for role, (texts, of) in asked.items()
    }


def scores(lm: core.LanguageModel, texts: Sequence[str], of: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """(text, layer, head), 0 to 1; `of` scores the maps of one layer (head, query, key) → (head,)."""
    traces = (core.capture(lm, text) for text in texts)
    return np.stack(
        [np.stack([of(trace.layer_attention(layer)) for layer in range(trace.layers())]) for trace in traces]
    )


def best(found: np.ndarray) -> dict[str, Any]:
    """The head that leads on the even items, its mean on the odd ones; layer and head from 0."""
    chosen = found[::2].mean(0)
    layer, head = np.unravel_index(chosen.argmax(), chosen.shape)
    return {
        "head": [int(layer), int(head)],
        "best": mean(found[1::2, layer, head].tolist()),
        "all_heads": mean(found.mean((1, 2)).tolist()),
        "each": np.round(found.mean(0), 4).tolist(),
    }


def induction(maps: np.ndarray) -> np.ndarray:
    """(head, query, key) of <s> and n words said twice → (head,): mean of A[q, q − (n − 1)] over the second time."""
    n = (maps.shape[1] - 1) // 2
    queries = np.arange(n + 1, 2 * n + 1)
    return maps[:, queries, queries - (n - 1)].mean(-1)


def previous(maps: np.ndarray) -> np.ndarray:
    """(head, query, key) → (head,): mean of A[q, q − 1] from the second word on."""
    queries = np.arange(2, maps.shape[1])
    return maps[:, queries, queries - 1].mean(-1)


def segments(tokenizer: PreTrainedTokenizerFast, items: int, words: int = WORDS, seed: int = 11) -> list[list[str]]:
    """`items` lists of `words` random words, twice over; each word is one token and is read as that token after any
    other.
    """
    rng = random.Random(seed)
    everyone = readable(tokenizer)
    drawn = [rng.sample(everyone, words) for _ in range(items)]
    return [[*said, *said] for said in drawn]


def readable(tokenizer: PreTrainedTokenizerFast) -> list[str]:
    """Words of three letters or more that are one entry of the vocabulary with the space before them."""
    entries = sorted(entry[1:] for entry in tokenizer.get_vocab() if entry.startswith("Ġ") and entry[1:].isascii())
    words = [word for word in entries if len(word) > 2 and word.isalpha()]
    return [word for word in words if len(tokenizer(word, add_special_tokens=False)["input_ids"]) == 1]
