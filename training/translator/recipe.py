"""The recipe of mirante-translator: its shape, its command line, and the order of the steps.

    python -m training.translator tokenizer --corpora FOLDER     the vocabulary, from the training pairs
    python -m training.translator train --minutes 45
        weights, checkpointed in runs/translator; run again to resume
    python -m training.translator export                         float16 weights, tokenizer, evaluation, curve, card
    python -m training.translator all                            the three in turn

English into French and Portuguese, the language named by the first token of the source (>>fra<< or >>por<<). The
corpora folder is MIRANTE_CORPORA unless --corpora names it. The loop is train.py, the data pairs.py and
batches.py, the measures evaluate.py."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import torch
from transformers import MarianMTModel, PreTrainedTokenizerFast

from training.common import corpus, tokenizer, train
from training.common.recipe import command_line, run_steps, say
from training.translator import pairs, start, tokenizer as translator_tokenizer, words
from training.translator.batches import passes, repeated

from .loss import probe, word_loss
from .model import ASSETS, RUNS, config

RATE = 2e-3

WARM_UP = 0.08  # share of the budget: layer norms after the residual need a gentle start
WHOLE = (
    "I ate your strawberries. A strawberry. J'ai mangé tes fraises. Une fraise. Eu comi os seus morangos. Um morango.",
    "The jug and the glass are full. La cruche et le verre sont pleins. A jarra e o copo estão cheios.",
)
"""Words of classic examples that stay whole, however rare."""


def build_tokenizer(corpora: Path, folder: Path) -> PreTrainedTokenizerFast:
    """Train the shared vocabulary on one pass of the training pairs and save it; the words of the gold stay whole."""
    found = pairs.load(corpora).train
    texts = [text for pair in found for text in (pair.source, pair.target) for _ in range(pair.times)]
    wanted = [text for pair, _ in pairs.gold() for text in (pair.source, pair.target)]
    made = translator_tokenizer.train(texts, wanted=[*wanted, *WHOLE, *words.kept()])
    tokenizer.save(made, folder)
    return made


def run(
    corpora: Path, folder: Path, plan: train.Plan, *, tokens: Path = ASSETS, device: str | None = None
) -> train.State:
    """Train (or go on training) in `folder` with the tokenizer saved in `tokens`."""
    torch.manual_seed(plan.seed)
    made = tokenizer.load(tokens)
    found = pairs.load(corpora)
    keep_out(found, folder)
    model = MarianMTModel(config(len(made)))
    begin(model, made, found.train, folder / "vectors.pt")
    model.to(train.device_of(device))
    if model.device.type == "cpu":
        model.set_attn_implementation(
            "eager"
        )  # the fused one is slow on short sentences: 1,850 against 2,880 tokens a second
    say(f"{model.num_parameters() / 1e6:.2f} M parameters, {len(found.train)} pairs, device {model.device}")
    return train.run(
        model, passes(found.train, made, plan.seed), word_loss, plan, folder, probe=probe(found.dev, made), say=say
    )


def keep_out(found: pairs.Pairs, folder: Path) -> None:
    """Write heldout.json before the first step; ValueError where a run began with other sentences held out."""
    path, document = folder / "heldout.json", pairs.held_out(found)
    if path.exists() and json.loads(path.read_text(encoding="utf-8")) != document:
        raise ValueError(f"{path} names other sentences than the corpora hold out now: begin in another folder")
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def begin(model: MarianMTModel, made: PreTrainedTokenizerFast, found: Sequence[pairs.Pair], kept: Path) -> None:
    """Give both sides of the model their first word vectors; they are kept in a file, as they take a minute or two."""
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        torch.save(start.vectors(repeated(made, found), len(made), model.config.d_model), kept)
    sides = (model.model.encoder.embed_tokens, model.model.decoder.embed_tokens)
    with torch.no_grad():
        for side, rows in zip(sides, torch.load(kept, weights_only=True), strict=True):
            side.weight.copy_(rows)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    files = "pairs_en_fr.tsv.gz, pairs_en_pt.tsv.gz and pairs_en_pt_distilled.tsv.gz"
    options = command_line("translator", __doc__, runs=RUNS, out=ASSETS, corpora=files, minutes=45.0)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--device", help="cpu, cuda or mps (default: the best present)")
    return options


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line asks."""
    run_steps(parser().parse_args(arguments), {"tokenizer": _tokenizer, "train": _train, "export": _export})


def _tokenizer(options: argparse.Namespace) -> None:
    build_tokenizer(corpus.folder(options.corpora), options.out)


def _train(options: argparse.Namespace) -> None:
    """The budget is of the process's own time per thread on a CPU, else of the wall clock (train.Plan.processor)."""
    plan = train.Plan(
        minutes=options.minutes,
        steps=options.steps,
        rate=RATE,
        warm_up=WARM_UP,
        seed=options.seed,
        save_minutes=3.0,
        muon=True,
        processor=True,
        bfloat16=train.has_bfloat16(),
    )
    run(corpus.folder(options.corpora), options.runs, plan, tokens=options.out, device=options.device)


def _export(options: argparse.Namespace) -> None:
    from training.translator import export  # imported late: it draws in the evaluation, which training does not need

    export.write(corpus.folder(options.corpora), options.runs, options.out)
