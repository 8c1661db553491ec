"""What one position of the convolution sees, and what each word of its window adds to what the position says: an exact
sum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from .classifier import Classifier, TextVerdict


@dataclass(frozen=True, eq=False)
class Window:
    """places: word of the text at each place of the window, None beyond its ends. parts (place of the window,) and
    bias, nats: they sum to verdict.says at the position. active: features above 0.
    """

    places: tuple[int | None, ...]
    parts: np.ndarray
    bias: float
    active: int


def seen_by(verdict: TextVerdict, width: int) -> np.ndarray:
    """(position,) 0 … 1: the attention of all positions whose window of ``width`` words holds the word: a weight
    belongs to a window, not to the word in its middle.

    Sums to more than 1, because every word stands in several windows.
    """
    half = width // 2
    padded = np.concatenate([np.zeros(half), verdict.attention, np.zeros(half)])
    return np.lib.stride_tricks.sliding_window_view(padded, width).sum(1)


def word_window(classifier: Classifier, verdict: TextVerdict, position: int) -> Window:
    """The window around a position, split by its words.

    A feature is relu(b + Σ_o W_o·x_{t+o}); over the features that are above 0, Σ_k d_k b_k and Σ_k d_k W_{k,o}·x_{t+o}
    are what the position says. Given which features are above 0 the split is exact; hiding a word may change which are.
    """
    model, half = classifier.model, classifier.model.sizes.window // 2
    n = len(verdict.ids)
    places = tuple(word if 0 <= word < n else None for word in range(position - half, position + half + 1))
    live = torch.tensor(verdict.features[position] > 0)
    direction = torch.where(live, model.dense.weight[0], 0.0)  # (feature,)
    reading = torch.einsum("f,feo->oe", direction, model.convolution.weight)  # (place of the window, embedding)
    vectors = torch.stack(
        [
            torch.zeros(reading.shape[1]) if word is None else model.embedding.weight[verdict.ids[word]]
            for word in places
        ]
    )
    parts = (reading * vectors).sum(1).double().numpy()
    return Window(places, parts, float(direction @ model.bias), int(live.sum()))
