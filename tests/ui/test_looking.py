"""The link of the explorer: whatever is chosen is written, and what is written is chosen again, on the same maps or on
others.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from dataclasses import asdict

import numpy as np
import pytest
import streamlit as st
from hypothesis import given, settings, strategies as some

from core.assets import ROOT
from core.views.view import Side, View
from ui.components.attention import view_name
from ui.components.choices import DRAWN
from ui.components.selection import Selection, places_from_browser, selection_from_browser
from ui.explorer import selection_link

LABELS = ("[CLS]", "a", "b:c", "a", "ação", "x,y", "🙂", "[SEP]")


def view(labels: tuple[str, ...] = LABELS, layers: int = 3, heads: int = 4) -> View:
    side = Side(labels, (False,) * len(labels), (False,) * len(labels), tuple(range(len(labels))))
    return View(
        query=side,
        key=side,
        layers=layers,
        heads=heads,
        kind="self",
        renormalised=False,
        _full=lambda layer, head: np.eye(len(labels)),
    )


class Query(dict):
    """As much of st.query_params as the module needs."""

    def get_all(self, key: str) -> list[str]:
        value = super().get(key, [])
        return [value] if isinstance(value, str) else list(value)

    def get(self, key: str, default=None):
        value = super().get(key, default)
        return value[-1] if isinstance(value, list) and value else value


@pytest.fixture
def query(monkeypatch) -> Query:
    found = Query()
    monkeypatch.setattr(st, "query_params", found)
    monkeypatch.setattr(selection_link.st, "query_params", found)
    monkeypatch.setattr(selection_link.st, "session_state", {})
    return found


def told(chosen: Selection, seen: View) -> None:
    """The browser's last message: what was chosen while ``seen`` was shown."""
    st.session_state["explorer"] = {
        "selection": {**asdict(chosen), "seen": 1, "overview": None, "view": view_name(seen)}
    }


def place(size: int):
    return some.integers(0, size - 1)


@some.composite
def selections(draw) -> Selection:
    direction = draw(some.sampled_from(["query", "key"]))
    held = draw(some.lists(place(len(LABELS)), max_size=4, unique=True))
    other = draw(some.none() | place(len(LABELS))) if len(held) == 1 else None
    ends = {direction: held[0] if held else None, "key" if direction == "query" else "query": other}
    head = draw(some.tuples(place(3), place(4)))
    others = draw(some.lists(some.tuples(place(3), place(4)).filter(lambda one: one != head), max_size=7, unique=True))
    return Selection(
        *head,
        **ends,
        direction=direction,
        words=tuple(held[1:]),
        heads=tuple(others),
        **{choice.name: draw(some.sampled_from(choice.values)) for choice in DRAWN},
    )


