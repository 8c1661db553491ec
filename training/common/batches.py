"""Token ids for a masked language model: mixing real and generated sentences, batches of equal length, masking.

Batches hold about `tokens` tokens of sentences of nearly one length, so that little padding is computed. A share of the
real text is packed into long sequences, so that late positions are trained at all. No model and no optimiser here."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from transformers import PreTrainedTokenizerFast

from training.common import agreement, corpus, families, grammar, mentions
from training.common.families import Filler
from training.common.lexicon import PLACES, containers

IGNORED = -100


@dataclass(frozen=True)
class Mix:
    """Shares and sizes. The first four are shares of the sentences, by what is generated; `long_share` is of the real
    ones.
    """

    containers: float = 0.12
    descriptions: float = 0.07
    families: float = 0.1
    mentions: float = 0.05
    long_share: float = 0.25
    short_limit: int = 96
    long_limit: int = 512
    tokens: int = 3072
    masked: float = 0.3
    adjective: float = 0.4  # masking rate of the adjectives that generated sentences are about
    answer: float = 0.7  # of a noun named for the second time: what "ficou cheio" is about
    mention: float = 0.1  # of a noun named for the first time: it must stay readable for the answer to be found
    pool: int = 64  # batches sorted by length together


@dataclass(frozen=True, eq=False)
class Batch:
    """ids, labels: int64 (sentence, position), labels IGNORED where nothing is asked; attention: bool, or None without
    padding.
    """

    ids: torch.Tensor
    labels: torch.Tensor
    attention: torch.Tensor | None

    def size(self) -> int:
        """Tokens, padding not counted."""
        return self.ids.numel() if self.attention is None else int(self.attention.sum())

    def asks(self) -> bool:
        """Is any position asked for?"""
        return bool((self.labels != IGNORED).any())


@dataclass(frozen=True)
class Row:
    """Ids of one training sequence with its special tokens; `generated` sequences are masked with focus."""

    ids: list[int]
    generated: bool


@dataclass(frozen=True, eq=False)
class Focus:
    """Ids of the words that generated sentences are about."""

    adjectives: np.ndarray
    nouns: np.ndarray


def one_pass(
    splits: Sequence[corpus.Split],
    tokenizer: PreTrainedTokenizerFast,
    mix: Mix,
    seed: int,
    nouns: Sequence[Filler] = (),
) -> Iterator[Batch]:
    """Batches of one pass over the real text plus fresh generated sentences (`nouns`: for mentions); `seed` decides
    everything.
    """
    rng = random.Random(seed)
    real = corpus.sample(splits, rng)
    kept = round(len(real) * (1 - mix.long_share))
    sequences = encode(tokenizer, real[:kept], limit=mix.short_limit, generated=False)
    sequences += pack(tokenizer, long_texts(splits, len(real) - kept, rng), mix.long_limit, rng)
    sequences += encode(tokenizer, generate(len(real), mix, rng, nouns), limit=mix.short_limit, generated=True)
    rng.shuffle(sequences)
    focus = focus_of(tokenizer, nouns)
    noise = np.random.default_rng(seed)
    for group in grouped(sequences, mix, rng):
        yield mask(pad(group, tokenizer.pad_token_id), group, tokenizer, mix, focus, noise)


def generate(real: int, mix: Mix, rng: random.Random, nouns: Sequence[Filler] = ()) -> list[str]:
    """As many generated sentences as give the mix its shares beside `real` real ones. `nouns`: any nouns of the
    language, for mentions and for a share of the stories; without them there are no mentions."""
    total = real / (1 - mix.containers - mix.descriptions - mix.families - mix.mentions)
    made = [grammar.sentence(rng, nouns) for _ in range(round(total * mix.containers))]
    made += [agreement.sentence(rng) for _ in range(round(total * mix.descriptions))]
    made += [families.sentence(rng, nouns) for _ in range(round(total * mix.families))]
    return made + mentions.texts(round(total * mix.mentions), nouns, rng)


def long_texts(splits: Sequence[corpus.Split], sentences: int, rng: random.Random) -> list[str]:
    """Runs of neighbouring sentences of one source, `sentences` in all, for the long sequences."""
    run = 40
    usable = [split.train for split in splits if len(split.train) > run]
    starts = (
        (train, rng.randrange(len(train) - run))
        for train in (rng.choice(usable) for _ in range(sentences // run))
        if train
    )
    return [" ".join(train[start : start + run]) for train, start in starts] if usable else []


def encode(tokenizer: PreTrainedTokenizerFast, texts: list[str], *, limit: int, generated: bool) -> list[Row]:
    """Each text as one sequence of at most `limit` ids; straight from the Rust tokenizer, five times as fast as the
    wrapper.

    The wrapper leaves its last call's padding and truncation switched on in the Rust tokenizer: they are switched off
    first."""
    backend = tokenizer.backend_tokenizer
    backend.no_padding()
    backend.no_truncation()
    encodings = backend.encode_batch_fast(texts) if texts else []
    return [Row(_cut(encoding.ids, limit), generated) for encoding in encodings]


def _cut(ids: list[int], limit: int) -> list[int]:
    return ids if len(ids) <= limit else ids[: limit - 1] + ids[-1:]


def pack(tokenizer: PreTrainedTokenizerFast, texts: list[str], limit: int, rng: random.Random) -> list[Row]:
    """Long texts cut to lengths spread between limit / 4 and limit."""
    rows = encode(tokenizer, texts, limit=limit, generated=False)
    return [Row(_cut(row.ids, rng.randint(limit // 4, limit)), False) for row in rows]


def grouped(sequences: list[Row], mix: Mix, rng: random.Random) -> Iterator[list[Row]]:
    """Groups of similar length within `mix.tokens` padded tokens; sorted inside a pool, pools and groups shuffled."""
    size = sum(len(row.ids) for row in sequences)
    pools = max(1, size // (mix.tokens * mix.pool))
    for start in range(pools):
        groups, current = [], []
        for row in sorted(sequences[start::pools], key=lambda row: len(row.ids)):
            if current and (len(current) + 1) * len(row.ids) > mix.tokens:
                groups.append(current)
                current = []
            current.append(row)
        groups += [current] if current else []
        rng.shuffle(groups)
        yield from groups


def pad(group: list[Row], filler: int) -> torch.Tensor:
    """(sentence, position) int64, right-padded with `filler`."""
    width = max(len(row.ids) for row in group)
    return torch.tensor([row.ids + [filler] * (width - len(row.ids)) for row in group])


def mask(
    ids: torch.Tensor,
    group: list[Row],
    tokenizer: PreTrainedTokenizerFast,
    mix: Mix,
    focus: Focus,
    noise: np.random.Generator,
) -> Batch:
    """BERT's masking: of the chosen positions 80 % become [MASK], 10 % a random id, 10 % stay. Special tokens are never
    chosen.
    """
    array = ids.numpy()
    rate = np.full(array.shape, mix.masked)
    generated = np.array([row.generated for row in group])[:, None]
    named = generated & np.isin(array, focus.nouns)
    rate[generated & np.isin(array, focus.adjectives)] = mix.adjective
    rate[named] = np.where(repeated(array), mix.answer, mix.mention)[named]
    rate[array < len(tokenizer.all_special_ids)] = 0.0  # the special tokens are the first entries of the vocabulary
    chosen = noise.random(array.shape) < rate
    fate = noise.random(array.shape)
    seen = np.where(chosen & (fate < 0.8), tokenizer.mask_token_id, array)
    anything = noise.integers(len(tokenizer.all_special_ids), len(tokenizer), array.shape)
    seen = np.where(chosen & (fate >= 0.9), anything, seen)
    attention = array != tokenizer.pad_token_id
    return Batch(
        torch.from_numpy(seen),
        torch.from_numpy(np.where(chosen, array, IGNORED)),
        None if attention.all() else torch.from_numpy(attention.astype(np.int64)),
    )


def repeated(array: np.ndarray) -> np.ndarray:
    """bool (sentence, position): does the same id stand earlier in the sentence?"""
    return np.tril(array[:, :, None] == array[:, None, :], k=-1).any(-1)


def focus_of(tokenizer: PreTrainedTokenizerFast, nouns: Sequence[Filler] = ()) -> Focus:
    """The ids of the words that generated sentences are about, where the vocabulary has them whole."""
    described = [noun for kind in agreement.KINDS for noun in (*kind.masculine, *kind.feminine)]
    places = [entry.text for entry in (*containers().train_nouns, *PLACES)]
    named = [text for filler in families.fillers() for text in (filler.text, agreement.plural(filler.text))]
    everyone = {*described, *places, *named, *(noun.text for noun in nouns)}
    adjectives = {*grammar.ADJECTIVES.values(), *families.adjectives()}
    vocabulary = tokenizer.get_vocab()
    return Focus(
        *(
            np.array(sorted(vocabulary[word] for word in words if word in vocabulary))
            for words in (adjectives, everyone)
        )
    )
