"""The recipe of mirante-encoder-pt: its shape, its command line, and the order of the steps.

    python -m training.encoder tokenizer --corpora FOLDER     the vocabulary, from the training sentences
    python -m training.encoder train --minutes 200            weights, checkpointed in runs/encoder; run again to resume
    python -m training.encoder export                         float16 weights, tokenizer, evaluation, curve, card
    python -m training.encoder all                            the three in turn

The corpora folder is MIRANTE_CORPORA unless --corpora names it. The loop is train.py, the data batches.py, the measures
evaluate.py."""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import torch
from torch import nn
from transformers import ModernBertConfig, ModernBertForMaskedLM, PreTrainedTokenizerFast

from core.assets import ROOT
from training.common import batches, corpus, heldout, masked_model, mentions, probes, tokenizer, train
from training.common.families import Filler

NAME = "mirante-encoder-pt"
ASSETS = ROOT / "assets" / "models" / NAME
RUNS = ROOT / "runs" / "encoder"
RATE = 2e-3


def config(
    entries: int, *, layers: int = 4, heads: int = 8, width: int = 256, positions: int = 512
) -> ModernBertConfig:
    """A small ModernBERT: rotary positions, norms before each part, gated feed-forward, every layer sees the whole
    text. No dropout: in a few passes over the text it cannot over-fit, and noise only slows it."""
    return ModernBertConfig(
        vocab_size=entries,
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=2 * width,
        max_position_embeddings=positions,
        global_attn_every_n_layers=1,
        global_rope_theta=10_000.0,
        pad_token_id=0,
        cls_token_id=2,
        sep_token_id=3,
        bos_token_id=2,
        eos_token_id=3,
        tie_word_embeddings=True,
    )


def build(entries: int, **shape: int) -> ModernBertForMaskedLM:
    """The model before training; ``shape``: as config takes it."""
    return ModernBertForMaskedLM(config(entries, **shape))


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
        model, passes(splits, made, mix, plan.seed, nouns), masked_loss, plan, folder, probe=probe, say=_say
    )


def masked_loss(model: nn.Module, batch: batches.Batch, device: torch.device) -> torch.Tensor:
    """Mean cross-entropy in nats over the masked positions; only their rows go through the output layer."""
    labels = batch.labels.to(device)
    attention = None if batch.attention is None else batch.attention.to(device)
    hidden = masked_model.states(model, batch.ids.to(device), attention)
    asked = labels != batches.IGNORED
    return nn.functional.cross_entropy(masked_model.scores(model, hidden[asked]).float(), labels[asked])


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
    made = argparse.ArgumentParser(
        prog="python -m training.encoder", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("what", choices=("tokenizer", "train", "export", "all"))
    made.add_argument("--corpora", help="folder with pt_text/*.txt.gz and ud_pt_*.conllu.gz (default: MIRANTE_CORPORA)")
    made.add_argument("--runs", type=Path, default=RUNS, help="where checkpoints live")
    made.add_argument(
        "--out", type=Path, default=ASSETS, help="where the model is exported; the tokenizer is read from here"
    )
    made.add_argument(
        "--minutes", type=float, default=200.0, help="wall-clock budget of training, resumed runs included"
    )
    made.add_argument("--steps", type=int, help="number of steps, instead of --minutes")
    made.add_argument("--tokens", type=int, default=batches.Mix.tokens, help="tokens per batch")
    made.add_argument("--containers", type=float, default=batches.Mix.containers, help="share of container sentences")
    made.add_argument("--seed", type=int, default=0)
    made.add_argument("--threads", type=int, default=torch.get_num_threads())
    made.add_argument("--device", help="cpu, cuda or mps (default: the best present)")
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line asks."""
    asked = parser().parse_args(arguments)
    torch.set_num_threads(asked.threads)
    corpora = corpus.folder(asked.corpora)
    if asked.what in ("tokenizer", "all"):
        build_tokenizer(corpora, asked.out, asked.seed)
    if asked.what in ("train", "all"):
        plan = train.Plan(minutes=asked.minutes, steps=asked.steps, seed=asked.seed, rate=RATE, muon=True)
        mix = batches.Mix(tokens=asked.tokens, containers=asked.containers)
        run(corpora, asked.runs, plan, mix, tokens=asked.out, device=asked.device)
    if asked.what in ("export", "all"):
        from training.encoder import export  # imported late: it draws in the evaluation, which training does not need

        export.write(corpora, asked.runs, asked.out)


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {line}", flush=True)


if __name__ == "__main__":
    main()
