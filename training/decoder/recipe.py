"""The recipe of mirante-decoder-pt: its shape, its command line, and the order of the steps.

    python -m training.decoder tokenizer --corpora FOLDER     the vocabulary, from the training sentences
    python -m training.decoder train --minutes 45             weights, checkpointed in runs/decoder; run again to resume
    python -m training.decoder export                         float16 weights, tokenizer, evaluation, curve, card
    python -m training.decoder all                            the three in turn
    python -m training.decoder measure                        evaluation and card of the exported weights anew

The corpora folder is MIRANTE_CORPORA unless --corpora names it. The loop is train.py, the data sequences.py, the
measures evaluate.py."""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import torch
from torch import nn
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from training.common import batches, corpus, heldout, tokenizer, train
from training.common.recipe import MEASURE, STEPS, command_line, run_steps, say
from training.decoder import sequences, tokenizer as decoder_tokenizer
from training.decoder.model import ASSETS, RUNS, config

RATE = 2.5e-3


def build_tokenizer(corpora: Path, folder: Path, seed: int = 0) -> PreTrainedTokenizerFast:
    """Train the vocabulary on one pass of the mix and save it with the split of nouns and pairs."""
    rng = random.Random(seed)
    real = corpus.sample(corpus.load(corpora), rng)
    made = decoder_tokenizer.train(real + batches.generate(len(real), sequences.Mix().generated, rng))
    tokenizer.save(made, folder)
    heldout.write(folder / "heldout.json")
    return made


def run(
    corpora: Path,
    folder: Path,
    plan: train.Plan,
    mix: sequences.Mix,
    *,
    tokens: Path = ASSETS,
    device: str | None = None,
    shape: Callable[[int], LlamaConfig] = config,
) -> train.State:
    """Train (or go on training) in `folder` with the tokenizer saved in `tokens`."""
    torch.manual_seed(plan.seed)
    made = tokenizer.load(tokens)
    splits = corpus.load(corpora)
    model = LlamaForCausalLM(shape(len(made))).to(train.device_of(device))
    say(f"{model.num_parameters() / 1e6:.2f} M parameters, {len(made)} entries, device {model.device}")
    return train.run(
        model, passes(splits, made, mix, plan.seed), causal_loss, plan, folder, probe=quick(made, splits), say=say
    )


def causal_loss(model: LlamaForCausalLM, batch: sequences.Batch, device: torch.device) -> torch.Tensor:
    """Mean cross-entropy in nats over the positions that are asked; only their rows go through the output layer."""
    labels = batch.labels.to(device)
    hidden = model.model(input_ids=batch.ids.to(device), use_cache=False).last_hidden_state
    asked = labels != sequences.IGNORED
    return nn.functional.cross_entropy(model.lm_head(hidden[asked]).float(), labels[asked])


def passes(
    splits: Sequence[corpus.Split], made: PreTrainedTokenizerFast, mix: sequences.Mix, seed: int
) -> Callable[[int], Iterator[sequences.Batch]]:
    """Pass i has a seed of its own, so that a resumed run sees new joins and new generated sentences."""
    return lambda index: sequences.one_pass(splits, made, mix, 1_000 * seed + index)


def quick(
    made: PreTrainedTokenizerFast, splits: Sequence[corpus.Split], items: int = 20
) -> Callable[[nn.Module], dict[str, float]]:
    """Watched while training: nats per token of held-out sentences, and of the second time of random segments."""
    rng = random.Random(0)
    mix = sequences.Mix()
    texts = [text for split in splits for text in split.held_out[:items]]
    plain = [sequences.plain(ids, mix, made, rng) for ids in decoder_tokenizer.pieces(made, texts)]
    twice = [sequences.repeated(mix, made, rng) for _ in range(16)]
    rows = {"held_out": plain, "second_time": twice}
    asked = {name: sequences.batch(group, made.pad_token_id) for name, group in rows.items() if group}
    return lambda model: {name: causal_loss(model, batch, model.device).item() for name, batch in asked.items()}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    options = command_line("decoder", __doc__, runs=RUNS, out=ASSETS, steps=(*STEPS, MEASURE), minutes=45.0)
    options.add_argument("--tokens", type=int, default=sequences.Mix.tokens, help="tokens per batch")
    options.add_argument("--rate", type=float, default=RATE, help="peak learning rate")
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
    plan = train.Plan(minutes=options.minutes, steps=options.steps, seed=options.seed, rate=options.rate, muon=True)
    mix = sequences.Mix(tokens=options.tokens)
    run(corpus.folder(options.corpora), options.runs, plan, mix, tokens=options.out, device=options.device)


def _export(options: argparse.Namespace) -> None:
    from training.decoder import export  # imported late: it draws in the evaluation, which training does not need

    export.write(corpus.folder(options.corpora), options.runs, options.out)


def _measure(options: argparse.Namespace) -> None:
    from training.decoder import export  # imported late, as above

    export.measure_again(corpus.folder(options.corpora), options.out)
