"""Comece aqui: the guess comes first, the picture after it, and a link brings card and guesses back."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.classroom.lesson_file import read_lesson
from tests.ui.test_pages import open_page
from ui.pages.start_here import screen

PAGE = "comece_aqui.py"


def said(app: AppTest) -> str:
    """Everything that is written, without the escapes of Markdown, spaces as they are typed."""
    written = "\n".join(element.value for element in (*app.subheader, *app.markdown, *app.caption))
    return written.replace("\\", "").replace("\xa0", " ")


def test_the_guess_comes_first_and_stands_in_the_link() -> None:
    app = open_page(PAGE, lang="pt", lesson_card="2")
    assert "Uma palavra olha" in said(app) and "42" not in said(app), "nothing is told before the guess"
    app.button_group(key="guess_looks").set_value("5:jarra").run()
    assert "Diferente do seu palpite." in said(app) and "**copo**: 42 %" in said(app)
    assert "“jarra”, seu palpite, recebe 1 %" in said(app)
    assert app.query_params["guesses"] == "2w5" and not app.exception and not app.error


def test_a_number_is_guessed_on_a_slider() -> None:
    app = open_page(PAGE, lang="en", lesson_card="3")
    assert "“cheio” → “derramou”: **71%**" in said(app)
    app.slider(key="guess_sums").set_value(30)
    app.button[[button.label for button in app.button].index("This is my guess")].click().run()
    assert "Nearly." in said(app) and "**29%**" in said(app)
    assert app.query_params["guesses"] == "3n30"


def test_next_begin_again_and_showing_without_a_guess() -> None:
    app = open_page(PAGE, lang="pt", lesson_card="9", guesses="1c3_9x")
    assert "seu palpite" not in said(app) and "Sem **O** isso muda mais" in said(app)
    app.button(key="card_next").click().run()
    assert app.query_params["lesson_card"] == "10" and "Entendeu ou só concordou?" in said(app)
    app.button(key="card_again").click().run()
    assert "Uma palavra vira números" in said(app) and "guesses" not in app.query_params


@pytest.mark.parametrize("query", [{"lesson_card": "11"}, {"lesson_card": "x", "guesses": "1w3_2c9_<b>"}])
def test_a_link_that_makes_no_sense_opens_the_first_card(query: dict[str, str]) -> None:
    app = open_page(PAGE, lang="pt", **query)
    assert "Uma palavra vira números" in said(app) and not app.exception and not app.error


def test_a_card_that_asks_for_a_head_is_asked_and_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """No bundled card asks for a head; lessons may."""
    text = """
lesson: 1
title: t
goal: g
minutes: 5
cards:
  - code: head
    title: Qual?
    text: Escolha.
    state: {page: explorar, sentence: "O gato viu a jarra.", layer: 1, head: 1}
    question:
      kind: head
      ask: Em qual?
      heads: [{layer: 1, head: 2}, {layer: 2, head: 3}]
      answer: {by: head_looks_most, from: jarra, to: gato}
"""
    monkeypatch.setattr(screen, "bundled_lesson", lambda: read_lesson(text.encode(), "head.yaml"))
    app = open_page(PAGE, lang="pt")
    app.button_group(key="guess_head").set_value(1).run()
    assert app.query_params["guesses"] == "1h2.3" and "Mais em **C" in said(app)
    assert not app.exception and not app.error
