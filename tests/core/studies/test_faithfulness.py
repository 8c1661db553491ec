"""Faithfulness: a planted answer is found by the right order and by no other, random is not better than random, and
hidden words are hidden.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import core
from core.errors import BadInput
from core.models.sources import default_root
from core.studies import documents, faithfulness
from core.studies.faithfulness import FaithfulnessItem, curves, faithfulness_item, importances, judge
from tests.tiny import CORPUS, SENTENCE, folder

TEXTS = [SENTENCE, *CORPUS[3:]]


@cache
def loaded(name: str) -> core.LanguageModel:
    return (
        core.load(name, device="cpu", root=default_root())
        if name.startswith("mirante")
        else core.load(folder(name), device="cpu")
    )


def asked(name: str, text: str = SENTENCE, seed: int = 0) -> FaithfulnessItem:
    found = faithfulness_item(loaded(name), text, np.random.default_rng(seed))
    assert found is not None
    return found


@pytest.mark.parametrize("name", ["bert", "gpt2", "llama", "marian", "mirante-encoder-pt", "mirante-decoder-pt"])
def test_with_nothing_hidden_the_answer_is_itself(name):
    one = asked(name)
    none = np.zeros((1, len(one.groups)), dtype=bool)
    assert faithfulness._answers(loaded(name), one, none)[0] == pytest.approx(one.p, abs=1e-5)
    assert 0 < one.p < 1 and all(group for group in one.groups)
    if one.kind == "self":
        assert one.question.position not in {place for group in one.groups for place in group}, (
            "the place that answers is never hidden"
        )
        assert not any(one.trace.tokens.special[place] for group in one.groups for place in group)


@pytest.mark.parametrize("name", ["bert", "gpt2"])
def test_many_cases_at_once_are_each_alone(name):
    one, lm = asked(name), loaded(name)
    cases = np.random.default_rng(1).random((9, len(one.groups))) < 0.4
    together = faithfulness._answers(lm, one, cases)
    alone = [faithfulness._answers(lm, one, case[None])[0] for case in cases]
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_a_hidden_word_of_a_model_without_a_mask_is_seen_by_nobody():
    """Another word in its place changes nothing."""
    lm, one = loaded("gpt2"), asked("gpt2")
    hidden = np.zeros((1, len(one.groups)), dtype=bool)
    hidden[0, 2] = True
    before = faithfulness._answers(lm, one, hidden)[0]
    ids = list(one.trace.tokens.ids)
    for place in one.groups[2]:
        ids[place] = (ids[place] + 7) % 200 + 4
    from dataclasses import replace

    other = replace(one, trace=replace(one.trace, tokens=replace(one.trace.tokens, ids=tuple(ids))))
    assert faithfulness._answers(lm, other, hidden)[0] == pytest.approx(before, abs=1e-6)


def test_curves_by_hand(monkeypatch):
    """An answer that lives on word 3 alone: whoever puts it first loses everything at once, and needs nothing else."""
    one = asked("bert")
    n = len(one.groups)
    monkeypatch.setattr(faithfulness, "_answers", lambda _lm, at, hidden: np.where(hidden[:, 3], 0.0, at.p))
    first, last = [3, *(i for i in range(n) if i != 3)], [*(i for i in range(n) if i != 3), 3]
    found = curves(loaded("bert"), one, np.array([first, last]))
    np.testing.assert_allclose(found, [[one.p, 0], [0, one.p]], atol=1e-9)


def test_random_orders_are_not_better_than_random_and_the_knockout_is():
    found = judge(loaded("mirante-encoder-pt"), TEXTS * 2, methods=("raw", "gradient"), orders=10, seed=1)
    assert found.names == ("raw", "gradient", "knockout") and found.sentences == len(found.scores["raw"])
    assert (
        found.random.shape == (found.sentences, 2)
        and found.agreement.shape == (3, 3)
        and np.allclose(np.diag(found.agreement), 1)
    )
    one = found.faith("knockout")
    assert one.comprehensiveness_gain.value > 0 and one.comprehensiveness.n == found.sentences
    assert one.comprehensiveness_gain.value == pytest.approx(one.comprehensiveness.value - found.random[:, 0].mean())


def test_the_agreement_of_two_methods_has_its_interval_over_sentences():
    """By hand: correlations of 0.8 and 0.2 in turn have mean 0.5, and 1.96 · 0.3/√100 = 0.059 on either side."""
    one = np.stack([np.array([[1, r], [r, 1]]) for r in [0.8, 0.2] * 50])
    judged = faithfulness.Judged(("raw", "knockout"), {}, np.zeros((100, 2)), np.zeros((100, 2)), one, {})
    found = judged.agreed("raw", "knockout")
    assert found.value == pytest.approx(0.5) == judged.agreement[0, 1] and found.n == 100
    assert found.low == pytest.approx(0.5 - 0.059, abs=0.006) and found.high == pytest.approx(0.5 + 0.059, abs=0.006)
    three = faithfulness.Judged(("raw", "knockout"), {}, np.zeros((3, 2)), np.zeros((3, 2)), one[:3], {})
    few = three.agreed("raw", "knockout")
    assert few.low is None and few.n == 3


def test_nearest_first_reads_no_model():
    """An encoder's mask at its position; a translator's word at the same relative place of the source."""
    from dataclasses import replace

    one = asked("bert")
    groups = ((1,), (2, 3), (5,), (9,))
    placed = replace(one, groups=groups, question=replace(one.question, position=4))
    assert faithfulness.nearest_first(placed).tolist() == [1, 2, 0, 3], "of two as near the left one"
    other = asked("marian")
    last = len(other.trace.target) - 1
    assert faithfulness.nearest_first(replace(other, question=replace(other.question, position=0)))[0] == 0
    end = faithfulness.nearest_first(replace(other, question=replace(other.question, position=last)))
    assert end.tolist() == list(range(len(other.groups)))[::-1]


def test_what_a_method_has_beyond_the_nearest_words_is_counted_sentence_by_sentence():
    """Both lose 0.3 to 0.5 more than random orders; the method always 0.01 more than the nearest words."""
    base = np.linspace(0.3, 0.5, 20)
    nearest = np.stack([base, -base], 1)
    judged = faithfulness.Judged(
        ("raw",), {"raw": nearest + [0.01, -0.01]}, np.zeros((20, 2)), nearest, np.ones((20, 1, 1)), {}
    )
    one, rule = judged.faith("raw"), judged.nearest_gains()
    assert one.offered and one.beyond_nearest
    assert one.comprehensiveness_over_nearest.low == pytest.approx(0.01) == one.sufficiency_over_nearest.high
    assert rule[0].value == pytest.approx(0.4) == rule[1].value
    document = documents.judgement_document(judged)
    assert document["rows"][0]["beyond_nearest"] and document["nearest"]["sufficiency_gain"]["n"] == 20


def test_two_names_of_one_method_are_one_witness():
    """Without a norm after the sum, norm + residual + LN is norm + residual; with one it is not."""
    pre, post = (judge(loaded(name), TEXTS[:2], orders=2) for name in ("gpt2", "bert"))
    assert pre.repeats == {"normed": "residual"} and post.repeats == {}
    rows = {row["method"]: row for row in documents.judgement_document(pre)["rows"]}
    assert rows["normed"]["same_as"] == "residual" and "same_as" not in rows["residual"]


def test_the_texts_of_a_study_can_be_told_from_others():
    found = [documents.faithfulness(loaded("bert"), TEXTS[:2], orders=2, seed=seed) for seed in (0, 0, 1)]
    assert found[0] == found[1] and found[2]["seed"] == 1
    assert (
        found[0]["texts"]
        == {"n": 2, "sha256": documents.digest(TEXTS[:2])}
        != {"n": 2, "sha256": documents.digest(TEXTS[1::-1])}
    )


def test_progress_can_stop_it():
    class Stop(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        judge(loaded("bert"), TEXTS, methods=("raw",), orders=2, progress=stop)


@pytest.mark.parametrize("name", ["bert", "gpt2", "marian"])
def test_importances_are_one_number_per_word(name):
    one = asked(name)
    found = importances(loaded(name), one)
    assert {"raw", "norm", "gradient", "knockout"} <= set(found) and ("rollout" in found) == (name != "marian")
    for values in found.values():
        assert values.shape == (len(one.groups),) and np.isfinite(values).all()


def test_texts_that_cannot_be_asked_are_left_out():
    assert (
        faithfulness_item(loaded("bert"), "Oi.", np.random.default_rng(0)) is None
        and faithfulness_item(loaded("bert"), " ", np.random.default_rng(0)) is None
    )
    with pytest.raises(BadInput):
        documents.faithfulness(loaded("bert"), ["Oi.", ""])


def test_the_shipped_studies_offer_what_they_measured():
    for name in ("mirante-encoder-pt", "mirante-decoder-pt", "mirante-translator"):
        document = documents.shipped_document(name, "faithfulness")
        for row in document["rows"]:
            assert row["offered"] == (row["comprehensiveness_gain"]["low"] > 0 and row["sufficiency_gain"]["low"] > 0)
            assert (
                documents.importance(name, row["method"], "cross" if name == "mirante-translator" else "self")
                == row["offered"]
            )
            assert documents.importance(name, row["method"], "decoder") is None, (
                "another kind of attention was not measured"
            )
    assert documents.importance("somebody/else", "raw", "self") is None
