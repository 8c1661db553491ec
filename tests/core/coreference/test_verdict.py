"""The verdict says what its intervals allow, and no more."""

from __future__ import annotations

import pytest

from core.coreference import items
from core.coreference.bench import ItemAnswer, Preferences
from core.coreference.verdict import bench_verdict, verdict_items


def answers(rates: dict[str, float], pairs: int = 64, pull: float = 0.0) -> list[ItemAnswer]:
    """Answers of which the first ``rate`` of each condition's pairs are right, the others half right: the same noun in
    both sentences, by ``pull`` nats less surely where it is not the true one.
    """
    found = []
    for condition, rate in rates.items():
        listed = [one for one in items.bundled_items("containers") if one.condition == condition][: 2 * pairs]
        for number, one in enumerate(listed):
            whole = number // 2 < rate * pairs
            right = whole or number % 2 == 0
            logs = [0.0, 0.0]
            logs[one.gold if right else 1 - one.gold] = 5.0
            logs[one.gold] += pull
            words = tuple(noun.text for noun in one.candidates)
            preferences = Preferences(words, tuple(logs), frozenset({one.gold}))
            found.append(ItemAnswer(one, None, right, 0.9 if whole else 0.5, preferences=preferences))
    return found


@pytest.mark.parametrize(
    ("rates", "finding"),
    [
        ({"P0": 1, "P2": 1, "P3": 1, "P8": 1}, "meaning"),
        ({"P0": 1, "P2": 0.65, "P3": 0.65, "P8": 0.7}, "little"),
        ({"P0": 1, "P2": 1, "P3": 1, "P8": 0}, "place"),
        ({"P0": 1, "P2": 0, "P3": 0, "P8": 0}, "gender"),
        ({"P0": 0, "P2": 0, "P3": 0, "P8": 0}, "neither"),
        ({"P0": 1}, "unknown"),
        ({"P0": 1, "P2": 1, "P3": 1}, "unknown"),
    ],
)
def test_known_answers(rates, finding):
    assert bench_verdict(answers(rates)).finding == finding


@pytest.mark.parametrize("rates", [{"P0": 1, "P2": 0, "P3": 0, "P8": 0}, {"P0": 0, "P2": 0.3, "P3": 0, "P8": 0.1}])
def test_a_preference_that_moves_under_answers_that_hardly_change(rates):
    verdict = bench_verdict(answers(rates, pull=0.5))
    assert verdict.finding == "moves" and verdict.meaning_contrast.value == 1
    assert verdict.same.value >= 0.7


def test_agreement_alone_is_a_confound_of_one_and_meaning_of_none():
    assert bench_verdict(answers({"P0": 1, "P2": 0, "P3": 0, "P8": 0})).confound.value == pytest.approx(1)
    assert bench_verdict(answers({"P0": 1, "P2": 1, "P3": 1, "P8": 1})).confound.value == pytest.approx(0)


def test_three_pairs_prove_nothing():
    assert bench_verdict(answers({"P0": 1, "P2": 1, "P3": 0, "P8": 1}, pairs=1)).finding == "neither"


def test_what_is_asked():
    found = verdict_items(items.bundled_items("containers"))
    assert len(found) == 2 * 4 * 64 and all(one.question for one in found)
