"""Names say what they hold: few that name nothing, none of core with two meanings (counted by tools.structure)."""

from __future__ import annotations

import ast

import pytest

from tools.structure import bound_names, public_definitions, vague_names

MOST_VAGUE = 0.005  # of all names bound
SAME_IDEA = {  # public names of core that two modules define on purpose
    "METHOD": "what a file of core.analyses.methods binds to be one",
}


@pytest.mark.parametrize("part", ["core", "ui"])
def test_names_say_what_they_hold(part: str) -> None:
    vague, total = vague_names(part)
    assert len(vague) <= MOST_VAGUE * total, f"{len(vague)} of {total} names say nothing:\n" + "\n".join(vague)


def test_every_way_of_binding_a_name_is_counted() -> None:
    code = """
import numpy as found
def one(place, *asked, own=1, **kept):
    seen: int = 1
    for made, (read, *told) in []:
        pass
    with open("") as shown:
        pass
    try:
        given = (taken := 1)
    except OSError as heard:
        pass
    whole.apart = [rest for rest in []]
class Here: ...
"""
    names = [name for name, _ in bound_names(ast.parse(code))]
    assert names.count("rest") == 1 and "whole" not in names  # read, not bound
    assert set(names) == set(
        "found one place asked own kept seen made read told shown given taken heard apart rest Here".split()
    )


def test_a_public_name_of_core_has_one_meaning() -> None:
    """A command of the command line is called as the analysis that it runs."""
    twice = {}
    for name, modules in public_definitions("core").items():
        places = [module for module in modules if not module.startswith(("core.cli", "core.__main__"))]
        if len(places) > 1 and name not in SAME_IDEA:
            twice[name] = places
    assert twice == {}, "\n".join(f"{name}: {', '.join(places)}" for name, places in sorted(twice.items()))
