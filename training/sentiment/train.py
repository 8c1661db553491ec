"""The loop that trains the classifier: hidden words, cross-entropy, one cycle of the rate; deterministic by seed on one
thread.

Every sentence is there in one length bucket, so that little is padding. Not here: which sentences (texts.py),
what is measured (measures.py)."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from core.conv.model import PAD, UNKNOWN, ConvAttention, Sizes
from core.conv.vocabulary import WordIds, words_of
from training.sentiment.written import Review

EMBEDDING, FEATURES, WINDOW = 32, 48, 5


@dataclass(frozen=True)
class Plan:
    """hidden: share of the words that training replaces by the unknown word. drop: dropout of embeddings and pooled
    features. report: steps between two points of the curve.
    """

    passes: int = 8
    batch: int = 64
    rate: float = 3e-3
    decay: float = 0.02
    hidden: float = 0.1
    drop: float = 0.3
    seed: int = 5
    report: int = 50


@dataclass(frozen=True)
class Run:
    """A trained model, its curve [{step, tokens, seconds, loss}], and the seconds it took."""

    model: ConvAttention
    curve: list[dict[str, Any]]
    seconds: float


def train(reviews: Sequence[Review], words: WordIds, plan: Plan | None = None, *, even: bool = False) -> Run:
    """A model that has read ``reviews`` plan.passes times. even: with equal weights instead of attention, the same
    otherwise.
    """
    plan = plan or Plan()
    torch.manual_seed(plan.seed)
    model = ConvAttention(Sizes(len(words), EMBEDDING, FEATURES, WINDOW), dropout=plan.drop)
    rows = [(words.ids(words_of(one.text)), one.positive) for one in reviews]
    steps = plan.passes * -(-len(rows) // plan.batch)
    optimizer = torch.optim.AdamW(model.parameters(), lr=plan.rate, weight_decay=plan.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, plan.rate, total_steps=steps)
    start, tokens, losses, curve = time.perf_counter(), 0, [], []
    model.train()
    for step, (ids, labels) in enumerate(_batches(rows, plan), 1):
        loss = binary_cross_entropy_with_logits(model(hidden(ids, plan.hidden), even=even).logit, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        tokens += int((ids != PAD).sum())
        losses.append(loss.item())
        if step % plan.report == 0 or step == steps:
            curve.append(
                {
                    "step": step,
                    "tokens": tokens,
                    "seconds": round(time.perf_counter() - start, 1),
                    "loss": round(sum(losses) / len(losses), 4),
                }
            )
            losses = []
    return Run(model.eval(), curve, time.perf_counter() - start)


def hidden(ids: Tensor, share: float) -> Tensor:
    """(B, T) ids with that share of the words, drawn anew, replaced by the unknown word; padding stays."""
    return torch.where((torch.rand(ids.shape) < share) & (ids != PAD), UNKNOWN, ids)


def padded(rows: Sequence[Sequence[int]]) -> Tensor:
    """(B, T) long: PAD behind the shorter ones."""
    ids = torch.full((len(rows), max(map(len, rows))), PAD)
    for place, row in enumerate(rows):
        ids[place, : len(row)] = torch.tensor(row)
    return ids


def document(plan: Plan, run: Run) -> dict[str, Any]:
    """training_curve.json."""
    return {
        "plan": asdict(plan),
        "step": run.curve[-1]["step"],
        "seconds": round(run.seconds, 1),
        "tokens": run.curve[-1]["tokens"],
        "curve": run.curve,
    }


def _batches(rows: list[tuple[list[int], bool]], plan: Plan) -> Iterator[tuple[Tensor, Tensor]]:
    """Each pass in another order: rows of similar length together, the batches shuffled."""
    rng = random.Random(plan.seed)
    for _ in range(plan.passes):
        order = sorted(rows, key=lambda row: len(row[0]) + rng.random())
        cuts = list(range(0, len(order), plan.batch))
        rng.shuffle(cuts)
        for cut in cuts:
            taken = order[cut : cut + plan.batch]
            yield padded([ids for ids, _ in taken]), torch.tensor([float(label) for _, label in taken])
