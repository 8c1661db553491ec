"""Probes ask what they say, of the right words, and what competes is true Portuguese with one answer."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import torch
from torch.nn import functional

import core
from core.analyses.candidates import won
from core.coreference import items, probes, scores
from core.errors import BadInput
from tests import tiny


@cache
def loaded(name: str) -> core.LanguageModel:
    return core.load(name if name.startswith("mirante") else tiny.folder(name), device="cpu")


def item(condition: str, index: int = 0) -> items.Item:
    return [one for one in items.bundled_items("containers") if one.condition == condition][index]


@pytest.mark.parametrize("probe", probes.PROBES)
def test_the_asked_words_are_where_the_spans_say(probe):
    lm = loaded("bert")
    for name in ("containers", "families"):
        for one in items.bundled_items(name):
            if probes.fits(one, probe):
                asked = probes.probed_item(lm, one, probe)
                words = [asked.text[slice(*span)] for span in asked.candidates]
                assert words == [candidate.text for candidate in one.candidates]
                expected = {"adjective": one.word, "question": "[MASK]", "overt": "[MASK]"}
                assert asked.text[slice(*asked.query)] == expected.get(
                    probe, "ele" if one.word.endswith("o") else "ela"
                )


def test_pronouns_are_asked_of_p5_alone():
    fitting = {one.condition for one in items.bundled_items("containers") if probes.fits(one, "pronoun")}
    assert fitting == {"P5"} and not any(probes.fits(one, "pronoun") for one in items.bundled_items("families"))


def test_a_model_without_a_mask_has_no_look_from_one_and_a_translator_none_at_all():
    assert probes.refusal(loaded("bert"), "question") is None and probes.refusal(loaded("gpt2"), "adjective") is None
    assert "no mask" in str(probes.refusal(loaded("gpt2"), "overt"))
    assert "translation" in str(probes.refusal(loaded("marian"), "adjective"))


def test_what_competes_in_the_classic_sentence():
    one = item("P0")
    found = probes.choice(one, "overt")
    assert found.texts == (
        "Ela derramou água da jarra para o copo até que a jarra ficasse cheio.",
        "Ela derramou água da jarra para o copo até que o copo ficasse cheio.",
    )
    assert found.right == {1} and found.words == ("jarra", "copo")
    assert probes.choice(one, "question").texts[0].endswith("O que ficou cheio? A jarra.")
    adjective = probes.choice(one, "adjective")
    assert {adjective.words[index] for index in adjective.right} == {"cheio", "vazia"} and len(adjective.texts) == 4


def test_nothing_competes_where_every_answer_is_true_or_none_is():
    assert probes.choice(item("P1"), "adjective") is None and probes.choice(item("P1"), "overt") is None
    assert probes.choice(items.bundled_items("families")[0], "adjective") is None
    assert probes.choice(item("P5"), "overt") is None and probes.choice(item("P5"), "pronoun") is None


def test_looks_are_the_merged_weights_of_the_trace():
    lm, one = loaded("bert"), item("P0")
    found = scores.item_looks(lm, probes.probed_item(lm, one, "adjective"))
    trace = core.capture(lm, one.text)
    tokens = trace.tokens
    merged = trace.merged(trace.attention(1, 2))
    columns = [tokens.words.index(candidate.text) for candidate in one.candidates]
    np.testing.assert_allclose(found[1, 2], merged[tokens.words.index("cheio"), columns], atol=1e-6)
    assert found.shape == (trace.layers(), trace.heads(), 2)


@pytest.mark.parametrize("name", ["bert", "roberta", "gpt2", "llama", "bloom"])
def test_words_of_several_pieces_are_found_whole(name):
    lm, one = loaded(name), item("P2", 7)
    trace = core.capture(lm, one.text)
    for candidate in one.candidates:
        places = probes.token_positions(trace.tokens, candidate.span)
        spelled = one.text[trace.tokens.spans[places[0]][0] : trace.tokens.spans[places[-1]][1]]
        assert spelled.strip() == candidate.text
    assert np.isfinite(scores.item_looks(lm, probes.probed_item(lm, one, "adjective"))).all()


def test_a_sentence_s_log_probability_is_the_model_s_own_loss():
    lm = loaded("llama")
    trace = core.capture(lm, tiny.SENTENCE)
    ids = torch.tensor([trace.tokens.ids])
    with torch.inference_mode():
        logits = lm.model(input_ids=ids).logits[0, :-1]
    expected = -functional.cross_entropy(logits, ids[0, 1:], reduction="sum")
    assert scores.sentence_log_probability(trace) == pytest.approx(float(expected), rel=1e-5)


def test_preferences_at_the_mask_are_log_probabilities_of_whole_words():
    lm = loaded("mirante-encoder-pt")
    found = scores.preferences(lm, probes.choice(item("P0"), "adjective"))
    right, share = scores.prefers(found, probes.choice(item("P0"), "adjective").right)
    assert (found < 0).all() and right and share > 0.9, "the bundled model puts the two right adjectives first"


def test_a_word_of_several_pieces_cannot_compete_at_one_mask():
    lm, one = loaded("bert"), item("P0")  # the tiny vocabulary has neither noun whole
    assert scores.preferences(lm, probes.choice(one, "overt")) is None


def test_preferences_of_sentences_and_their_share():
    lm = loaded("gpt2")
    found = scores.preferences(lm, probes.choice(item("P2"), "overt"))
    assert found.shape == (2,)
    assert scores.prefers(np.log(np.array([0.2, 0.3, 0.1])), frozenset({0, 2})) == (False, pytest.approx(0.5))
    assert scores.prefers(np.array([-1000.0, -1001.0]), frozenset({0}))[0]


def test_a_tie_is_no_win():
    values = np.array([[0.2, 0.2], [0.3, 0.1]])
    assert won(values, 0).tolist() == [False, True]


def test_a_word_that_the_tokenizer_cannot_place_is_said():
    lm = loaded("bert")
    asked = probes.ProbedItem(tiny.SENTENCE, (3, 4), ((0, 3),), masked=False)  # a space
    with pytest.raises(BadInput, match="does not say where"):
        scores.item_looks(lm, asked)


@pytest.mark.parametrize(
    ("template", "gender", "number", "expected"),
    [
        ("Caiu. O que caiu? O [MASK].", "f", 1, "Caiu. O que caiu? A jarra."),
        ("Caiu. O que caiu? O [MASK].", "f", 2, "Caiu. O que caiu? As jarra."),
        ("Caiu. O que caiu? O [MASK].", "", 1, "Caiu. O que caiu? O jarra."),
        ("Quem caiu? [MASK].", "m", 1, "Quem caiu? jarra."),
    ],
)
def test_a_noun_takes_the_place_of_the_mask(template, gender, number, expected):
    assert probes.filled(template, items.Candidate("jarra", (0, 5), gender, "", number)) == expected
