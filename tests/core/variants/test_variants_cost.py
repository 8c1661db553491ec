"""Cost of the variants: formulas against torch's own counter, the memory that is counted, exponents, and the
measurement as a whole.
"""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from core.assets import ROOT
from core.variants import banded, cost, exact, growth, linformer, patterns, performer
from core.variants.inputs import random_inputs
from core.variants.peak import peak_bytes

N, D = 96, 16
SHIPPED = ROOT / "benchmarks" / "results" / "variants.json"


def products(run) -> int:
    """Operations of the matrix products alone, as torch counts them."""
    with FlopCounterMode(display=False) as counted:
        run()
    return counted.get_total_flops()


def test_the_formulas_are_what_torch_counts() -> None:
    one, plan = random_inputs(N, dim=D), patterns.bigbird(N, 8, (0, 5), 2, block=8)
    assert products(lambda: exact.plain_attention(one)) == cost.plain_cost(N, N, D, D).operations - cost.SOFTMAX * N * N
    assert products(lambda: banded.banded_attention(one, plan)) == cost.patterned(
        plan, D, D
    ).operations - cost.SOFTMAX * cost.cells(plan)
    mix = linformer.projection(N, 12, "random")
    folded = 2 * 12 * N * 2 * D + 2 * N * 12 * 2 * D  # E·K and F·V, then scores and output over the columns
    assert (
        products(lambda: linformer.linformer_attention(one, mix))
        == folded
        == cost.linformer(N, N, D, D, 12).operations - cost.SOFTMAX * N * 12
    )
    w, f = performer.directions(24, D), 24
    assert products(lambda: performer.performer_attention(one, w)) == 2 * (2 * N) * f * D + 2 * (2 * N) * f * (D + 1)
    assert (
        cost.performer(N, N, D, D, f).operations
        == products(lambda: performer.performer_attention(one, w)) + 4 * (2 * N) * f + N * D
    )


def test_cells_are_those_that_are_open_and_little_more() -> None:
    plan = patterns.bigbird(512, 16, (0,), 2)
    opened = int((patterns.reasons(plan) > 0).sum())
    assert opened <= cost.cells(plan) < 1.1 * opened
    assert cost.cache(100, 64, 64, 8) == 8 * cost.cache(100, 64, 64, 1) == 100 * 128 * 8 * 4
    assert cost.fused_cost(64, 64, D, D, causal=True).operations < 0.52 * cost.fused_cost(64, 64, D, D).operations


def test_the_memory_is_what_is_alive_at_once() -> None:
    """Two matrices of n² while the softmax is made; a view and a result in place count nothing; what died is not
    counted.
    """
    query = torch.randn(200, 8)
    assert peak_bytes(lambda: (query @ query.T).softmax(-1)) == 2 * 200 * 200 * 4
    assert peak_bytes(lambda: (query @ query.T).mul_(2).view(-1)[:3]) == 200 * 200 * 4
    assert peak_bytes(lambda: query + 1) == 200 * 8 * 4

    def dies() -> torch.Tensor:
        first = torch.empty(1000)
        second = torch.empty(2000)
        del first
        return torch.empty(500) if len(second) else second

    assert peak_bytes(dies) == 3000 * 4


def test_a_pattern_and_a_fused_kernel_hold_no_matrix_and_the_plain_formula_two() -> None:
    one = random_inputs(1024)
    assert peak_bytes(lambda: exact.plain_attention(one)) == 2 * 1024**2 * 4
    assert peak_bytes(lambda: exact.fused_attention(one)) < 1024**2
    held = [peak_bytes(lambda n=n: banded.banded_attention(drawn_[n], growth.plan("window", n))) for n in (1024, 2048)]
    assert held[1] == pytest.approx(2 * held[0], rel=0.05)


drawn_ = {n: random_inputs(n) for n in (1024, 2048)}


def test_the_exponent_is_the_slope() -> None:
    sizes = [256, 512, 1024]
    assert cost.exponent(sizes, [3 * n**2 for n in sizes]) == pytest.approx(2)
    assert cost.exponent(sizes, [7 * n for n in sizes]) == pytest.approx(1)
    assert np.isnan(cost.exponent([256], [1.0]))


def test_a_measurement_has_every_curve_and_tells_its_progress() -> None:
    seen = []
    found = growth.measure_growth((32, 64), progress=lambda done, of: seen.append((done, of)))
    assert [curve.name for curve in found] == [*growth.FULL_TEXT, *growth.STEP_GROUPS]
    assert all(
        point.seconds > 0 and point.bytes > 0 and point.operations > 0 for curve in found for point in curve.points
    )
    assert seen[-1][0] == seen[-1][1] and len(seen) == 2 * len(found)
    plain = next(curve for curve in found if curve.name == "plain")
    assert [point.n for point in plain.points] == [32, 64] and plain.points[1].bytes == 2 * 64 * 64 * 4


def test_what_is_shipped_grows_as_the_formulas_say() -> None:
    """The recorded run up to 8,192 positions: quadratic where all pairs are made, linear where they are not."""
    rows = {row["name"]: row for row in json.loads(SHIPPED.read_text(encoding="utf-8"))["rows"]["curves"]}
    assert set(rows) >= {*growth.FULL_TEXT, *growth.STEP_GROUPS} and all(
        row["points"][-1]["n"] == 8192 for row in rows.values()
    )
    assert 1.7 < rows["fused"]["exponents"]["seconds"] < 2.3
    assert 1.8 < rows["plain"]["exponents"]["seconds"] < 3, (
        "beyond 2: its matrices outgrow the processor's caches on the way"
    )
    for name in ("window", "longformer", "bigbird", "linformer", "performer"):
        assert 0.7 < rows[name]["exponents"]["seconds"] < 1.4 and rows[name]["exponents"]["bytes"] == pytest.approx(
            1, abs=0.05
        )
    assert rows["plain"]["exponents"]["bytes"] == pytest.approx(2, abs=0.01) and rows["fused"]["exponents"][
        "bytes"
    ] == pytest.approx(1, abs=0.05)


@pytest.mark.slow
def test_the_exponents_measured_now() -> None:
    found = {
        curve.name: curve
        for curve in growth.measure_growth((1024, 2048, 4096), ("plain", "fused", "window", "linformer", "performer"))
    }
    assert found["plain"].exponent("seconds") > 1.6 and found["fused"].exponent("seconds") > 1.6
    assert all(found[name].exponent("seconds") < 1.5 for name in ("window", "linformer", "performer"))
