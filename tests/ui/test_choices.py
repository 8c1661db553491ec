"""The table of options: every part that knows an option knows those of the table, and a link opens them."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields

import pytest

from core.assets import ASSETS
from core.views.view import view
from tests.ui.test_pages import open_page
from ui.components.choices import DRAWN, METRIC, PICTURES, SHOWN, Choice
from ui.components.selection import Selection
from ui.components.texts import explorer_texts
from ui.shell.locale import error_text

SCRIPTS = ASSETS / "components" / "attention"


def script(name: str) -> str:
    return (SCRIPTS / name).read_text(encoding="utf-8")


def names_in(source: str, constant: str) -> list[str]:
    """The strings of a JavaScript list, ``const NAME = ["a", "b"]``."""
    (listed,) = re.findall(rf"const {constant} = \[([^\]]*)\]", source)
    return re.findall(r'"(\w+)"', listed)


def test_a_selection_begins_with_the_defaults() -> None:
    defaults = {field.name: field.default for field in fields(Selection)}
    assert {choice.name: choice.default for choice in DRAWN}.items() <= defaults.items()


def test_the_browser_knows_the_same_options() -> None:
    assert names_in(script("acts.js"), "LIKE") == ["layer", "head", "heads", *(choice.name for choice in DRAWN)]
    assert tuple(names_in(script("selection.js"), "METRICS")) == METRIC.values
    assert tuple(names_in(script("selection.js"), "PICTURES")) == PICTURES
    fitted = script("selection.js").partition("export function fit")[2].partition("\n}\n")[0]
    assert all(f"    {choice.name}: " in fitted for choice in DRAWN)


def test_every_value_has_its_words() -> None:
    words = explorer_texts("attention", None)
    for choice in DRAWN:
        assert {key: error_text(text) for key, text in choice.texts().items()}.items() <= words.items()
        assert not choice.names or set(choice.names) == set(choice.values)


@pytest.mark.parametrize("choice", [*DRAWN, *SHOWN], ids=lambda choice: choice.name)
def test_a_value_is_written_and_read_again_and_the_default_stays_out(choice: Choice) -> None:
    context = {"scope": "explore", "cut": "top"}
    for value in choice.values:
        linked = choice.to_link(value, context)
        assert choice.from_link(linked[-1] if linked else "", context) == value
    assert choice.to_link(choice.default, context) == []
    assert choice.from_link("nothing of ours", context) == choice.default


def test_what_is_shown_are_arguments_of_a_view() -> None:
    arguments = inspect.signature(view).parameters
    assert [choice.argument for choice in SHOWN if choice.argument not in arguments] == []
    assert {choice.argument for choice in SHOWN} == set(arguments) - {"trace", "kind"}


def test_a_link_opens_every_option_of_what_is_shown() -> None:
    others = {choice.name: next(v for v in choice.values if v != choice.default) for choice in SHOWN}
    links = {choice.name: choice.written(others[choice.name]) for choice in SHOWN}
    model = {"model": "mirante-translator", "sentence": ">>por<< The cat saw the jug.", "kind": "cross"}
    app = open_page("explorar.py", lang="pt", **model, **links)
    assert not app.exception and not app.error, [error.value for error in app.error]
    assert {name: app.session_state[name] for name in others} == others
