"""The convolution + attention classifier of sentiment, and the probe on the encoder: python -m training.sentiment

Trains on generated sentences, measures on generated and on hand-written ones, and writes
assets/models/mirante-sentiment. No corpora are needed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch

from core.conv.classifier import CLASSIFIER
from core.models.sources import BUNDLED
from training.common.measures import markdown
from training.sentiment import export, texts
from training.sentiment.train import Plan


def parser() -> argparse.ArgumentParser:
    """What the command line may ask."""
    made = argparse.ArgumentParser(
        "python -m training.sentiment", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--out", type=Path, default=BUNDLED / CLASSIFIER, help="the folder that is written")
    made.add_argument("--sentences", type=int, default=texts.TRAIN)
    made.add_argument("--passes", type=int, default=Plan.passes)
    made.add_argument("--seed", type=int, default=Plan.seed)
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line asks, on one thread."""
    asked = parser().parse_args(arguments)
    torch.set_num_threads(1)
    plan = Plan(**{**asdict(Plan()), "passes": asked.passes, "seed": asked.seed})
    print(markdown(export.write(asked.out, plan, asked.sentences)["table"], "en"))


if __name__ == "__main__":
    main()
