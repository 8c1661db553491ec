"""What a model predicts at a position: its most probable pieces, named as the vocabulary writes them.

Inside: `top`, `position_of`. Not inside: masks in a text (masked.py), drawing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from transformers import PreTrainedTokenizerBase

from .glyphs import vocabulary
from .masked import probabilities
from .tokens import Tokens
from .trace import Trace


@dataclass(frozen=True)
class Prediction:
    """A piece of the vocabulary and its probability, 0 … 1, over the whole vocabulary."""

    piece: str
    probability: float


def top(tokenizer: PreTrainedTokenizerBase, trace: Trace, position: int, n: int = 8) -> list[Prediction]:
    """The ``n`` most probable pieces at ``position``, most probable first: what stands there (a masked model) or comes next (a decoder).

    Raises:
        BadInput: the checkpoint has no language-model head.
    """
    found = probabilities(trace, position)
    best = np.argsort(-found, kind="stable")[:n].tolist()
    labels = vocabulary(tokenizer, target=trace.target is not None).entries(best)
    return [Prediction(entry.label, float(found[id_])) for entry, id_ in zip(labels, best, strict=True)]


def position_of(tokens: Tokens, place: int, *, words: bool) -> int:
    """Last position of the word (or piece) that stands at ``place``: where a left-to-right model predicts what follows it."""
    return max(i for i, word in enumerate(tokens.word_of) if word == place) if words else place
