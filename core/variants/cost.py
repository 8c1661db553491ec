"""What each variant costs, by formula, for one head: floating-point operations and bytes written between q, k, v and
the output.

A multiplication with its addition counts as 2 operations, a cell of a softmax as 6 (scale, maximum, difference, exp,
sum, quotient). n queries, m keys, d dimensions of a key, e of a value; a pattern computes C cells (see `cells`), those
that banded.py really makes: little more than what is open where the window is narrow; where the band reaches beyond the
text, more than the whole matrix.

    plain        2C(d+e) + 6C                       2C + ne        C = nm
    fused        the same, C = n(n+1)/2 if causal   ne + n         scores live in tiles only
    patterns     2C(d+e) + 6C                       2C + ne + gathered keys and values
    Linformer    2km(d+e) + 2nk(d+e) + 6nk          k(d+e) + 2nk + ne
    Performer    2(n+m)f(d+2) + 2(n+m)f(e+1) + ne   (n+m)f + f(e+1) + n(e+1)         f features

The products of the formulas equal what torch's own counter sees (a test). Sharing costs what the fused kernel does;
what it saves is `cache`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..tracing.memory import FLOAT_BYTES
from . import banded
from .inputs import Inputs
from .patterns import Pattern
from .results import PATTERNED, Settings, Variant, pattern_of

SOFTMAX = 6  # operations of one cell


@dataclass(frozen=True)
class Cost:
    """operations: floating-point; bytes: written between q, k, v and the output, which is counted."""

    operations: int
    bytes: int


def plain_cost(n: int, m: int, d: int, e: int) -> Cost:
    """Softmax attention that keeps its scores and its weights."""
    return Cost(_softmax(n * m, d, e), FLOAT_BYTES * (2 * n * m + n * e))


def fused_cost(n: int, m: int, d: int, e: int, *, causal: bool = False) -> Cost:
    """The same in tiles (FlashAttention, sdpa); what is recomputed or rescaled on the way, about e per tile and row, is
    left out.
    """
    return Cost(_softmax(n * (n + 1) // 2 if causal else n * m, d, e), FLOAT_BYTES * (n * e + n))


def cells(plan: Pattern) -> int:
    """C: scores that banded.attend makes."""
    return plan.blocks * plan.block * banded.width(plan) + len(plan.globals) * plan.n


def patterned(plan: Pattern, d: int, e: int) -> Cost:
    """Window, Longformer, BigBird."""
    cells_made, keys_gathered = cells(plan), plan.blocks * banded.width(plan)
    return Cost(_softmax(cells_made, d, e), FLOAT_BYTES * (2 * cells_made + plan.n * e + keys_gathered * (d + e)))


def linformer(n: int, m: int, d: int, e: int, columns: int) -> Cost:
    """k columns."""
    folding = 2 * columns * m * (d + e)
    return Cost(folding + _softmax(n * columns, d, e), FLOAT_BYTES * (columns * (d + e) + 2 * n * columns + n * e))


def performer(n: int, m: int, d: int, e: int, features: int) -> Cost:
    """Bidirectional; d + 2: the products, and norm, difference and exp of the features."""
    vectors = n + m
    return Cost(
        2 * vectors * features * (d + 2) + 2 * vectors * features * (e + 1) + n * e,
        FLOAT_BYTES * (vectors * features + features * (e + 1) + n * (e + 1)),
    )


def cache(m: int, d: int, e: int, heads: int) -> int:
    """Bytes of the keys and values of m tokens in one layer, with ``heads`` heads of them (H, or the G that are
    shared).
    """
    return FLOAT_BYTES * m * (d + e) * heads


def variant_cost(name: Variant, inputs: Inputs, settings: Settings) -> Cost:
    """A variant on one head as `results` runs it; full, causal and sharing by the fused kernel."""
    (n, m), d, e = inputs.size, inputs.key.shape[1], inputs.value.shape[1]
    if name in PATTERNED:
        return patterned(pattern_of(name, n, settings, causal=inputs.causal), d, e)
    if name == "linformer":
        return linformer(n, m, d, e, min(settings.columns, m))
    if name == "performer":
        return performer(n, m, d, e, settings.features)
    return fused_cost(n, m, d, e, causal=name == "causal" or (inputs.causal and name != "full"))


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
    """Slope of log value against log size by least squares: 1 linear, 2 quadratic. NaN with fewer than two sizes."""
    import numpy as np

    if len(sizes) < 2:
        return float("nan")
    return float(np.polyfit(np.log(sizes), np.log(values), 1)[0])


def _softmax(cells_made: int, d: int, e: int) -> int:
    return 2 * cells_made * (d + e) + SOFTMAX * cells_made