@settings(max_examples=300, deadline=None)
@given(selections())
def test_a_link_brings_back_everything_that_was_chosen(chosen: Selection) -> None:
    found = Query()
    patch = pytest.MonkeyPatch()
    patch.setattr(selection_link.st, "session_state", {})
    patch.setattr(selection_link.st, "query_params", found)
    try:
        told(chosen, view())
        selection_link.follow_selection("explorer", view())
        assert selection_link.linked_selection(view(), (chosen.layer, chosen.head)) == chosen, "in the session"
        selection_link.st.session_state.clear()
        assert selection_link.linked_selection(view(), (chosen.layer, chosen.head)) == chosen, "from the link alone"
        before = dict(found)
        told(chosen, view())
        selection_link.follow_selection("explorer", view())
        assert dict(found) == before
    finally:
        patch.undo()


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_browser_writes_the_same_address_as_python() -> None:
    chance, cases = random.Random(5), []
    for _ in range(200):
        held = chance.sample(range(len(LABELS)), chance.randrange(4))
        direction = chance.choice(["query", "key"])
        other = chance.choice([None, *range(len(LABELS))]) if len(held) == 1 else None
        cases.append(
            Selection(
                chance.randrange(3),
                chance.randrange(4),
                **{direction: held[0] if held else None, "key" if direction == "query" else "query": other},
                direction=direction,
                words=tuple(held[1:]),
                heads=tuple((chance.randrange(3), chance.randrange(4)) for _ in range(chance.randrange(3))),
                **{choice.name: chance.choice(choice.values) for choice in DRAWN},
            )
        )
    rules = selection_link.link_rules(view(), (0, 0))
    script = """
    import { addressed } from "./assets/components/attention/address.js";
    const { cases, detail, rules } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    console.log(JSON.stringify(cases.map((selection) => addressed(selection, detail, rules))));
    """.replace("require(", "(await import('node:module')).createRequire(import.meta.url)(")
    sides = {"labels": LABELS}
    given = {"cases": [asdict(case) for case in cases], "detail": {"query": sides, "key": sides}, "rules": rules}
    node = subprocess.run(
        ["node", "--input-type=module", "-e", script],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    for case, browser in zip(cases, json.loads(node.stdout), strict=True):
        python = selection_link._words(case, view(), selection_link.EXPLORE)
        python["heads"] = [",".join(f"{layer + 1}.{head + 1}" for layer, head in case.heads)] if case.heads else []
        assert {name: browser[name] for name in python} == python


def test_an_untouched_page_has_a_short_link(query, monkeypatch) -> None:
    told(Selection(0, 0), view())
    selection_link.follow_selection("explorer", view())
    assert not query


def test_a_message_from_another_view_moves_the_head_and_leaves_the_words(query) -> None:
    told(Selection(0, 0, query=4), view())
    selection_link.follow_selection("explorer", view())
    shorter = view(LABELS[1:-1])
    told(
        Selection(2, 1, query=4, picture="arcs"), view()
    )  # the keys were quicker than the page: row 4 is "ação" there, "x,y" here
    selection_link.follow_selection("explorer", shorter)
    assert (st.session_state["layer"], st.session_state["head"]) == (3, 2)
    assert selection_link.linked_selection(shorter, (2, 1)) == Selection(2, 1, query=3, picture="arcs")
    assert shorter.query.labels[3] == "ação" and query["token"] == ["4:ação"]


@pytest.mark.parametrize(
    "link",
    [
        {"token": "999999999:a"},
        {"token": "x:a"},
        {"token": "-1:a"},
        {"token": "2"},
        {"heads": "9.9,0.0,a.b,-"},
        {"picture": "cube"},
        {"metric": "beauty"},
        {"share": "101"},
        {"share": "-1"},
        {"share": "5.5"},
        {"cut": "most"},
        {"side": "above"},
        {"to": "1:b:c"},
        {"token": "²:a"},
    ],
)
def test_nonsense_in_a_link_is_left_out(query, link) -> None:
    query.update(link)
    assert selection_link.linked_selection(view(), (1, 1)) == Selection(1, 1)


def test_a_held_word_is_found_again_where_the_rows_have_moved(query) -> None:
    query["token"] = ["3:a", "2:b:c"]
    shorter = view(LABELS[1:-1])
    assert selection_link.linked_selection(shorter, (0, 0)).held == [1, 2]
    assert selection_link.missing_words(shorter) == []


def test_a_word_that_is_not_there_is_named(query) -> None:
    query["token"] = ["3:vazia"]
    assert selection_link.linked_selection(view(), (0, 0)).held == []
    assert selection_link.missing_words(view()) == ["vazia"]


def test_what_a_browser_sends_is_read_into_the_same_selection() -> None:
    sent = {
        "layer": 1,
        "head": 2,
        "query": 3,
        "key": None,
        "direction": "query",
        "words": [4],
        "heads": [[0, 1]],
        "picture": "lines",
        "metric": "entropy",
        "cut": "least",
        "share": 0.05,
        "seen": 7,
        "overview": "x",
    }
    found = selection_from_browser(sent)
    assert found == Selection(1, 2, 3, None, "query", (4,), ((0, 1),), "lines", "entropy", "least", 0.05)
    assert found.held == [3, 4] and found.chosen_heads == [(1, 2), (0, 1)]
    hash(found)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"head": 1},
        {"layer": "1", "head": 2},
        {"layer": True, "head": 2},
        {"layer": -1, "head": 2},
        {"layer": 1.5, "head": 2},
        {"layer": float("nan"), "head": 2},
        {"layer": 10**30, "head": 2},
        {"layer": 1, "head": 2, "words": 7},
        {"layer": 1, "head": 2, "words": ["a"]},
        {"layer": 1, "head": 2, "words": [[1]]},
        {"layer": 1, "head": 2, "heads": [1]},
        {"layer": 1, "head": 2, "heads": [[1, 2, 3]]},
        {"layer": 1, "head": 2, "heads": {"a": 1}},
        {"layer": 1, "head": 2, "query": {}},
        {"layer": 1, "head": 2, "direction": "down"},
        {"layer": 1, "head": 2, "picture": "film"},
        {"layer": 1, "head": 2, "share": 7},
        {"layer": 1, "head": 2, "metric": ["focus"]},
    ],
)
def test_what_our_component_does_not_send_is_no_choice(sent) -> None:
    assert selection_from_browser(sent) is None


def test_a_list_without_end_is_cut_and_nothing_counts_twice() -> None:
    sent = {"layer": 1, "head": 2, "words": [3] * 900_000, "heads": [[0, 1]] * 300_000}
    chosen = selection_from_browser(sent)
    assert chosen is not None and chosen.words == (3,) and chosen.heads == ((0, 1),)
    many = selection_from_browser(sent | {"words": list(range(1000)), "heads": [[0, i] for i in range(1000)]})
    assert many is not None and (len(many.words), len(many.heads)) == (32, 8)


def test_simpler_components_send_places() -> None:
    assert places_from_browser({"panel": 1, "query": 2, "seen": 3, "more": "x"}, ("panel", "query", "seen")) == {
        "panel": 1,
        "query": 2,
        "seen": 3,
    }
    for sent in (None, [], {}, {"panel": 1, "query": None, "seen": 3}, {"panel": "1", "query": 2, "seen": 3}):
        assert places_from_browser(sent, ("panel", "query", "seen")) is None
