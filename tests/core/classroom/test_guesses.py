"""Guesses in a link: what was said comes back, and nothing that a question cannot get."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from core.classroom.answers import ChoiceTruth, HeadTruth, NumberTruth, WordTruth
from core.classroom.guesses import NO_GUESS, Guess, judge_guess, read_guesses, written_guesses
from core.classroom.lesson_file import read_lesson
from core.classroom.questions import NumberQuestion

LESSON = read_lesson(
    b"""
lesson: 1
title: t
goal: g
minutes: 5
cards:
  - {code: a, title: t, text: x, state: "/explorar?sentence=O+gato", question: {kind: word, ask: "?"}}
  - {code: b, title: t, text: x, state: "/explorar?sentence=O+gato", question: {kind: head, ask: "?"}}
  - {code: c, title: t, text: x, state: "/explorar", question: {kind: choice, ask: "?", options: [a, b, c]}}
  - {code: d, title: t, text: x, state: "/explorar", question: {kind: number, ask: "?", least: -5, most: 50, step: 0.5}}
  - {code: e, title: t, text: x, state: "/explorar"}
""",
    "guesses.yaml",
)
GUESSES = {1: Guess("word", 8), 2: Guess("head", head=(3, 6)), 3: Guess("choice", 2), 4: Guess("number", -2.5)}


def test_a_link_holds_codes_and_gives_the_guesses_back() -> None:
    assert written_guesses(GUESSES) == "1w8_2h4.7_3c3_4n-2.5"
    assert read_guesses("1w8_2h4.7_3c3_4n-2.5", LESSON) == GUESSES
    assert read_guesses(written_guesses({1: NO_GUESS}), LESSON) == {1: NO_GUESS}


@pytest.mark.parametrize(
    "link",
    ["", "1c1", "3c4", "3c0", "4n51", "4n-6", "2h0.1", "5w1", "6x", "0x", "1w", "1w999", "w8", "1w8;2", "99x", "１w8"],
)
def test_what_no_question_gets_is_passed_over(link: str) -> None:
    assert read_guesses(link, LESSON) == {}


@settings(max_examples=40)
@given(st.text(max_size=2000))
def test_no_link_breaks_it(link: str) -> None:
    guesses = read_guesses(link, LESSON)
    assert set(guesses) <= {1, 2, 3, 4} and read_guesses(written_guesses(guesses), LESSON) == guesses


@settings(max_examples=40)
@given(
    st.fixed_dictionaries(
        {
            1: st.integers(0, 199).map(lambda word: Guess("word", word)),
            2: st.tuples(st.integers(0, 998), st.integers(0, 998)).map(lambda head: Guess("head", head=head)),
            4: st.integers(-10, 100).map(lambda half: Guess("number", half / 2)),
        }
    )
)
def test_every_guess_comes_back(guesses: dict[int, Guess]) -> None:
    assert read_guesses(written_guesses(guesses), LESSON) == guesses


def test_how_a_guess_stands_to_the_answer() -> None:
    words = WordTruth(("a", "b", "c"), (0, 1, 2), frozenset({1, 2}))
    question = LESSON.cards[0].question
    assert [judge_guess(Guess("word", word), words, question) for word in (0, 1, 2)] == ["other", "right", "right"]
    assert judge_guess(Guess("word", 0), WordTruth(("a",), (0,), frozenset()), question) == "unknown"
    heads = HeadTruth(2, 2, (1, 0), np.zeros((2, 2)))
    assert judge_guess(Guess("head", head=(1, 0)), heads, LESSON.cards[1].question) == "right"
    assert judge_guess(Guess("choice", 0), ChoiceTruth(1), LESSON.cards[2].question) == "other"
    number = NumberQuestion(kind="number", ask="?", near=3)
    judged = [judge_guess(Guess("number", value), NumberTruth(28.9), number) for value in (29, 31, 33)]
    assert judged == ["right", "near", "other"]
