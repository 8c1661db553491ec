"""Translating many sentences, scoring them with chrF and BLEU (sacrebleu), and the two baselines: copying, and a word
dictionary.

The dictionary is learned from the training pairs: each English word becomes the word that Dice's coefficient ties to it
most."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from sacrebleu.metrics import BLEU, CHRF
from transformers import MarianMTModel, PreTrainedTokenizerFast

from training.common.numbers import Number
from training.translator import pairs, tokenizer
from training.translator.batches import prompt

LIMIT = 40  # new tokens
DRAWS = 500
RARE = 3  # times a word pair must occur together to enter the dictionary


@dataclass(frozen=True)
class Test:
    """Distinct English sentences, and for each the translations that count as right."""

    sources: tuple[str, ...]
    references: tuple[tuple[str, ...], ...]


def bench(found: Sequence[pairs.Pair], language: str, *, most: int | None = None, seed: int = 0) -> Test:
    """The sentences of one language, a seeded sample of `most` where there are more."""
    grouped: dict[str, list[str]] = {}
    for pair in found:
        if pair.language == language:
            grouped.setdefault(pair.source, []).append(pair.target)
    names = sorted(grouped)
    chosen = random.Random(seed).sample(names, most) if most and len(names) > most else names
    return Test(tuple(chosen), tuple(tuple(grouped[name]) for name in chosen))


def singly(found: Sequence[pairs.Pair], *, most: int, seed: int = 0) -> Test:
    """Every pair an item with its one translation as the reference, a seeded sample of `most` where there are more."""
    chosen = random.Random(seed).sample(list(found), most) if len(found) > most else list(found)
    return Test(tuple(pair.source for pair in chosen), tuple((pair.target,) for pair in chosen))


def translate(
    model: MarianMTModel, made: PreTrainedTokenizerFast, sentences: Sequence[str], language: str, size: int = 64
) -> list[str]:
    """Greedy translations, in the order of the sentences; those of one length are decoded together."""
    order = sorted(range(len(sentences)), key=lambda place: len(sentences[place]))
    written: dict[int, str] = {}
    for start in range(0, len(order), size):
        places = order[start : start + size]
        asked = made([prompt(sentences[place], language) for place in places], padding=True, return_tensors="pt")
        with torch.inference_mode():
            ids = model.generate(
                input_ids=asked.input_ids,
                attention_mask=asked.attention_mask,
                max_new_tokens=LIMIT,
                max_length=None,
                num_beams=1,
                do_sample=False,
            )
        written.update(zip(places, made.batch_decode(ids, skip_special_tokens=True), strict=True))
    return [written[place] for place in range(len(sentences))]


def scores(written: Sequence[str], test: Test, *, draws: int = DRAWS) -> dict[str, Number]:
    """chrF and BLEU of the whole set, 0 to 100, with a bootstrap 95 % interval over sentences."""
    most = max(map(len, test.references))
    streams = [[some[place] if place < len(some) else None for some in test.references] for place in range(most)]
    return {
        name: _scored(metric, list(written), streams, draws) for name, metric in (("chrf", CHRF()), ("bleu", BLEU()))
    }


def copied(test: Test) -> list[str]:
    """The baseline that knows nothing: the English sentence itself."""
    return list(test.sources)


def dictionary(found: Sequence[pairs.Pair], language: str) -> dict[str, str]:
    """English word → the word of the language with the highest Dice coefficient 2 n(s, t) / (n(s) + n(t)), counted by
    pairs.
    """
    cut = cutter()
    both: Counter[tuple[str, str]] = Counter()
    single: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for pair in found:
        if pair.language == language:
            source, target = ({*cut(pair.source)}, {*cut(pair.target)})
            single[0].update(source)
            single[1].update(target)
            both.update((left, right) for left in source for right in target)
    top: dict[str, tuple[float, str]] = {}
    for (left, right), together in both.items():
        if together >= RARE:
            dice = 2 * together / (single[0][left] + single[1][right])
            top[left] = max(top.get(left, (0.0, "")), (dice, right))
    return {word: right for word, (_, right) in top.items()}


def looked_up(test: Test, words: dict[str, str]) -> list[str]:
    """Word for word through the dictionary; a word that is not in it is copied."""
    cut = cutter()
    return ["".join(words.get(word, word) for word in cut(source)).replace("▁", " ").strip() for source in test.sources]


def cutter() -> Callable[[str], list[str]]:
    """Words with their spaces (▁), as the tokenizer cuts them."""
    shell = tokenizer.shell()
    return lambda sentence: tokenizer.words(shell, sentence)


def _scored(metric: CHRF | BLEU, written: list[str], streams: list[list[str | None]], draws: int) -> Number:
    plain = metric.corpus_score(written, streams)
    if not draws:
        return {"value": round(plain.score, 2), "n": len(written), "low": None, "high": None}
    drawn = metric.corpus_score(written, streams, n_bootstrap=draws)
    middle, half = float(drawn._mean), float(drawn._ci)  # sacrebleu keeps its estimate there, and prints it
    return {
        "value": round(plain.score, 2),
        "n": len(written),
        "low": round(min(plain.score, middle - half), 2),
        "high": round(max(plain.score, middle + half), 2),
    }
