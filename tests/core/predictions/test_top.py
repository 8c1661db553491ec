"""Predictions at a position: the softmax of the model's own logits, named as the vocabulary names its pieces."""

from __future__ import annotations

import numpy as np
import pytest

import core
from core.errors import BadInput
from core.predictions.top import position_of, top


@pytest.fixture(scope="module")
def decoder():
    return core.load("mirante-decoder-pt")


def test_top_is_the_sorted_softmax_of_the_logits(decoder) -> None:
    trace = core.capture(decoder, "O menino leu o")
    found = top(decoder.tokenizer, trace, len(trace.tokens) - 1, 5)
    logits = trace.logits[-1].astype(np.float64)
    expected = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
    assert [one.probability for one in found] == pytest.approx(sorted(expected, reverse=True)[:5])
    best = decoder.tokenizer.convert_ids_to_tokens(int(expected.argmax()))
    assert found[0].piece.strip("␣") == best.strip("▁Ġ ")
    assert len({one.piece for one in found}) == 5


def test_what_a_prediction_adds_to_the_text_reads_back_as_that_piece(decoder) -> None:
    text = "O menino leu o"
    for one in top(decoder.tokenizer, core.capture(decoder, text), 4, 20):
        if one.text is not None:
            assert core.capture(decoder, text + one.text).tokens.pieces[-1] == one.piece
    encoder = core.load("mirante-encoder-pt")
    trace = core.capture(encoder, "O menino [MASK] o livro.")
    for one in top(encoder.tokenizer, trace, trace.tokens.words.index("[MASK]")):
        assert one.text is None or one.text.startswith(" ") or one.piece.startswith("##")


def test_a_word_is_followed_after_its_last_piece(decoder) -> None:
    tokens = core.capture(decoder, "desproporcionadamente azul").tokens
    word = tokens.words.index("desproporcionadamente")
    last = max(i for i, of in enumerate(tokens.word_of) if of == word)
    assert sum(of == word for of in tokens.word_of) > 1, "the test needs a word of several pieces"
    assert position_of(tokens, word, words=True) == last
    assert position_of(tokens, 2, words=False) == 2


def test_a_model_without_a_head_predicts_nothing(decoder) -> None:
    from dataclasses import replace

    with pytest.raises(BadInput, match="without a prediction head"):
        top(decoder.tokenizer, replace(core.capture(decoder, "O menino"), logits=None), 0)
