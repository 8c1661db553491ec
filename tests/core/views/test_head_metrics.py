"""Habits of a head: uniform, diagonal and shifted maps have the values that their definitions say; specials are left
out.
"""

from __future__ import annotations

import numpy as np
import pytest

from core.views.head_metrics import METRICS, habits
from core.views.view import Side


def side(n: int, special: tuple[int, ...] = ()) -> Side:
    return Side(tuple(f"w{i}" for i in range(n)), tuple(i in special for i in range(n)), (False,) * n, tuple(range(n)))


def named(attention: np.ndarray, query: Side, key: Side | None = None, *, paired: bool = True) -> dict[str, float]:
    return dict(
        zip(METRICS, habits(attention.astype(np.float32), query, key or query, paired=paired).tolist(), strict=True)
    )


def test_uniform_attention() -> None:
    n = 8
    found = named(np.full((n, n), 1 / n), side(n))
    assert found["entropy"] == pytest.approx(1)
    assert found["focus"] == found["previous"] == found["self"] == found["first"] == pytest.approx(1 / n)
    assert found["distance"] == pytest.approx(np.abs(np.subtract.outer(np.arange(n), np.arange(n))).mean())
    assert np.isnan(found["special"])


def test_a_perfect_previous_head_scores_one() -> None:
    found = named(np.eye(6, k=-1) + np.outer(np.eye(6)[0], np.eye(6)[0]), side(6))
    assert found["previous"] == pytest.approx(1)
    assert found["self"] == pytest.approx(1 / 6)
    assert found["next"] == 0
    assert found["entropy"] == 0


def test_causal_uniform_rows_have_entropy_one_over_what_they_see() -> None:
    """The first row sees one key: entropy 0 by definition, not a division by log 1."""
    rows = np.tril(np.ones((5, 5)))
    found = named(rows / rows.sum(axis=1, keepdims=True), side(5))
    assert found["entropy"] == pytest.approx(4 / 5)


def test_specials_are_no_rows_and_no_focus() -> None:
    attention = np.array([[1, 0, 0], [0.9, 0.04, 0.06], [0.8, 0.2, 0]])
    found = named(attention, side(3, special=(0,)))
    assert found["focus"] == pytest.approx((0.06 + 0.2) / 2)
    assert found["special"] == pytest.approx(0.85)
    assert found["first"] == pytest.approx((0.04 + 0.2) / 2)
    assert found["previous"] == pytest.approx(0.2), "w1 has only a special neighbour before it"


def test_two_texts_have_no_neighbours() -> None:
    found = named(np.full((2, 4), 0.25), side(2), side(4), paired=False)
    assert all(np.isnan(found[name]) for name in ("distance", "previous", "self", "next"))
    assert found["entropy"] == pytest.approx(1)


def test_only_special_tokens() -> None:
    found = named(np.full((2, 2), 0.5), side(2, special=(0, 1)))
    assert np.isnan(found["focus"]) and np.isnan(found["first"]) and found["special"] == pytest.approx(1)
