"""The scan finds what was planted, and invents nothing; on real models it says what each null allows."""

from __future__ import annotations

import json

import numpy as np
import pytest

import core
from core.attention.edits import Knockout
from core.errors import BadInput
from core.studies import scan as scanning
from core.studies.scan import beyond, largest_look, looks, reference_texts, scan, word_looks
from core.views.view import view

SENTENCE = "Meu irmão comprou uma bicicleta usada no mercado da cidade."


def test_what_is_planted_is_found_whatever_its_unit() -> None:
    rng, invented = np.random.default_rng(0), 0
    for _ in range(200):
        values = rng.normal(0, 1, (60, 144)) * rng.uniform(0.01, 100, 144) + rng.normal(0, 50, 144)
        planted = rng.choice(144, 3, replace=False)
        values[0, planted] += 20 * values[1:, planted].std(0)
        scores, largest = beyond(values)
        listed = set(np.flatnonzero(scores > largest))
        assert listed >= set(planted)
        invented += len(listed) > 3
    assert invented / 200 <= 0.05  # one in sixty, and three standard errors


@pytest.mark.parametrize("draw", ["normal", "exponential", "uniform"])
def test_a_sentence_like_the_others_lists_anything_in_one_of_sixty(draw: str) -> None:
    rng, listed = np.random.default_rng(1), 0
    for _ in range(1500):
        scores, largest = beyond(getattr(rng, draw)(size=(60, 40)))
        listed += bool((scores > largest).any())
    assert listed / 1500 <= 0.03  # 1/60, and three standard errors


def test_heads_that_are_made_to_look_are_found_and_no_other() -> None:
    """Planted in an untrained model, whose heads do nothing of their own."""
    lm = core.twin(core.load("mirante-encoder-pt", device="cpu"), seed=100)
    traces = [core.capture(lm, text) for text in (SENTENCE, *reference_texts(SENTENCE, 10))]
    views = [view(trace, words=True, specials=False) for trace in traces]
    twin_look = largest_look(views[0])
    seen = [word_looks(each) for each in views]
    assert looks(views[0], seen, twin_look) == []
    heads, others = [(0, 4), (1, 0), (3, 7)], tuple(place for place in range(len(traces[0].tokens)) if place != 2)
    edits = tuple(Knockout(layer=layer, head=head, queries=(9,), keys=others) for layer, head in heads)
    planted = core.capture(lm, SENTENCE, edits=edits)
    made = view(planted, words=True, specials=False)
    surprises = looks(made, [word_looks(made), *seen[1:]], twin_look)
    assert sorted((one.layer, one.head) for one in surprises) == heads
    for surprise in surprises:
        assert surprise.value == pytest.approx(1, abs=1e-3) and surprise.ordinary < 0.3 and surprise.extreme < 0.5
        assert (surprise.query, surprise.key) == (planted.tokens.words[planted.tokens.word_of[9]], "irmão")
    assert looks(made, [word_looks(made), *seen[1:]], 1.0) == [], "no more than a twin does"


def test_references_are_as_long_and_in_the_language_of_the_text() -> None:
    short, long = reference_texts(SENTENCE, 6), reference_texts("The cat sat on the mat and it was very happy.", 30)
    assert len(short) == len(long) == scanning.REFERENCES
    assert {len(text.split()) for text in short} == {6} and {len(text.split()) for text in long} == {30}
    assert "menino" in short[0] and "boy" in long[0]
    assert not any(
        "bicicleta" in text and "irmão" in text and "férias" in text
        for text in reference_texts("Meu irmão comprou uma bicicleta usada com o dinheiro das férias.", 10)
    )


@pytest.mark.parametrize("text", ["Oi, tudo bem?", "palavra " * 80])
def test_a_text_of_too_few_or_too_many_words_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="5 to 60 words"):
        scan(core.load("mirante-encoder-pt", device="cpu"), text)


def test_too_few_references_are_no_null() -> None:
    with pytest.raises(BadInput, match="at least 19"):
        scan(core.load("mirante-encoder-pt", device="cpu"), SENTENCE, references=["Uma frase comum."] * 18)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "text"),
    [
        (
            "mirante-encoder-pt",
            "Tiago derramou suco do caneco para o copo até que ficasse vazio. O que ficou vazio? O [MASK].",
        ),
        ("mirante-decoder-pt", "O navio levou laranjas e tambores. O navio levou laranjas e tambores."),
        ("mirante-translator", ">>fra<< I like strawberries and I ate your apples."),
    ],
)
def test_what_is_listed_lies_beyond_its_null(model: str, text: str) -> None:
    result = scan(core.load(model, device="cpu"), text, twins=3)
    for surprise in result.surprises:
        assert surprise.distance > 0
        if surprise.kind == "look":
            assert surprise.value > max(surprise.extreme, result.twin_look or 0) or surprise.extreme > 0.9
        elif surprise.kind == "cut":
            assert abs(surprise.value) > surprise.extreme >= surprise.ordinary
    assert json.loads(json.dumps(scanning.scan_document(result)))["references"] == 59
    if model == "mirante-decoder-pt":
        assert result.surprises[0].kind == "cut" and result.surprises[0].key == "tambores"
