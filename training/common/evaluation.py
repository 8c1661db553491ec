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
from training.common.numbers import Number, by_word, difference_by_word

Score = Callable[[Sequence[Sequence[int]]], Sequence[np.ndarray]]
"""For each sequence of ids, the log probability of every id but the first: (length − 1,)."""


def container_family(model: BertForMaskedLM, made: PreTrainedTokenizerFast, split: Containers) -> dict[str, Any]:
    """The four-adjective share (mixed-gender pairs) and the meaning-only questions (same-gender pairs), on unseen pairs
    and nouns.

    `unseen_pairs`: both nouns were trained on, never together; `unseen_nouns`: at least one noun never occurred in a
    generated sentence. `demo` is the application's own pair. Chance: 0.5 for every entry. Pairs share nouns: intervals
    are over nouns, here and in `right_share`."""
    found: dict[str, Any] = {}
    for name, which in (("unseen_pairs", "pairs"), ("unseen_nouns", "nouns")):
        everyone = probes.pairs(split, which)
        events = probes.pours(probes.same(everyone))
        states: tuple[grammar.State, grammar.State] = ("full", "empty")
        found[name] = {
            "four_adjectives": mean_share(
                model, made, [probes.four_adjectives(pour) for pour in probes.pours(probes.mixed(everyone))]
            ),
            **asked_of(model, made, "question", [probes.answer(pour, state) for pour in events for state in states]),
            **asked_of(model, made, "overt_noun", [probes.overt(pour, state) for pour in events for state in states]),
        }
    mixed = probes.pours(probes.mixed(probes.pairs(split, "pairs")))
    unseen = [probes.four_adjectives(pour, opening) for pour in mixed for opening in grammar.UNSEEN_OPENINGS]
    found["unseen_frames"] = {"four_adjectives": mean_share(model, made, unseen)}
    found["demo"] = demo(model, made)
    return found


def asked_of(
    model: BertForMaskedLM, made: PreTrainedTokenizerFast, form: str, clozes: Sequence[probes.Cloze]
) -> dict[str, Number]:
    """Two clozes for each event, full and empty, with the same two nouns. Choice: how often the right one is likelier.
    Within pairs: how often the preference moves to the right noun from one sentence of an event to the other, so that
    the liking of a noun cancels (Elazar et al. 2021; core/coreference/contrast.py); equal preferences count as wrong.
    """
    moves = np.array(probes.margins(model, made, clozes)).reshape(-1, 2).sum(1) > 0
    return {
        f"{form}_same_gender": right_share(model, made, clozes),
        f"{form}_within_pairs": by_word(moves.tolist(), [cloze.nouns for cloze in clozes[::2]]),
    }


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
    """How often the right one has more than half; interval over the nouns."""
    return by_word([share > 0.5 for share in probes.shares(model, made, clozes)], [cloze.nouns for cloze in clozes])


def mean_share(model: BertForMaskedLM, made: PreTrainedTokenizerFast, clozes: Sequence[probes.Cloze]) -> Number:
    """The mean share of the right ones; interval over the nouns."""
    return by_word(probes.shares(model, made, clozes), [cloze.nouns for cloze in clozes])


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


def by_sentence(won: Sequence[bool], sentences: Sequence[str]) -> Number:
    """How often, the interval over sentences."""
    return by_word(won, [(sentence,) for sentence in sentences])


def gain(won: Sequence[bool], other: Sequence[bool], sentences: Sequence[str]) -> Number:
    """How much more often than another that answers the same items, the interval over sentences."""
    differences = [float(a) - float(b) for a, b in zip(won, other, strict=True)]
    return difference_by_word(differences, [(sentence,) for sentence in sentences])
