"""Time and memory of every variant as the text grows, measured here and now; and the exponent with which they grow.

One head of 64 dimensions, float32, random vectors (the cost does not depend on them), the settings of `SETTINGS`, one
thread. A time is the processor time of that thread (what other programs take meanwhile does not count), the shortest of
several runs: what disturbs a run only makes it longer. Memory is the most that is held at once beyond q, k, v
(peak.py). Exponents are the slope of log against log from `FROM` positions on, where fixed costs no longer hide it.
Sharing saves nothing on a full text; its curves are of one step of writing (8 heads), where every step reads all keys
and values."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from ..models.devices import one_thread
from ..progress import Progress
from . import banded, cost, exact, linformer, patterns, performer, sharing, tiles
from .inputs import Inputs, random_inputs
from .peak import peak_bytes

LENGTHS = (256, 512, 1024, 2048, 4096, 8192)
FROM = 1024  # positions from which the exponent is fitted
FULL_TEXT = ("plain", "fused", "causal", "tiles", "window", "longformer", "bigbird", "linformer", "performer")
STEP_GROUPS = {"step_mha": 8, "step_gqa": 2, "step_mqa": 1}
"""Key/value heads of one step of writing with 8 query heads."""
HEADS, DIM = 8, 64
SETTINGS = {
    "dim": DIM,
    "window": 64,
    "block": 64,
    "globals": 1,
    "random": 3,
    "columns": 256,
    "features": 256,
    "tile": 128,
    "heads": HEADS,
}
ENOUGH, RUNS = 0.15, 9  # seconds of one measurement; most runs
SECONDS = 2.8e-7  # of measuring all of `WHOLE`, per position², on one core


@dataclass(frozen=True)
class Point:
    """n positions; seconds of processor time of the shortest run; bytes held at most; operations by formula."""

    n: int
    seconds: float
    bytes: int
    operations: int


@dataclass(frozen=True)
class GrowthCurve:
    """One variant over the lengths."""

    name: str
    points: tuple[Point, ...]

    def exponent(self, of: str) -> float:
        """Of "seconds", "bytes" or "operations", from `FROM` positions on."""
        far = [point for point in self.points if point.n >= FROM]
        return cost.exponent([point.n for point in far], [getattr(point, of) for point in far])


def measuring_seconds(lengths: Sequence[int] = LENGTHS) -> float:
    """About how long `measure` takes."""
    return 2.0 + SECONDS * sum(n * n for n in lengths)


def measure_growth(
    lengths: Sequence[int] = LENGTHS,
    names: Sequence[str] = (*FULL_TEXT, *STEP_GROUPS),
    progress: Progress | None = None,
) -> tuple[GrowthCurve, ...]:
    """Every curve, in the order of ``names``."""
    points: dict[str, list[Point]] = {name: [] for name in names}
    done, total = 0, sum(n * n for n in lengths) * len(names)
    for n in lengths:
        for name in names:
            points[name].append(point(name, n))
            done += n * n
            if progress is not None:
                progress(done, total)
    return tuple(GrowthCurve(name, tuple(points_of_name)) for name, points_of_name in points.items())


def point(name: str, n: int) -> Point:
    """One measurement: once for the memory (which also warms up), then the shortest of a few runs."""
    one_thread()
    with torch.inference_mode():
        run = runs(n)[name]() if name in FULL_TEXT else _step(n, STEP_GROUPS[name])
        peak = peak_bytes(run)
        times: list[float] = []
        while sum(times) < ENOUGH and len(times) < RUNS:
            start = time.thread_time()
            run()
            times.append(time.thread_time() - start)
    return Point(n, min(times), peak, operations(name, n))


def runs(n: int) -> dict[str, Callable[[], Callable[[], Tensor]]]:
    """By name: makes what has to be there beforehand (pattern, projection, directions) and gives the run itself."""
    inputs, tile = random_inputs(n, dim=DIM), SETTINGS["tile"]
    return {
        "plain": lambda: lambda: exact.plain_attention(inputs),
        "fused": lambda: lambda: exact.fused_attention(inputs),
        "causal": lambda: lambda: exact.fused_attention(inputs, causal=True),
        "tiles": lambda: lambda: tiles.walk_tiles(inputs, tiles.Walk((n, n), tile, tile)).output,
        **{name: partial(_banded, inputs, name, n) for name in ("window", "longformer", "bigbird")},
        "linformer": lambda: _mixed(inputs, linformer.projection(n, min(SETTINGS["columns"], n), "random")),
        "performer": lambda: _featured(inputs, performer.directions(SETTINGS["features"], DIM)),
    }


def plan(name: str, n: int) -> patterns.Pattern:
    """The pattern of a length."""
    window, block = SETTINGS["window"], SETTINGS["block"]
    if name == "window":
        return patterns.sliding(n, window, block=block)
    if name == "longformer":
        return patterns.longformer(n, window, tuple(range(SETTINGS["globals"])), block=block)
    return patterns.bigbird(n, window, tuple(range(SETTINGS["globals"])), SETTINGS["random"], block=block)


def operations(name: str, n: int) -> int:
    """By formula (cost.py)."""
    if name in STEP_GROUPS:
        return HEADS * cost.plain_cost(1, n, DIM, DIM).operations
    if name in ("window", "longformer", "bigbird"):
        return cost.patterned(plan(name, n), DIM, DIM).operations
    return {
        "plain": lambda: cost.plain_cost(n, n, DIM, DIM),
        "fused": lambda: cost.fused_cost(n, n, DIM, DIM),
        "tiles": lambda: cost.fused_cost(n, n, DIM, DIM),
        "causal": lambda: cost.fused_cost(n, n, DIM, DIM, causal=True),
        "linformer": lambda: cost.linformer(n, n, DIM, DIM, min(SETTINGS["columns"], n)),
        "performer": lambda: cost.performer(n, n, DIM, DIM, SETTINGS["features"]),
    }[name]().operations


def _banded(inputs: Inputs, name: str, n: int) -> Callable[[], Tensor]:
    pattern = plan(name, n)
    return lambda: banded.banded_attention(inputs, pattern)


def _mixed(inputs: Inputs, mix: Tensor) -> Callable[[], Tensor]:
    return lambda: linformer.linformer_attention(inputs, mix)


def _featured(inputs: Inputs, w: Tensor) -> Callable[[], Tensor]:
    return lambda: performer.performer_attention(inputs, w)


def _step(n: int, groups: int) -> Callable[[], Tensor]:
    """One step of writing against n cached keys and values of ``groups`` heads."""
    generator = torch.Generator().manual_seed(0)
    query = torch.randn(HEADS, DIM, generator=generator)
    key, value = (torch.randn(groups, n, DIM, generator=generator) for _ in range(2))
    return lambda: sharing.step(query, key, value, DIM**-0.5)
