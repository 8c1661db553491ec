"""Efficient attention: exact variants equal dense masked attention, inexact ones err as their theory says;
FlashAttention equals softmax; bad input is named.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

import core
from core.attention.record import EagerRecord, Record
from core.errors import BadInput, TooLong, UnsupportedModel
from core.variants import banded, exact, inputs, linformer, patterns, performer, results, sharing, tiles
from core.variants.inputs import Inputs, random_inputs
from core.variants.patterns import DRAWN, GLOBAL, SHUT, WINDOW
from tests.tiny import SENTENCE, TARGET, folder

EXACT = 1e-6


def assert_close(found: torch.Tensor, wanted: torch.Tensor, atol: float = EXACT) -> None:
    torch.testing.assert_close(found, wanted, atol=atol, rtol=0)


def by_hand(plan: patterns.Pattern) -> np.ndarray:
    """The reasons of a pattern, cell by cell from the definition."""
    found = np.full((plan.n, plan.n), SHUT)
    for i, j in np.ndindex(plan.n, plan.n):
        drawn_ = plan.random.shape[1] and j // plan.block in plan.random[i // plan.block].tolist()
        reason = (
            GLOBAL
            if i in plan.globals or j in plan.globals
            else WINDOW
            if abs(i - j) <= plan.window
            else DRAWN
            if drawn_
            else SHUT
        )
        found[i, j] = SHUT if plan.causal and j > i else reason
    return found


# Softmax attention


@pytest.mark.parametrize("n", [1, 2, 7, 64, 300])
@pytest.mark.parametrize("causal", [False, True])
def test_the_fused_kernel_is_the_formula(n: int, causal: bool) -> None:
    one = random_inputs(n, dim=8)
    assert_close(
        exact.fused_attention(one, causal=causal), exact.plain_attention(one, exact.triangle(n) if causal else None)
    )


def test_rows_sum_to_1_and_nothing_looks_ahead() -> None:
    found = exact.softmax_weights(random_inputs(9, dim=4), exact.triangle(9))
    assert_close(found.sum(-1), torch.ones(9))
    assert float(found.triu(1).max()) == 0 and float(found[0, 0]) == 1
    even = exact.even_weights(random_inputs(4, dim=2, causal=True))
    assert_close(even, torch.tensor([[1, 0, 0, 0], [1 / 2, 1 / 2, 0, 0], [1 / 3] * 3 + [0], [1 / 4] * 4]))


@pytest.mark.parametrize("name", ["gpt2", "llama", "marian"])
def test_the_own_attention_is_the_one_of_the_trace(name: str) -> None:
    lm = core.load(folder(name), device="cpu")
    trace = core.capture(lm, SENTENCE, TARGET if lm.kind == "encoder-decoder" else None)
    for kind in trace.kinds:
        one = inputs.head_inputs(trace.record(0, kind), 1, causal=lm.layout.looks_back(kind))
        np.testing.assert_allclose(exact.model_weights(one).numpy(), trace.attention(0, 1, kind), atol=EXACT)
        np.testing.assert_array_equal(one.key.numpy(), trace.key(0, 1, kind))
        np.testing.assert_array_equal(one.query.numpy(), trace.query(0, 1, kind))


def test_a_model_without_vectors_is_refused() -> None:
    with pytest.raises(UnsupportedModel, match="because"):
        inputs.head_inputs(EagerRecord(torch.eye(3)[None], missing="because"), 0, causal=False)


# Patterns, in O(n·w)


PLANS = [
    lambda n, causal, block: patterns.sliding(n, 0, causal=causal, block=block),
    lambda n, causal, block: patterns.sliding(n, 3, causal=causal, block=block),
    lambda n, causal, block: patterns.longformer(n, 2, (0, n // 2), causal=causal, block=block),
    lambda n, causal, block: patterns.bigbird(n, 1, (0,), 2, seed=3, causal=causal, block=block),
    lambda n, causal, block: patterns.bigbird(n, 2, (n - 1, 0), 3, seed=4, causal=causal, block=block),
    lambda n, causal, block: patterns.longformer(n, n + 5, (), causal=causal, block=block),
]


@pytest.mark.parametrize("block", [1, 4, 7])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("make", PLANS)
def test_a_pattern_is_dense_attention_with_a_mask(make, causal: bool, block: int) -> None:
    for n in (1, 2, 23):
        plan, one = make(n, causal, block), random_inputs(n, dim=6, seed=n)
        reasons = patterns.reasons(plan)
        np.testing.assert_array_equal(reasons, by_hand(plan))
        assert_close(banded.banded_attention(one, plan), exact.plain_attention(one, torch.from_numpy(reasons > 0)))
        assert all(reasons[i, i] != SHUT for i in range(n))


def test_a_long_text_under_a_window_is_dense_attention_with_a_mask() -> None:
    one, plan = random_inputs(1500, dim=16), patterns.bigbird(1500, 64, (0, 700), 2, block=64)
    assert_close(
        banded.banded_attention(one, plan), exact.plain_attention(one, torch.from_numpy(patterns.reasons(plan) > 0))
    )


def test_a_key_that_is_near_and_drawn_and_global_counts_once() -> None:
    one, plan = random_inputs(9, dim=4), patterns.Pattern(9, 2, 3, (4,), np.array([[0, 1], [1, 2], [2, -1]]))
    np.testing.assert_array_equal(patterns.reasons(plan), by_hand(plan))
    assert_close(banded.banded_attention(one, plan), exact.plain_attention(one, torch.from_numpy(by_hand(plan) > 0)))


def test_a_window_as_wide_as_the_text_is_full_attention() -> None:
    one = random_inputs(11, dim=4)
    assert_close(banded.banded_attention(one, patterns.sliding(11, 10)), exact.plain_attention(one))


def test_bigbird_draws_as_many_as_asked_none_of_them_near() -> None:
    plan = patterns.bigbird(40, 2, (0,), 3, seed=1)
    reasons = patterns.reasons(plan)
    assert all((reasons[i] == DRAWN).sum() == 3 for i in range(1, 40))
    np.testing.assert_array_equal(reasons, patterns.reasons(patterns.bigbird(40, 2, (0,), 3, seed=1)))
    assert (reasons != patterns.reasons(patterns.bigbird(40, 2, (0,), 3, seed=2))).any()
    assert (patterns.bigbird(4, 2, (), 3).random[0] >= 0).sum() == 1, "where fewer are free, fewer are drawn"


def test_what_a_pattern_cannot_be_is_said() -> None:
    with pytest.raises(BadInput, match="window of -1"):
        patterns.sliding(5, -1)
    with pytest.raises(BadInput, match="from 0 to 4; asked for: 7"):
        patterns.longformer(5, 1, (0, 7))
    with pytest.raises(BadInput, match="-2 random"):
        patterns.bigbird(5, 1, (), -2)
    with pytest.raises(BadInput, match="all three have to be equal"):
        banded.banded_attention(random_inputs(6), patterns.sliding(5, 1))
    with pytest.raises(BadInput, match="at least one position"):
        random_inputs(0)


# Linformer


def test_linformer_with_the_identity_is_exact() -> None:
    one = random_inputs(13, dim=4)
    assert_close(linformer.projection(13, 13, "mean"), torch.eye(13))
    assert_close(linformer.linformer_attention(one, linformer.projection(13, 13, "mean")), exact.plain_attention(one))


def test_linformer_of_two_words_by_hand() -> None:
    one = Inputs(torch.tensor([[1.0]]), torch.tensor([[1.0], [3.0]]), torch.tensor([[2.0], [6.0]]), 1.0)
    mix = linformer.projection(2, 1, "mean")
    assert mix.tolist() == [[0.5, 0.5]] and linformer.linformer_weights(one, mix).tolist() == [[1.0]]
    assert linformer.linformer_attention(one, mix).item() == 4.0


@pytest.mark.parametrize("how", linformer.FOLDINGS)
def test_columns_are_mixtures_and_their_weights_sum_to_1(how) -> None:
    mix = linformer.projection(10, 4, how, seed=2)
    assert mix.shape == (4, 10) and torch.equal(mix, linformer.projection(10, 4, how, seed=2))
    assert_close(linformer.linformer_weights(random_inputs(10, dim=3), mix).sum(-1), torch.ones(10))
    if how == "mean":
        assert_close(mix.sum(1), torch.ones(4))
        assert ((mix > 0).sum(0) == 1).all()


def test_random_projections_keep_products_on_average() -> None:
    """Johnson & Lindenstrauss: E[(E·x)·(E·y)] = x·y, the spread falling as 1/√k."""
    x, y = (torch.randn(60, generator=torch.Generator().manual_seed(seed)) for seed in (1, 2))
    spread = {}
    for columns in (4, 36):
        found = torch.tensor(
            [
                float((e @ x) @ (e @ y))
                for e in (linformer.projection(60, columns, "random", seed=seed) for seed in range(400))
            ]
        )
        spread[columns] = float(found.std())
        assert abs(float(found.mean() - x @ y)) < 4 * spread[columns] / 20
    assert spread[4] / spread[36] == pytest.approx(3, rel=0.2)


@pytest.mark.parametrize("columns", [0, 6])
def test_linformer_cannot_have_more_columns_than_words(columns: int) -> None:
    with pytest.raises(BadInput, match=f"1 to 5 columns; {columns}"):
        linformer.projection(5, columns, "random")


# Performer


def test_directions_are_orthogonal_in_groups_and_as_long_as_normal_ones() -> None:
    w = performer.directions(500, 8)
    for start in range(0, 496, 8):
        gram = w[start : start + 8] @ w[start : start + 8].T
        assert_close(gram, torch.diag(gram.diagonal()), atol=1e-5)
    assert float(w.square().sum(1).mean()) == pytest.approx(8, rel=0.1), "‖w‖² is chi-squared of 8"
    assert performer.directions(3, 8).shape == (3, 8)
    with pytest.raises(BadInput, match="at least one random feature"):
        performer.directions(0, 4)


@pytest.mark.parametrize("orthogonal", [True, False])
def test_the_kernel_estimate_is_unbiased(orthogonal: bool) -> None:
    x, y = 0.6 * torch.randn(2, 6, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    found = torch.tensor(
        [
            performer.kernel(
                x[None], y[None], performer.directions(24, 6, seed=seed, orthogonal=orthogonal).double()
            ).item()
            for seed in range(700)
        ]
    )
    assert abs(float(found.mean()) - math.exp(x @ y)) < 4 * float(found.std()) / 700**0.5
    assert float(found.min()) > 0, "positive features never make a negative weight"


def test_the_variance_of_the_kernel_estimate_is_that_of_the_paper() -> None:
    """Choromanski et al. 2021, lemma 2: independent features err by exp(‖x + y‖²)·exp(x·y)²·(1 − exp(−‖x + y‖²)) / m,
    squared and on average.
    """
    x, y = 0.35 * torch.randn(2, 6, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    far = float((x + y).square().sum())
    found = torch.tensor(
        [
            performer.kernel(x[None], y[None], performer.directions(16, 6, seed=seed, orthogonal=False).double()).item()
            for seed in range(2500)
        ]
    )
    wanted = math.exp(far) * math.exp(2 * float(x @ y)) * (1 - math.exp(-far)) / 16
    assert float((found - math.exp(x @ y)).square().mean()) == pytest.approx(wanted, rel=0.2)


@pytest.mark.parametrize("causal", [False, True])
def test_the_error_of_performer_falls_as_the_root_of_its_features(causal: bool) -> None:
    """For short vectors; the constant grows as exp(‖x + y‖²), so that long ones have to wait for many features."""
    one = random_inputs(24, dim=8, seed=5, causal=causal)
    short = Inputs(0.3 * one.query, 0.3 * one.key, one.value, one.scaling, causal)
    counts = (16, 64, 256, 1024)
    told: list[tuple[int, int]] = []
    errors = results.performer_errors(short, counts, 12, progress=lambda *parts: told.append(parts)).mean(1).numpy()
    assert len(told) == 48 and told[-1] == (12 * sum(counts),) * 2
    slope = np.polyfit(np.log(counts), np.log(errors), 1)[0]
    assert -0.56 < slope < -0.44 and errors[-1] < 0.03
    long = results.performer_errors(one, (16, 1024), 8).mean(1)
    assert long[1] < long[0] and long[0] / long[1] < errors[0] / errors[-1]
    assert (
        results.performer_errors(short, (32,), 80).mean()
        < results.performer_errors(short, (32,), 80, orthogonal=False).mean()
    ), "orthogonal directions err less"


def test_open_cells_are_those_of_the_pattern_even_where_a_weight_vanishes() -> None:
    made = record(n=9)
    sharp = Record(1e4 * made.query, made.key, made.value, scaling=0.4)
    settings = results.Settings(window=1, tokens=(), random=0)
    told: list[tuple[int, int]] = []
    found = results.compare_variants(
        sharp, 0, settings, causal=False, square=True, progress=lambda *parts: told.append(parts)
    )
    assert told == [(done, 9) for done in range(1, 10)]
    assert int((found["window"].weights > 0).sum()) < 25 and found["window"].cells == pytest.approx(25 / 81)
    assert found["causal"].cells == pytest.approx(45 / 81)


def test_a_largest_difference_is_of_cells_that_the_model_may_use() -> None:
    made = record(n=2)
    found = results.run_variant("full", made, 0, results.Settings(), causal=True)
    own = exact.model_weights(inputs.head_inputs(made, 0, causal=True))
    assert found.most == pytest.approx(float((found.weights - own).abs()[[0, 1, 1], [0, 0, 1]].max()))


@pytest.mark.parametrize("n", [1, 3, 130, 300])
@pytest.mark.parametrize("causal", [False, True])
def test_performer_without_a_map_equals_its_implied_map(n: int, causal: bool) -> None:
    one = random_inputs(n, dim=8, causal=causal).double()
    w = performer.directions(40, 8)
    implied = performer.implied(one, w)
    assert_close(implied.sum(-1), torch.ones(n, dtype=torch.float64))
    assert not causal or float(implied.triu(1).abs().max()) == 0
    assert_close(performer.performer_attention(one, w), implied @ one.value, atol=1e-10)


def test_performer_stands_large_scores() -> None:
    one = random_inputs(20, dim=8)
    far = Inputs(40 * one.query, 40 * one.key, one.value, one.scaling).double()
    found = performer.performer_attention(far, performer.directions(32, 8))
    assert torch.isfinite(found).all()


# Sharing


def record(heads: int = 4, shared: int = 4, n: int = 7) -> Record:
    made = torch.Generator().manual_seed(1)
    return Record(
        torch.randn(heads, n, 6, generator=made),
        torch.randn(shared, n, 6, generator=made),
        torch.randn(shared, n, 5, generator=made),
        scaling=0.4,
    )


def test_as_many_groups_as_heads_is_the_model_itself() -> None:
    for head in range(4):
        assert_close(
            exact.model_weights(sharing.shared_inputs(record(), head, 4, causal=False)),
            exact.model_weights(inputs.head_inputs(record(), head, causal=False)),
        )
    assert sharing.options(6) == (1, 2, 3, 6)


def test_groups_share_the_mean_of_their_keys_and_values() -> None:
    whole = record()
    found = sharing.shared_inputs(whole, 3, 2, causal=False)
    assert_close(found.key, (whole.key[2] + whole.key[3]) / 2)
    assert_close(found.value, (whole.value[2] + whole.value[3]) / 2)
    assert_close(sharing.shared_inputs(whole, 0, 1, causal=False).key, whole.key.mean(0))
    grouped = record(shared=2)
    assert_close(sharing.shared_inputs(grouped, 1, 2, causal=False).key, grouped.key[0])
    with pytest.raises(BadInput, match="possible are 1, 2, 4"):
        sharing.shared_inputs(whole, 0, 3, causal=False)


@pytest.mark.parametrize("groups", [1, 2, 4])
def test_a_step_of_writing_is_the_newest_row(groups: int) -> None:
    whole = record(shared=groups)
    found = sharing.step(whole.query[:, -1], whole.key, whole.value, whole.scaling)
    assert_close(found, whole.outputs()[-1])


# FlashAttention


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (4, 4), (3, 5), (64, 64), (16, 2)])
def test_tiles_are_softmax(rows: int, columns: int, causal: bool) -> None:
    for n in (1, 2, 29):
        one = random_inputs(n, dim=8, seed=n, causal=causal)
        state = tiles.walk_tiles(one, tiles.Walk(one.size, rows, columns, causal))
        assert_close(state.output, exact.model_weights(one) @ one.value)
        assert_close(tiles.tile_weights(one, state).nan_to_num(0.0), exact.model_weights(one))
        scores = (one.query @ one.key.T * one.scaling).masked_fill(
            ~exact.triangle(n) if causal else torch.zeros(n, n, dtype=torch.bool), float("-inf")
        )
        assert_close(state.max, scores.amax(-1))
        assert_close((state.sum.log() + state.max), scores.logsumexp(-1), atol=1e-5)


def test_tiles_of_a_rectangle_and_of_large_scores() -> None:
    one = random_inputs(12, dim=4)
    wide = Inputs(200 * one.query[:5], one.key, one.value, one.scaling)
    state = tiles.walk_tiles(wide, tiles.Walk((5, 12), 2, 5))
    assert_close(state.output, exact.plain_attention(wide), atol=2e-6)
    assert torch.isfinite(state.output).all()


def test_every_step_holds_the_softmax_of_what_it_has_seen() -> None:
    one, walk = random_inputs(10, dim=4), tiles.Walk((10, 10), 4, 3)
    for done, (rows, columns) in enumerate(walk.tiles(), 1):
        state = tiles.walk_tiles(one, walk, done)
        seen = slice(0, columns.stop)
        cut = Inputs(one.query[rows], one.key[seen], one.value[seen], one.scaling)
        assert_close(state.output[rows], exact.plain_attention(cut))
        assert state.done == done and (state.last.rows, state.last.columns) == (rows, columns)
        assert_close(
            state.last.sum_after,
            state.last.sum_before * state.last.factor
            + (one.query[rows] @ one.key[columns].T * one.scaling - state.last.max_after[:, None]).exp().sum(-1),
        )
    first = tiles.walk_tiles(one, walk, 0)
    assert first.last is None and float(first.output.abs().max()) == 0 and tiles.tile_weights(one, first).isnan().all()


def test_causal_tiles_after_their_queries_are_skipped() -> None:
    assert len(tiles.Walk((8, 8), 2, 2, True).tiles()) == 10 and len(tiles.Walk((8, 8), 2, 2).tiles()) == 16


def test_bytes_are_counted_by_hand() -> None:
    """Two row blocks of two, columns in one tile of four: Q 4·3, K and V twice 4·(3 + 5), O and one number 4·(5 +
    1).
    """
    walk = tiles.Walk((4, 4), 2, 4)
    assert tiles.bytes_moved(walk, (3, 5)) == 4 * (4 * 3 + 2 * 4 * 8 + 4 * 6)
    assert tiles.bytes_moved(walk, (3, 5), 0) == 0 and tiles.bytes_moved(walk, (3, 5), 1) == 4 * (2 * 3 + 4 * 8 + 2 * 6)
    assert tiles.plain_bytes_moved((4, 4), (3, 5)) == 4 * (4 * 3 + 4 * 3 + 4 * 16 + 4 * 5 + 4 * 5)
    large = tiles.Walk((2048, 2048), 128, 128)
    assert tiles.bytes_moved(large, (64, 64)) < tiles.plain_bytes_moved((2048, 2048), (64, 64)) / 3, (
        "with tiles of a machine's size, much less"
    )


def test_tiles_that_cannot_be_are_said() -> None:
    with pytest.raises(BadInput, match="at least one row"):
        tiles.Walk((3, 3), 0, 2)
    with pytest.raises(BadInput, match="matrix of 3 × 3"):
        tiles.walk_tiles(random_inputs(4), tiles.Walk((3, 3), 2, 2))


# All of them on one head


@pytest.mark.parametrize("causal", [False, True])
def test_results_of_one_head(causal: bool) -> None:
    found = results.compare_variants(
        record(n=12), 1, results.Settings(features=16, columns=5, groups=2), causal=causal, square=True
    )
    assert tuple(found) == results.VARIANTS
    own = "causal" if causal else "full"
    assert found[own].error < EXACT and found["flash"].error < EXACT and found["flash"].most < EXACT
    assert found["linformer"].weights is None and found["linformer"].mixed.shape == (12, 5)
    for name in ("window", "longformer", "bigbird"):
        assert 0 < found[name].cells < 1 and 0 < found[name].covered < 1 and found[name].error > 1e-3
    assert found["window"].covered < found["longformer"].covered < found["bigbird"].covered
    assert found["performer"].most > 0 and found["sharing"].error > 0


def test_a_window_keeps_what_lies_in_it() -> None:
    found = results.run_variant("window", record(n=9), 0, results.Settings(window=1), causal=False)
    own = exact.model_weights(inputs.head_inputs(record(n=9), 0, causal=False)).numpy()
    band = np.abs(np.subtract.outer(range(9), range(9))) <= 1
    assert found.covered == pytest.approx(float((own * band).sum() / 9)) and found.cells == pytest.approx(band.mean())


def test_cross_attention_has_no_window_and_one_word_is_enough() -> None:
    whole = Record(torch.randn(2, 5, 4), torch.randn(2, 5, 4), torch.randn(2, 5, 4))
    assert tuple(results.compare_variants(whole, 0, results.Settings(), causal=False, square=False)) == (
        "full",
        "linformer",
        "performer",
        "sharing",
        "flash",
    )
    one = results.compare_variants(record(n=1), 0, results.Settings(), causal=True, square=True)
    assert all(one[name].error < EXACT for name in ("full", "window", "bigbird", "performer", "flash"))
    with pytest.raises(TooLong, match="up to 2048 tokens, and this one has 2049"):
        results.compare_variants(record(n=2049), 0, results.Settings(), causal=False, square=True)
    with pytest.raises(BadInput, match="no variant “fast”"):
        results.run_variant("fast", whole, 0, results.Settings(), causal=False)


def test_the_null_is_attention_spread_evenly() -> None:
    one = random_inputs(6, dim=3)
    wanted = exact.plain_attention(one)
    assert results.even_error(one) == pytest.approx(
        float((one.value.mean(0) - wanted).norm() / wanted.norm()), rel=1e-5
    )
