"""What a model predicts at a position: its most probable pieces, named as the vocabulary writes them.

Inside: `top`, `position_of`. Not inside: masks in a text (masked.py), drawing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from transformers import PreTrainedTokenizerBase

from ..text.tokens import Tokens
from ..text.vocabulary import Entry, Vocabulary, vocabulary
from ..tracing.trace import Trace
from .masked import probabilities


@dataclass(frozen=True)
class Prediction:
    """A piece of the vocabulary and its probability, 0 … 1, over the whole vocabulary.

    text: what the piece adds to a text, a space before it included; None where it is part of a character or a control
    token."""

    piece: str
    probability: float
    text: str | None


def top(tokenizer: PreTrainedTokenizerBase, trace: Trace, position: int, n: int = 8) -> list[Prediction]:
    """The ``n`` most probable pieces at ``position``, most probable first.

    They are what stands there (a masked model) or comes next (a decoder).

    Raises:
        BadInput: the checkpoint has no language-model head.
    """
    distribution = probabilities(trace, position)
    best = np.argsort(-distribution, kind="stable")[:n].tolist()
    known = vocabulary(tokenizer, target=trace.target is not None)
    return [
        Prediction(entry.label, float(distribution[id_]), _text(known, id_, entry))
        for entry, id_ in zip(known.entries(best), best, strict=True)
    ]


def _text(known: Vocabulary, id_: int, entry: Entry) -> str | None:
    """A WordPiece that joins nothing begins a word; other vocabularies write the space into the piece."""
    if id_ in known.controls or id_ == known.unknown:
        return None
    try:
        text = entry.surface.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return f" {text}" if known.spelling == "wordpiece" and not entry.joins else text


def position_of(tokens: Tokens, index: int, *, words: bool) -> int:
    """Last position of the word (or piece) ``index``: where a left-to-right model predicts what follows it."""
    return max(i for i, word in enumerate(tokens.word_of) if word == index) if words else index
