"""All variants on one head: what each gives, which weights it has if it has any, and how far it is from the model's own
attention.

    error
        ‖O − O*‖_F / ‖O*‖_F, O* the output of the model's own kind of attention (causal where it looks back only, else
        full) on the same q, k, v
    most, mean   of |A − A*| over the cells that the model's own attention may use; only where weights of words exist
    covered
        the share of the model's own attention that lies on cells which the pattern leaves open, mean over rows; its
        null is `cells`, the share of open cells

Not here: time and memory (growth.py), formulas of cost (cost.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import torch
from torch import Tensor

from ..attention.record import AnyRecord
from ..errors import BadInput, TooLong
from ..progress import Progress
from . import banded, exact, linformer, patterns, performer, sharing, tiles
from .inputs import Inputs, head_inputs
from .linformer import Folding
from .patterns import Pattern

Variant = Literal["full", "causal", "window", "longformer", "bigbird", "linformer", "performer", "sharing", "flash"]
VARIANTS: tuple[Variant, ...] = get_args(Variant)
PATTERNED: tuple[Variant, ...] = ("window", "longformer", "bigbird")
ONE_TEXT: tuple[Variant, ...] = ("causal", *PATTERNED)
"""These need a distance between query and key, and so one text."""
MAX_POSITIONS = 2048
"""Positions up to which all variants are compared: for the comparison, the full map of each is made."""
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
    how: Folding = "random"
    features: int = 64
    groups: int = 1
    draw: int = 0


@dataclass(frozen=True, eq=False)
class VariantResult:
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
    covered: float | None = None
    mixed: Tensor | None = None


def pattern_of(name: Variant, n: int, settings: Settings, *, causal: bool) -> Pattern:
    """The pattern of "window", "longformer" or "bigbird" over n positions, block by block of one word."""
    if name == "window":
        return patterns.sliding(n, settings.window, causal=causal)
    if name == "longformer":
        return patterns.longformer(n, settings.window, settings.tokens, causal=causal)
    return patterns.bigbird(n, settings.window, settings.tokens, settings.random, seed=settings.draw, causal=causal)


def compare_variants(
    record: AnyRecord, head: int, settings: Settings, *, causal: bool, square: bool, progress: Progress | None = None
) -> dict[Variant, VariantResult]:
    """Every variant that makes sense. square: self-attention (cross-attention may be as long as wide by chance).
    progress: called with (done, in all) after each.

    Raises:
        BadInput: settings that this head cannot take. TooLong: more than `MOST` positions. UnsupportedModel: the
        model's vectors are not to be had.
    """
    inputs = head_inputs(record, head, causal=causal)
    if max(inputs.size) > MAX_POSITIONS:
        raise TooLong(
            "The variants of a head are compared on texts of up to {most} tokens, and this one has {n}. "
            "Shorten it; how time and memory grow beyond is measured on random vectors.",
            most=MAX_POSITIONS,
            n=max(inputs.size),
        )
    names = tuple(name for name in VARIANTS if square or name not in ONE_TEXT)
    compared: dict[Variant, VariantResult] = {}
    for name in names:
        compared[name] = run_variant(name, record, head, settings, causal=causal)
        if progress is not None:
            progress(len(compared), len(names))
    return compared


def run_variant(name: Variant, record: AnyRecord, head: int, settings: Settings, *, causal: bool) -> VariantResult:
    """One variant.

    Raises:
        BadInput: an unknown name, or settings that this head cannot take.
    """
    if name not in VARIANTS:
        raise BadInput("There is no variant “{name}”; there are: {known}.", name=name, known=", ".join(VARIANTS))
    inputs = head_inputs(record, head, causal=causal)
    allowed = _allowed(name, inputs, settings)
    output, weights, mixed = _computed(name, record, head, inputs, settings, allowed)
    return _judged(name, inputs, output, weights, mixed, allowed)


def even_error(inputs: Inputs) -> float:
    """The error of attention spread evenly over what may be seen."""
    return relative_error(exact.even_weights(inputs) @ inputs.value, exact.model_weights(inputs) @ inputs.value)


def performer_errors(
    inputs: Inputs,
    counts: tuple[int, ...],
    draws: int,
    *,
    orthogonal: bool = True,
    progress: Progress | None = None,
) -> Tensor:
    """Performer's error for each number of features and each draw, (count, draw) float64. progress: called with
    (features drawn, in all) after each draw.
    """
    inputs, errors, done = inputs.double(), [], 0
    wanted = exact.model_weights(inputs) @ inputs.value
    for features in counts:
        row: list[float] = []
        for seed in range(draws):
            row.append(
                relative_error(
                    performer.performer_attention(
                        inputs, performer.directions(features, inputs.query.shape[1], seed=seed, orthogonal=orthogonal)
                    ),
                    wanted,
                )
            )
            done += features
            if progress is not None:
                progress(done, draws * sum(counts))
        errors.append(row)
    return torch.tensor(errors, dtype=torch.float64)


def relative_error(output: Tensor, wanted: Tensor) -> float:
    """‖output − wanted‖_F / ‖wanted‖_F."""
    return float((output - wanted).norm() / wanted.norm().clamp_min(torch.finfo(wanted.dtype).tiny))


def _allowed(name: Variant, inputs: Inputs, settings: Settings) -> Tensor | None:
    """(Q, K) bool: the cells that a pattern leaves open, whatever weight they get; None for variants without one."""
    n = len(inputs.query)
    if name in PATTERNED:
        return torch.from_numpy(patterns.reasons(pattern_of(name, n, settings, causal=inputs.causal)) > 0)
    return exact.triangle(n) if name == "causal" else None


def _computed(
    name: Variant, record: AnyRecord, head: int, inputs: Inputs, settings: Settings, allowed: Tensor | None
) -> tuple[Tensor, Tensor | None, Tensor | None]:
    """(output, weights over words, weights over mixtures)."""
    n, m = inputs.size
    if name in ("full", "causal"):
        output = exact.fused_attention(inputs, causal=name == "causal")
        return output, exact.softmax_weights(inputs, allowed), None
    if name in PATTERNED:
        output = banded.banded_attention(inputs, pattern_of(name, n, settings, causal=inputs.causal))
        return output, exact.softmax_weights(inputs, allowed), None
    if name == "linformer":
        mix = linformer.projection(m, min(settings.columns, m), settings.how, seed=settings.draw)
        return linformer.linformer_attention(inputs, mix), None, linformer.linformer_weights(inputs, mix)
    if name == "performer":
        w, wide = performer.directions(settings.features, inputs.query.shape[1], seed=settings.draw), inputs.double()
        output, implied = performer.performer_attention(wide, w), performer.implied(wide, w)
        return output.to(inputs.value.dtype), implied.to(inputs.value.dtype), None
    if name == "sharing":
        other = sharing.shared_inputs(record, head, settings.groups, causal=inputs.causal)
        return exact.fused_attention(other, causal=inputs.causal), exact.model_weights(other), None
    walk = tiles.Walk(inputs.size, max(4, -(-n // SIDE)), max(4, -(-m // SIDE)), inputs.causal)
    state = tiles.walk_tiles(inputs, walk)
    return state.output, tiles.tile_weights(inputs, state).nan_to_num(0.0), None


def _judged(
    name: Variant, inputs: Inputs, output: Tensor, weights: Tensor | None, mixed: Tensor | None, allowed: Tensor | None
) -> VariantResult:
    """The numbers of `Result` for what a variant gave."""
    wanted = exact.model_weights(inputs)
    error = relative_error(output, wanted @ inputs.value)
    if weights is None:
        return VariantResult(name, output, None, error, mixed=mixed)
    visible = exact.triangle(len(inputs.query)) if inputs.causal else torch.ones(inputs.size, dtype=torch.bool)
    gap = (weights - wanted).abs()[visible]
    most, mean = float(gap.max()), float(gap.mean())
    if allowed is None:
        return VariantResult(name, output, weights, error, most, mean)
    used = allowed & visible
    cells, covered = float(used.sum() / visible.sum()), float((wanted * used).sum(-1).mean())
    return VariantResult(name, output, weights, error, most, mean, cells, covered)
