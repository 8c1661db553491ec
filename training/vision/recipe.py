"""The recipe of mirante-vision: its shape, its command line, and the order of the steps.

    python -m training.vision train --minutes 25     weights, checkpointed in runs/vision; run again to resume
    python -m training.vision export                 float16 weights, evaluation, curve, card
    python -m training.vision all                    both in turn

The pictures are drawn as they are read (core/vision/scenes.py), each with three of its turned or mirrored copies;
nothing is downloaded. While it learns, a second question is asked of every patch after layer LABELLED: how much of you
does the red circle cover (token labelling, after Jiang et al. 2021)? Its weight falls to 0 over the first half, its
output layer is not shipped, and no attention map is ever told where to look. The loop is train.py, the measures
evaluate.py, the bundled folder export.py."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import numpy as np
import torch
from torch import nn

from core.vision.scenes import CELLS, MAX_OTHERS, MIN_OTHERS, SEEDS, SIZE, Scene, SceneSplit, draw, on_patches
from training.common import train
from training.common.recipe import command_line, run_steps, say
from training.vision.model import ASSETS, COPIES, MEAN, MIX, PATCH, PICTURES, POSITIONS, RUNS, STD, Pupil

PLAN = train.Plan(minutes=25.0, rate=2e-3, warm_up=0.06, muon=True, seed=7, report_every=25, save_minutes=2.0)


@dataclass(frozen=True, eq=False)
class Batch:
    """Pictures (picture, 3, row, column) float32 −1 … 1; the cell that holds each red circle (picture,); how much of
    each patch it covers (picture, patch) 0 … 1; what the second question weighs."""

    pixels: torch.Tensor
    cells: torch.Tensor
    covered: torch.Tensor
    weight: float = 0.0

    def size(self) -> int:
        """Positions read: patches and [CLS] of every picture."""
        return len(self.pixels) * POSITIONS

    def asks(self) -> bool:
        """Every picture asks something."""
        return True


def scene(seed: int, split: SceneSplit) -> Scene:
    """One picture of the mix: its kind and its number of shapes follow from its seed."""
    rng = np.random.default_rng([99, seed])
    clutter = rng.choice(list(MIX), p=list(MIX.values()))
    return draw(seed, distractors=int(rng.integers(MIN_OTHERS, MAX_OTHERS + 1)), clutter=str(clutter), split=split)


def batch(scenes: Sequence[Scene], *, turns: Sequence[int] = (0,), weight: float = 0.0) -> Batch:
    """Scenes as the model reads them, each under every one of ``turns`` (0 … 7: quarter turns, from 4 on mirrored
    too).
    """
    pixels, cells, covered = [], [], []
    for one in scenes:
        answer = np.zeros((CELLS, CELLS))
        answer.flat[one.cell] = 1
        for turn in turns:
            pixels.append(turned(one.pixels, turn).transpose(2, 0, 1))  # (row, column, colour) → (colour, row, column)
            cells.append(int(turned(answer, turn).argmax()))
            covered.append(turned(on_patches(one.target, SIZE // PATCH), turn).ravel())
    return Batch(prepared(np.stack(pixels)), torch.tensor(cells), torch.from_numpy(np.stack(covered)).float(), weight)


def prepared(pixels: np.ndarray) -> torch.Tensor:
    """uint8 of any shape → float32 −1 … 1, as the picture processor of the shipped model does."""
    return (torch.from_numpy(pixels.copy()).float() / 255 - MEAN) / STD


def turned(picture: np.ndarray, turn: int) -> np.ndarray:
    """A picture (row, column, …) after ``turn`` % 4 quarter turns, and mirrored from 4 on."""
    found = np.rot90(picture, turn % 4)
    return found[:, ::-1] if turn >= 4 else found


def one_pass(first: int, plan: train.Plan, spent: Callable[[], float], pictures: int = PICTURES) -> Iterator[Batch]:
    """Batches of new pictures from seed ``first`` on; ``spent()``: share of the budget, which the weight of the second
    question follows.
    """
    each = max(1, pictures // COPIES)
    for start in count(first, each):
        turns = np.random.default_rng([plan.seed, start]).choice(8, size=min(COPIES, pictures), replace=False)
        drawn = [scene(seed % SEEDS, "train") for seed in range(start, start + each)]
        yield batch(drawn, turns=turns.tolist(), weight=max(0.0, 1 - 2 * spent()))


def loss(model: Pupil, one: Batch, device: torch.device) -> torch.Tensor:
    """Mean cross-entropy in nats of the right cell and, weighted, of the covered patches."""
    cells, patches = model(one.pixels.to(device))
    asked = nn.functional.cross_entropy(cells.float(), one.cells.to(device))
    if not one.weight:
        return asked
    return asked + one.weight * 10 * nn.functional.binary_cross_entropy_with_logits(
        patches.float(), one.covered.to(device)
    )


def probe(model: Pupil, pictures: int = 256) -> dict[str, float]:
    """On pictures of the page's split, watched while training (the evaluation uses others): accuracy, and loss in
    nats.
    """
    one = batch([scene(seed, "page") for seed in range(pictures)])
    cells, patches = model(one.pixels)
    return {
        "accuracy": float((cells.argmax(-1) == one.cells).float().mean()),
        "loss": float(nn.functional.cross_entropy(cells, one.cells)),
        "patch": float((patches.argmax(-1) == one.covered.argmax(-1)).float().mean()),
    }


def run(folder: Path, plan: train.Plan = PLAN, *, pictures: int = PICTURES, **shape: int) -> train.State:
    """Train, or go on training, in ``folder``; a resumed run goes on with pictures that were not read."""
    torch.manual_seed(plan.seed)
    model = Pupil(**shape)
    start = train.resume(model, None, folder)
    say(f"{model.vit.num_parameters() / 1e6:.2f} M parameters")
    clock = {"spent": train.progress_of(start, plan)}

    def each(_: nn.Module, state: train.State) -> None:
        clock["spent"] = train.progress_of(state, plan)

    first = start.step * max(1, pictures // COPIES)
    return train.run(
        model,
        lambda _: one_pass(first, plan, lambda: clock["spent"], pictures),
        loss,
        plan,
        folder,
        probe=probe,
        each=each,
        say=say,
    )


def parser() -> argparse.ArgumentParser:
    """The command line."""
    steps = ("train", "export")
    return command_line(
        "vision", __doc__, runs=RUNS, out=ASSETS, steps=steps, corpora=None, minutes=PLAN.minutes, threads=1
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line asks."""
    run_steps(parser().parse_args(arguments), {"train": _train, "export": _export})


def _train(options: argparse.Namespace) -> None:
    run(options.runs, replace(PLAN, minutes=options.minutes, steps=options.steps))


def _export(options: argparse.Namespace) -> None:
    from training.vision import export  # imported late: training does not need the evaluation

    export.write(options.runs, options.out)
