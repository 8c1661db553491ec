"""What is measured of more than one model: the container family at a mask, preferences, the speed of a forward."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

import numpy as np
import torch
from transformers import BertForMaskedLM, PreTrainedTokenizerFast

from training.common import grammar, probes
from training.common.lexicon import Containers, Noun, noun
from training.common.numbers import Number, mean, rate

Score = Callable[[Sequence[Sequence[int]]], Sequence[np.ndarray]]
"""For each sequence of ids, the log probability of every id but the first: (length − 1,)."""


def container_family(model: BertForMaskedLM, made: PreTrainedTokenizerFast, split: Containers) -> dict[str, Any]:
    """The four-adjective share (mixed-gender pairs) and the meaning-only questions (same-gender pairs), on unseen pairs
    and nouns.

    `unseen_pairs`: both nouns were trained on, never together; `unseen_nouns`: at least one noun never occurred in a
    generated sentence. `demo` is the application's own pair. Chance: 0.5 for every entry."""
    found: dict[str, Any] = {}
    for name, which in (("unseen_pairs", "pairs"), ("unseen_nouns", "nouns")):
        everyone = probes.pairs(split, which)
        events = probes.pours(probes.same(everyone))
        states: tuple[grammar.State, grammar.State] = ("full", "empty")
        found[name] = {
            "four_adjectives": mean(
                probes.shares(model, made, [probes.four_adjectives(p) for p in probes.pours(probes.mixed(everyone))])
            ),
            "question_same_gender": right_share(
                model, made, [probes.answer(pour, state) for pour in events for state in states]
            ),
            "overt_noun_same_gender": right_share(
                model, made, [probes.overt(pour, state) for pour in events for state in states]
            ),
        }
    mixed = probes.pours(probes.mixed(probes.pairs(split, "pairs")))
    unseen = [probes.four_adjectives(pour, opening) for pour in mixed for opening in grammar.UNSEEN_OPENINGS]
    found["unseen_frames"] = {"four_adjectives": mean(probes.shares(model, made, unseen))}
    found["demo"] = demo(model, made)
    return found


def speed(model: BertForMaskedLM, tokens: int = 32, runs: int = 30) -> Number:
    """Median forward time in milliseconds of one sentence of `tokens` positions, on the model's device."""
    ids = torch.randint(5, model.config.vocab_size, (1, tokens), device=model.device)
    times = []
    with torch.inference_mode():
        for _ in range(runs):
            start = time.perf_counter()
            model(input_ids=ids)
            times.append(1000 * (time.perf_counter() - start))
    return {
        "tokens": tokens,
        "median_ms": round(float(np.median(times)), 2),
        "threads": torch.get_num_threads(),
        "device": str(model.device),
    }


def demo(model: BertForMaskedLM, made: PreTrainedTokenizerFast) -> dict[str, float]:
    """Probabilities of the four adjectives, among themselves, at the end of the jarra/copo sentence (an unseen
    pair).
    """
    pour = grammar.Pour(Noun("Ela", "f"), Noun("água", "f"), noun("jarra"), noun("copo"))
    text = probes.four_adjectives(pour).text
    each = [probes.Cloze(text, probes.ADJECTIVES, (word,)) for word in probes.ADJECTIVES]
    return {
        word: round(share, 4) for word, share in zip(probes.ADJECTIVES, probes.shares(model, made, each), strict=True)
    }


def right_share(model: BertForMaskedLM, made: PreTrainedTokenizerFast, clozes: Sequence[probes.Cloze]) -> Number:
    shares = probes.shares(model, made, clozes)
    return rate(sum(share > 0.5 for share in shares), len(shares))


def wins_of(model: BertForMaskedLM, made: PreTrainedTokenizerFast, clozes: Sequence[probes.Cloze]) -> list[bool]:
    """For each cloze, in order: is its first option, the right one, likelier at the [MASK] than any other?"""
    order = sorted(range(len(clozes)), key=lambda index: len(clozes[index].text))
    won = [False] * len(clozes)
    for start in range(0, len(order), 64):
        group = order[start : start + 64]
        for index, row in zip(group, probes.masked_logits(model, made, [clozes[i].text for i in group]), strict=True):
            logits = row[made.convert_tokens_to_ids(list(clozes[index].options))]
            won[index] = bool(logits[0] > logits[1:].max())
    return won


def preferred(candidates: Sequence[Sequence[Sequence[int]]], score: Score) -> list[bool]:
    """For each item, whose candidates are whole sequences of ids: is the first, the right one, likelier than any
    other?
    """
    values = iter([float(row.sum()) for row in score([row for rows in candidates for row in rows])])
    each = [list(islice(values, len(rows))) for rows in candidates]
    return [sums[0] > max(sums[1:]) for sums in each]
