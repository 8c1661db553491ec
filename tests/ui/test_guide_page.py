"""Jarra e copo, the guided screen: every step from a link, what it says, and whom it refuses."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from core.coreference import items
from tests.ui.test_pages import open_page
from ui.explorer import bench_runs
from ui.pages.jug_and_glass.verdict import _FINDINGS
from ui.shell.locale import error_text

PAGE = "jarra_e_copo.py"
MODELS = ("mirante-encoder-pt", "mirante-decoder-pt", "mirante-film")


def texts(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.subheader, *app.caption, *app.info))


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("step", "12345")
def test_every_step_opens_from_a_link(step: str, model: str) -> None:
    app = open_page(PAGE, step=step, model=model)
    assert not app.exception and not app.error, [error.value for error in app.error]


@pytest.mark.parametrize("step", ["0", "6", "x"])
def test_a_step_that_is_not_there_is_the_first(step: str) -> None:
    assert "Seu palpite vem primeiro" in texts(open_page(PAGE, step=step, lang="pt"))


def test_the_guess_is_answered_with_numbers() -> None:
    app = open_page(PAGE, lang="pt")
    app.button_group(key="guess").set_value("jarra").run()
    said = texts(app)
    share = int(re.search(r"recebe (\d+)\s?%", said)[1])
    heads, verb = re.search(r"(\d+) das 32 cabeças (olham?) mais para “jarra”", said).groups()
    assert 0 <= share <= 100 and verb == ("olha" if int(heads) < 2 else "olham")


def test_next_and_back_walk_through_the_steps() -> None:
    app = open_page(PAGE, lang="pt")
    app.button(key="step_next").click().run()
    assert "De 32 cabeças" in texts(app)
    app.button(key="step_back").click().run()
    assert "Seu palpite" in texts(app)
    assert app.button(key="step_back").disabled


@pytest.mark.parametrize("change", items.CONTAINERS)
def test_every_change_shows_both_pairs_and_says_what_followed(change: str) -> None:
    app = open_page(PAGE, step="3", change=change, lang="pt")
    said = texts(app)
    assert not app.exception and "**O original.**" in said
    assert ("**Mudado.**" in said) == (change != "P0")
    if change == "P1":
        assert "nenhuma resposta é certa ou errada" in said and "Respostas certas" not in said
    elif change != "P0":
        assert re.search(r"Respostas certas: \d de 2 antes, \d de 2 depois", said)


@pytest.mark.parametrize("model", MODELS)
def test_the_ladder_says_whether_its_rungs_agree(model: str) -> None:
    said = texts(open_page(PAGE, step="4", model=model, lang="pt"))
    assert re.search(r"As medidas (concordam|discordam): \d de \d apontam para copo", said)
    assert re.search(r"Das medidas do gêmeo aleatório, \d de \d", said)


def test_the_verdict_carries_its_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    few = tuple(one for one in items.bundled_items("containers") if int(one.pair[3:]) <= 4)
    monkeypatch.setattr("ui.pages.jug_and_glass.verdict.bundled_items", lambda name: few)
    bench_runs._answers.clear()  # other tests may have asked them
    app = open_page(PAGE, step="5", lang="pt")
    assert not app.exception and app.button(key="verdict_start")
    app.button(key="verdict_start").click().run(timeout=60)
    said = texts(app)
    (finding,) = {text.value for text in app.subheader} & {error_text(text) for text in _FINDINGS.values()}
    assert "Dentro do par" in said and "mesmo substantivo" in said and "intervalo de 95" in said and finding


@pytest.mark.parametrize("step", "2345")
def test_an_encoder_decoder_is_refused_in_words(step: str) -> None:
    app = open_page(PAGE, step=step, model="mirante-translator", lang="pt")
    assert not app.exception and any("codificador e um decodificador" in error.value for error in app.error)


def test_a_head_that_this_model_does_not_have_is_forgotten() -> None:
    app = open_page(PAGE, step="4", layer="4", head="8", model="mirante-film", lang="pt")
    assert not app.exception and not app.error
    app.button_group(key="every_head").set_value(False).run()
    assert not app.exception and not app.error


def test_gender_against_meaning_has_no_ladder() -> None:
    app = open_page(PAGE, step="4", change="P1", lang="pt")
    assert not app.exception and "nenhum substantivo é o certo" in texts(app)
