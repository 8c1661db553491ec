"""Convolução + atenção from a link, in both languages: the numbers are core's, every choice is in the link, texts that
cannot be read are told.
"""

from __future__ import annotations

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import capture, load
from core.conv import classifier, heads, linear_probe, occlusion
from core.models.sources import default_root
from tests.ui.test_analysis_pages import charts, said
from tests.ui.test_pages import open_page
from ui.explorer.question import number
from ui.pages.convolution.link import REVIEW, REVIEWS, TYPED


def opened(language: str = "pt", **query: str) -> AppTest:
    app = open_page("convolucao.py", lang=language, **query)
    assert not app.exception and not app.error, [one.value for one in app.error]
    return app


def chips(app: AppTest) -> str:
    return "".join(one.proto.body for one in app.get("html"))


@pytest.mark.parametrize(
    ("language", "verdict", "name"),
    [
        ("pt", "classifica como **elogio**", "nenhum artigo com esse nome"),
        ("en", "reads **praise**", "no paper of that name was found"),
    ],
)
def test_the_first_example_in_both_languages(language: str, verdict: str, name: str) -> None:
    app = opened(language)
    assert app.selectbox(key=REVIEW).value == "1" and REVIEWS[0] == "Eu amo este filme!" and "amo" in chips(app)
    assert verdict in said(app) and "AtNet" in said(app) and name in said(app)
    assert len(charts(app)) == 5 and len(app.dataframe) == 2


def test_the_numbers_are_those_of_core() -> None:
    app = opened(review="3", layer="2", head="4")
    text = REVIEWS[2]
    model, lm = classifier.load_classifier(), load("mirante-encoder-pt", device="cpu", root=default_root())
    own, read, trace = (
        classifier.classify(model, text),
        linear_probe.probe_text(lm, linear_probe.load_probe(), text),
        capture(lm, text),
    )
    fell = occlusion.occlusion(model, own)
    table = app.dataframe[0].value
    np.testing.assert_allclose(
        table.iloc[:, 1:].to_numpy(float),
        np.stack([own.attention, fell, heads.received(trace, 1, 3, read.places), read.occlusion], 1),
        atol=1e-4,
    )
    assert f"ρ = {number(occlusion.agreement(own.attention, np.abs(fell)))} em 8 palavras" in said(app)
    assert f"ρ = {number(occlusion.agreement(fell, read.occlusion))} em 8 palavras" in said(app)
    traces = charts(app)[1]["data"]
    assert any(one.get("line", {}).get("dash") == "dash" for one in traces), "the even attention is the null"


def test_a_sentence_at_the_side_is_judged_and_the_link_says_so() -> None:
    app = opened(sentence="Que bolo horroroso e zumbi!")
    assert app.selectbox(key=REVIEW).value == TYPED and "classifica como **crítica**" in said(app)
    assert any("zumbi" in one.value and "não conhece 1 palavra" in one.value for one in app.caption)
    app.selectbox(key=REVIEW).set_value("2").run()
    assert "".join(app.query_params[REVIEW]) == "2" and "gostei" in chips(app)
    app.text_area(key="sentence").set_value("Uma obra-prima.").run()
    assert (
        app.selectbox(key=REVIEW).value == TYPED
        and "obra-prima" in chips(app)
        and "classifica como **elogio**" in said(app)
    ), "whoever writes sees what they wrote"


def test_position_and_row_come_from_the_link_and_go_back_into_it() -> None:
    app = opened(review="4", at="2:ruim", looks="2:ruim")
    assert app.selectbox(key="conv_at").value == "2:ruim" and "A posição de **ruim**" in said(app)
    assert "ruim olha mais para" in said(app)
    app.query_params.clear()  # what the menu does: another page, and back
    app.run()
    assert (app.selectbox(key="conv_at").value, app.selectbox(key="conv_row").value) == (
        "2:ruim",
        "3:ruim",
    )  # the rows of the encoder begin with [CLS]
    assert "".join(app.query_params["at"]) == "".join(app.query_params["looks"]) == "2:ruim"
    app.selectbox(key="conv_at").set_value("0:Não").run()
    app.selectbox(key="conv_row").set_value("received").run()
    assert not app.exception and "".join(app.query_params["at"]) == "0:Não" and "looks" not in app.query_params
    assert opened(review="4", at="99:nada", looks="x").selectbox(key="conv_row").value == "received"


@pytest.mark.parametrize(("text", "word"), [("Bom", "sem correlação"), ("Bom <b>!</b> **mau**", "&lt;")])
def test_one_word_and_signs_of_markup_are_shown_as_they_are(text: str, word: str) -> None:
    app = opened(sentence=text)
    assert word in said(app) + chips(app) and "<b>" not in chips(app)


def test_a_long_sentence_says_its_cost_and_shows_a_part() -> None:
    app = opened(sentence="O filme é bom e o livro é chato . " * 8)
    if any(one.key == "conv_start" for one in app.button):
        app.button(key="conv_start").click().run(timeout=120)
    assert not app.exception and not app.error and any("48 de 80" in one.value for one in app.caption)
    assert all(len(one["layout"].get("xaxis", {}).get("tickvals", [])) <= 48 for one in charts(app))


def test_what_cannot_be_read_is_one_message() -> None:
    app = open_page("convolucao.py", lang="pt", sentence="bom " * 300)
    assert not app.exception and "256" in app.error[0].value
    app = open_page("convolucao.py", lang="en", sentence=" ")
    assert not app.exception and [one.value.replace("\\", "") for one in app.error] == [
        "There is no text to read: type a word or a sentence."
    ]
    assert "reads **" in said(opened("en", sentence="...")), "signs alone are words too"


def test_hiding_words_that_are_all_unknown_moves_nothing() -> None:
    app = opened(sentence="Zumbi xurupita abracadabrante")
    assert "**Esconder** não move nada" in said(app) and "lá nenhuma palavra vem primeiro" in said(app)
    assert "De 3 palavras, esconder move os dois modelos na mesma direção em 0." in said(app)


def test_another_model_at_the_side_does_not_change_this_page() -> None:
    app = opened(model="mirante-decoder-pt")
    assert json.loads(app.get("plotly_chart")[0].proto.spec) and "codificador: 32 cabeças" in said(app)
