"""Generation: how a model that writes goes on, one token after another, and how a translator writes its target side.

Inside: `Sampling` and `reshaped` (what temperature, top-k and top-p make of the logits), `write` (token by token, with
or without a cache of keys and values), `beams` (the best translations of a beam search). Not inside: the cache's size
and what it saves (kv_cache.py), the maps of what was written (captures.py takes the ids).

A draw depends on the seed and on its place alone: five tokens at once are the same five as one by one, and a token
picked by hand leaves the later draws as they were."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from ..boundary import named_step
from ..errors import BadInput, Message, UnsupportedModel
from ..models.loading import LanguageModel
from ..models.locks import turn
from ..text.tokens import Tokens, encode_ids, encode_target
from ..tracing.captures import check_length, ends, read_tokens
from ..tracing.logits import softmax

MOST_NEW_TOKENS = 256  # tokens written in one call


@dataclass(frozen=True)
class Sampling:
    """How the next token is drawn. temperature: logits are divided by it; 0 takes the most probable token always.
    top_k: only the k most probable (0: all). top_p: only the fewest, most probable first, that reach this share
    together (1: all). seed: of the draws.

    Raises:
        BadInput: a value outside these ranges.
    """

    temperature: float = 0.0
    top_k: int = 0
    top_p: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.temperature <= 10 and self.top_k >= 0 and 0 < self.top_p <= 1):
            raise BadInput(
                "A temperature from 0 to 10, top-k from 0 and top-p above 0 and up to 1 were expected, and "
                "found: {temperature}, {top_k}, {top_p}.",
                temperature=self.temperature,
                top_k=self.top_k,
                top_p=self.top_p,
            )


@dataclass(frozen=True, eq=False)
class Continuation:
    """What was written after a text.

    ids: the text so far, beginning included. probabilities: of each new token, as drawn from, 0 … 1. seconds: of the
    forward
    behind each new token; the first reads the whole beginning. ended: the model wrote its end token, which stands last.
    """

    ids: tuple[int, ...]
    probabilities: tuple[float, ...]
    seconds: tuple[float, ...]
    ended: bool


@dataclass(frozen=True, eq=False)
class Beam:
    """One translation of a beam search.

    target: what the decoder reads to predict it. score: mean log-probability per token, its end included, nats. ended:
    it ended by itself, not at the limit.
    """

    target: Tokens
    score: float
    ended: bool


def reshaped(logits: np.ndarray, sampling: Sampling) -> np.ndarray:
    """The probabilities that are drawn from: (vocab,) logits → (vocab,) float64 that sum to 1.

    Temperature first, then top-k, then top-p (Holtzman et al. 2020). Tokens as probable as the last one of the k stay
    too. At temperature 0 the first of the most probable has all.
    """
    logits = logits.astype(np.float64)
    if sampling.temperature == 0:
        return np.eye(1, len(logits), int(logits.argmax()))[0]
    scores = logits / sampling.temperature
    if 0 < sampling.top_k < len(scores):
        scores = np.where(scores < np.partition(scores, -sampling.top_k)[-sampling.top_k], -np.inf, scores)
    probabilities = softmax(scores)
    if sampling.top_p < 1:
        order = np.argsort(-probabilities, kind="stable")
        before = np.cumsum(probabilities[order]) - probabilities[order]
        probabilities[order[before >= sampling.top_p]] = 0  # the token that reaches the share stays
        probabilities /= probabilities.sum()
    return probabilities


def draw_token(probabilities: np.ndarray, seed: int, position: int) -> int:
    """The token that ``seed`` draws at ``position`` (its position in the text) from (vocab,) probabilities."""
    if probabilities.max() == 1:
        return int(probabilities.argmax())
    return int(np.random.default_rng((seed, position)).choice(len(probabilities), p=probabilities))


@named_step(Message("writing on from a text"))
def continue_text(
    lm: LanguageModel, ids: Sequence[int], n: int, sampling: Sampling | None = None, *, cached: bool = True
) -> Continuation:
    """``n`` more tokens after ``ids`` (the template's own tokens included), fewer where the model ends.

    cached: keys and values of what was read are kept, so that each new token costs one position; without it (and with
    models that keep none), every token reads the whole text again.

    Raises:
        UnsupportedModel: a model that does not write on.
        BadInput: ids that are none, n outside 1 … 256. TooLong: more positions than the model has.
    """
    check_writes(lm)
    if not 1 <= n <= MOST_NEW_TOKENS:
        raise BadInput(
            "From 1 to {most} tokens can be written at a time, and {n} were asked for.", most=MOST_NEW_TOKENS, n=n
        )
    encode_ids(lm.tokenizer, ids)
    check_length(lm, len(ids) + n)
    sampling, text, shares, seconds, cache = sampling or Sampling(), [int(id_) for id_ in ids], [], [], None
    for _ in range(n):
        before = time.perf_counter()
        logits, cache = next_logits(lm, text, cache, cached=cached)
        seconds.append(time.perf_counter() - before)
        distribution = reshaped(logits, sampling)
        text.append(draw_token(distribution, sampling.seed, len(text)))
        shares.append(float(distribution[text[-1]]))
        if text[-1] in ends(lm):
            break
    return Continuation(tuple(text), tuple(shares), tuple(seconds), text[-1] in ends(lm))


def beginning(lm: LanguageModel, text: str) -> tuple[int, ...]:
    """The ids after which a model writes on: the text without an end token that the tokenizer may put behind it.

    Raises:
        BadInput, TooLong: as core.capture.
    """
    tokens = read_tokens(lm, text)
    last = max(position for position, special in enumerate(tokens.special) if not special)
    return tokens.ids[: last + 1]


@named_step(Message("the search for translations"))
def beams(lm: LanguageModel, text: str, n: int = 4, limit: int = 128) -> list[Beam]:
    """The ``n`` best translations that a beam search of width ``n`` finds, best first (n = 1: greedy).

    The score is the library's: summed log-probability over the number of tokens; it orders what was found and proves no
    best one.

    Raises:
        UnsupportedModel: a model of one stack.
    """
    if lm.kind != "encoder-decoder":
        raise UnsupportedModel(
            "“{name}” has no separate target side: only an encoder–decoder translates.", name=lm.name
        )
    tokens = read_tokens(lm, text)
    ids = torch.tensor([tokens.ids], device=lm.device)
    with turn(lm.model), torch.inference_mode():
        generated = lm.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            max_length=min(limit, lm.max_positions or limit),
            max_new_tokens=None,
            num_beams=n,
            num_return_sequences=n,
            do_sample=False,
            length_penalty=1.0,
            return_dict_in_generate=True,
            output_scores=True,
            **lm.first_written,
        )
    scores = generated.sequences_scores.tolist() if n > 1 else [_score(generated)]
    return [
        Beam(encode_target(lm.tokenizer, _decoder_input(lm, row)), score, any(id_ in ends(lm) for id_ in row[1:]))
        for row, score in zip(generated.sequences.tolist(), scores, strict=True)
    ]


def check_writes(lm: LanguageModel) -> None:
    """Raise UnsupportedModel where ``lm`` does not write on from a text."""
    if lm.kind != "decoder" or not lm.has_head:
        raise UnsupportedModel(
            "“{name}” does not write on from a text: a decoder with its prediction head does.", name=lm.name
        )


def next_logits(lm: LanguageModel, text: list[int], cache, *, cached: bool) -> tuple[np.ndarray, object]:
    """Logits (vocab,) after ``text``, and the cache that then holds it (None without one).

    cache: of all but the last token of ``text``; None reads the whole text.
    """
    new = text if cache is None else text[-1:]
    inputs = {
        "input_ids": torch.tensor([new], device=lm.device),
        "attention_mask": torch.ones(1, len(text), dtype=torch.long, device=lm.device),
    }
    with turn(lm.model), torch.inference_mode():
        output = lm.model(**inputs, use_cache=cached, **({} if cache is None else {"past_key_values": cache}))
    return output.logits[0, -1].float().cpu().numpy(), getattr(output, "past_key_values", None) if cached else None


def _score(generated) -> float:
    """Mean log-probability of a greedy text's tokens, as `beams` counts it."""
    steps = [torch.log_softmax(step[0].float(), dim=-1) for step in generated.scores]
    chosen = generated.sequences[0, -len(steps) :].tolist()
    return float(sum(step[chosen_id] for step, chosen_id in zip(steps, chosen, strict=True)) / len(steps))


def _decoder_input(lm: LanguageModel, row: list[int]) -> list[int]:
    """What the decoder has read when it writes its end: the row without the end and the padding behind it."""
    first = next((position for position, id_ in enumerate(row) if position and id_ in ends(lm)), len(row))
    return row[: max(first, 2)]
