"""What follows from a change: nothing from no change, the same as by hand from one, and shapes that cannot be
swapped.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import core
from core.analyses.ablation import (
    ablations,
    changed_words,
    disagreement,
    edge_knockouts,
    effect,
    mean_outputs,
    weights_on,
    zeroed,
)
from core.analyses.patching import patch
from core.analyses.score import LogitDifference, logit_difference
from core.attention.edits import Ablation, Knockout
from core.errors import BadInput, UnsupportedModel
from core.tracing.blocks import blocks, states
from core.tracing.rerun import rerun
from tests.tiny import SENTENCE, TARGET, folder

ASKED = LogitDifference(4, 11, 23)
MODELS = ["bert", "gpt2", "llama", "marian", "modernbert", "t5"]
# the nouns exchanged and nothing else: as many pieces in every vocabulary
SISTER = "Ela derramou água da copo para o jarra até que ficasse cheio."


@cache
def loaded(name: str) -> core.LanguageModel:
    return core.load(folder(name), device="cpu")


@cache
def traced(name: str, text: str = SENTENCE) -> core.Trace:
    lm = loaded(name)
    return core.capture(lm, text, TARGET if lm.kind == "encoder-decoder" else None)


def answers(name: str) -> str:
    return "decoder" if loaded(name).kind == "encoder-decoder" else "self"


@pytest.mark.parametrize("name", MODELS)
def test_changing_nothing_changes_nothing(name):
    found = effect(loaded(name), traced(name), ASKED, (Knockout(),))
    assert found.change == pytest.approx(0, abs=1e-5) and found.kl == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("name", MODELS)
def test_the_very_tokens_are_run_again(name):
    lm, trace = loaded(name), traced(name)
    np.testing.assert_allclose(rerun(lm, trace).logits, trace.logits, atol=1e-6)
    assert rerun(lm, trace).tokens is trace.tokens


@pytest.mark.parametrize("name", ["bert", "gpt2", "marian"])
def test_every_head_ablated_is_that_head_ablated(name):
    lm, trace, kind = loaded(name), traced(name), answers(name)
    seen: list[tuple[int, int]] = []
    changes, kl = ablations(lm, trace, ASKED, kind, progress=lambda done, of: seen.append((done, of)))
    assert changes.shape == kl.shape == (trace.layers(kind), trace.heads(kind)) and kl.min() >= 0
    for place in ((0, 0), (1, 1)):
        edited = rerun(lm, trace, (Ablation(*place, kind),))
        assert changes[place] == pytest.approx(ASKED.of(edited) - ASKED.of(trace), abs=1e-6)
    assert seen[-1] == (changes.size, changes.size) and len(seen) == changes.size


def test_the_mean_stands_in_for_a_head():
    lm, trace = loaded("bert"), traced("bert")
    means = mean_outputs([trace, traced("bert", SISTER)], "self")
    assert means.shape == (trace.layers(), trace.heads(), trace.value(0, 0).shape[1])
    rows = [one.attention(1, 2) @ one.value(1, 2) for one in (trace, traced("bert", SISTER))]
    np.testing.assert_allclose(means[1, 2], np.concatenate(rows).mean(0), atol=1e-5)
    zero, mean = (ablations(lm, trace, ASKED, means=one)[0] for one in (None, means))
    assert np.abs(zero - mean).max() > 1e-4
    edited = rerun(lm, trace, (Ablation(1, 2, "self", means[1, 2]),))
    assert mean[1, 2] == pytest.approx(ASKED.of(edited) - ASKED.of(trace), abs=1e-6)


@pytest.mark.parametrize("name", ["bert", "gpt2", "marian"])
def test_an_edge_that_is_not_there_has_no_effect_and_the_last_one_cannot_be_cut(name):
    lm, trace, kind = loaded(name), traced(name), answers(name)
    n = trace.record(0, kind).size[1]
    found = edge_knockouts(lm, trace, ASKED, [(key,) for key in range(n)] + [tuple(range(n))], kind)
    assert np.isnan(found[-1]) and np.abs(found[:5]).max() > 1e-5
    if name != "bert":
        np.testing.assert_allclose(found[5:n], 0, atol=1e-5)  # a row sees nothing ahead of it


def test_a_first_position_that_sees_only_itself_cannot_lose_itself():
    assert np.isnan(edge_knockouts(loaded("gpt2"), traced("gpt2"), LogitDifference(0, 11, 23), [(0,)])[0])


def test_values_of_zero_reach_further_than_one_edge():
    lm, trace = loaded("bert"), traced("bert")
    values = zeroed(lm, trace, ASKED, [(2,), ()])
    assert abs(values[0]) > 1e-5 and values[1] == pytest.approx(0, abs=1e-5)
    assert abs(values[0] - edge_knockouts(lm, trace, ASKED, [(2,)])[0]) > 1e-5


def test_looks_and_disagreement():
    trace = traced("bert")
    weights = weights_on(trace, 4, (1, 2))
    assert weights[1, 2] == pytest.approx(trace.attention(1, 2)[4, [1, 2]].sum(), abs=1e-6)
    assert disagreement(weights, weights) == pytest.approx(1) and disagreement(weights, np.zeros_like(weights)) is None
    assert disagreement(weights, 1 / (1 + weights)) == pytest.approx(-1)


def test_changed_words_are_the_best_before_and_after():
    lm, trace = loaded("bert"), traced("bert")
    found = changed_words(trace, rerun(lm, trace, (Ablation(1, None, "self"),)), 4, n=6)
    assert 6 <= len(found) <= 9 and all(0 < p < 1 for pair in found.values() for p in pair)
    before = [pair[0] for pair in found.values()]
    assert before == sorted(before, reverse=True)


@pytest.mark.parametrize("name", ["bert", "gpt2", "marian", "modernbert"])
def test_patching_everything_restores_everything_and_a_place_that_did_not_differ_nothing(name):
    lm, clean, corrupted = loaded(name), traced(name), traced(name, SISTER)
    kind, n = "encoder" if name == "marian" else "self", len(clean.tokens)
    place = n - 3 if name != "marian" else 4
    apart = clean.logits[place] - corrupted.logits[place]
    asked = LogitDifference(
        place, int(apart.argmax()), int(apart.argmin())
    )  # the answer on which the two sentences differ most
    found = patch(lm, clean, corrupted, asked, kind)
    layers = clean.layers(kind)
    assert found.streams.shape == found.attention.shape == (layers, n) and found.heads.shape == (
        layers,
        clean.heads(kind),
    )
    same = [place for place in range(n) if clean.tokens.ids[: place + 1] == corrupted.tokens.ids[: place + 1]]
    if name == "gpt2":
        np.testing.assert_allclose(
            found.streams[:, same], 0, atol=1e-3
        )  # what stands before the first difference is the same in both
        np.testing.assert_allclose(found.streams[:, n - 2 :], 0, atol=1e-3)  # and what comes after is not read
    if name != "marian":
        np.testing.assert_allclose(
            found.streams[-1, n - 3], 1, atol=1e-3
        )  # after the last layer only the position that answers counts
        np.testing.assert_allclose(np.delete(found.streams[-1], n - 3), 0, atol=1e-3)


def test_states_are_the_hidden_states_of_the_library():
    lm = loaded("gpt2")
    hidden = core.capture(lm, SENTENCE, hidden=True).hidden
    found = states(lm, traced("gpt2"))
    for level in range(len(found) - 1):  # the library's last one is after the final norm
        np.testing.assert_allclose(found[level].numpy(), hidden[level], atol=1e-5)
    assert len(found) == traced("gpt2").layers() + 1


def test_sentences_that_do_not_fit_each_other_are_refused():
    lm = loaded("bert")
    with pytest.raises(BadInput, match="tokens"):
        patch(lm, traced("bert"), core.capture(lm, SENTENCE + " E mais."), ASKED)
    with pytest.raises(BadInput, match="same"):
        patch(lm, traced("bert"), traced("bert"), ASKED)


def test_layers_that_share_a_module_have_no_place_of_their_own():
    with pytest.raises(UnsupportedModel):
        blocks(loaded("albert"), "self")
    assert len(blocks(loaded("marian"), "encoder")) == traced("marian").layers("encoder")
    assert blocks(loaded("marian"), "decoder") == blocks(loaded("marian"), "cross")


def test_the_question_is_the_models_own_answer_unless_it_is_said():
    lm, trace = loaded("gpt2"), traced("gpt2")
    asked = logit_difference(lm, trace)
    assert SENTENCE[trace.tokens.spans[asked.position + 1][0] :] in (
        "cheio.",
        "heio.",
        "eio.",
        "io.",
        "o.",
    )  # before the last piece of the last word
    assert asked.target == int(trace.logits[asked.position].argmax()) and asked.foil is None
    assert asked.of(trace) == pytest.approx(float(trace.logits[asked.position].max()))
    with pytest.raises(BadInput):
        logit_difference(lm, trace, position=99)
    with pytest.raises(BadInput, match="one token"):
        logit_difference(lm, trace, target="paralelepípedo")
