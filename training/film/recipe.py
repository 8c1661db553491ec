"""The recipe of mirante-film: a very small encoder, kept at some twenty steps from random to trained, so that heads can
be seen being born.

    python -m training.film tokenizer --corpora FOLDER     the vocabulary, from the training sentences
    python -m training.film train --steps 7000
        weights in runs/film, a frame of the film in runs/film/steps at each chosen step
    python -m training.film export
        float16 weights of the last step and of every frame, evaluation, curve, card
    python -m training.film all                            the three in turn
    python -m training.film measure                        evaluation and card of the exported frames anew

The number of steps is fixed and one thread computes, so an uninterrupted run is the same run again; a resumed one draws
new masks from there on. Frames are written as they happen: stopping loses none, and a resumed run writes again those it
passes again. The loop is train.py, what it reads texts.py, what is measured on every frame measures.py, the
bundled folder export.py."""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
from torch import nn
from transformers import BertForMaskedLM, PreTrainedTokenizerFast

from training.common import batches, corpus, heldout, tokenizer, train
from training.common.masked_loss import masked_loss
from training.common.recipe import MEASURE, STEPS as RECIPE_STEPS, command_line, run_steps
from training.film import texts as film_texts
from training.film.model import ASSETS, RUNS, config, frames, keep

VOCABULARY = 3_400
LEARNED_PIECES = 700
STEPS = 7_000

PLAN = train.Plan(steps=STEPS, rate=2e-3, seed=3, report_every=25, save_minutes=4.0)


def build_tokenizer(corpora: Path, folder: Path, seed: int = 0) -> PreTrainedTokenizerFast:
    """A small vocabulary in which every word of the generated and the example sentences is whole."""
    rng = random.Random(seed)
    real = corpus.sample(film_texts.splits(corpora), rng)
    generated = film_texts.generate(len(real) // 4, rng, 0.16, 0.1)
    made = tokenizer.train(real + generated, size=VOCABULARY, pieces=LEARNED_PIECES)
    made.model_max_length = film_texts.POSITIONS
    tokenizer.save(made, folder)
    heldout.write(folder / "heldout.json")
    return made


def run(corpora: Path, folder: Path, plan: train.Plan, *, tokens: Path = ASSETS) -> train.State:
    """Train (or go on training) in `folder`, cutting the film into `folder`/steps."""
    torch.manual_seed(plan.seed)
    made = tokenizer.load(tokens)
    texts = film_texts.splits(corpora)
    model = BertForMaskedLM(config(len(made)))
    kept = frames(plan.steps)
    print(
        f"{model.num_parameters()} parameters, {sum(len(s.train) for s in texts)} sentences, frames {kept}", flush=True
    )
    if not (folder / "checkpoint.pt").exists():
        keep(model, folder, 0)

    def passes(index: int) -> Iterator[batches.Batch]:
        return film_texts.one_pass(texts, made, 1_000 * plan.seed + index)

    return train.run(
        model, passes, masked_loss, plan, folder, each=cutter(folder, kept), say=partial(print, flush=True)
    )


def cutter(folder: Path, kept: Sequence[int]) -> Callable[[nn.Module, train.State], None]:
    """What the loop calls after every step: it keeps the model when the step is one of `kept`."""
    chosen = frozenset(kept)

    def cut(model: nn.Module, state: train.State) -> None:
        if state.step in chosen:
            keep(model, folder, state.step)

    return cut


def parser() -> argparse.ArgumentParser:
    """The command line."""
    options = command_line(
        "film", __doc__, runs=RUNS, out=ASSETS, steps=(*RECIPE_STEPS, MEASURE), corpora="pt_text/*.txt.gz", threads=1
    )
    options.add_argument("--steps", type=int, default=STEPS)
    options.add_argument("--seed", type=int, default=PLAN.seed)
    return options


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line asks, on one thread unless it says otherwise."""
    run_steps(
        parser().parse_args(arguments), {"tokenizer": _tokenizer, "train": _train, "export": _export, MEASURE: _measure}
    )


def _tokenizer(options: argparse.Namespace) -> None:
    build_tokenizer(corpus.folder(options.corpora), options.out)


def _train(options: argparse.Namespace) -> None:
    plan = replace(PLAN, steps=options.steps, seed=options.seed)
    run(corpus.folder(options.corpora), options.runs, plan, tokens=options.out)


def _export(options: argparse.Namespace) -> None:
    from training.film import export  # imported late: it draws in the evaluation, which training does not need

    export.write(corpus.folder(options.corpora), options.runs, options.out)


def _measure(options: argparse.Namespace) -> None:
    from training.film import export  # imported late, as above

    export.measure_again(corpus.folder(options.corpora), options.out)
