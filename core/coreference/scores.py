"""Scores of one item: which candidate each head looks at, and which possibility the model prefers.

Looks: SUM over the pieces of a candidate, MEAN over the pieces of the word that looks (as text.tokens.merge), rows as
the model made them; only the rows that are needed are computed. A translator's row reads one word and writes the next:
the row of a pronoun is the one before it (docs/models.md). Choices: log probability in nats, at the mask for a masked
model (over its whole vocabulary; None where a possibility is not one piece), of the whole sentence for a left-to-right
one, of the whole translation for a translator. Not here: what is asked (probes.py), what edges do (stakes.py).
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Protocol

import numpy as np

from ..analyses.candidates import won
from ..errors import BadInput
from ..models.loading import LanguageModel
from ..predictions.masked import can_mask, mask_position, whole_word
from ..text.tokens import Tokens
from ..text.vocabulary import Span
from ..tracing.captures import capture
from ..tracing.logits import log_softmax
from ..tracing.trace import Trace
from .items import MASK
from .probes import Choice, ProbedItem, token_positions


class ReadTrace(Protocol):
    """How a text, and a target where the model writes one, become a trace.

    It is core.capture of one model, with the last traces kept where one text is asked several things.
    """

    def __call__(self, text: str, target: str | None = None) -> Trace: ...


def reader(lm: LanguageModel, kept_traces: int = 0) -> ReadTrace:
    """core.capture of a model, which keeps the last ``kept_traces`` traces, of a text alone or with its target."""
    cached = lru_cache(kept_traces)(partial(capture, lm))

    def read_trace(text: str, target: str | None = None) -> Trace:
        return cached(text, target)

    return read_trace


def item_looks(lm: LanguageModel, probed: ProbedItem, read_trace: ReadTrace | None = None) -> np.ndarray:
    """Weights from the probed word to each candidate, (layer, head, candidate) float32, 0 … 1.

    Raises:
        BadInput: the tokenizer hides where a word lies. MiranteError: what core.capture raises.
    """
    return trace_looks((read_trace or reader(lm))(probed.text, probed.target), probed)


def trace_looks(trace: Trace, probed: ProbedItem) -> np.ndarray:
    """The same as ``item_looks`` from a trace of the probed text."""
    query_side, key_side = trace.sides(probed.kind)
    rows = _positions_of_word(query_side, probed.query)
    columns = [_positions_of_word(key_side, span) for span in probed.candidates]
    if probed.target is not None:
        rows = [position - 1 for position in rows]  # never −1: a decoder's first position is its start token
    maps = np.stack([record.rows(rows).mean(1).numpy() for record in trace.records[probed.kind]])  # (layer, head, key)
    return np.stack([maps[..., positions].sum(-1) for positions in columns], axis=-1)


def preferences(lm: LanguageModel, choice: Choice, read_trace: ReadTrace | None = None) -> np.ndarray | None:
    """Log probability of each possibility, (possibility,) float64 nats; None where this model cannot be asked."""
    read_trace = read_trace or reader(lm)
    if choice.source is not None:
        if lm.kind != "encoder-decoder" or not lm.has_head:
            return None
        return np.array([translation_log_probability(read_trace(choice.source, text)) for text in choice.texts])
    if can_mask(lm):
        ids = [id_ for word in choice.words if (id_ := whole_word(lm.tokenizer, word)) is not None]
        return _at_mask(lm, choice.masked, read_trace)[ids] if len(ids) == len(choice.words) else None
    if lm.kind != "decoder" or not lm.has_head:
        return None
    return np.array([sentence_log_probability(read_trace(text)) for text in choice.texts])


def sentence_log_probability(trace: Trace) -> float:
    """Sum over the tokens of a left-to-right model's text of log p(token | what stands before), nats.

    The first token is given. Raises:
        BadInput: the model was saved without a prediction head.
    """
    return _summed(trace, trace.tokens)


def translation_log_probability(trace: Trace) -> float:
    """Sum over the tokens of a given translation of log p(token | source, what stands before), nats.

    The start token is given, the end is not counted. Raises:
        BadInput: the model was saved without a prediction head, or the trace has no translation.
    """
    _, target = trace.sides("decoder")
    return _summed(trace, target)


def _summed(trace: Trace, tokens: Tokens) -> float:
    logs = log_softmax(trace.require_logits()[:-1])
    return float(logs[np.arange(len(logs)), list(tokens.ids[1:])].sum())


def prefers(logs: np.ndarray, right: frozenset[int]) -> tuple[bool, float]:
    """Whether the model prefers what is true, and the share of the true possibilities, 0 … 1.

    One true possibility: it is the likeliest, strictly. Several: together they have more than half of the probability
    of all.
    """
    probabilities = np.exp(logs - logs.max())
    share = float(probabilities[sorted(right)].sum() / probabilities.sum())
    if len(right) > 1:
        return share > 0.5, share
    return bool(won(probabilities, next(iter(right)))), share


def _at_mask(lm: LanguageModel, masked: str, read_trace: ReadTrace) -> np.ndarray:
    """(vocab,) log probabilities at the mask."""
    trace = read_trace(masked.replace(MASK, lm.tokenizer.mask_token))
    return log_softmax(trace.require_logits()[[mask_position(lm.tokenizer, trace)]])[0]


def _positions_of_word(tokens: Tokens, span: Span) -> list[int]:
    """Positions of the tokens of a word.

    Raises:
        BadInput: the tokenizer hides where the word lies.
    """
    positions = token_positions(tokens, span)
    if not positions:
        raise BadInput(
            "The tokenizer of this model does not say where “{word}” lies in the sentence.",
            word=tokens.text[slice(*span)],
        )
    return positions
