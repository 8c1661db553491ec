"""The number that is explained: the logit of a word at a position, or the difference to another word's.

    score = logit(target)                  or, against a foil,   score = logit(target) − logit(foil)       nats

A logit difference is preferred where there is a natural foil (cheio against vazio): what helps both words alike cancels
out. Probabilities are not explained: they hide changes near 0 and 1. Where a model reads the answer: at the mask of a
masked model, at the last token before the word of one that writes from left to right, of a translator in its target
text. Not here: the pairs of the coreference bench, whose stakes are chosen by meaning (coreference/stakes.py)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..axes import checked_index
from ..errors import BadInput
from ..models.loading import LanguageModel
from ..text.tokens import Tokens
from ..tracing.trace import Trace
from .logit_lens import entry_of


@dataclass(frozen=True)
class LogitDifference:
    """position: where the model answers; target, foil: ids of the vocabulary; foil None: the target alone."""

    position: int
    target: int
    foil: int | None = None

    def __call__(self, logits: Tensor) -> Tensor:
        """The score of (position, vocab) logits: a tensor without axes, nats."""
        row = logits[self.position]
        return row[self.target] if self.foil is None else row[self.target] - row[self.foil]

    def of(self, trace: Trace) -> float:
        """The score of a run, nats."""
        return float(self(torch.from_numpy(trace.require_logits().copy()).double()))


def logit_difference(
    lm: LanguageModel, trace: Trace, *, position: int | None = None, target: str | None = None, foil: str | None = None
) -> LogitDifference:
    """The question of a trace: by default the model's own best answer at the place where it answers.

    target, foil: words of one piece. position: of the answering side, from 0.

    Raises:
        BadInput: no prediction head, no such position, or a word of several pieces.
    """
    logits = trace.require_logits()
    position = place_asked(lm, trace, position)
    ranked = np.argsort(-logits[position], kind="stable")
    wanted = int(ranked[0]) if target is None else piece(lm, target)
    against = None if foil is None else piece(lm, foil)
    if against == wanted:
        raise BadInput("“{word}” cannot compete with itself: choose another word against it.", word=foil or "")
    return LogitDifference(position, wanted, against)


def place_asked(lm: LanguageModel, trace: Trace, position: int | None = None) -> int:
    """The position of the answering side that is asked about: the stated one, else ``first_place``.

    Raises:
        BadInput: no such position.
    """
    side = answering(trace)
    if position is not None:
        return checked_index(position, len(side), "position")
    return first_place(side, lm.tokenizer.mask_token_id, writes=lm.kind != "encoder")


def answering(trace: Trace) -> Tokens:
    """The tokens whose logits a trace holds."""
    return trace.target or trace.tokens


def first_place(tokens: Tokens, mask_id: int | None, *, writes: bool) -> int:
    """Where a model is asked first: at its first mask, else at the last word. A side that writes: where it is about to
    write the last word of a finished text, or at the end of one that is open."""
    masks = [position for position, index in enumerate(tokens.ids) if index == mask_id]
    written = [
        position
        for position, special in enumerate(tokens.special)
        if not special and any(map(str.isalnum, tokens.pieces[position]))
    ]
    if masks or not written:
        return masks[0] if masks else len(tokens) - 1
    if not writes or written[-1] == len(tokens) - 1:
        return written[-1]
    return max(0, tokens.word_of.index(tokens.word_of[written[-1]]) - 1)  # before the first piece of the last word


def piece(lm: LanguageModel, word: str) -> int:
    """The id of a word as it stands after a space.

    Raises:
        BadInput: it is not one piece.
    """
    index = entry_of(lm, word.strip())
    if index is None:
        raise BadInput("“{word}” is not one token in the vocabulary of “{name}”.", word=word.strip(), name=lm.name)
    return index
