"""The verdict says what its intervals allow, and no more."""

from __future__ import annotations

import pytest

from core.coreference import items
from core.coreference.bench import ItemAnswer
from core.coreference.verdict import bench_verdict, verdict_items


def answers(rates: dict[str, float], pairs: int = 64) -> list[ItemAnswer]:
    """Answers of which the first ``rate`` of each condition's pairs are right, the others half right."""
    found = []
    for condition, rate in rates.items():
        listed = [one for one in items.bundled_items("containers") if one.condition == condition][: 2 * pairs]
        for number, one in enumerate(listed):
            whole = number // 2 < rate * pairs
            found.append(ItemAnswer(one, None, whole or number % 2 == 0, 0.9 if whole else 0.5))
    return found


@pytest.mark.parametrize(
    ("rates", "finding"),
    [
        ({"P0": 1, "P2": 1, "P3": 1}, "meaning"),
        ({"P0": 1, "P2": 0.3, "P3": 0.3}, "little"),
        ({"P0": 1, "P2": 0, "P3": 0}, "gender"),
        ({"P0": 0, "P2": 0, "P3": 0}, "neither"),
        ({"P0": 1}, "unknown"),
    ],
)
def test_known_answers(rates, finding):
    assert bench_verdict(answers(rates)).finding == finding


def test_agreement_alone_is_a_confound_of_one_and_meaning_of_none():
    assert bench_verdict(answers({"P0": 1, "P2": 0, "P3": 0})).confound == pytest.approx(1)
    assert bench_verdict(answers({"P0": 1, "P2": 1, "P3": 1})).confound == pytest.approx(0)


def test_three_pairs_prove_nothing():
    assert bench_verdict(answers({"P0": 1, "P2": 1, "P3": 0}, pairs=1)).finding == "neither"


def test_what_is_asked():
    found = verdict_items(items.bundled_items("containers"))
    assert len(found) == 2 * 3 * 64 and all(one.question for one in found)
