"""Masked words: probabilities are the model's own softmax at the mask; the bundled model on the jug sentence."""

import numpy as np
import pytest
import torch

import core
from core.errors import BadInput
from core.predictions.masked import choice_probabilities, mask_position, probabilities, whole_word, with_mask
from tests import tiny

SENTENCE = "Ela derramou água da jarra para o copo até que ficasse cheio."


@pytest.fixture(scope="module")
def bert():
    return core.load(str(tiny.folder("bert")))


def test_probabilities_are_the_softmax_of_the_plain_model(bert):
    text = with_mask(bert, tiny.SENTENCE, "cheio")
    trace = core.capture(bert, text)
    position = mask_position(bert.tokenizer, trace)
    with torch.inference_mode():
        logits = bert.model(**bert.tokenizer(text, return_tensors="pt")).logits[0, position]
    np.testing.assert_allclose(probabilities(trace, position), logits.double().softmax(0).numpy(), atol=1e-6)
    assert probabilities(trace, position).sum() == pytest.approx(1)


def test_the_last_occurrence_is_masked(bert):
    assert with_mask(bert, "o copo e o copo", "copo") == "o copo e o [MASK]"


@pytest.mark.parametrize(("text", "word", "message"), [("o copo", "jarra", "is not in")])
def test_a_missing_word_is_refused(bert, text, word, message):
    with pytest.raises(BadInput, match=message):
        with_mask(bert, text, word)


def test_models_without_a_mask_say_so():
    with pytest.raises(BadInput, match="from left to right"):
        with_mask(core.load(str(tiny.folder("gpt2"))), "o copo", "copo")


def test_one_mask_is_expected(bert):
    for text in ("o copo", "[MASK] [MASK]"):
        with pytest.raises(BadInput, match="One mask token"):
            mask_position(bert.tokenizer, core.capture(bert, text))


def test_a_word_of_several_pieces_has_no_single_probability(bert):
    found = choice_probabilities(bert.tokenizer, core.capture(bert, "o [MASK]"), ["copo", "anticonstitucional"])
    assert found["anticonstitucional"] is None and 0 < found["copo"] < 1


@pytest.mark.parametrize("name", ["gpt2", "llama", "bert"])
def test_a_whole_word_is_the_piece_that_stands_after_a_space(name):
    tokenizer = core.load(str(tiny.folder(name))).tokenizer
    for word in ("copo", "água", "Ela", "anticonstitucional", "e"):
        found = whole_word(tokenizer, word)
        ids = tokenizer("a " + word, add_special_tokens=False)["input_ids"]
        if found is not None:
            assert ids[-1] == found and tokenizer.decode(ids[-1:]).strip() == word
        else:
            assert (
                len(ids) > 2
                or tokenizer.unk_token_id in ids
                or len(tokenizer("a", add_special_tokens=False)["input_ids"]) > 1
            )


def test_the_bundled_model_favours_the_two_adjectives_that_agree():
    lm = core.load("mirante-encoder-pt")
    trace = core.capture(lm, with_mask(lm, SENTENCE, "cheio"))
    found = choice_probabilities(lm.tokenizer, trace, ["cheio", "cheia", "vazio", "vazia"])
    assert None not in found.values()
    assert (found["cheio"] + found["vazia"]) / sum(found.values()) > 0.7
