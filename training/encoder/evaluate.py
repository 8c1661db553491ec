"""Everything measured about an encoder, as one JSON document: counts, baselines and 95 % intervals.

Items are made by probes.py (container family) and agreement_cloze.py (treebanks); nothing here was trained on: held-out
text is split in corpus.py, nouns and pairs in lexicon.py, and the treebanks' test parts are forbidden to the corpus.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import BertForMaskedLM, PreTrainedTokenizerFast

from training.common import agreement_cloze, bias, corpus, families, grammar, probes, tokenizer
from training.common.lexicon import Containers, Noun, containers, noun
from training.common.numbers import Number, mean, rate
from training.encoder import real_text

CAP = 600  # items per slot and treebank; a seeded sample where there are more


def evaluate(model: BertForMaskedLM, made: PreTrainedTokenizerFast, corpora: Path) -> dict[str, Any]:
    """The whole document for a model in evaluation mode."""
    splits = corpus.load(corpora)
    document = {
        **real_text.measure(model, made, splits),
        "containers": container_family(model, made, containers()),
        "families": winograd_families(model, made),
        "gender_of_professions": professions(model, made),
        "agreement": agreement(model, made, corpora / "ud_pt_test.conllu.gz"),
        "single_token_words": {s.source: rate(*tokenizer.whole_share(made, s.held_out)) for s in splits},
    }
    whole = [tokenizer.whole_share(made, split.held_out) for split in splits]
    document["single_token_words"]["all"] = rate(sum(hits for hits, _ in whole), sum(n for _, n in whole))
    return document


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
            "question_same_gender": _right(
                model, made, [probes.answer(pour, state) for pour in events for state in states]
            ),
            "overt_noun_same_gender": _right(
                model, made, [probes.overt(pour, state) for pour in events for state in states]
            ),
        }
    mixed = probes.pours(probes.mixed(probes.pairs(split, "pairs")))
    unseen = [probes.four_adjectives(pour, opening) for pour in mixed for opening in grammar.UNSEEN_OPENINGS]
    found["unseen_frames"] = {"four_adjectives": mean(probes.shares(model, made, unseen))}
    found["demo"] = demo(model, made)
    return found


def winograd_families(model: BertForMaskedLM, made: PreTrainedTokenizerFast) -> dict[str, Any]:
    """On stories whose nouns were in no generated training sentence: the adjective among those that fit either noun
    (two
    genders: agreement and meaning), and the answer to the question (one gender and number: meaning only). Chance: 0.5.
    """
    known = frozenset(made.get_vocab())
    agreed = {family.name: probes.family_adjectives(family, known) for family in families.FAMILIES}
    asked = {family.name: probes.family_answers(family, known) for family in families.FAMILIES}
    return {
        "adjective_two_genders": _by_family(model, made, agreed),
        "question_one_gender": _by_family(model, made, asked),
    }


def professions(model: BertForMaskedLM, made: PreTrainedTokenizerFast) -> dict[str, Any]:
    """Share of the masculine article before professions of both genders: per profession, and the mean over all. No
    preference: 0.5.
    """
    known = made.get_vocab()
    items = [(word, cloze) for word, cloze in bias.clozes() if word in known]
    shares = probes.shares(model, made, [cloze for _, cloze in items])
    words = dict.fromkeys(word for word, _ in items)
    each = {name: [share for (word, _), share in zip(items, shares, strict=True) if word == name] for name in words}
    return {"all": mean(shares), "each": {word: round(sum(found) / len(found), 3) for word, found in each.items()}}


def _by_family(
    model: BertForMaskedLM, made: PreTrainedTokenizerFast, clozes: dict[str, list[probes.Cloze]]
) -> dict[str, Any]:
    found = {name: _right(model, made, group) for name, group in clozes.items() if group}
    return found | {"all": _right(model, made, [cloze for group in clozes.values() for cloze in group])}


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


def agreement(model: BertForMaskedLM, made: PreTrainedTokenizerFast, path: Path) -> dict[str, Any]:
    """Per slot: how often the right form beats both its opposite gender and its opposite number; per treebank and in
    all.
    """
    found: dict[str, Any] = {}
    totals: dict[str, Counter[str]] = {}
    for (slot, treebank), items in sorted(agreement_cloze.items(path, made.get_vocab()).items()):
        chosen = random.Random(0).sample(items, CAP) if len(items) > CAP else items
        hits = sum(_wins(model, made, chosen))
        found.setdefault(slot, {})[treebank] = rate(hits, len(chosen))
        totals.setdefault(slot, Counter()).update(hits=hits, n=len(chosen))
    for slot, total in totals.items():
        found[slot]["all"] = rate(total["hits"], total["n"])
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


def _right(model: BertForMaskedLM, made: PreTrainedTokenizerFast, clozes: Sequence[probes.Cloze]) -> Number:
    shares = probes.shares(model, made, clozes)
    return rate(sum(share > 0.5 for share in shares), len(shares))


def _wins(model: BertForMaskedLM, made: PreTrainedTokenizerFast, clozes: Sequence[probes.Cloze]) -> Iterable[bool]:
    ordered = sorted(clozes, key=lambda cloze: len(cloze.text))
    for index in range(0, len(ordered), 64):
        group = ordered[index : index + 64]
        for cloze, row in zip(group, probes.masked_logits(model, made, [cloze.text for cloze in group]), strict=True):
            logits = row[made.convert_tokens_to_ids(list(cloze.options))]
            yield bool(logits[0] > logits[1:].max())
