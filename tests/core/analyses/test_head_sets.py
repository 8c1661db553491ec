"""Sets of heads taken out beside as many at random: the sets are what they say, and the numbers are those of single
runs.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

import core
from core.analyses.ablation import ablations, effect
from core.analyses.head_sets import (
    RandomSets,
    farthest,
    named_heads,
    other_heads,
    random_ablations,
    random_head_sets,
    set_edits,
)
from core.analyses.score import LogitDifference
from core.errors import BadInput
from tests.tiny import SENTENCE, folder

ASKED = LogitDifference(4, 11, 23)
HEADS = [(layer, head) for layer in range(4) for head in range(8)]


@pytest.mark.parametrize("size", [1, 2, 3, 9])
def test_random_sets_are_different_of_the_same_size_and_of_other_heads(size: int) -> None:
    chosen = HEADS[3 : 3 + size]
    sets = random_head_sets(HEADS, chosen)
    assert len(sets) == 20 == len(set(sets))
    for drawn in sets:
        assert len(set(drawn)) == size and not set(drawn) & set(chosen) and set(drawn) <= set(HEADS)
    assert sets == random_head_sets(HEADS, chosen), "drawn again, they are the same"


def test_few_other_heads_give_every_set_and_too_few_give_none() -> None:
    few = HEADS[:5]
    assert set(random_head_sets(few, few[:2])) == set(combinations(few[2:], 2))
    assert random_head_sets(few, few[:3]) == () == random_head_sets(few, ())


@pytest.mark.parametrize("name", ["bert", "marian"])
def test_the_null_of_a_set_is_what_runs_without_those_heads_give(name: str) -> None:
    lm = core.load(folder(name), device="cpu")
    trace = core.capture(lm, SENTENCE, "um gato" if lm.kind == "encoder-decoder" else None)
    kind = trace.kinds[-1]
    chosen = [(0, 0), (trace.layers(kind) - 1, 1)]
    null = random_ablations(lm, trace, ASKED, chosen, kind, sets=4)
    heads = [(layer, head) for layer in range(trace.layers(kind)) for head in range(trace.heads(kind))]
    expected = [
        effect(lm, trace, ASKED, set_edits(drawn, kind)).change for drawn in random_head_sets(heads, chosen, sets=4)
    ]
    np.testing.assert_allclose(null.changes, expected)
    assert (
        null.size == 2 and null.mean == pytest.approx(np.mean(expected)) and null.span == (min(expected), max(expected))
    )


def test_one_head_is_compared_with_every_other_one() -> None:
    lm = core.load(folder("bert"), device="cpu")
    trace = core.capture(lm, SENTENCE)
    changes, _ = ablations(lm, trace, ASKED)
    head = farthest(changes)
    null = other_heads(changes, head)
    assert null.changes.size == changes.size - 1 and null.as_far(float(changes[head])) == 0
    assert abs(changes[head]) == np.abs(changes).max()


def test_layers_without_attention_are_no_heads() -> None:
    changes = np.array([[np.nan, np.nan], [0.5, -2.0]])
    assert farthest(changes) == (1, 1) and other_heads(changes, (1, 1)).changes.tolist() == [0.5]


def test_as_far_counts_both_directions() -> None:
    assert RandomSets(2, np.array([-1.0, 0.2, 3.0])).as_far(-1.0) == 2


def test_heads_are_read_from_0_and_what_is_no_head_is_refused() -> None:
    lm = core.load(folder("bert"), device="cpu")
    trace = core.capture(lm, SENTENCE)
    assert named_heads("0.1, 1.0,0.1", trace, "self") == ((0, 1), (1, 0))
    for text in ("", "1", "a.b", "0.99", "99.0", "-1.0", "1.1.1", "²·3"):
        with pytest.raises(BadInput):
            named_heads(text, trace, "self")
