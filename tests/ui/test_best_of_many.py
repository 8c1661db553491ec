"""Whoever names the best of many heads says of how many: texts of the pages, found by their superlatives."""

from __future__ import annotations

import re

import pytest

from tests.ui.test_locale import msgids, translation

HEADS = re.compile(r"\{(head|looked|moved|best)\}")
SUPERLATIVE = re.compile(r"\b(most|largest|highest|best|strongest|clearest)\b")
COUNT = re.compile(r"\{(n|all|heads|roles|methods|half)\}")
PRACTICE = ("ui/pages/bench", "ui/pages/jug_and_glass")
"""Their own words for it: chosen on one half, beside the dotted line of luck (tests/ui/test_bench_page.py)."""
BESIDE = {
    "The answer loses most without **{head}**: {change}.": "follows the sentence that names the largest of all heads",
    "Show {head}, whose loss costs the answer most": "a button",
    "The largest gain of these is in **{relation}**: {head} is right in {share}, the fixed offset in {base} "
    "(gain {low} – {high}, n = {n}).": "of the relations that the sentence before it counts",
    "On average over the words, {head} looks most at": "of words, of one head that the visitor chose",
    "In {head}, {word} looks most at": "of words, of one head that the visitor chose",
}
"""Texts that need no number of their own, and why."""


def superlatives() -> list[str]:
    """Texts in which a head is named with a superlative, the plural form where there are two."""
    texts = [
        (message if isinstance(message, str) else message[1], place)
        for message, place in msgids().items()
        if not place.startswith(PRACTICE)
    ]
    return [text for text, _ in texts if HEADS.search(text) and SUPERLATIVE.search(re.sub(r"\{\w+\}", "", text))]


def test_there_are_such_texts() -> None:
    assert len(superlatives()) > 8


@pytest.mark.parametrize("text", superlatives())
def test_the_best_of_many_says_of_how_many(text: str) -> None:
    assert COUNT.search(text) or text in BESIDE, text


def test_no_reason_is_left_over() -> None:
    assert set(BESIDE) <= set(superlatives())
    assert all(translation(text)[0] for text in BESIDE)
