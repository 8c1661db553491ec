"""Anatomy: every picture opens from a link with the model's own numbers, a stage says what is added, a silent neuron
changes the answer.
"""

from __future__ import annotations

import numpy as np
import pytest

import core
from core.analyses.feed_forward import feed_forward, without
from core.analyses.positions import shuffled
from core.analyses.stages import anatomy
from core.predictions.top import top
from tests.ui.test_pages import open_page
from tests.ui.test_writing_pages import text

SENTENCE = "Ela derramou água da jarra para o copo até que ficasse [MASK]."
TRANSLATED = {"model": "mirante-translator", "sentence": ">>fra<< I like strawberries."}


@pytest.mark.parametrize(
    "query",
    [
        {"stage": "0"},
        {"stage": "4"},
        {"stage": "9"},
        {"anatomy": "river"},
        {"anatomy": "neurons", "ffn": "2"},
        {"anatomy": "positions", "kinds": "true"},
        {"anatomy": "families"},
        {**TRANSLATED, "stage": "2"},
        {**TRANSLATED, "stack": "encoder", "stage": "7"},
        {**TRANSLATED, "anatomy": "positions"},
        {"stage": "99"},
        {"silent": "x", "anatomy": "neurons"},
    ],
    ids=str,
)
def test_every_picture_opens_from_a_link(query: dict[str, str]) -> None:
    app = open_page("anatomia.py", **query)
    assert not app.exception and not app.error, [one.value for one in app.error]
    assert "`None`" not in text(app) and "O que você vê" in text(app)


@pytest.mark.parametrize("number", [1, 4, 8])
def test_a_stage_says_the_numbers_of_the_model(number: int) -> None:
    app = open_page("anatomia.py", sentence=SENTENCE, stage=str(number), lang="en")
    lm = core.load("mirante-encoder-pt")
    trace = core.capture(lm, SENTENCE)
    stage, place = anatomy(lm, trace)[number], trace.tokens.ids.index(lm.tokenizer.mask_token_id)
    before, added = (float(np.linalg.norm(part[place])) for part in (stage.before, stage.added))
    assert f"of size {before:.2f}, a vector of size {added:.2f} is added" in text(app)


def test_silent_neurons_give_the_answer_that_the_model_gives_without_them() -> None:
    lm = core.load("mirante-encoder-pt")
    trace = core.capture(lm, SENTENCE)
    place = trace.tokens.ids.index(lm.tokenizer.mask_token_id)
    neurons = feed_forward(lm, trace, 3).strongest(place, 3)
    app = open_page("anatomia.py", anatomy="neurons", sentence=SENTENCE, silent="4." + ".".join(map(str, neurons)))
    logits = without(lm, trace, 3, neurons).logits[place]
    best = lm.tokenizer.convert_ids_to_tokens(int(logits.argmax()))
    assert "**Sem 3 neurônios** ele espera" in text(app)
    assert text(app).split("**Sem 3 neurônios** ele espera")[1].split("\n- ")[1].startswith(best)


def test_positions_off_is_said_as_it_was_measured() -> None:
    lm = core.load("mirante-encoder-pt")
    found = shuffled(lm, core.capture(lm, "O menino leu o livro que a professora deixou."), 3)
    app = open_page(
        "anatomia.py", anatomy="positions", sentence="O menino leu o livro que a professora deixou.", shuffle="3"
    )
    assert f"fica {round(100 * found.cosine.mean())}\u00a0% em média. Com as posições desligadas fica tudo" in text(app)
    app = open_page("anatomia.py", anatomy="positions", model="mirante-decoder-pt", sentence="O menino leu o livro")
    assert "a máscara sozinha já conta parte da ordem" in text(app)


def test_the_first_layer_reads_the_embeddings_as_they_are_and_the_formula_says_so() -> None:
    first, second = (
        open_page("anatomia.py", stage=stage, lang="pt").latex[0].value.strip("$\n") for stage in ("1", "3")
    )
    assert (first, second) == (
        r"x \leftarrow x + \text{Attention}(x)",
        r"x \leftarrow x + \text{Attention}(\text{norm}(x))",
    )


def test_words_that_stand_twice_are_told_apart() -> None:
    assert "**gato \\(6\\)**, de tamanho" in text(open_page("anatomia.py", sentence="gato gato gato gato gato"))


def test_the_norm_of_every_part_of_a_pre_norm_model_is_drawn_where_it_is_read() -> None:
    lm = core.load("mirante-decoder-pt")
    trace = core.capture(lm, "O menino leu o livro.")
    for number, stage in enumerate(anatomy(lm, trace)[1:], 1):
        app = open_page(
            "anatomia.py", model="mirante-decoder-pt", sentence="O menino leu o livro.", stage=str(number), lang="en"
        )
        spread = stage.entered[trace.tokens.word_of.index(len(trace.tokens.words) - 2)].std()
        assert f"and spread {spread:.2f} to mean" in text(app), (number, stage.part)
        assert not any("no normalisation stands" in caption.value for caption in app.caption)


def test_a_part_that_reads_the_vectors_as_they_are_is_said_to_have_no_norm() -> None:
    app = open_page("anatomia.py", stage="1", lang="en")
    assert any("no normalisation stands before it" in caption.value for caption in app.caption)
    app = open_page("anatomia.py", stage="2", lang="en")
    assert "The normalisation takes the" in text(app)


@pytest.mark.parametrize("query", [{"stage": "9"}, {"anatomy": "neurons"}], ids=str)
def test_a_masked_model_is_asked_for_a_word_that_it_does_not_see(query: dict[str, str]) -> None:
    lm = core.load("mirante-encoder-pt")
    trace = core.capture(lm, SENTENCE)
    best = top(lm.tokenizer, trace, trace.tokens.ids.index(lm.tokenizer.mask_token_id), 1)[0]
    app = open_page("anatomia.py", sentence=SENTENCE.replace("[MASK]", "cheio"), lang="en", **query)
    shown = text(app).replace("*", "")
    assert f"- {best.piece} {round(100 * best.probability)}%" in shown
