"""Metrics of a head: uniform, diagonal and shifted maps have the values that their definitions say; specials are left
out. The summary of a sentence: counts by hand, focus by its definition.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

import core
from core.views.head_metrics import HEAD_METRICS, focus, head_metrics, summarise
from core.views.view import Side
from tests.tiny import SENTENCE, TARGET, folder


def side(n: int, special: tuple[int, ...] = ()) -> Side:
    return Side(tuple(f"w{i}" for i in range(n)), tuple(i in special for i in range(n)), (False,) * n, tuple(range(n)))


def named(attention: np.ndarray, query: Side, key: Side | None = None, *, paired: bool = True) -> dict[str, float]:
    return dict(
        zip(
            HEAD_METRICS,
            head_metrics(attention.astype(np.float32), query, key or query, paired=paired).tolist(),
            strict=True,
        )
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


def test_two_heads_by_hand():
    real = np.array([False, True, True, False])  # [CLS] a b [SEP]
    rests = [[1, 0, 0, 0], [0.9, 0, 0.1, 0], [0.5, 0.2, 0.1, 0.2], [0, 0, 0, 1]]
    looks = [[0, 0, 0, 1], [0, 0, 1, 0], [0.1, 0.6, 0.2, 0.1], [1, 0, 0, 0]]
    assert focus(np.array([rests, looks])[:, real][:, :, real]) == pytest.approx([(0.1 + 0.2) / 2, (1 + 0.6) / 2])


@given(st.integers(1, 9), st.integers(1, 4))
def test_uniform_attention_has_the_lowest_focus_a_pointer_the_highest(n, heads):
    assert focus(np.full((heads, n, n), 1 / n)) == pytest.approx([1 / n] * heads)
    assert focus(np.stack([np.eye(n)] * heads)) == pytest.approx([1] * heads)


@pytest.mark.parametrize("name", ["bert", "gpt2", "t5"])
def test_the_summary_is_the_best_head_of_the_trace(name):
    trace = core.capture(core.load(folder(name)), SENTENCE, **({"target": TARGET} if name == "t5" else {}))
    found = summarise(trace)
    tokens, kind = trace.tokens, trace.kinds[0]
    real = [i for i, hidden in enumerate(tokens.special) if not hidden]
    values = {
        (layer, head): np.mean([trace.attention(layer, head, kind)[i, real].max() for i in real])
        for layer in range(trace.layers(kind))
        for head in range(trace.heads(kind))
    }
    best = max(values, key=values.__getitem__)
    assert (found.layer, found.head) == best and found.focus == pytest.approx(values[best], abs=1e-6)
    assert (found.tokens, found.words) == (len(tokens.pieces), 13) and 0 < found.focus <= 1


def test_unknown_pieces_are_counted_and_specials_are_no_words():
    lm = core.load(folder("bert"))
    plain, strange = (summarise(core.capture(lm, text)) for text in ("água", "água 日"))
    assert (plain.unknown, strange.unknown) == (0, 1) and (plain.words, strange.words) == (1, 2)


def test_a_sentence_without_a_piece_of_its_own_has_no_focused_head():
    class Empty:
        kinds = ("self",)
        tokens = type("T", (), {"ids": (1, 2), "special": (True, True), "unknown": (False, False), "word_of": (0, 1)})

        def sides(self, kind):
            return self.tokens, self.tokens

    found = summarise(Empty())
    assert (found.tokens, found.words, found.layer, found.head, found.focus) == (2, 0, None, None, None)


def test_many_maps_at_once_give_the_metrics_of_each():
    rng = np.random.default_rng(3)
    maps = rng.dirichlet(np.ones(5), (2, 3, 5)).astype(np.float32)
    text = side(5, special=(0, 4))
    for paired in (True, False):
        together = head_metrics(maps, text, text, paired=paired)
        for i, j in np.ndindex(2, 3):
            np.testing.assert_allclose(
                together[:, i, j], head_metrics(maps[i, j], text, text, paired=paired), rtol=1e-6
            )
