"""Everything measured about an encoder, as one JSON document: counts, baselines and 95 % intervals.

Items are made by probes.py (container family) and agreement_cloze.py (treebanks); nothing here was trained on: held-out text is split
in corpus.py, nouns and pairs in lexicon.py, and the treebanks' test parts are forbidden to the corpus.
"""

from __future__ import annotations

import math
import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import BertForMaskedLM, PreTrainedTokenizerFast

from training import agreement_cloze, batches, corpus, grammar, probes, tokenizer
from training.lexicon import Containers, Noun, containers, noun

Number = dict[str, Any]
MASKED_SHARE = 0.15
CAP = 600  # items per slot and treebank; a seeded sample where there are more
Z = 1.959964
BANDS = ((0, 96), (96, 256), (256, 384), (384, 512))  # positions


def rate(hits: int, n: int) -> Number:
    """A share with its Wilson 95 % interval: {'value', 'n', 'low', 'high'}; value None when n is 0."""
    if n == 0:
        return {"value": None, "n": 0, "low": None, "high": None}
    p, z2 = hits / n, Z * Z
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return {
        "value": round(p, 4),
        "n": n,
        "low": round(max(0.0, centre - half), 4),
        "high": round(min(1.0, centre + half), 4),
    }


def mean(values: Sequence[float], seed: int = 0, draws: int = 2000) -> Number:
    """A mean with its bootstrap 95 % interval over items."""
    if not len(values):
        return {"value": None, "n": 0, "low": None, "high": None}
    array = np.asarray(values, dtype=float)
    picked = np.random.default_rng(seed).integers(0, len(array), (draws, len(array)))
    low, high = np.quantile(array[picked].mean(1), (0.025, 0.975))
    return {
        "value": round(float(array.mean()), 4),
        "n": len(array),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
    }


def evaluate(model: BertForMaskedLM, made: PreTrainedTokenizerFast, corpora: Path) -> dict[str, Any]:
    """The whole document for a model in evaluation mode."""
    splits = corpus.load(corpora)
    document = {
        "masked_accuracy": masked_accuracy(model, made, splits),
        "by_position": by_position(model, made, splits),
        "containers": container_family(model, made, containers()),
        "agreement": agreement(model, made, corpora / "ud_pt_test.conllu.gz"),
        "single_token_words": {s.source: rate(*tokenizer.whole_share(made, s.held_out)) for s in splits},
    }
    whole = [tokenizer.whole_share(made, split.held_out) for split in splits]
    document["single_token_words"]["all"] = rate(sum(hits for hits, _ in whole), sum(n for _, n in whole))
    return document


def masked_accuracy(
    model: BertForMaskedLM, made: PreTrainedTokenizerFast, splits: Sequence[corpus.Split]
) -> dict[str, Any]:
    """Per source: how often the hidden piece is the model's first guess, against always guessing the commonest piece of the training text.

    15 % of the pieces of each held-out sentence are hidden at once (at least one), every one of them by [MASK].
    """
    common = commonest(made, splits)
    found, totals = {}, Counter()
    for split in splits:
        hits, base, n = _masked_counts(model, made, split.held_out, common)
        totals.update(hits=hits, base=base, n=n)
        found[split.source] = {"model": rate(hits, n), "unigram": rate(base, n)}
    found["all"] = {"model": rate(totals["hits"], totals["n"]), "unigram": rate(totals["base"], totals["n"])}
    return found


