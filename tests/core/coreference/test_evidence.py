"""What is at stake, what falls when an edge is cut, and the ladder: laws on tiny models, the bundled ones on the jug
and the glass.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import core
from core.coreference import bench, conditions, evidence, items, stakes
from core.coreference.items import Item
from core.errors import Message
from tests import tiny


@cache
def loaded(name: str) -> core.LanguageModel:
    return core.load(name if name.startswith("mirante") else tiny.folder(name), device="cpu")


def pair(condition: str, number: int = 0) -> tuple[Item, Item]:
    return tuple(one for one in items.bundled_items("containers") if one.condition == condition)[
        2 * number : 2 * number + 2
    ]


def at_stake(lm, condition: str, probe: str) -> stakes.ItemLogitDifference:
    first, second = pair(condition)
    found = stakes.item_logit_difference(lm, first, probe, second.word)
    assert isinstance(found, stakes.ItemLogitDifference), str(found)
    return found


def pieces(lm, at: stakes.ItemLogitDifference) -> list[str]:
    return lm.tokenizer.convert_ids_to_tokens([at.plus, at.minus])


@pytest.mark.parametrize(
    ("condition", "probe", "words"),
    [
        ("P0", "adjective", ["cheio", "vazia"]),
        ("P0", "question", ["copo", "jarra"]),
        ("P4", "overt", ["caneca", "jarro"]),
    ],
)
def test_the_words_that_compete_at_a_mask(condition, probe, words):
    lm = loaded("mirante-encoder-pt")
    at = at_stake(lm, condition, probe)
    assert pieces(lm, at) == words
    tokens = core.capture(lm, at.text).tokens
    assert tokens.ids[at.query] == lm.tokenizer.mask_token_id
    assert [tokens.pieces[places[0]] for places in at.keys] == [one.text for one in pair(condition)[0].candidates]


def test_a_left_to_right_model_decides_before_the_word():
    lm = loaded("mirante-decoder-pt")
    at = at_stake(lm, "P0", "adjective")
    tokens = core.capture(lm, at.text).tokens
    assert tokens.words[at.query] == "ficasse"
    assert at.plus == tokens.ids[at.query + 1] and "cheio" in tokens.words[at.query + 1]


@pytest.mark.parametrize(
    ("name", "probe"),
    [
        ("mirante-decoder-pt", "overt"),
        ("mirante-encoder-pt", "pronoun"),
        ("mirante-translator", "adjective"),
        ("bert", "adjective"),
    ],
)
def test_where_nothing_is_at_stake_the_reason_is_told(name, probe):
    first, second = pair("P0")
    found = stakes.item_logit_difference(loaded(name), first, probe, second.word)
    assert isinstance(found, Message) and str(found)


@pytest.mark.parametrize("name", ["mirante-encoder-pt", "mirante-decoder-pt"])
def test_cutting_nothing_and_cutting_twice(name):
    lm = loaded(name)
    at = at_stake(lm, "P0", "question")
    clean = stakes.margin(core.capture(lm, at.text), at)
    nothing = stakes.ItemLogitDifference(at.text, at.query, ((), ()), at.plus, at.minus, at.named)
    assert stakes.fall(lm, nothing, 0, clean) == pytest.approx(0, abs=1e-4)
    ahead = stakes.ItemLogitDifference(at.text, at.query, ((at.query + 1,),), at.plus, at.minus, at.named)
    if lm.kind == "decoder":
        assert stakes.fall(lm, ahead, 0, clean) == pytest.approx(0, abs=1e-4), "it never looked there"
    one_head = stakes.fall(lm, at, 1, clean, (0, 0))
    assert np.isfinite(one_head) and one_head != stakes.fall(lm, at, 1, clean)


def test_the_bundled_encoder_needs_the_edge_to_the_glass():
    first, second = pair("P0")
    found = evidence.ladder(loaded("mirante-encoder-pt"), first, "question", second.word)
    assert found.margin > 1, "it answers copo"
    rungs = {rung.name: rung for rung in found.rungs}
    assert tuple(rungs) == evidence.RUNGS and all(
        rung.values is not None and len(rung.values) == 2 for rung in found.rungs
    )
    assert rungs["knockout"].points_to == rungs["patch"].points_to == first.gold
    assert rungs["attention"].values[0] >= 0 and rungs["norm"].values[0] >= 0


def test_one_head_is_a_part_of_all():
    lm, (first, second) = loaded("mirante-encoder-pt"), pair("P0")
    whole = evidence.ladder(lm, first, "question", second.word)
    layers, heads = lm.layout.counts["self"], lm.layout.heads["self"]
    parts = [
        evidence.ladder(lm, first, "question", second.word, (layer, head))
        for layer in range(layers)
        for head in range(heads)
    ]
    for name, join in (("attention", np.mean), ("gradient", np.sum)):
        values = [next(rung.values for rung in part.rungs if rung.name == name) for part in parts]
        np.testing.assert_allclose(
            join(values, axis=0), next(rung.values for rung in whole.rungs if rung.name == name), atol=1e-4
        )


def test_a_model_that_cannot_be_edited_keeps_the_rungs_it_has():
    first, second = pair("P0")
    found = evidence.ladder(loaded("bloom"), first, "adjective", second.word)
    by = {rung.name: rung for rung in found.rungs}
    assert by["attention"].values is not None
    assert all(by[name].values is None and str(by[name].refusal) for name in ("knockout", "patch", "gradient", "norm"))


def test_the_bench_counts_what_falls():
    listed = [one for one in items.bundled_items("containers") if one.condition == "P0"][:16]
    found = conditions.condition_results(
        bench.run_bench(loaded("mirante-encoder-pt"), listed, "question", causal=True), "question"
    )[0]
    assert found.knockouts.members.n == 8 and found.knockouts.members.value > 0.8 and found.knockouts.fall.value > 0.5
    assert 0 <= found.knockouts.mismatch.value <= 1
    plain = conditions.condition_results(bench.run_bench(loaded("mirante-encoder-pt"), listed, "question"), "question")[
        0
    ]
    assert plain.knockouts is None and plain.looks.share.tolist() == found.looks.share.tolist()


def test_a_model_that_copies_both_nouns_alike_is_not_called_right():
    """Cutting a noun takes from that noun: signed, such a model would be right everywhere."""
    listed = [one for one in items.bundled_items("containers") if one.condition == "P2"][:40]
    rng = np.random.default_rng(0)
    at = stakes.ItemLogitDifference("", 0, ((), ()), 0, 1, named=True)
    answers = []
    for one in listed:
        falls = np.where(np.arange(2) == one.gold, 1.0, -1.0) * rng.uniform(0.9, 1.1, 2)
        answers.append(bench.ItemAnswer(one, None, None, None, bench.ItemKnockout(falls, at.use(falls), np.ones(2))))
    found = conditions.condition_results(answers, "question")[0].knockouts
    assert found.members.low < 0.5 < found.members.high and found.fall.value > 0.9


def test_where_adjectives_compete_the_sign_counts():
    at = stakes.ItemLogitDifference("", 0, ((), ()), 0, 1)
    assert at.use([0.3, -0.5]).tolist() == [0.3, -0.5] and stakes.ItemLogitDifference("", 0, (), 0, 1, named=True).use(
        [0.3, -0.5]
    ).tolist() == [0.3, 0.5]
    lm = loaded("mirante-decoder-pt")
    answers = bench.run_bench(lm, pair("P0"), "adjective", causal=True)
    first, second = (one.knockout.falls for one in answers)
    np.testing.assert_allclose(first, -second, atol=1e-4, err_msg="one run, its words exchanged")


def test_known_falls_are_counted():
    listed = [one for one in items.bundled_items("containers") if one.condition == "P2"][:8]
    answers = []
    for one in listed:
        falls = np.array([1.0, 0.0]) if one.gold == 0 else np.array([0.0, 1.0])
        weights = falls if one.gold == 0 else falls[::-1]
        answers.append(bench.ItemAnswer(one, None, None, None, bench.ItemKnockout(falls, falls, weights)))
    found = conditions.condition_results(answers, "question")[0].knockouts
    assert (found.members.value, found.both.value, found.fall.value, found.mismatch.value) == (1, 1, 1, 0.5)
