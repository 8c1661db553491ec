"""The recipe of mirante-encoder-pt: its shape, its command line, and the order of the steps.

    python -m training.encoder tokenizer --corpora FOLDER     the vocabulary, from the training sentences
    python -m training.encoder train --minutes 200            weights, checkpointed in runs/encoder; run again to resume
    python -m training.encoder export                         float16 weights, tokenizer, evaluation, curve, card
    python -m training.encoder all                            the three in turn
    python -m training.encoder measure                        evaluation and card of the exported weights anew

The corpora folder is MIRANTE_CORPORA unless --corpora names it. The loop is train.py, the data batches.py, the measures
evaluate.py."""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import torch
from transformers import PreTrainedTokenizerFast

from training.common import batches, corpus, heldout, mentions, probes, tokenizer, train
from training.common.families import Filler
from training.common.masked_loss import masked_loss
from training.common.recipe import MEASURE, STEPS, command_line, run_steps, say
from training.encoder.model import ASSETS, RUNS, build

RATE = 2e-3


def build_tokenizer(corpora: Path, folder: Path, seed: int = 0) -> PreTrainedTokenizerFast:
    """Train the vocabulary on one pass of the mix and save it with the split of nouns and pairs."""
    rng = random.Random(seed)
    real = corpus.sample(corpus.load(corpora), rng)
    made = tokenizer.train(real + batches.generate(len(real) // 4, batches.Mix(), rng))
    tokenizer.save(made, folder)
    heldout.write(folder / "heldout.json")
    return made


def run(
    corpora: Path, folder: Path, plan: train.Plan, mix: batches.Mix, *, tokens: Path = ASSETS, device: str | None = None
) -> train.State:
    """Train (or go on training) in `folder` with the tokenizer saved in `tokens`."""
    torch.manual_seed(plan.seed)
    made = tokenizer.load(tokens)
    splits = corpus.load(corpora)
    model = build(len(made)).to(train.device_of(device))
    print(
        f"{model.num_parameters() / 1e6:.2f} M parameters, {sum(len(s.train) for s in splits)} sentences, "
        f"device {model.device}",
        flush=True,
    )
    probe = probes.quick(made, splits)
    nouns = mentions.nouns(corpora, frozenset(made.get_vocab()))
    return train.run(
        model, passes(splits, made, mix, plan.seed, nouns), masked_loss, plan, folder, probe=probe, say=say
    )


def passes(
    splits: Sequence[corpus.Split],
    made: PreTrainedTokenizerFast,
    mix: batches.Mix,
    seed: int,
    nouns: Sequence[Filler] = (),
) -> Callable[[int], Iterator[batches.Batch]]:
    """Pass i has a seed of its own, so that a resumed run sees new masks and new generated sentences."""
    return lambda index: batches.one_pass(splits, made, mix, 1_000 * seed + index, nouns)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    options = command_line("encoder", __doc__, runs=RUNS, out=ASSETS, steps=(*STEPS, MEASURE), minutes=200.0)
    options.add_argument("--tokens", type=int, default=batches.Mix.tokens, help="tokens per batch")
    options.add_argument(
        "--containers", type=float, default=batches.Mix.containers, help="share of container sentences"
    )
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--device", help="cpu, cuda or mps (default: the best present)")
    return options


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line asks."""
    run_steps(
        parser().parse_args(arguments), {"tokenizer": _tokenizer, "train": _train, "export": _export, MEASURE: _measure}
    )


def _tokenizer(options: argparse.Namespace) -> None:
    build_tokenizer(corpus.folder(options.corpora), options.out, options.seed)


def _train(options: argparse.Namespace) -> None:
    plan = train.Plan(minutes=options.minutes, steps=options.steps, seed=options.seed, rate=RATE, muon=True)
    mix = batches.Mix(tokens=options.tokens, containers=options.containers)
    run(corpus.folder(options.corpora), options.runs, plan, mix, tokens=options.out, device=options.device)


def _export(options: argparse.Namespace) -> None:
    from training.encoder import export  # imported late: it draws in the evaluation, which training does not need

    export.write(corpus.folder(options.corpora), options.runs, options.out)


def _measure(options: argparse.Namespace) -> None:
    from training.encoder import export  # imported late, as above

    export.measure_again(corpus.folder(options.corpora), options.out)
