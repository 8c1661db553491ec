"""Token ids for a causal language model: sentences and runs of neighbouring sentences, repeated segments, batches of
near length.

A sequence is <s> text </s>, cut where it is too long. Sentences of sources without an order (LOOSE) stand alone; those
of running text are joined with their neighbours. A small share of the sequences says the same thing twice, so that a
head can learn to look back for what followed the last time (induction). No model and no optimiser here; padding and
grouping are batches.py's."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from transformers import PreTrainedTokenizerFast

from training.common import batches, corpus
from training.decoder.tokenizer import pieces

IGNORED = batches.IGNORED
LOOSE = frozenset({"tatoeba", "common_voice"})


@dataclass(frozen=True)
class Mix:
    """Shares are of the sequences. `tokens` and `pool` are read by batches.grouped."""

    generated: batches.Mix = batches.Mix(containers=0.03, descriptions=0.04, families=0.02, mentions=0.0)
    random_repeats: float = 0.12  # random entries of the vocabulary, said twice
    real_repeats: float = 0.1  # a sentence, said twice
    run: int = 8  # most neighbouring sentences joined
    limit: int = 128
    long_limit: int = 256
    long_share: float = 0.1  # sequences that may reach `long_limit`
    segment: tuple[int, int] = (6, 40)  # tokens of a random segment
    part: int = 8_000  # texts encoded at a time
    tokens: int = 1_536
    pool: int = 64


@dataclass(frozen=True)
class Line:
    """Ids of one training sequence; the ids from `asked` on are to be predicted."""

    ids: list[int]
    asked: int = 1


@dataclass(frozen=True, eq=False)
class Batch:
    """ids: int64 (sequence, position), right-padded; labels: the next id, IGNORED where nothing is asked. Causal: needs
    no mask.
    """

    ids: torch.Tensor
    labels: torch.Tensor
    tokens: int

    def size(self) -> int:
        """Tokens, padding not counted."""
        return self.tokens

    def asks(self) -> bool:
        """Is any position asked for?"""
        return bool((self.labels != IGNORED).any())


def one_pass(
    splits: Sequence[corpus.Split], tokenizer: PreTrainedTokenizerFast, mix: Mix, seed: int
) -> Iterator[Batch]:
    """Batches of one pass over the real text at its weights, with generated and repeated sequences; `seed` decides
    everything.
    """
    rng = random.Random(seed)
    real = texts(splits, mix, rng)
    everything = real + batches.generate(len(real), mix.generated, rng)
    rng.shuffle(everything)
    for start in range(0, len(everything), mix.part):
        part = everything[start : start + mix.part]
        found = [plain(ids, mix, tokenizer, rng) for ids in pieces(tokenizer, part)]
        found += repeats(part, mix, tokenizer, rng)
        rng.shuffle(found)
        for group in batches.grouped(found, mix, rng):
            yield batch(group, tokenizer.pad_token_id)


def texts(splits: Sequence[corpus.Split], mix: Mix, rng: random.Random) -> list[str]:
    """Single sentences of the loose sources and runs of 1 to `mix.run` neighbours of the others, each source at its
    weight.
    """
    found: list[str] = []
    for split in splits:
        wanted = round(len(split.train) * corpus.WEIGHTS.get(split.source, 1.0))
        if split.source in LOOSE:
            found += rng.sample(split.train, min(wanted, len(split.train)))
            continue
        for run in _runs(split.train, mix.run, rng):
            if wanted <= 0:
                break
            found.append(" ".join(run))
            wanted -= len(run)
    return found


def plain(ids: list[int], mix: Mix, tokenizer: PreTrainedTokenizerFast, rng: random.Random) -> Line:
    """<s> ids </s>, cut to the limit drawn for it."""
    limit = mix.long_limit if rng.random() < mix.long_share else mix.limit
    return Line([tokenizer.bos_token_id, *ids, tokenizer.eos_token_id][:limit])


def repeats(real: Sequence[str], mix: Mix, tokenizer: PreTrainedTokenizerFast, rng: random.Random) -> list[Line]:
    """Beside the sequences of `real`: random segments said twice (asked from the second id of the second time on; what
    comes before cannot be known) and some of the texts said twice (asked throughout)."""
    total = len(real) / (1 - mix.random_repeats - mix.real_repeats)
    found = [repeated(mix, tokenizer, rng) for _ in range(round(total * mix.random_repeats))]
    chosen = rng.sample(real, min(len(real), round(total * mix.real_repeats)))
    for ids in pieces(tokenizer, chosen):
        said = ids[: mix.limit // 2]
        found.append(Line([tokenizer.bos_token_id, *said, *said]))
    return found


def repeated(mix: Mix, tokenizer: PreTrainedTokenizerFast, rng: random.Random) -> Line:
    """<s> and a segment of random entries, twice."""
    first = len(tokenizer.all_special_ids)
    length = rng.randint(*mix.segment)
    said = [rng.randrange(first, len(tokenizer)) for _ in range(length)]
    return Line([tokenizer.bos_token_id, *said, *said], asked=length + 2)


def batch(group: Sequence[Line], filler: int) -> Batch:
    """Right-padded ids and the ids that follow them."""
    ids = batches.pad(list(group), filler)
    labels = torch.full_like(ids, IGNORED)
    for index, row in enumerate(group):
        end = len(row.ids)
        labels[index, row.asked - 1 : end - 1] = ids[index, row.asked : end]
    return Batch(ids, labels, sum(len(row.ids) for row in group))


def _runs(sentences: Sequence[str], most: int, rng: random.Random) -> list[Sequence[str]]:
    """The sentences cut into runs of 1 to `most` neighbours, in random order."""
    runs, start = [], 0
    while start < len(sentences):
        length = rng.randint(1, most)
        runs.append(sentences[start : start + length])
        start += length
    rng.shuffle(runs)
    return runs
