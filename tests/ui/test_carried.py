"""A head and a word are chosen once: what Home, Explore, Step by step, Compare and Layers open with, also reloaded."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.test_pages import ROOT, open_page

SENTENCE = "Ela derramou água da jarra para o copo até que ficasse cheio."
HOME_HEAD = (2, 3)  # of SENTENCE, from 1


def directly(page: str, **query: str) -> AppTest:
    """A page from a link, with no other page before it."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).switch_page(f"pages/{page}.py")
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def go(app: AppTest, page: str) -> AppTest:
    """By the menu, which takes what is no widget's own out of the link."""
    for name in [name for name in app.query_params if name not in ("lang", "sentence")]:
        del app.query_params[name]
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception and not app.error, [error.value for error in app.error]
    return app


def head(app: AppTest) -> tuple[int, int]:
    return app.session_state["layer"], app.session_state["head"]


@pytest.mark.parametrize("page", ["inicio", "explorar", "passo_a_passo", "variantes"])
def test_an_untouched_head_is_that_of_home(page: str) -> None:
    assert head(open_page(f"{page}.py", lang="pt", sentence=SENTENCE)) == HOME_HEAD


def test_a_head_that_nobody_chose_is_not_carried() -> None:
    app = open_page("comparar.py", lang="pt", sentence=SENTENCE)
    assert head(app) != HOME_HEAD
    assert head(go(app, "explorar")) == HOME_HEAD
    app.text_area(key="sentence").set_value("O menino que comprou o livro ontem dormiu.").run()
    first = head(app)
    assert head(go(app, "inicio")) == first and "layer" not in app.query_params


def test_a_chosen_head_opens_every_page_and_survives_those_without_one() -> None:
    app = open_page("passo_a_passo.py", lang="pt", sentence=SENTENCE)
    app.selectbox(key="layer").set_value(4).run()
    for page in ("explorar", "minhas_frases", "comparar", "inicio"):
        assert head(go(app, page)) == (4, HOME_HEAD[1])
        assert "".join(app.query_params["layer"]) == "4", page


def test_a_word_chosen_on_one_page_is_held_on_the_next() -> None:
    app = open_page("explorar.py", lang="pt", sentence=SENTENCE)
    go(app, "camadas")
    app.selectbox(key="layers_token").set_value("8:copo").run()
    assert "".join(app.query_params["token"]) == "8:copo"
    for page in ("explorar", "passo_a_passo", "comparar", "inicio", "minhas_frases"):
        assert "copo" in "".join(go(app, page).query_params["token"]), page


def test_a_refresh_on_a_page_without_a_head_keeps_head_and_word() -> None:
    app = directly("minhas_frases", lang="pt", sentence=SENTENCE, layer="4", head="7", token="8:copo")
    assert head(go(app, "explorar")) == (4, 7)
    assert "copo" in "".join(app.query_params["token"])


@pytest.mark.parametrize(
    "link", [{"layer": "x", "head": "7"}, {"layer": "99999999", "head": "0"}, {"token": "::" * 90}]
)
def test_a_carried_link_that_makes_no_sense_opens_the_first_head(link: dict[str, str]) -> None:
    app = directly("minhas_frases", lang="pt", sentence=SENTENCE, **link)
    assert head(go(app, "explorar")) == HOME_HEAD


def test_compare_opens_on_what_changes_most_and_holds_its_word() -> None:
    app = open_page("comparar.py", lang="pt", sentence=SENTENCE, b_sentence=SENTENCE.replace("cheio", "vazia"))
    assert not app.error and head(app) != HOME_HEAD and "layer" not in app.query_params
    same = open_page("comparar.py", lang="pt", sentence=SENTENCE, b_sentence=SENTENCE)
    assert head(same) == HOME_HEAD


def test_home_says_what_stands_out_only_of_the_head_that_does() -> None:
    said = [
        any("um exemplo para começar" in one.value for one in open_page("inicio.py", lang="pt", **link).caption)
        for link in ({}, {"layer": "4", "head": "7"})
    ]
    assert said == [True, False]


def test_a_link_to_a_page_names_its_head_also_where_that_is_the_first_of_the_page_before() -> None:
    app = open_page("comparar.py", lang="pt", sentence=SENTENCE)
    first = head(app)
    app.query_params["layer"], app.query_params["head"] = map(str, first)
    app.switch_page("pages/explorar.py").run()
    assert head(app) == first != HOME_HEAD
