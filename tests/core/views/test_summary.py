"""The summary of a sentence: counts by hand, focus by its definition, special tokens left out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import core
from core.views.summary import confidence, summarise
from tests.tiny import SENTENCE, TARGET, folder


def test_two_heads_by_hand():
    real = np.array([False, True, True, False])  # [CLS] a b [SEP]
    rests = [[1, 0, 0, 0], [0.9, 0, 0.1, 0], [0.5, 0.2, 0.1, 0.2], [0, 0, 0, 1]]
    looks = [[0, 0, 0, 1], [0, 0, 1, 0], [0.1, 0.6, 0.2, 0.1], [1, 0, 0, 0]]
    assert confidence(np.array([rests, looks]), real, real) == pytest.approx([(0.1 + 0.2) / 2, (1 + 0.6) / 2])


@given(st.integers(1, 9), st.integers(1, 4))
def test_uniform_attention_has_the_lowest_focus_a_pointer_the_highest(n, heads):
    real = np.ones(n, dtype=bool)
    assert confidence(np.full((heads, n, n), 1 / n), real, real) == pytest.approx([1 / n] * heads)
    assert confidence(np.stack([np.eye(n)] * heads), real, real) == pytest.approx([1] * heads)


@pytest.mark.parametrize("name", ["bert", "gpt2", "t5"])
def test_the_summary_is_the_best_head_of_the_trace(name):
    trace = core.capture(core.load(folder(name)), SENTENCE, **({"target": TARGET} if name == "t5" else {}))
    found = summarise(trace)
    tokens, kind = trace.tokens, trace.kinds[0]
    real = [i for i, hidden in enumerate(tokens.special) if not hidden]
    values = {
        (layer, head): np.mean([trace.attention(layer, head, kind)[i, real].max() for i in real])
        for layer in range(trace.layers(kind))
        for head in range(trace.heads(kind))
    }
    best = max(values, key=values.__getitem__)
    assert (found.layer, found.head) == best and found.focus == pytest.approx(values[best], abs=1e-6)
    assert (found.tokens, found.words) == (len(tokens.pieces), 13) and 0 < found.focus <= 1


def test_unknown_pieces_are_counted_and_specials_are_no_words():
    lm = core.load(folder("bert"))
    plain, strange = (summarise(core.capture(lm, text)) for text in ("água", "água 日"))
    assert (plain.unknown, strange.unknown) == (0, 1) and (plain.words, strange.words) == (1, 2)


def test_a_sentence_without_a_piece_of_its_own_has_no_focused_head():
    class Empty:
        kinds = ("self",)
        tokens = type("T", (), {"ids": (1, 2), "special": (True, True), "unknown": (False, False), "word_of": (0, 1)})

        def sides(self, kind):
            return self.tokens, self.tokens

    found = summarise(Empty())
    assert (found.tokens, found.words, found.layer, found.head, found.focus) == (2, 0, None, None, None)
