"""What mirante-vision can do, measured on pictures of the split "test", which neither training nor any page draws.

Accuracy by kind of picture beside what an eye gets that knows only colours, or only shapes, and guesses among what is
left; the random twin; how far wrong answers lie from right ones; where [CLS] points (core/vision/pointing.py), the head
chosen on one half and reported on the other; and what is left when it may not look there (core/vision/causes.py)."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.intervals import Estimate
from core.vision.captures import capture_picture, first_rows
from core.vision.causes import patch_cuts
from core.vision.models import VisionModel, random_vision_twin
from core.vision.pointing import covered, points
from core.vision.scenes import CELLS, CLUTTERS, MAX_OTHERS, MIN_OTHERS, SIZE, Clutter, Scene, Thing, draw
from training.common import numbers

EACH = 1000  # pictures of a kind
POINTED = 600  # of kind "mixed", for where [CLS] points
Number = dict[str, Any]


def evaluate(vision: VisionModel, *, each: int = EACH, pointed: int = POINTED) -> dict[str, Any]:
    """Every measure of the card."""
    made = {clutter: scenes(clutter, each) for clutter in CLUTTERS}
    answers = {
        clutter: first_rows(vision, [one.pixels for one in found])[1].argmax(-1) for clutter, found in made.items()
    }
    every = [scene for found in made.values() for scene in found]
    chosen = np.concatenate(list(answers.values()))
    return {
        "accuracy": {
            "all": accuracy(every, chosen),
            **{clutter: accuracy(made[clutter], answers[clutter]) for clutter in CLUTTERS},
        },
        "by_distractors": {str(n): accuracy(*_of(every, chosen, n)) for n in range(MIN_OTHERS, MAX_OTHERS + 1)},
        "near": near(every, chosen),
        "colour_alone": {clutter: guess(found, lambda thing: thing.colour == "red") for clutter, found in made.items()},
        "shape_alone": {
            clutter: guess(found, lambda thing: thing.shape == "circle") for clutter, found in made.items()
        },
        "twin": accuracy(
            made["mixed"], first_rows(random_vision_twin(vision), [one.pixels for one in made["mixed"]])[1].argmax(-1)
        ),
        "pointing": (found := pointing(vision, made["mixed"][:pointed])),
        "cut": cut(vision, made["mixed"][: pointed // 3], *found["head"]),
    }


def scenes(clutter: Clutter, count: int) -> list[Scene]:
    """Pictures of one kind, with every number of distractors equally often."""
    return [
        draw(seed, distractors=MIN_OTHERS + seed % (MAX_OTHERS - MIN_OTHERS + 1), clutter=clutter, split="test")
        for seed in range(count)
    ]


def accuracy(found: list[Scene], answers: np.ndarray) -> Number:
    """Share of pictures whose cell was named."""
    return numbers.rate(int((answers == [scene.cell for scene in found]).sum()), len(found))


def near(found: list[Scene], answers: np.ndarray) -> Number:
    """Of the wrong answers, the share in a cell that touches the right one."""
    wrong = [
        (divmod(scene.cell, CELLS), divmod(int(answer), CELLS))
        for scene, answer in zip(found, answers, strict=True)
        if scene.cell != answer
    ]
    return numbers.rate(sum(max(abs(a - b) for a, b in zip(*pair, strict=True)) == 1 for pair in wrong), len(wrong))


def guess(found: list[Scene], fits) -> Number:
    """Expected accuracy of who sees only one trait and names the cell of one of the things that have it."""
    return numbers.mean(
        [np.mean([_cell(thing) == scene.cell for thing in scene.things if fits(thing)]) for scene in found]
    )


def pointing(vision: VisionModel, found: list[Scene]) -> dict[str, Any]:
    """Where [CLS] looks, in the model and in its random twin, and the null."""
    own, other = points(vision, found), points(random_vision_twin(vision), found)
    return {
        "head": list(own.best),
        "own": _number(own.of(*own.best)),
        "mean_of_heads": numbers.mean(own.heads[1::2].mean((1, 2))),
        "even": _number(own.null),
        "twin": {"head": list(other.best), **_number(other.of(*other.best))},
        "every": own.heads.mean(0).astype(float).round(4).tolist(),
    }


def cut(vision: VisionModel, found: list[Scene], layer: int, head: int) -> dict[str, Number]:
    """Accuracy when one head is silent; when [CLS], or nobody else, may look at the circle in any layer; and when as
    many other patches are cut from [CLS].
    """
    right: dict[str, list[bool]] = {"head": [], "all": [], "nobody": [], "others": []}
    for i, scene in enumerate(found):
        seen = capture_picture(vision, scene.pixels)
        patches = np.flatnonzero(covered(vision, scene))
        rest = np.setdiff1d(np.arange(seen.grid[0] * seen.grid[1]), patches)
        made = patch_cuts(seen, layer, head, patches.tolist())
        made["others"] = patch_cuts(
            seen, layer, head, np.random.default_rng(i).choice(rest, len(patches), replace=False).tolist()
        )["all"]
        for name, hits in right.items():
            hits.append(int(capture_picture(vision, scene.pixels, edits=[made[name]]).logits.argmax()) == scene.cell)
    return {name: numbers.rate(sum(hits), len(hits)) for name, hits in right.items()}


def speed(vision: VisionModel, runs: int = 20) -> dict[str, Any]:
    """Milliseconds of one captured picture, median."""
    from time import perf_counter

    pixels, times = draw(0).pixels, []
    for _ in range(runs):
        start = perf_counter()
        capture_picture(vision, pixels)
        times.append(perf_counter() - start)
    return {
        "positions": 1 + (SIZE // vision.model.config.patch_size) ** 2,
        "median_ms": round(1000 * float(np.median(times)), 2),
        "threads": 1,
        "device": "cpu",
    }


def _of(found: list[Scene], answers: np.ndarray, distractors: int) -> tuple[list[Scene], np.ndarray]:
    kept = [i for i, scene in enumerate(found) if len(scene.things) == distractors + 1]
    return [found[i] for i in kept], answers[kept]


def _cell(thing: Thing) -> int:
    return int(thing.y * CELLS // SIZE) * CELLS + int(thing.x * CELLS // SIZE)


def _number(found: Estimate) -> Number:
    return {
        name: round(value, 4) for name, value in (("value", found.value), ("low", found.low), ("high", found.high))
    } | {"n": found.n}
