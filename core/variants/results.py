"""All variants on one head: what each gives, which weights it has if it has any, and how far it is from the model's own
attention.

    error
        ‖O − O*‖_F / ‖O*‖_F, O* the output of the model's own kind of attention (causal where it looks back only, else
        full) on the same q, k, v
    most, mean   of |A − A*| over the cells that the model's own attention may use; only where weights of words exist
    kept
        the share of the own attention that lies on cells which the pattern leaves open, mean over rows; its null is
        `cells`, the share of open cells

Not here: time and memory (growth.py), formulas of cost (cost.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import torch
from torch import Tensor

from ..attention.record import AnyRecord
from ..errors import BadInput, TooLong
from . import banded, exact, inputs, linformer, patterns, performer, sharing, tiles
from .inputs import Inputs
from .linformer import Projection
from .patterns import Pattern

Progress = Callable[[int, int], None]
Variant = Literal["full", "causal", "window", "longformer", "bigbird", "linformer", "performer", "sharing", "flash"]
VARIANTS: tuple[Variant, ...] = get_args(Variant)
PATTERNED: tuple[Variant, ...] = ("window", "longformer", "bigbird")
SQUARE: tuple[Variant, ...] = ("causal", *PATTERNED)
"""These need a distance between query and key, and so one text."""
MOST = 2048
"""Positions up to which all variants are compared: for the comparison, the map of each is made whole."""
SIDE = 32
"""Tiles of "flash" along a side, at most; no tile is smaller than 4."""


@dataclass(frozen=True)
class Settings:
    """window: keys on each side; tokens: positions of global tokens; random: keys drawn per query; columns: of
    Linformer; how: its projection;
    features: of Performer; groups: of shared keys and values; draw: the seed of everything random."""

    window: int = 2
    tokens: tuple[int, ...] = (0,)
    random: int = 2
    columns: int = 8
    how: Projection = "random"
    features: int = 64
    groups: int = 1
    draw: int = 0


@dataclass(frozen=True, eq=False)
class Result:
    """output (Q, D′); weights (Q, K) of words, None for Linformer, whose (Q, k) are in ``mixed``; the numbers as
    defined above, None where there is no such thing.
    """

    name: Variant
    output: Tensor
    weights: Tensor | None
    error: float
    most: float | None = None
    mean: float | None = None
    cells: float | None = None
    kept: float | None = None
    mixed: Tensor | None = None


def pattern(name: Variant, n: int, settings: Settings, *, causal: bool) -> Pattern:
    """The pattern of "window", "longformer" or "bigbird" over n positions, block by block of one word."""
    if name == "window":
        return patterns.sliding(n, settings.window, causal=causal)
    if name == "longformer":
        return patterns.longformer(n, settings.window, settings.tokens, causal=causal)
    return patterns.bigbird(n, settings.window, settings.tokens, settings.random, seed=settings.draw, causal=causal)


def results(
    record: AnyRecord, head: int, settings: Settings, *, causal: bool, square: bool, progress: Progress | None = None
) -> dict[Variant, Result]:
    """Every variant that makes sense. square: self-attention (cross-attention may be as long as wide by chance).
    progress: told (done, in all) after each.

    Raises:
        BadInput: settings that this head cannot take. TooLong: more than `MOST` positions. UnsupportedModel: the
        model's vectors are not to be had.
    """
    one = inputs.of(record, head, causal=causal)
    if max(one.size) > MOST:
        raise TooLong(
            "The variants of a head are compared on texts of up to {most} tokens, and this one has {n}. "
            "Shorten it; how time and memory grow beyond is measured on random vectors.",
            most=MOST,
            n=max(one.size),
        )
    names = tuple(name for name in VARIANTS if square or name not in SQUARE)
    found: dict[Variant, Result] = {}
    for name in names:
        found[name] = result(name, record, head, settings, causal=causal)
        if progress is not None:
            progress(len(found), len(names))
    return found


def result(name: Variant, record: AnyRecord, head: int, settings: Settings, *, causal: bool) -> Result:
    """One variant.

    Raises:
        BadInput: an unknown name, or settings that this head cannot take.
    """
    if name not in VARIANTS:
        raise BadInput("There is no variant “{name}”; there are: {known}.", name=name, known=", ".join(VARIANTS))
    one = inputs.of(record, head, causal=causal)
    allowed = _allowed(name, one, settings)
    output, weights, mixed = _given(name, record, head, one, settings, allowed)
    return _judged(name, one, output, weights, mixed, allowed)


def null(one: Inputs) -> float:
    """The error of attention spread evenly over what may be seen."""
    return relative(exact.even(one) @ one.value, exact.own(one) @ one.value)


def falling(
    one: Inputs, counts: tuple[int, ...], draws: int, *, orthogonal: bool = True, progress: Progress | None = None
) -> Tensor:
    """Performer's error for each number of features and each draw, (count, draw) float64. progress: told (features
    drawn, in all) after each draw.
    """
    one, found, done = one.double(), [], 0
    wanted = exact.own(one) @ one.value
    for features in counts:
        row: list[float] = []
        for seed in range(draws):
            row.append(
                relative(
                    performer.attend(
                        one, performer.directions(features, one.query.shape[1], seed=seed, orthogonal=orthogonal)
                    ),
                    wanted,
                )
            )
            done += features
            if progress is not None:
                progress(done, draws * sum(counts))
        found.append(row)
    return torch.tensor(found, dtype=torch.float64)


def relative(found: Tensor, wanted: Tensor) -> float:
    """‖found − wanted‖_F / ‖wanted‖_F."""
    return float((found - wanted).norm() / wanted.norm().clamp_min(torch.finfo(wanted.dtype).tiny))


def _allowed(name: Variant, one: Inputs, settings: Settings) -> Tensor | None:
    """(Q, K) bool: the cells that a pattern leaves open, whatever weight they get; None for variants without one."""
    n = len(one.query)
    if name in PATTERNED:
        return torch.from_numpy(patterns.reasons(pattern(name, n, settings, causal=one.causal)) > 0)
    return exact.triangle(n) if name == "causal" else None


def _given(
    name: Variant, record: AnyRecord, head: int, one: Inputs, settings: Settings, allowed: Tensor | None
) -> tuple[Tensor, Tensor | None, Tensor | None]:
    """(output, weights over words, weights over mixtures)."""
    n, m = one.size
    if name in ("full", "causal"):
        return exact.fused(one, causal=name == "causal"), exact.weights(one, allowed), None
    if name in PATTERNED:
        return banded.attend(one, pattern(name, n, settings, causal=one.causal)), exact.weights(one, allowed), None
    if name == "linformer":
        mix = linformer.projection(m, min(settings.columns, m), settings.how, seed=settings.draw)
        return linformer.attend(one, mix), None, linformer.weights(one, mix)
    if name == "performer":
        w, wide = performer.directions(settings.features, one.query.shape[1], seed=settings.draw), one.double()
        return performer.attend(wide, w).to(one.value.dtype), performer.implied(wide, w).to(one.value.dtype), None
    if name == "sharing":
        other = sharing.of(record, head, settings.groups, causal=one.causal)
        return exact.fused(other, causal=one.causal), exact.own(other), None
    state = tiles.run(one, tiles.Walk(one.size, max(4, -(-n // SIDE)), max(4, -(-m // SIDE)), one.causal))
    return state.output, tiles.shares(one, state).nan_to_num(0.0), None


def _judged(
    name: Variant, one: Inputs, output: Tensor, weights: Tensor | None, mixed: Tensor | None, allowed: Tensor | None
) -> Result:
    """The numbers of `Result` for what a variant gave."""
    wanted = exact.own(one)
    error = relative(output, wanted @ one.value)
    if weights is None:
        return Result(name, output, None, error, mixed=mixed)
    seen = exact.triangle(len(one.query)) if one.causal else torch.ones(one.size, dtype=torch.bool)
    gap, share = (weights - wanted).abs()[seen], (None, None)
    if allowed is not None:
        used = allowed & seen
        share = float(used.sum() / seen.sum()), float((wanted * used).sum(-1).mean())
    return Result(name, output, weights, error, float(gap.max()), float(gap.mean()), *share)
