"""The names of parameters that lessons' links are compared with: all that our links have, none that no code names."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from core.assets import ROOT
from ui.components.choices import DRAWN, KIND, SHOWN
from ui.shell.page_parameters import EVERYWHERE, page_parameters
from ui.shell.page_registry import REGISTRY


def test_every_link_of_the_registry_is_known() -> None:
    known = page_parameters()
    unknown = [
        (entry.slug, name)
        for entry in REGISTRY
        for view in entry.views
        for name, _ in parse_qsl(view.query)
        if name not in known[entry.slug]
    ]
    assert unknown == []


def test_every_option_of_explore_is_known() -> None:
    assert {choice.name for choice in (*DRAWN, *SHOWN, KIND)} <= page_parameters()["explorar"]


def test_no_parameter_is_known_that_no_code_names() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("ui", "pages")
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "page_parameters.py"
    )
    named = set(re.findall(r'"([a-z_]+)"', code))
    listed = set().union(*page_parameters().values()) - EVERYWHERE
    assert listed - named == set()


def test_every_page_has_its_line() -> None:
    without = {entry.slug for entry in REGISTRY if page_parameters()[entry.slug] == EVERYWHERE}
    assert without <= {"inicio", "papeis"}