def by_position(
    model: BertForMaskedLM, made: PreTrainedTokenizerFast, splits: Sequence[corpus.Split], most: int = 60
) -> dict[str, Number]:
    """Masked accuracy on held-out sentences of one source joined to `positions` pieces, by the band of positions they stand at."""
    noise, width = np.random.default_rng(1), model.config.max_position_embeddings
    texts = [" ".join(split.held_out[i : i + 60]) for split in splits for i in range(0, len(split.held_out), 60)]
    long = [row.ids for row in batches.encode(made, texts, limit=width, generated=False) if len(row.ids) == width][
        :most
    ]
    hits, asked = np.zeros(width), np.zeros(width)
    for ids in long:
        chosen = np.sort(noise.choice(width - 2, round(MASKED_SHARE * width), replace=False) + 1)
        shown = torch.tensor([ids])
        shown[0, chosen] = made.mask_token_id
        with torch.inference_mode():
            guess = model.cls(model.bert(input_ids=shown).last_hidden_state[0, chosen]).argmax(-1).numpy()
        hits[chosen] += guess == np.array(ids)[chosen]
        asked[chosen] += 1
    bands = [(low, min(high, width)) for low, high in BANDS if low < width]
    return {f"{low}-{high - 1}": rate(int(hits[low:high].sum()), int(asked[low:high].sum())) for low, high in bands}


def commonest(made: PreTrainedTokenizerFast, splits: Sequence[corpus.Split], sentences: int = 40_000) -> int:
    """The id that occurs most often in a sample of the training text, each source at its weight."""
    texts = corpus.sample(splits, random.Random(0))[:sentences]
    rows = batches.encode(made, texts, limit=512, generated=False)
    return Counter(piece for row in rows for piece in row.ids[1:-1]).most_common(1)[0][0]


def container_family(model: BertForMaskedLM, made: PreTrainedTokenizerFast, split: Containers) -> dict[str, Any]:
    """The four-adjective share (mixed-gender pairs) and the meaning-only questions (same-gender pairs), on unseen pairs and nouns.

    `unseen_pairs`: both nouns were trained on, never together; `unseen_nouns`: at least one noun never occurred in a generated
    sentence. `demo` is the application's own pair. Chance: 0.5 for every entry.
    """
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
    found["demo"] = demo(model, made)
    return found


def demo(model: BertForMaskedLM, made: PreTrainedTokenizerFast) -> dict[str, float]:
    """Probabilities of the four adjectives, among themselves, at the end of the jarra/copo sentence (an unseen pair)."""
    pour = grammar.Pour(Noun("Ela", "f"), Noun("água", "f"), noun("jarra"), noun("copo"))
    text = probes.four_adjectives(pour).text
    each = [probes.Cloze(text, probes.ADJECTIVES, (word,)) for word in probes.ADJECTIVES]
    return {
        word: round(share, 4) for word, share in zip(probes.ADJECTIVES, probes.shares(model, made, each), strict=True)
    }


def agreement(model: BertForMaskedLM, made: PreTrainedTokenizerFast, path: Path) -> dict[str, Any]:
    """Per slot: how often the right form beats both its opposite gender and its opposite number; per treebank and in all."""
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


def _masked_counts(
    model: BertForMaskedLM, made: PreTrainedTokenizerFast, texts: Sequence[str], common: int
) -> tuple[int, int, int]:
    """(model hits, baseline hits, hidden pieces) over the texts."""
    noise = np.random.default_rng(0)
    rows = sorted((row.ids for row in batches.encode(made, list(texts), limit=128, generated=False)), key=len)
    hits = base = n = 0
    for start in range(0, len(rows), 64):
        group = [batches.Row(ids, False) for ids in rows[start : start + 64]]
        ids = batches.pad(group, made.pad_token_id)
        hidden = torch.zeros_like(ids, dtype=torch.bool)
        for index, row in enumerate(group):
            inner = len(row.ids) - 2
            chosen = noise.choice(inner, max(1, round(MASKED_SHARE * inner)), replace=False) + 1
            hidden[index, chosen] = True
        asked = ids.masked_fill(hidden, made.mask_token_id)
        with torch.inference_mode():
            state = model.bert(input_ids=asked, attention_mask=(ids != made.pad_token_id).long()).last_hidden_state
            guess = model.cls(state[hidden]).argmax(-1)
        gold = ids[hidden]
        hits, base, n = hits + int((guess == gold).sum()), base + int((gold == common).sum()), n + len(gold)
    return hits, base, n
