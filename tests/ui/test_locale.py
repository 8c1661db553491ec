"""Languages: every text of the interface exists in both, with the same fields, and falls back without noise."""

from __future__ import annotations

import ast
import string
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from streamlit.testing.v1 import AppTest

from core.errors import BadInput
from tools.msgids import KEYWORDS, extract
from ui.shell import locale

ROOT = Path(__file__).resolve().parents[2]
METHOD = "tools.msgids:extract"


def sources() -> list[Path]:
    folders = ("ui", "pages", "core")
    return [ROOT / "app.py", *(path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))]


def msgids() -> dict[str | tuple[str, ...], str]:
    """Every msgid of the code and the place where it was first seen."""
    found: dict[str | tuple[str, ...], str] = {}
    for folder in (".", "ui", "pages", "core"):
        mapping = [("app.py", METHOD)] if folder == "." else [("**.py", METHOD)]
        for name, line, message, _, _ in extract_from_dir(ROOT / folder, mapping, keywords=KEYWORDS):
            found.setdefault(message, f"{folder}/{name}:{line}")
    return found


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def translation(msgid: str | tuple[str, ...]) -> tuple[str, ...]:
    """The Portuguese forms of a msgid, empty where there is none."""
    known = locale.catalog("pt")._catalog
    if isinstance(msgid, tuple):
        return tuple(known.get((msgid[0], form), "") for form in range(2))
    return (known.get(msgid, ""),)


def test_there_is_something_to_translate() -> None:
    assert len(msgids()) > 20


def test_every_msgid_has_a_portuguese_text() -> None:
    missing = [f"{place}\n  msgid {msgid!r}" for msgid, place in msgids().items() if not all(translation(msgid))]
    assert not missing, f"{len(missing)} texts have no Portuguese:\n" + "\n".join(missing)


def test_a_translation_keeps_the_fields() -> None:
    wrong = []
    for msgid, place in msgids().items():
        wanted = fields(msgid if isinstance(msgid, str) else msgid[1])
        for text in filter(None, translation(msgid)):
            # The singular may say “um” instead of {n}.
            if fields(text) | {"n"} != wanted | {"n"} or (isinstance(msgid, str) and fields(text) != wanted):
                wrong.append(f"{place}: {msgid!r} → {text!r}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_msgids_are_literals_or_names_so_that_extraction_sees_them(path: Path) -> None:
    wrong, readable = [], ast.Constant | ast.Name | ast.Attribute | ast.Subscript
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            for place in KEYWORDS[node.func.id] or (1,):
                if len(node.args) >= place and not isinstance(node.args[place - 1], readable):
                    wrong.append(f"{path.name}:{node.lineno}: {ast.unparse(node)[:80]}")
    assert wrong == []


def test_templates_kept_in_names_are_found_and_plain_strings_are_not() -> None:
    with_names = b'_A = "a {x} b"\n_B = "word"\ndef f(t):\n    raise BadFile(t, x=1)\n'
    without = b'_A = "a b"\nraise BadFile("c d")\n'
    assert "a {x} b" in [message for _, _, message, _ in extract(BytesIO(with_names), KEYWORDS, (), {})]
    assert [message for _, _, message, _ in extract(BytesIO(without), KEYWORDS, (), {})] == ["c d"]


def test_portuguese_is_spoken_outside_a_page() -> None:
    assert locale.language() == "pt"
    assert locale.t("Explore") == "Explorar"


def test_an_unknown_msgid_is_its_own_text_and_fields_are_filled() -> None:
    assert locale.t("No such text, {who}!", who="Ana") == "No such text, Ana!"
    assert locale.tn("{n} thing", "{n} things", 1) == "1 thing"
    assert locale.tn("{n} thing", "{n} things", 2) == "2 things"


def test_braces_in_a_value_are_text() -> None:
    assert locale.t("Model: {name}", name="{0} {x!r}") == "Model: {0} {x!r}"


def test_an_error_is_translated_before_it_is_filled() -> None:
    error = BadInput("The encoding {encoding} is not offered. Choose one of: {offered}.", encoding="x", offered="utf-8")
    assert str(error).startswith("The encoding x is not offered")
    assert locale.error_text(error) == "A codificação x não está na lista. Escolha uma destas: utf-8."


@pytest.mark.parametrize(("name", "known"), [("pt", "pt"), ("en", "en"), ("xx", None), (None, None), (3, None)])
def test_known_languages(name: object, known: str | None) -> None:
    assert locale.known(name) == known


def speaks() -> None:
    import streamlit as st

    from ui.shell.locale import language

    st.text(language())


@pytest.mark.parametrize(("asked", "spoken"), [(None, "pt"), ("pt", "pt"), ("en", "en"), ("xx", "pt"), ("EN", "pt")])
def test_the_language_of_a_link(asked: str | None, spoken: str) -> None:
    app = AppTest.from_function(speaks)
    if asked:
        app.query_params["lang"] = asked
    assert app.run(timeout=10).text[0].value == spoken


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.973, "97\u00a0%"),
        (0.997, "mais de 99\u00a0%"),
        (0.003, "menos de 1\u00a0%"),
        (1, "100\u00a0%"),
        (0, "0\u00a0%"),
    ],
)
def test_a_share_is_never_rounded_up_to_everything(share: float, text: str) -> None:
    assert locale.percent(share) == text
    assert locale.short_percent(share) == text.replace("mais de ", ">").replace("menos de ", "<")


def test_no_text_is_left_over_from_code_that_is_gone() -> None:
    used = {msgid if isinstance(msgid, str) else msgid[0] for msgid in msgids()}
    kept = {key if isinstance(key, str) else key[0] for key in locale.catalog("pt")._catalog}
    assert kept - used - {""} == set()
