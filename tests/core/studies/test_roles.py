"""A battery of planted roles: each is found, scores exactly 1, and nothing is named where nothing is done."""

from __future__ import annotations

import numpy as np
import pytest

import core
from core.analyses.contributions import value_norms
from core.studies.profiles import METRICS, divergences, head_behaviour, profile, scaled
from core.studies.roles import ROLES, best_offset, named, repeated, scores
from core.text.tokens import Tokens
from core.tracing.batches import attentions
from tests.tiny import CORPUS, SENTENCE, TARGET, folder

N = 24


def tokens(ids: list[int]) -> Tokens:
    n = len(ids)
    special = tuple(place in (0, n - 1) for place in range(n))
    return Tokens(
        "", tuple(ids), tuple(map(str, ids)), special, (False,) * n, (None,) * n, tuple(range(n)), tuple(map(str, ids))
    )


SAID_TWICE = tokens([1, *range(10, 21), *range(10, 21), 2])


def planted(role: str, causal: bool) -> np.ndarray:
    """A map that does only this; rows without a place to look rest on the first position."""
    n, half = N, 11
    target = {
        "previous": lambda i: i - 1,
        "self": lambda i: i,
        "next": lambda i: i + 1,
        "first": lambda i: 0,
        "separator": lambda i: n - 1,
        "duplicate": lambda i: i - half if i > half else i + half,
        "induction": lambda i: i - half + 1 if i > half else 0,
    }[role]
    attention = np.zeros((n, n))
    for i in range(n):
        j = target(i) if 0 < i < n - 1 else 0
        attention[i, j if 0 <= j < n and not (causal and j > i) else 0] = 1
    return attention


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("role", ROLES)
def test_a_perfect_head_scores_exactly_one_and_is_named(role, causal):
    if causal and role in ("next", "separator"):
        pytest.skip("nothing ahead can be seen")
    found = scores(planted(role, causal), SAID_TWICE, causal=causal)
    if role == "duplicate" and causal:
        assert found.rows[ROLES.index(role)] == 11
    assert found.score[ROLES.index(role)] == 1.0
    assert named(found)[0] == role


@pytest.mark.parametrize("causal", [False, True])
def test_an_even_map_is_named_nothing(causal):
    open_ = np.tri(N) if causal else np.ones((N, N))
    found = scores(open_ / open_.sum(-1, keepdims=True), SAID_TWICE, causal=causal)
    assert named(found) == [] and np.nanmax(np.abs(found.score - found.even)) < 1e-12


def test_a_battery_of_planted_heads_is_told_apart():
    """Every role with noise on top: all are named right."""
    rng = np.random.default_rng(0)
    right = 0
    for _ in range(20):
        for role in ROLES:
            noise = rng.dirichlet(np.full(N, 0.3), N)
            attention = 0.75 * planted(role, causal=False) + 0.25 * noise
            right += named(scores(attention, SAID_TWICE, causal=False))[:1] == [role]
    assert right == 20 * len(ROLES)


def test_without_repetition_there_is_no_row_to_judge():
    found = scores(planted("previous", causal=True), tokens([1, *range(10, 32), 2]), causal=True)
    for role in ("duplicate", "induction"):
        assert found.rows[ROLES.index(role)] == 0 and np.isnan(found.score[ROLES.index(role)])


def test_eligible_rows_are_counted():
    found = scores(planted("previous", causal=True), SAID_TWICE, causal=True)
    rows = dict(zip(ROLES, found.rows, strict=True))
    assert rows["self"] == rows["first"] == 22 and rows["previous"] == 21 and rows["next"] == rows["separator"] == 0
    assert rows["duplicate"] == 11 and rows["induction"] == 11  # even the first word said again follows an earlier one


@pytest.mark.parametrize("offset", [-3, -1, 0, 2])
def test_the_fixed_step_is_found(offset):
    n = 12
    attention = np.zeros((n, n))
    for i in range(n):
        attention[i, min(max(i + offset, 0), n - 1)] = 1
    assert best_offset(attention, [False] * n) == (offset, 1.0)


