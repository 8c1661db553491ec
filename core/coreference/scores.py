"""Scores of one item: which candidate each head looks at, and which possibility the model prefers.

Looks: SUM over the pieces of a candidate, MEAN over the pieces of the word that looks (as tokens.merge), rows as the model made them; only
the rows that are needed are computed. Choices: log probability in nats, at the mask for a masked model (over its whole vocabulary; None
where a possibility is not one piece), of the whole sentence for a left-to-right one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np

from ..axes import Kind
from ..captures import capture
from ..errors import BadInput
from ..masked import can_mask, mask_position, whole_word
from ..models import LanguageModel
from ..trace import Trace
from .items import MASK
from .probes import Asked, Choice, positions

Read = Callable[[str], Trace]
"""How a text becomes a trace: core.capture of one model, kept for a while where one text is asked several things."""


def looks(lm: LanguageModel, asked: Asked, read: Read | None = None) -> np.ndarray:
    """Weights from the asked word to each candidate, (layer, head, candidate) float32, 0 … 1.

    Raises:
        BadInput: the tokenizer hides where a word lies. MiranteError: what core.capture raises.
    """
    return candidate_rows((read or reader(lm))(asked.text), asked)


def reader(lm: LanguageModel, kept: int = 0) -> Read:
    """core.capture of a model; the last ``kept`` traces are not made twice."""
    return lru_cache(kept)(partial(capture, lm))


def candidate_rows(trace: Trace, asked: Asked, kind: Kind = "self") -> np.ndarray:
    """The same from a trace of what was asked."""
    rows, *columns = (_found(trace, span) for span in (asked.query, *asked.candidates))
    maps = np.stack([record.rows(rows).mean(1).numpy() for record in trace.records[kind]])  # (layer, head, key)
    return np.stack([maps[..., places].sum(-1) for places in columns], axis=-1)


def preferences(lm: LanguageModel, choice: Choice, read: Read | None = None) -> np.ndarray | None:
    """Log probability of each possibility, (possibility,) float64 nats; None where this model cannot be asked."""
    read = read or reader(lm)
    if can_mask(lm):
        ids = [whole_word(lm.tokenizer, word) for word in choice.words]
        return None if None in ids else _at_mask(lm, choice.masked, read)[ids]
    if lm.kind != "decoder" or not lm.has_head:
        return None
    return np.array([sentence_log_probability(read(text)) for text in choice.texts])


def sentence_log_probability(trace: Trace) -> float:
    """Sum over the tokens of a left-to-right model's text of log p(token | what stands before), nats; the first token is given."""
    logs = _log_softmax(trace.logits[:-1])
    return float(logs[np.arange(len(logs)), list(trace.tokens.ids[1:])].sum())


def prefers(logs: np.ndarray, right: frozenset[int]) -> tuple[bool, float]:
    """Whether the true possibilities have more than half of the probability of all, and the share that they have, 0 … 1."""
    share = np.exp(logs - logs.max())
    found = float(share[sorted(right)].sum() / share.sum())
    return found > 0.5, found


def wins(values: np.ndarray, gold: int) -> np.ndarray:
    """Whether the gold candidate strictly has the largest of (…, candidate): (…,) bool."""
    return values[..., gold] > np.delete(values, gold, axis=-1).max(axis=-1)


def _at_mask(lm: LanguageModel, masked: str, read: Read) -> np.ndarray:
    """(vocab,) log probabilities at the mask."""
    trace = read(masked.replace(MASK, lm.tokenizer.mask_token))
    return _log_softmax(trace.logits[[mask_position(lm.tokenizer, trace)]])[0]


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    """(position, vocab) float64."""
    shifted = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _found(trace: Trace, span: tuple[int, int]) -> list[int]:
    places = positions(trace.tokens, span)
    if not places:
        raise BadInput("The tokenizer of this model does not say where “{word}” lies in the sentence.", word=trace.text[slice(*span)])
    return places
