"""The concept inventory: twelve items in both languages, every wrong option a named misconception, sources known."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from core.assets import ASSETS
from core.classroom.inventory import KEY, RIGHT, bundled_inventory, joined_inventory
from core.classroom.lesson_file import BadLesson, read_document, read_lesson
from core.errors import BadInput, Message
from tests.core.classroom.test_comece_aqui import texts_in
from ui.shell.page_parameters import page_parameters

MISCONCEPTIONS = {
    "weight-is-reason",
    "softmax-is-certainty",
    "token-is-word",
    "column-is-word",
    "one-head-one-job",
    "mask-is-learned",
    "mean-is-the-attention",
    "mark-has-meaning",
    "cross-is-self",
    "layers-are-time",
    "heads-were-programmed",
    "most-looked-at-matters-most",
}


def changed_key(before: str, after: str) -> bytes:
    text = KEY.read_text(encoding="utf-8")
    assert text.count(before) == 1
    return text.replace(before, after).encode()


def read_key(data: bytes):
    from core.classroom.inventory import InventoryKey

    return read_document(data, "key.yaml", InventoryKey.model_validate, Message("A key begins with “inventory: 1”."))


def test_twelve_items_in_both_languages() -> None:
    inventory = bundled_inventory()
    assert len(inventory.items) == 12
    assert {text.languages for text in texts_in(inventory.lesson)} == {frozenset({"pt", "en"})}
    assert {text.name.languages for text in inventory.key.misconceptions.values()} == {frozenset({"pt", "en"})}
    assert all(len(item.options) == len(item.question.options) == 4 for item in inventory.items)
    file = ASSETS / "lessons" / inventory.key.lesson
    assert read_lesson(file.read_bytes(), file.name, page_parameters()) == inventory.lesson


def test_every_wrong_option_is_a_misconception_and_each_is_offered_twice() -> None:
    inventory = bundled_inventory()
    offered = Counter(option for item in inventory.items for option in item.options)
    assert offered.pop(RIGHT) == 12 and set(offered) == set(inventory.key.misconceptions) == MISCONCEPTIONS
    assert min(offered.values()) >= 2


def test_the_right_answers_are_spread_and_not_the_longest() -> None:
    items = bundled_inventory().items
    places = Counter(item.right for item in items)
    assert set(places) == {1, 2, 3, 4} and max(places.values()) <= 4
    for language in ("pt", "en"):
        longest = sum(
            max(range(4), key=lambda place: len(item.question.options[place].of(language))) == item.right - 1
            for item in items
        )
        assert longest <= 3, "length gives the answer away"


def test_sources_are_used_and_told_in_both_documents() -> None:
    key = bundled_inventory().key
    used = {source for idea in key.misconceptions.values() for source in (*idea.named, *idea.near)}
    assert used == set(key.sources)
    for name in ("inventory.md", "inventory.pt-BR.md"):
        text = (Path(__file__).parents[3] / "docs" / name).read_text(encoding="utf-8")
        language = "pt" if "pt" in name else "en"
        assert [source for source in key.sources.values() if source not in text] == []
        assert [code for code, idea in key.misconceptions.items() if idea.name.of(language) not in text] == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[cross-is-self, cross-is-self, layers-are-time, right]", "[cross-is-self, layers-are-time]", "must be right"),
        ("options: [right, mask-is-learned,", "options: [right, mask-is-lernt,", "no misconception"),
        ("near: [guo-2017]", "near: [guo-2018]", "no source"),
        ("inventory: 1", "inventory: 2", "one of these"),
    ],
)
def test_a_key_with_a_slip_is_refused_with_its_line(before: str, after: str, said: str) -> None:
    with pytest.raises(BadLesson, match=said) as refused:
        read_key(changed_key(before, after))
    assert refused.value.mistakes[0].line > 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[right, mask-is-learned, layers-are-time, heads-were-programmed]", "[mask-is-learned, right]"),
        ("{code: zero,", "{code: nought,"),
        ("  - {code: cut, options: [right, most-looked-at-matters-most, weight-is-reason, mark-has-meaning]}\n", ""),
    ],
)
def test_a_key_of_other_questions_is_refused(before: str, after: str) -> None:
    with pytest.raises(BadInput, match="fit|questions"):
        joined_inventory(bundled_inventory().lesson, read_key(changed_key(before, after)))
