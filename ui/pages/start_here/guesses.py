"""The prediction before the picture: how each kind of question is asked, and where the guess is kept.

Card number and guesses stand in the link (core/classroom/guesses.py), so that one may stop and come back. Not here:
what is true."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.classroom.answers import WordTruth
from core.classroom.guesses import NO_GUESS, Guess, read_guesses, written_guesses
from core.classroom.lesson import Lesson
from core.classroom.questions import ChoiceQuestion, HeadQuestion, NumberQuestion, WordQuestion

from ...explorer.word_names import word_names
from ...shell.locale import plain, t
from ...shell.state import held, hold
from .bundled import markdown

CARD, GUESSES = "lesson_card", "guesses"


def card_number(lesson: Lesson) -> int:
    """The card in view, from 1; the first for a link that names none of them."""
    written = held(CARD)
    number = int(written) if written.isascii() and written.isdecimal() and len(written) < 4 else 1
    return number if 1 <= number <= len(lesson.cards) else 1


def go_to(number: int) -> None:
    """Callback: another card."""
    hold(CARD, "" if number == 1 else str(number))


def begin_again() -> None:
    """Callback: the first card, and nothing guessed."""
    hold(GUESSES, "")
    go_to(1)


def guesses_of(lesson: Lesson) -> dict[int, Guess]:
    """What was guessed so far, by the number of the card from 1."""
    return read_guesses(held(GUESSES), lesson)


def keep_guess(lesson: Lesson, number: int, guess: Guess) -> None:
    """Callback: the guess of a card goes into session and link."""
    hold(GUESSES, written_guesses({**guesses_of(lesson), number: guess}))


def ask_word(question: WordQuestion, truth: WordTruth, keep: Callable[[Guess], None], *, key: str) -> None:
    """The words of the sentence, one button each; the first click is the guess."""
    places, labels = word_names(truth.labels, truth.offered)

    def picked() -> None:
        if (name := st.session_state.get(key)) is not None:
            keep(Guess("word", places[name]))

    st.pills(
        markdown(question.ask),
        list(places),
        format_func=lambda name: plain(labels[name]),
        key=key,
        on_change=picked,
        label_visibility="collapsed",
    )


def ask_choice(question: ChoiceQuestion, keep: Callable[[Guess], None], *, key: str) -> None:
    """One button for each option."""
    for option, text in enumerate(question.options):
        st.button(markdown(text), key=f"{key}_{option}", on_click=keep, args=(Guess("choice", option),))


def ask_number(question: NumberQuestion, keep: Callable[[Guess], None], *, key: str) -> None:
    """A slider, and a button that says that this is the guess."""
    integers = all(float(number).is_integer() for number in (question.least, question.most, question.step))
    kind = int if integers else float
    least, most, step = kind(question.least), kind(question.most), kind(question.step)
    with st.form(f"{key}_form", border=False):
        st.slider(
            markdown(question.ask),
            least,
            most,
            least + step * int((most - least) / step / 2),
            step,
            key=key,
            format=None if question.unit == "" else "%d" + t("{n}%", n="").replace("%", "%%"),
            label_visibility="collapsed",
        )
        st.form_submit_button(
            t("This is my guess"), type="primary", on_click=lambda: keep(Guess("number", st.session_state[key]))
        )


def ask_head(question: HeadQuestion, layers: int, heads: int, keep: Callable[[Guess], None], *, key: str) -> None:
    """The heads that are offered, or all of the model, one button each."""
    offered = [(head.layer - 1, head.head - 1) for head in question.heads] or [
        (layer, head) for layer in range(layers) for head in range(heads)
    ]

    def picked() -> None:
        if (position := st.session_state.get(key)) is not None:
            keep(Guess("head", head=offered[position]))

    st.pills(
        markdown(question.ask),
        list(range(len(offered))),
        format_func=lambda position: f"{t('L')}{offered[position][0] + 1}·{offered[position][1] + 1}",
        key=key,
        on_change=picked,
        label_visibility="collapsed",
    )


def offer_to_show(keep: Callable[[Guess], None], *, key: str) -> None:
    """The way on for whoever does not want to guess."""
    st.button(t("I do not know: show me"), key=f"{key}_show", type="tertiary", on_click=keep, args=(NO_GUESS,))
