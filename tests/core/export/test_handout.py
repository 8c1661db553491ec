"""The sheet of a lesson: what stands on it, what does not, and that a hostile lesson stays text."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from typer.testing import CliRunner

from core.__main__ import app
from core.assets import ASSETS
from core.classroom.lesson import Lesson
from core.classroom.lesson_file import read_lesson
from core.export.handout import handout_page

FILES = sorted((ASSETS / "lessons").glob("*.yaml"))


@cache
def lesson(path: Path) -> Lesson:
    return read_lesson(path.read_bytes(), path.name)


def plain(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("language", ["pt", "en"])
def test_questions_stand_on_it_and_answers_do_not(path: Path, language: str) -> None:
    page = handout_page(lesson(path), language, file=path.name)
    shown = plain(page)
    assert "http" not in page.replace("http-equiv", "") and "src=" not in page, "it needs no network"
    for card in lesson(path).cards:
        assert card.question.ask.of(language).replace("*", "") in shown
        for kept_back in (card.note, card.question.reveal, card.attempt):
            assert kept_back is None or kept_back.of(language).replace("*", "") not in shown
    assert page.count("<section>") == len(lesson(path).cards)


def test_every_kind_of_question_has_its_place() -> None:
    text = """
lesson: 1
title: "A <b>title</b> & more"
goal: "*soft*, **strong**, 2 * 3"
minutes: 5
cards:
  - {code: a, title: "1. First", text: "x", state: "/explorar?sentence=The+cat+sat.", question: {kind: word, ask: "?"}}
  - {code: b, title: "b", text: "x", state: "/explorar", question: {kind: number, ask: "?", least: -3, most: 4}}
  - {code: c, title: "c", text: "x", state: "/explorar", question: {kind: head, ask: "?"}}
  - {code: d, title: "d", text: "x", state: "/explorar", question: {kind: choice, ask: "?", options: ["<i>", "b"]}}
  - {code: e, title: "e", text: "x", state: "/explorar"}
"""
    page = handout_page(read_lesson(text.encode(), "x.yaml"), "en", file="<x>.yaml")
    assert "<b>title" not in page and "&lt;b&gt;title&lt;/b&gt; &amp; more" in page and "&lt;x&gt;.yaml" in page
    assert "<em>soft</em>, <strong>strong</strong>, 2 * 3" in page and "<span>&lt;i&gt;</span>" in page
    assert '<p class="words"><b>The</b> <b>cat</b>' in page and "1 · First" in page
    assert "from −3 to 4" in page and "layer <u></u> head <u></u>" in page


def test_a_link_is_printed_only_when_it_is_given() -> None:
    without = handout_page(lesson(FILES[0]), "pt")
    with_link = handout_page(lesson(FILES[0]), "pt", address="http://10.0.0.1:8501/s/ABCD?a=1&b=2")
    assert "<svg" not in without and with_link.count("<svg") == 1 and "a=1&amp;b=2" in with_link


def test_the_command_writes_a_file_and_says_what_there_is(tmp_path: Path) -> None:
    out = tmp_path / "sheet.html"
    done = CliRunner().invoke(app, ["classroom", "handout", "uma-palavra-olha", "--language", "en", "--out", str(out)])
    assert done.exit_code == 0 and "A word looks" in out.read_text(encoding="utf-8")
    for arguments, said in (
        (["no-such-lesson"], "uma-palavra-olha"),
        (["uma-palavra-olha", "--out", str(tmp_path / "no" / "x.html")], "cannot be written"),
    ):
        refused = CliRunner().invoke(app, ["classroom", "handout", *arguments])
        assert refused.exit_code == 1 and said in str(refused.exception)
    assert CliRunner().invoke(app, ["classroom", "handout", "uma-palavra-olha", "--language", "xx"]).exit_code == 2


@pytest.mark.slow
@pytest.mark.e2e
def test_lessons_of_fifty_minutes_fit_on_one_page() -> None:
    from tools.served import chromium

    pages = {}
    with chromium() as browser:
        tab = browser.new_page()
        for path in FILES:
            for language in ("pt", "en"):
                page = handout_page(lesson(path), language, file=path.name, address="http://192.168.0.10:8501/s/ABCD")
                tab.set_content(page)
                printed = tab.pdf(prefer_css_page_size=True, print_background=True)
                pages[path.stem, language] = len(re.findall(rb"/Type\s*/Page\b", printed))
    assert {key: n for key, n in pages.items() if n != 1 and not key[0].startswith("inventario")} == {}
    assert {n for (name, _), n in pages.items() if name.startswith("inventario")} == {2}
