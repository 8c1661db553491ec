"""“What is this number?” stands on every page that shows numbers, and every card on some page."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.analyses.methods import METHODS
from core.metrics.registry import metric_cards
from core.studies.profiles import METRICS
from core.studies.roles import ROLES
from ui.explorer.page_numbers import page_numbers
from ui.pages.anatomy import link as anatomy
from ui.pages.causes import link as causes
from ui.pages.layers import link as layers
from ui.shell.page_registry import REGISTRY

ROOT = Path(__file__).resolve().parents[2]


def calls(slug: str) -> list[list[ast.expr]]:
    """The arguments of every call of number_cards in the script of a page."""
    tree = ast.parse((ROOT / "pages" / f"{slug}.py").read_text(encoding="utf-8"))
    return [
        node.args
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "number_cards"
    ]


def test_every_card_is_shown_and_every_key_is_one() -> None:
    shown = {key for sections in page_numbers().values() for keys in sections.values() for key in keys}
    assert shown == set(metric_cards())
    for sections in page_numbers().values():
        for keys in sections.values():
            assert keys and len(set(keys)) == len(keys)


@pytest.mark.parametrize("entry", REGISTRY, ids=lambda entry: entry.slug)
def test_a_page_shows_every_section_of_its_numbers(entry) -> None:
    sections = page_numbers()[entry.slug]
    asked = calls(entry.slug)
    assert asked and all(ast.literal_eval(args[0]) == entry.slug for args in asked)
    named = {ast.literal_eval(args[1]) for args in asked if len(args) > 1 and isinstance(args[1], ast.Constant)}
    named |= {"page"} if any(len(args) == 1 for args in asked) else set()
    assert named <= set(sections)
    if all(len(args) == 1 or isinstance(args[1], ast.Constant) for args in asked):
        assert named == set(sections), "a section that no control opens"


def test_sections_that_are_chosen_on_a_page_are_all_there() -> None:
    numbers = page_numbers()
    assert set(numbers["caminhos"]) == {*METHODS, "page"}
    assert set(numbers["perfis"]) == {*METRICS, *ROLES, "page"}
    assert set(numbers["anatomia"]) == set(anatomy.PICTURES)
    assert set(numbers["causa"]) == set(causes.EXPERIMENTS)
    assert set(numbers["camadas"]) == set(layers.PICTURES)
    assert set(numbers["jarra_e_copo"]) == {"1", "2", "3", "4", "5"}


@pytest.mark.parametrize(("language", "null"), [("pt", "Referência nula"), ("en", "Null")])
def test_a_card_is_read_in_the_language_of_the_visit(language: str, null: str) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["lang"] = language
    app.run().switch_page("pages/minhas_frases.py").run()
    assert not app.exception and any(f"- {null}: " in element.value for element in app.markdown)
    assert any(element.value.startswith("python -m core heads --model") for element in app.code)
