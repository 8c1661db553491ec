"""Bringing queries and keys together leaves the attention as it is; the plane is the best one, and always the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import core
from core.analyses.query_key_plane import query_key_plane, rotates, together
from core.attention.edits import CLOSED_SCORE
from core.attention.record import EagerRecord
from core.errors import UnsupportedModel
from tests.tiny import SENTENCE, TARGET, folder

RANDOM = np.random.default_rng(7)
QUERIES, KEYS = RANDOM.normal(2, 3, (11, 6)), RANDOM.normal(-1, 0.5, (9, 6))


def softmax(scores: np.ndarray) -> np.ndarray:
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True)


def test_a_shift_of_all_keys_is_constant_in_a_row():
    shifted = QUERIES @ (KEYS - RANDOM.normal(size=6)).T - QUERIES @ KEYS.T
    np.testing.assert_allclose(shifted, np.broadcast_to(shifted[:, :1], shifted.shape), atol=1e-12)


def test_a_shift_of_all_queries_is_not():
    shifted = (QUERIES - RANDOM.normal(size=6)) @ KEYS.T - QUERIES @ KEYS.T
    assert np.abs(shifted - shifted[:, :1]).max() > 0.1


def test_opposite_scales_leave_the_product():
    np.testing.assert_allclose((3.7 * QUERIES) @ (KEYS / 3.7).T, QUERIES @ KEYS.T, atol=1e-12)


def test_together_keeps_the_softmax_and_joins_the_clouds():
    moved, shrunk = together(QUERIES, KEYS)
    np.testing.assert_allclose(softmax(moved @ shrunk.T), softmax(QUERIES @ KEYS.T), atol=1e-10)
    np.testing.assert_allclose(moved.mean(0), shrunk.mean(0), atol=1e-12)
    spread = [((one - one.mean(0)) ** 2).sum(1).mean() for one in (moved, shrunk)]
    assert spread[0] == pytest.approx(spread[1])


@pytest.mark.parametrize(
    ("name", "kind"),
    [("bert", "self"), ("gpt2", "self"), ("llama", "self"), ("modernbert", "self"), ("marian", "cross")],
)
def test_together_keeps_a_model_s_own_attention(name, kind):
    lm = core.load(folder(name), device="cpu")
    trace = core.capture(lm, SENTENCE, TARGET if lm.kind == "encoder-decoder" else None)
    record, head = trace.record(1, kind), trace.heads(kind) - 1
    moved, shrunk = together(trace.query(1, head, kind), trace.key(1, head, kind))
    scores = np.where(trace.scores(1, head, kind) < CLOSED_SCORE, -np.inf, moved @ shrunk.T * record.scaling)
    np.testing.assert_allclose(softmax(scores), trace.attention(1, head, kind), atol=1e-5)


def test_the_plane_holds_what_lies_in_a_plane():
    flat = np.zeros((8, 5))
    flat[:, 1], flat[:, 3] = RANDOM.normal(0, 3, 8), RANDOM.normal(0, 1, 8)
    found = query_key_plane(flat[:5], flat[5:])
    assert found.variance.sum() == pytest.approx(1) and found.variance[0] >= found.variance[1]
    placed = np.concatenate([found.queries, found.keys])
    distance = lambda points: np.linalg.norm(points[:, None] - points[None], axis=-1)  # noqa: E731
    np.testing.assert_allclose(distance(placed), distance(flat), atol=1e-9)


def test_the_sign_is_fixed():
    """A mirrored SVD would turn the picture over: the largest number of each direction is positive."""
    both = np.concatenate([QUERIES, KEYS])
    placed = query_key_plane(QUERIES, KEYS)
    coordinates = np.concatenate([placed.queries, placed.keys])
    directions = np.linalg.lstsq(coordinates, both - both.mean(0), rcond=None)[0]
    assert (directions[range(2), np.abs(directions).argmax(1)] > 0).all()
    np.testing.assert_array_equal(query_key_plane(QUERIES, KEYS).keys, placed.keys)


@pytest.mark.parametrize(("queries", "keys"), [((1, 6), (1, 6)), ((3, 1), (2, 1)), ((2, 6), (2, 6))])
def test_few_points_and_few_dimensions(queries, keys):
    found = query_key_plane(np.ones(queries), np.zeros(keys))
    assert found.queries.shape == (queries[0], 2) and found.keys.shape == (keys[0], 2)
    assert np.isfinite(found.queries).all() and found.variance.sum() == pytest.approx(1)
    assert query_key_plane(np.ones((2, 3)), np.ones((2, 3))).variance.tolist() == [0, 0]
    assert np.isfinite(np.concatenate(together(np.ones((1, 6)), np.ones((1, 6))))).all()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("llama", True),
        ("modernbert", True),
        ("gpt_neox", True),
        ("gptj", True),
        ("roformer", True),
        ("esm", True),
        ("bert", False),
        ("gpt2", False),
        ("t5", False),
        ("marian", False),
    ],
)
def test_who_rotates(name, expected):
    assert rotates(core.load(folder(name), device="cpu")) is expected


def test_a_model_without_vectors_is_refused():
    lm = core.load(folder("bert"), device="cpu")
    trace = core.capture(lm, SENTENCE)
    maps = tuple(EagerRecord(trace.record(layer).rows(range(len(trace.tokens)))) for layer in range(3))
    with pytest.raises(UnsupportedModel):
        replace(trace, records={"self": maps}).query(0, 0)
