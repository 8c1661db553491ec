"""The bench counts what it says: known answers, a random twin on the chance line, a run that can be stopped."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import core
from core.coreference import bench, conditions, items, scores
from core.coreference.bench import ItemAnswer
from core.intervals import NOTHING, Estimate, share
from tests import tiny


@cache
def loaded(name: str) -> core.LanguageModel:
    return core.load(name if name.startswith("mirante") else tiny.folder(name), device="cpu")


def of(condition: str, pairs: int = 64) -> list[items.Item]:
    return [one for one in items.bundled_items("containers") if one.condition == condition][: 2 * pairs]


def known(listed: list[items.Item], good: tuple[int, int]) -> list[ItemAnswer]:
    """Heads 2 × 3 that toss a coin, and one that is always right."""
    rng = np.random.default_rng(0)
    found = []
    for one in listed:
        weights = rng.random((2, 3, 2)).astype(np.float32)
        weights[good] = [0.9, 0.1] if one.gold == 0 else [0.1, 0.9]
        found.append(ItemAnswer(one, weights, bool(one.gold), 0.25))
    return found


def test_known_answers_are_counted():
    found = conditions.condition_results(known(of("P2"), (1, 2)), "adjective")[0]
    assert (found.condition, found.pairs) == ("P2", 64)
    assert found.looks.selected.head == (1, 2) and found.looks.selected.members.value == 1
    assert found.looks.apparent == found.looks.share[1, 2] == 1 and found.looks.margin[1, 2] == pytest.approx(0.8)
    assert found.looks.luck == pytest.approx(0.55, abs=0.02), "the best of 6 coins on 128 sentences"
    assert (found.choices.members.value, found.choices.both.value, found.choices.share.value) == (0.5, 0, 0.25)


def test_the_baselines_of_the_conditions():
    by = {name: conditions.baselines(of(name)) for name in items.CONTAINERS}
    assert all((one.nearest, one.first) == (0.5, 0.5) for one in by.values()), "both members of a pair: one each"
    assert by["P0"].gender == by["P4"].gender == 1 and by["P2"].gender == by["P3"].gender == 0.5


def test_a_pair_with_a_missing_member_is_left_out():
    answers = known(of("P0", 6), (0, 0))[:-1]
    assert conditions.condition_results(answers, "adjective")[0].pairs == 5


def test_where_nothing_could_be_asked_nothing_is_reported():
    answers = [ItemAnswer(one, None, None, None) for one in of("P0", 5)]
    found = conditions.condition_results(answers, "question")[0]
    assert found.looks is None and found.choices is None and found.pairs == 5


def test_a_random_twin_is_at_chance_when_it_is_chosen_and_reported_on_different_halves():
    twin = core.twin(loaded("mirante-encoder-pt"))
    found = conditions.condition_results(bench.run_bench(twin, of("P2", 32), "adjective"), "adjective")[0]
    assert found.looks.selected.members.low <= 0.5 <= found.looks.selected.members.high
    assert found.looks.apparent > 0.5, "the best of its heads looks better than that"


def test_the_bundled_encoder_answers_the_question_on_pairs_that_it_never_saw():
    found = conditions.condition_results(
        bench.run_bench(loaded("mirante-encoder-pt"), of("P0", 8), "adjective"), "adjective"
    )[0]
    assert found.choices.members.value == 1 and found.choices.share.value > 0.9


@pytest.mark.parametrize(
    ("name", "probe", "look", "choose"),
    [
        ("bert", "adjective", True, False),
        ("gpt2", "adjective", True, True),
        ("gpt2", "overt", False, True),
        ("marian", "adjective", False, False),
    ],
)
def test_what_each_kind_of_model_can_be_asked(name, probe, look, choose):
    found = conditions.condition_results(bench.run_bench(loaded(name), of("P0", 4), probe), probe)[0]
    assert (found.looks is not None, found.choices is not None) == (look, choose)


class Stopped(Exception):
    """What a progress callback raises to stop a run."""


def test_a_run_tells_how_far_it_is_and_can_be_stopped():
    seen = []

    def stop(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 3:
            raise Stopped

    with pytest.raises(Stopped):
        bench.run_bench(loaded("bert"), of("P0", 10), "adjective", stop)
    assert seen == [(1, 20), (2, 20), (3, 20)]


def test_the_confound_index():
    sure = Estimate(0.9, 0.8, 0.95, 40)
    agreement = conditions.confound(sure, Estimate(0.5, 0.4, 0.6, 40))
    assert agreement.value == 1 and agreement.low < 1 < agreement.high
    assert conditions.confound(sure, Estimate(0.9, 0.8, 0.95, 40)).value == pytest.approx(0)
    small = Estimate(0.62, 0.55, 0.68, 64)  # the effect is 0.12, and may be 0.05: most of an index would be error
    assert conditions.confound(small, sure) == NOTHING == conditions.confound(NOTHING, sure)


@pytest.mark.parametrize(("true_index", "effect"), [(0.0, 0.25), (1.0, 0.25), (0.0, 0.4), (1.0, 0.4), (0.5, 0.3)])
def test_the_confound_index_holds_the_truth_where_it_is_shown(true_index, effect):
    rng, held = np.random.default_rng(0), []
    for _ in range(1500):
        original = share(int(rng.binomial(64, 0.5 + effect)), 64)
        meaning = share(int(rng.binomial(128, 0.5 + effect * (1 - true_index))), 128)
        index = conditions.confound(original, meaning)
        if index.value is not None:
            held.append(index.low <= true_index <= index.high)
    assert np.mean(held) >= 0.93 and len(held) > 300


def test_adjectives_of_one_gender_are_not_asked_since_agreement_alone_would_be_right():
    found = conditions.condition_results(
        bench.run_bench(loaded("mirante-encoder-pt"), [*of("P2", 4), *of("P5", 4)], "adjective"), "adjective"
    )
    assert [one.choices is None for one in found] == [True, False]
    assert all(one.right == (one.word,) for one in of("P5"))


def test_three_candidates_have_a_chance_of_a_third_and_the_likeliest_is_the_choice():
    one = of("P0", 1)[0]
    wider = replace(
        one,
        candidates=(items.Candidate("Ela", (0, 3), "f", ""), *one.candidates),
        gold=one.gold + 1,
        meaning=one.meaning + 1,
    )
    assert not items.problems(wider) and conditions.chance([wider]) == pytest.approx(1 / 3)
    assert scores.prefers(np.log([0.3, 0.45, 0.25]), frozenset({1})) == (True, pytest.approx(0.45))
    assert scores.prefers(np.log([0.4, 0.4, 0.2]), frozenset({1}))[0] is False


def test_a_sentence_that_is_too_long_stops_nothing():
    long = [replace(one, text=one.text + " Fim." * 400, question=None, overt=None) for one in of("P0", 1)]
    answers = bench.run_bench(loaded("bert"), [*of("P0", 4)[2:], *long], "adjective")
    assert [one.too_long for one in answers] == [False] * 6 + [True] * 2
    assert conditions.condition_results(answers, "adjective")[0].pairs == 3


def test_no_whole_pair_gives_no_result():
    assert conditions.condition_results(known(of("P0", 1)[:1], (0, 0)), "adjective") == []
