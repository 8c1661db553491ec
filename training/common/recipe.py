"""The command line that the recipes share: which steps there are, where things lie, how long a training may take.

    parser = command_line("encoder", __doc__, runs=RUNS, out=ASSETS, minutes=200.0)
    run_steps(parser.parse_args(arguments), {"tokenizer": …, "train": …, "export": …})

Not here: what a step does (each model's recipe.py), the loop (train.py).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import torch

STEPS = ("tokenizer", "train", "export")
MEASURE = "measure"  # evaluation and card of the exported weights anew: no part of "all"


def command_line(
    name: str,
    about: str | None,
    *,
    runs: Path,
    out: Path,
    steps: tuple[str, ...] = STEPS,
    corpora: str | None = "pt_text/*.txt.gz and ud_pt_*.conllu.gz",
    minutes: float | None = None,
    threads: int | None = None,
) -> argparse.ArgumentParser:
    """A parser with the options that every recipe has. corpora: what the folder of corpora must hold; None: it reads
    none.

    minutes: the default budget; None: the recipe counts steps, and adds --steps itself. threads: the default; None:
    torch's own."""
    parser = argparse.ArgumentParser(
        prog=f"python -m training.{name}", description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=(*steps, "all"))
    if corpora is not None:
        parser.add_argument("--corpora", help=f"folder with {corpora} (default: MIRANTE_CORPORA)")
    parser.add_argument("--runs", type=Path, default=runs, help="where checkpoints live")
    parser.add_argument(
        "--out", type=Path, default=out, help="where the model is exported; its tokenizer is read there"
    )
    if minutes is not None:
        parser.add_argument(
            "--minutes", type=float, default=minutes, help="wall-clock budget of training, resumed runs included"
        )
        parser.add_argument("--steps", type=int, help="number of steps, instead of --minutes")
    parser.add_argument("--threads", type=int, default=threads or torch.get_num_threads())
    return parser


def run_steps(arguments: argparse.Namespace, steps: Mapping[str, Callable[[argparse.Namespace], object]]) -> None:
    """Do the step that the command line names, or all in order but MEASURE, with so many threads."""
    torch.set_num_threads(arguments.threads)
    for name, step in steps.items():
        if arguments.what == name or (arguments.what == "all" and name != MEASURE):
            step(arguments)


def say(line: str) -> None:
    """A line of the log with the time before it."""
    print(f"{time.strftime('%H:%M:%S')}  {line}", flush=True)
