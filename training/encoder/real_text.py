"""How well an encoder fills held-out real text, beside baselines that know only frequencies: unigram and two-sided
bigram.

Accuracy hides 15 % of the pieces at once, pseudo-perplexity one at a time. n counts pieces; pieces of one sentence are
no independent evidence, so intervals are over sentences. The families and the treebanks are in evaluate.py."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import torch
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from training.common import batches, corpus, masked_model
from training.common.numbers import Number, by_word, difference_by_word
from training.encoder.bigram import Bigram, count

MASKED_SHARE = 0.15
BANDS = ((0, 96), (96, 256), (256, 384), (384, 512))  # positions
COUNTED = 150_000  # training sentences that the baselines are counted on
ROWS = 64  # of one forward
SCORED = 40  # held-out sentences per source for pseudo-perplexity


class Guess(NamedTuple):
    """Of one hidden piece: was the first guess right?"""

    model: bool
    unigram: bool
    bigram: bool


Guessed = list[tuple[str, Guess]]
"""(sentence, guess) of every hidden piece."""


def right(guessed: Guessed) -> dict[str, Number]:
    """Shares of right first guesses of the model and of both baselines."""
    sentences = [(sentence,) for sentence, _ in guessed]
    return {name: by_word([getattr(guess, name) for _, guess in guessed], sentences) for name in Guess._fields}


@dataclass
class Losses:
    """Negative log probabilities in nats of pieces hidden one at a time, and the sentence of each."""

    model: list[float] = field(default_factory=list)
    unigram: list[float] = field(default_factory=list)
    bigram: list[float] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)

    def numbers(self) -> dict[str, Number]:
        """Perplexities: exp of the mean and of its interval."""
        return {name: perplexity(getattr(self, name), self.sentences) for name in Guess._fields}


def perplexity(losses: Sequence[float], sentences: Sequence[str]) -> Number:
    """exp of a mean loss and of the interval of the mean."""
    found = difference_by_word(losses, [(sentence,) for sentence in sentences])
    return found | {key: round(math.exp(found[key]), 2) for key in ("value", "low", "high") if found[key] is not None}


def measure(
    model: PreTrainedModel, made: PreTrainedTokenizerFast, splits: Sequence[corpus.Split], baseline: Bigram
) -> dict[str, Any]:
    """masked_accuracy and pseudo_perplexity per source and in all, and accuracy by_position."""
    hits: dict[str, Guessed] = {}
    losses: dict[str, Losses] = {}
    for split in splits:
        rows = batches.encode(made, list(split.held_out), limit=128, generated=False)
        guessed = guesses(model, made, rows, baseline)
        hits[split.source] = [(f"{split.source} {row}", guess) for row, _, guess in guessed]
        losses[split.source] = single_losses(model, made, rows[:SCORED], baseline, name=split.source)
    together = [guess for found in hits.values() for guess in found]
    return {
        "masked_accuracy": {name: right(found) for name, found in (*hits.items(), ("all", together))},
        "pseudo_perplexity": {
            name: found.numbers() for name, found in (*losses.items(), ("all", _joined(losses.values())))
        },
        "by_position": by_position(model, made, splits),
    }


def counted(made: PreTrainedTokenizerFast, splits: Sequence[corpus.Split]) -> Bigram:
    """The baselines, counted on a sample of the training text, each source at its weight."""
    texts = corpus.sample(splits, random.Random(0))[:COUNTED]
    rows = batches.encode(made, texts, limit=512, generated=False)
    return count([row.ids for row in rows], len(made))


def guesses(
    model: PreTrainedModel, made: PreTrainedTokenizerFast, rows: Sequence[batches.Row], baseline: Bigram
) -> Iterator[tuple[int, int, Guess]]:
    """(row, place in it, who was right) of every hidden piece: 15 % of each row are hidden at once (at least one),
    every one of them by [MASK].
    """
    noise = np.random.default_rng(0)
    common = int(baseline.unigram[len(made.all_special_ids) :].argmax()) + len(made.all_special_ids)
    order = sorted(range(len(rows)), key=lambda index: len(rows[index].ids))
    for start in range(0, len(order), ROWS):
        group = order[start : start + ROWS]
        ids = batches.pad([rows[index] for index in group], made.pad_token_id)
        hidden = _hide(ids, made, noise)
        asked = ids.masked_fill(hidden, made.mask_token_id)
        first = _logits(model, asked, hidden, made).argmax(-1).tolist()
        for (i, j), guess, right in zip(hidden.nonzero().tolist(), first, ids[hidden].tolist(), strict=True):
            near = int(baseline.guess(*_neighbours(asked[i], j, made)).argmax())
            yield group[i], j, Guess(guess == right, common == right, near == right)


def single_losses(
    model: PreTrainedModel,
    made: PreTrainedTokenizerFast,
    rows: Sequence[batches.Row],
    baseline: Bigram,
    *,
    name: str = "",
) -> Losses:
    """Every piece of every sentence hidden alone: −log P of the right one. name: what tells these sentences from
    others.
    """
    found = Losses()
    for place, row in enumerate(rows):
        ids = torch.tensor(row.ids)
        places = torch.arange(1, len(ids) - 1)
        asked = ids.repeat(len(places), 1)
        asked[torch.arange(len(places)), places] = made.mask_token_id
        hidden = asked == made.mask_token_id
        found.model += (
            -_logits(model, asked, hidden, made).log_softmax(-1)[torch.arange(len(places)), ids[places]]
        ).tolist()
        found.sentences += [f"{name} {place}"] * len(places)
        found.unigram += (-np.log(baseline.unigram[ids[places].numpy()])).tolist()
        found.bigram += [-math.log(baseline.guess(row.ids[j - 1], row.ids[j + 1])[row.ids[j]]) for j in places.tolist()]
    return found


def by_position(
    model: PreTrainedModel, made: PreTrainedTokenizerFast, splits: Sequence[corpus.Split], most: int = 60
) -> dict[str, Number]:
    """Masked accuracy on held-out sentences of one source joined to `positions` pieces, by the band of positions they
    stand at.
    """
    noise, width = np.random.default_rng(1), model.config.max_position_embeddings
    texts = [" ".join(split.held_out[i : i + 60]) for split in splits for i in range(0, len(split.held_out), 60)]
    long = [row.ids for row in batches.encode(made, texts, limit=width, generated=False) if len(row.ids) == width][
        :most
    ]
    bands = {f"{low}-{min(high, width) - 1}": range(low, min(high, width)) for low, high in BANDS if low < width}
    hits: dict[str, list[bool]] = {band: [] for band in bands}
    texts_of: dict[str, list[tuple[str]]] = {band: [] for band in bands}
    for text, ids in enumerate(long):
        chosen = np.sort(noise.choice(width - 2, round(MASKED_SHARE * width), replace=False) + 1)
        shown = torch.tensor([ids])
        shown[0, chosen] = made.mask_token_id
        with torch.inference_mode():
            guess = masked_model.scores(model, masked_model.states(model, shown, None)[0, chosen]).argmax(-1).numpy()
        for band, places in bands.items():
            inside = (chosen >= places.start) & (chosen < places.stop)
            hits[band] += (guess == np.array(ids)[chosen])[inside].tolist()
            texts_of[band] += [(str(text),)] * int(inside.sum())
    return {band: by_word(hits[band], texts_of[band]) for band in bands}


def _hide(ids: torch.Tensor, made: PreTrainedTokenizerFast, noise: np.random.Generator) -> torch.Tensor:
    """bool (sentence, position): which pieces are hidden."""
    hidden = torch.zeros_like(ids, dtype=torch.bool)
    for index, length in enumerate((ids != made.pad_token_id).sum(1).tolist()):
        inner = length - 2
        hidden[index, noise.choice(inner, max(1, round(MASKED_SHARE * inner)), replace=False) + 1] = True
    return hidden


def _logits(
    model: PreTrainedModel, asked: torch.Tensor, hidden: torch.Tensor, made: PreTrainedTokenizerFast
) -> torch.Tensor:
    """(hidden pieces, vocab) float32."""
    with torch.inference_mode():
        state = masked_model.states(model, asked, (asked != made.pad_token_id).long())
        return masked_model.scores(model, state[hidden]).float()


def _neighbours(asked: torch.Tensor, place: int, made: PreTrainedTokenizerFast) -> tuple[int | None, int | None]:
    """The ids on both sides as the model sees them; None where they are hidden."""
    both = (int(asked[place - 1]), int(asked[place + 1]))
    return tuple(None if other == made.mask_token_id else other for other in both)


def _joined(losses: Iterable[Losses]) -> Losses:
    listed, names = list(losses), (*Guess._fields, "sentences")
    return Losses(*([value for found in listed for value in getattr(found, name)] for name in names))