@pytest.mark.parametrize(
    "name", ["bert", "gpt2", "llama", "marian", "modernbert", "gpt_oss", "mistral-sliding", "bloom", "t5"]
)
def test_many_sentences_together_give_the_maps_of_each_alone(name):
    lm = core.load(folder(name), device="cpu")
    texts = [*CORPUS, CORPUS[0], SENTENCE.replace("cheio", "vazio"), "  "]
    seen = {}
    for place, read, maps in attentions(lm, texts):
        trace = core.capture(lm, texts[place], TARGET if lm.kind == "encoder-decoder" else None)
        assert read.ids == trace.tokens.ids
        kind = trace.kinds[0]
        np.testing.assert_allclose(
            maps, np.stack([trace.layer_attention(layer, kind) for layer in range(trace.layers(kind))]), atol=2e-6
        )
        seen[place] = maps.shape
    assert sorted(seen) == list(range(len(texts) - 1))


def test_random_words_are_said_twice():
    from core.models.sources import default_root

    lm = core.load("mirante-encoder-pt", device="cpu", root=default_root())
    texts = repeated(lm, words=8, items=3)
    assert texts == repeated(lm, words=8, items=3) and len(set(texts)) == 3
    for text in texts:
        ids = core.capture(lm, text).tokens.ids[1:-1]
        assert len(ids) == 16 and ids[:8] == ids[8:] and len(set(ids)) == 8


def test_metrics_by_hand():
    maps = np.full((1, 1, 4, 4), 0.25)
    maps[0, 0, 1] = [0, 1, 0, 0]
    found = head_behaviour(maps, tokens([1, 5, 6, 2]), np.array([[[0.0, 1.0, 1.0, 0.0]]]))
    assert found["entropy"][0, 0] == pytest.approx(0.5) and found["confidence"][0, 0] == pytest.approx((1 + 0.25) / 2)
    assert found["sink"][0, 0] == pytest.approx((0 + 0.5) / 2) and found["sink_norm"][0, 0] == 0
    assert found["distance"][0, 0] == pytest.approx(0.25 / 1.5)


def test_a_profile_keeps_every_sentence():
    lm = core.load(folder("bert"), device="cpu")
    traces = [core.capture(lm, text) for text in CORPUS[:4]]
    read = [
        (
            trace.tokens,
            np.stack([trace.layer_attention(layer) for layer in range(trace.layers())]),
            value_norms(lm, trace, "self"),
        )
        for trace in traces
    ]
    found = profile(read, causal=False)
    assert found.sentences == 4 and set(METRICS) | set(ROLES) == set(found.values)
    own = found.estimate("entropy", 1, 2)
    assert own.n == 4 and own.low <= own.value <= own.high and own.value == pytest.approx(found.means("entropy")[1, 2])
    assert found.rows["previous"] == sum(len(trace.tokens) - 3 for trace in traces) and found.roles(
        0, 0
    ).score.shape == (len(ROLES),)


def test_heads_that_do_the_same_are_at_one_place():
    maps = np.stack(
        [
            planted("previous", causal=False),
            planted("previous", causal=False),
            planted("self", causal=False),
            planted("first", causal=False),
        ]
    )[None]
    distances = divergences(maps)
    assert (
        distances[0, 1] == 0
        and distances[0, 2] > 0.5
        and np.array_equal(distances, distances.T)
        and distances.max() <= np.log(2) + 1e-9
    )
    places, held = scaled(distances)
    assert np.allclose(places[0], places[1]) and places.shape == (4, 2) and 0.9 < held <= 1


def test_scaling_repeats_a_plane():
    points = np.random.default_rng(0).normal(size=(9, 2))
    distances = np.linalg.norm(points[:, None] - points[None], axis=-1)
    places, held = scaled(distances)
    np.testing.assert_allclose(np.linalg.norm(places[:, None] - places[None], axis=-1), distances, atol=1e-8)
    assert held == pytest.approx(1)


def test_one_head_alone_is_a_point():
    places, held = scaled(np.zeros((1, 1)))
    assert places.shape == (1, 2) and held == 0
