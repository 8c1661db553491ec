"""The contrast within a pair: a liking for a noun cancels, what moves with the sentence does not."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import core
from core.coreference import bench, conditions, items
from core.coreference.bench import ItemAnswer, Preferences
from core.coreference.contrast import head_moves, paired_contrast, shift


def asked(pull: float, liking: float, condition: str = "P2", pairs: int = 64) -> list[tuple[ItemAnswer, ...]]:
    """Pairs of a model that adds ``pull`` nats to the true noun and up to ``liking`` to a noun wherever it stands."""
    chosen = [item for item in items.bundled_items("containers") if item.condition == condition][: 2 * pairs]
    rng = np.random.default_rng(0)
    nouns = sorted({noun.text for item in chosen for noun in item.candidates})
    likings = dict(zip(nouns, rng.normal(0, liking, len(nouns)), strict=True))
    answers = []
    for item in chosen:
        words = tuple(noun.text for noun in item.candidates)
        logs = tuple(likings[word] + pull * (place == item.gold) for place, word in enumerate(words))
        right = logs[item.gold] > logs[1 - item.gold]
        weights = np.full((2, 2, 2), 0.3)
        weights[1, 1, item.gold] += 0.2
        preferences = Preferences(words, logs, frozenset({item.gold}))
        answers.append(ItemAnswer(item, weights, right, 0.5, preferences=preferences))
    return conditions.pairs_of(answers)


def test_a_pull_smaller_than_the_likings_is_seen_in_every_pair_though_the_choices_hardly_show_it():
    pairs = asked(pull=0.5, liking=5)
    measured = paired_contrast(pairs)
    assert measured.moved.value == 1 and measured.shift.value == pytest.approx(1)
    assert conditions.model_choices(pairs).members.value < 0.6 and measured.same.value > 0.85


def test_a_model_that_only_likes_nouns_moves_nowhere():
    measured = paired_contrast(asked(pull=0, liking=5))
    assert measured.moved.value == 0 and measured.shift.value == pytest.approx(0) and measured.same.value == 1


def test_a_model_that_moves_to_the_wrong_side_is_always_wrong():
    assert paired_contrast(asked(pull=-1, liking=5)).moved.value == 0


def test_the_shift_by_hand_whatever_the_order_of_the_words():
    first = Preferences(("jarra", "copo"), (-3.0, -1.0), frozenset({1}))
    second = Preferences(("copo", "jarra"), (-2.0, -2.5), frozenset({1}))
    assert shift(first, second) == pytest.approx((-1 - -3) - (-2 - -2.5))


def test_pairs_that_were_not_asked_between_the_same_two_words_are_left_out():
    first, second = asked(1, 1, pairs=1)[0]
    alone = dataclasses.replace(second, preferences=None)
    other = dataclasses.replace(second, preferences=Preferences(("a", "b"), (0.0, 1.0), frozenset({0})))
    several = dataclasses.replace(second, preferences=Preferences(("a", "b"), (0.0, 1.0), frozenset({0, 1})))
    assert paired_contrast([(first, alone), (first, other), (first, several)]) is None and paired_contrast([]) is None


def test_a_head_that_looks_a_little_more_at_the_true_noun_moves_and_one_that_does_not_does_not():
    measured = head_moves(asked(1, 1, pairs=20))
    assert measured.share.tolist() == [[0, 0], [0, 1]]
    assert measured.selected.head == (1, 1) and measured.selected.members.value == 1


@pytest.mark.parametrize("name", ["mirante-encoder-pt", "mirante-decoder-pt"])
def test_the_bundled_models_are_asked_so(name):
    lm = core.load(name, device="cpu")
    chosen = [item for item in items.bundled_items("containers") if item.condition == "P2"][:16]
    result = conditions.condition_results(bench.run_bench(lm, chosen, "question"), "question")[0]
    assert result.contrast.moved.n == 8 and result.contrast.moved.value > 0.5
