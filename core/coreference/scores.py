"""Scores of one item: which candidate each head looks at, and which possibility the model prefers.

Looks: SUM over the pieces of a candidate, MEAN over the pieces of the word that looks (as tokens.merge), rows as the
model made them; only the rows that are needed are computed. A translator's row reads one word and writes the next: the
row of a pronoun is the one before it (docs/models.md). Choices: log probability in nats, at the mask for a masked model
(over its whole vocabulary; None where a possibility is not one piece), of the whole sentence for a left-to-right one,
of the whole translation for a translator."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np

from ..errors import BadInput
from ..models.loading import LanguageModel
from ..predictions.masked import can_mask, mask_position, whole_word
from ..text.tokens import Tokens
from ..tracing.captures import capture
from ..tracing.trace import Trace
from .items import MASK, Span
from .probes import Choice, ProbedItem, token_positions

ReadTrace = Callable[..., Trace]
"""How a text, and a target where the model writes one, become a trace: core.capture of one model, kept where one text
is asked several things.
"""


def item_looks(lm: LanguageModel, asked: ProbedItem, read: ReadTrace | None = None) -> np.ndarray:
    """Weights from the asked word to each candidate, (layer, head, candidate) float32, 0 … 1.

    Raises:
        BadInput: the tokenizer hides where a word lies. MiranteError: what core.capture raises.
    """
    return trace_looks((read or reader(lm))(asked.text, asked.target), asked)


def reader(lm: LanguageModel, kept: int = 0) -> ReadTrace:
    """core.capture of a model; the last ``kept`` traces, of a text alone or with its target, are not made twice."""
    made = lru_cache(kept)(partial(capture, lm))
    return lambda text, target=None: made(text, target)


def trace_looks(trace: Trace, asked: ProbedItem) -> np.ndarray:
    """The same from a trace of what was asked."""
    looking, looked = trace.sides(asked.kind)
    rows, columns = (
        _positions_of_word(looking, asked.query),
        [_positions_of_word(looked, span) for span in asked.candidates],
    )
    if asked.target is not None:
        rows = [place - 1 for place in rows]  # never −1: a decoder's first position is its start token
    maps = np.stack([record.rows(rows).mean(1).numpy() for record in trace.records[asked.kind]])  # (layer, head, key)
    return np.stack([maps[..., places].sum(-1) for places in columns], axis=-1)


def preferences(lm: LanguageModel, choice: Choice, read: ReadTrace | None = None) -> np.ndarray | None:
    """Log probability of each possibility, (possibility,) float64 nats; None where this model cannot be asked."""
    read = read or reader(lm)
    if choice.source is not None:
        asked = lm.kind == "encoder-decoder" and lm.has_head
        return (
            np.array([translation_log_probability(read(choice.source, text)) for text in choice.texts])
            if asked
            else None
        )
    if can_mask(lm):
        ids = [whole_word(lm.tokenizer, word) for word in choice.words]
        return None if None in ids else _at_mask(lm, choice.masked, read)[ids]
    if lm.kind != "decoder" or not lm.has_head:
        return None
    return np.array([sentence_log_probability(read(text)) for text in choice.texts])


def sentence_log_probability(trace: Trace) -> float:
    """Sum over the tokens of a left-to-right model's text of log p(token | what stands before), nats; the first token
    is given.
    """
    return _summed(trace.logits, trace.tokens)


def translation_log_probability(trace: Trace) -> float:
    """Sum over the tokens of a given translation of log p(token | source, what stands before), nats; start given, end
    not counted.
    """
    return _summed(trace.logits, trace.target)


def _summed(logits: np.ndarray, tokens: Tokens) -> float:
    logs = _log_softmax(logits[:-1])
    return float(logs[np.arange(len(logs)), list(tokens.ids[1:])].sum())


def prefers(logs: np.ndarray, right: frozenset[int]) -> tuple[bool, float]:
    """Whether the model prefers what is true, and the share of the true possibilities, 0 … 1.

    One true possibility: it is the likeliest, strictly. Several: together they have more than half of the probability
    of all."""
    share = np.exp(logs - logs.max())
    found = float(share[sorted(right)].sum() / share.sum())
    if len(right) > 1:
        return found > 0.5, found
    return bool(wins(share, next(iter(right)))), found


def wins(values: np.ndarray, gold: int) -> np.ndarray:
    """Whether the gold candidate strictly has the largest of (…, candidate): (…,) bool."""
    return values[..., gold] > np.delete(values, gold, axis=-1).max(axis=-1)


def _at_mask(lm: LanguageModel, masked: str, read: ReadTrace) -> np.ndarray:
    """(vocab,) log probabilities at the mask."""
    trace = read(masked.replace(MASK, lm.tokenizer.mask_token))
    return _log_softmax(trace.logits[[mask_position(lm.tokenizer, trace)]])[0]


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    """(position, vocab) float64."""
    shifted = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _positions_of_word(tokens: Tokens, span: Span) -> list[int]:
    places = token_positions(tokens, span)
    if not places:
        raise BadInput(
            "The tokenizer of this model does not say where “{word}” lies in the sentence.",
            word=tokens.text[slice(*span)],
        )
    return places
