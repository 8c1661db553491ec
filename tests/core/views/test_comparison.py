"""Comparisons: both maps over the same words, nothing renamed, the difference is the difference."""

from __future__ import annotations

import numpy as np
import pytest

import core
from core.errors import BadInput
from core.views.comparison import compare
from tests import tiny

A = "Ela derramou água da jarra para o copo até que ficasse cheio."
B = "Ela derramou água fria da jarra para o copo até que ficasse vazia."


@pytest.fixture(scope="module")
def encoder():
    return core.load("mirante-encoder-pt")


@pytest.fixture(scope="module")
def decoder():
    return core.load("mirante-decoder-pt")


def test_two_sentences_are_cut_to_their_common_words(encoder) -> None:
    a, b = (core.capture(encoder, text) for text in (A, B))
    found = compare(a, b)
    query, key = found.sides
    assert query is key and query.only_a == () and query.only_b == ("fria",)
    assert "cheio / vazia" in query.side.labels
    view = found.overlay((3, 2), (3, 2))
    row, column = view.query.labels.index("cheio / vazia"), view.key.labels.index("copo")
    maps = [trace.merged(trace.attention(3, 2)) for trace in (a, b)]
    words = [trace.tokens.words for trace in (a, b)]
    for which, (full, own, word) in enumerate(zip(maps, words, ("cheio", "vazia"), strict=True)):
        assert view.head(0, which)[row, column] == full[own.index(word), own.index("copo")]
    gap = found.gap((3, 2), (3, 2))
    np.testing.assert_allclose(gap.head(0, 0), view.head(0, 0) - view.head(0, 1), atol=1e-7)
    assert gap.only_b == ("fria",)
    (layer, head), row_changed = found.most_changed()
    written = [i for i, special in enumerate(query.side.special) if not special]
    changes = {
        (i, j): float(np.abs(found.gap((i, j), (i, j)).head(0, 0)[written]).max())
        for i in range(a.layers())
        for j in range(a.heads())
    }
    assert (layer, head) == max(changes, key=changes.get)
    largest = np.abs(found.gap((layer, head), (layer, head)).head(0, 0)[row_changed]).max()
    assert largest == pytest.approx(changes[layer, head], abs=1e-6)
    assert compare(a, a).most_changed() is None
    lost = maps[1][words[1].index("vazia"), words[1].index("fria")]
    assert view.head(0, 1)[row].sum() == pytest.approx(1 - lost, abs=1e-5)


def test_partners_go_both_ways(encoder) -> None:
    query, _ = compare(*(core.capture(encoder, text) for text in (A, B))).sides
    for word_a, word_b in query.pairs:
        assert query.partner(word_a) == word_b and query.partner(word_b, of_a=False) == word_a
    fria = core.capture(encoder, B).tokens.words.index("fria")
    assert query.partner(fria, of_a=False) is None


def test_two_heads_of_one_run(encoder) -> None:
    trace = core.capture(encoder, A)
    found = compare(trace, trace)
    np.testing.assert_array_equal(found.gap((1, 1), (1, 1)).head(0, 0), 0)
    np.testing.assert_allclose(found.gap((1, 1), (2, 3)).head(0, 0), -found.gap((2, 3), (1, 1)).head(0, 0))
    assert found.overlay((1, 1), (2, 3)).query.labels == trace.tokens.words


def test_two_models_meet_word_by_word_and_added_tokens_are_nobodys_partner(encoder, decoder) -> None:
    a, b = core.capture(encoder, A), core.capture(decoder, A)
    query, _ = compare(a, b).sides
    assert [label for label, special in zip(query.side.labels, query.side.special, strict=True) if not special] == [
        word for word, span in zip(a.tokens.words, a.tokens.word_spans, strict=True) if span
    ]
    for i, j in query.pairs:
        assert (a.tokens.word_spans[i] is None) == (b.tokens.word_spans[j] is None)


@pytest.mark.parametrize("texts", [(A, B), ("lens", A), (B, "Ela bebe água.")])
def test_the_heads_of_a_layer_are_the_heads_one_by_one(encoder, texts: tuple[str, str]) -> None:
    a, b = (core.capture(encoder, text) for text in texts)
    pair = compare(a, b)
    for view in (pair.overlay((0, 0), (3, 7)), pair.gap((0, 0), (3, 7))):
        maps, hidden = view.layer_and_hidden(0)
        assert maps.shape == (view.heads, len(view.query), len(view.key)) and not hidden.any()
        np.testing.assert_array_equal(maps, [view.head(0, head) for head in range(view.heads)])


def test_a_single_stack_beside_an_encoder(encoder) -> None:
    pair = core.capture(core.load(str(tiny.folder("marian"))), tiny.SENTENCE, tiny.TARGET)
    one = core.capture(core.load(str(tiny.folder("bert"))), tiny.SENTENCE)
    assert compare(one, pair).kind_b == "encoder"
    cross = compare(pair, pair, "cross")
    query, key = cross.sides
    assert query.side.labels == pair.target.words and key.side.labels == pair.tokens.words
    np.testing.assert_allclose(
        cross.overlay((0, 0), (1, 1)).head(0, 1), core.views.view.view(pair, "cross").head(1, 1), atol=1e-7
    )
    with pytest.raises(BadInput, match="two texts"):
        compare(pair, one, "cross")


def test_nothing_in_common() -> None:
    a, b = (
        core.capture(core.load(str(tiny.folder(name))), text)
        for name, text in (("bert", "o copo"), ("gpt2", "Ela derramou água da"))
    )
    assert not set(a.tokens.words) & set(b.tokens.words)
    with pytest.raises(BadInput, match="no words in common"):
        _ = compare(a, b).sides
