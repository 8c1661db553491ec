"""The agreement cloze of the encoder beside n-grams that answer the same items: two that see both sides, one the left.

The n-grams are counted on one whole pass of the text that the encoder was trained on, generated sentences included:
the piece before and the piece after (``bigram``), the four before (``left``), and the whole sentence with each form,
which uses the four before and, through what they make of the form, the four after (``kneser_ney``). What they
reach needs neighbouring words only; ``gain`` is what the encoder has beyond the last of them, item by item. Items of
one sentence are no independent evidence: intervals are over sentences."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from transformers import BertForMaskedLM, PreTrainedTokenizerFast

from training.common import agreement_cloze, batches, corpus, mentions, ngram
from training.common.evaluation import by_sentence, gain, preferred, wins_of
from training.common.probes import Cloze
from training.encoder.bigram import Bigram, count

CAP = 600  # items per slot and treebank; a seeded sample where there are more
NEVER_WRITTEN = 3  # [PAD], [CLS] and [MASK] follow nothing

Wins = dict[str, list[bool]]


@dataclass(frozen=True, eq=False)
class Baselines:
    """Both n-grams of one pass; ``tokens``: how many ids it has, with [CLS] and [SEP]."""

    bigram: Bigram
    grams: ngram.KneserNey
    tokens: int

    def wins(self, made: PreTrainedTokenizerFast, clozes: Sequence[Cloze]) -> Wins:
        """For each cloze, does the right form win, by each of the three."""
        asked = [Asked.of(made, cloze) for cloze in clozes]
        return {
            "bigram": [self._beside(one) for one in asked],
            "left": preferred([one.rows(whole=False) for one in asked], self._last),
            "kneser_ney": preferred([one.rows(whole=True) for one in asked], self.grams.log_probabilities),
        }

    def _beside(self, asked: Asked) -> bool:
        guess = self.bigram.guess(asked.ids[asked.place - 1], asked.ids[asked.place + 1])[list(asked.options)]
        return bool(guess[0] > guess[1:].max())

    def _last(self, rows: Sequence[Sequence[int]]) -> list[np.ndarray]:
        return [found[-1:] for found in self.grams.log_probabilities(rows)]


@dataclass(frozen=True)
class Asked:
    """A cloze as ids: the sentence with its special tokens, the place of its mask, the forms, the right one first."""

    ids: tuple[int, ...]
    place: int
    options: tuple[int, ...]

    @classmethod
    def of(cls, made: PreTrainedTokenizerFast, cloze: Cloze) -> Asked:
        """ValueError where the text has not exactly one mask."""
        ids = batches.encode(made, [cloze.text], limit=512, generated=False)[0].ids
        (place,) = (index for index, token in enumerate(ids) if token == made.mask_token_id)
        return cls(tuple(ids), place, tuple(made.convert_tokens_to_ids(list(cloze.options))))

    def rows(self, *, whole: bool) -> list[list[int]]:
        """The sentence with each form in its place; not ``whole``: only up to there."""
        after = self.ids[self.place + 1 :] if whole else ()
        return [[*self.ids[: self.place], option, *after] for option in self.options]


def measure(
    model: BertForMaskedLM, made: PreTrainedTokenizerFast, path: Path, baselines: Baselines | None
) -> dict[str, Any]:
    """agreement: per slot how often the right form beats both its opposite gender and its opposite number; per treebank
    and in all. agreement_baselines: the same of each n-gram, and the gain; without baselines only the former.
    """
    found: dict[str, dict[str, Wins]] = {}
    sentences: dict[str, dict[str, list[str]]] = {}
    for (slot, treebank), clozes in agreement_cloze.sampled(path, made.get_vocab(), CAP):
        wins: Wins = {"model": wins_of(model, made, clozes)} | (baselines.wins(made, clozes) if baselines else {})
        found.setdefault(slot, {})[treebank] = wins
        sentences.setdefault(slot, {})[treebank] = [cloze.sentence for cloze in clozes]
    for slot, banks in found.items():
        names = tuple(next(iter(banks.values())))
        banks["all"] = {name: [won for wins in banks.values() for won in wins[name]] for name in names}
        sentences[slot]["all"] = [text for texts in sentences[slot].values() for text in texts]
    document = {"agreement": _each(found, sentences, lambda wins, texts: by_sentence(wins["model"], texts))}
    if baselines is None:
        return document
    return document | {
        "agreement_baselines": {"tokens": baselines.tokens, **_each(found, sentences, _beside_model)},
    }


def counted(
    made: PreTrainedTokenizerFast, corpora: Path, splits: Sequence[corpus.Split], mix: batches.Mix, seed: int = 0
) -> Baselines:
    """The n-grams of one pass: every real sentence at its weight, and as many generated ones as the mix has."""
    rows = list(_one_pass(made, corpora, splits, mix, random.Random(seed)))
    grams = ngram.train(rows, len(made), predictable=len(made) - NEVER_WRITTEN)
    return Baselines(count(rows, len(made)), grams, sum(map(len, rows)))


def _one_pass(
    made: PreTrainedTokenizerFast,
    corpora: Path,
    splits: Sequence[corpus.Split],
    mix: batches.Mix,
    rng: random.Random,
) -> Iterator[list[int]]:
    real = corpus.sample(splits, rng)
    nouns = mentions.nouns(corpora, frozenset(made.get_vocab()))
    for texts in (real, batches.generate(len(real), mix, rng, nouns)):
        yield from (row.ids for row in batches.encode(made, texts, limit=mix.long_limit, generated=False))


def _each(
    found: dict[str, dict[str, Wins]],
    sentences: dict[str, dict[str, list[str]]],
    number: Callable[[Wins, list[str]], Any],
) -> dict[str, Any]:
    return {
        slot: {bank: number(wins, sentences[slot][bank]) for bank, wins in banks.items()}
        for slot, banks in found.items()
    }


def _beside_model(wins: Wins, sentences: list[str]) -> dict[str, Any]:
    shares = {name: by_sentence(won, sentences) for name, won in wins.items() if name != "model"}
    return shares | {"gain": gain(wins["model"], wins["kneser_ney"], sentences)}
