"""One card on the screen: its text, its question, and after the guess the picture, what to try, and the way on."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.classroom.answers import HeadTruth, NumberTruth, Truth, WordTruth
from core.classroom.guesses import Guess
from core.classroom.lesson import Lesson, LessonCard
from core.classroom.questions import ChoiceQuestion, HeadQuestion, NumberQuestion, WeightOn, WordQuestion

from ...explorer.where_next import where_next
from ...shell.glossary import with_terms
from ...shell.links import page_address
from ...shell.locale import error_text, plain, t
from ...shell.page_registry import page_entry
from ...shell.state import Chosen
from .bundled import bundled_lesson, chosen_for, markdown, truth_of
from .guesses import (
    ask_choice,
    ask_head,
    ask_number,
    ask_word,
    begin_again,
    card_number,
    go_to,
    guesses_of,
    keep_guess,
    offer_to_show,
)
from .pictures import show_picture
from .takeaways import number_text, takeaway


def show_card(chosen: Chosen) -> None:
    """The card of the link, or the first."""
    lesson = bundled_lesson()
    number = card_number(lesson)
    card, guess = lesson.cards[number - 1], guesses_of(lesson).get(number)
    st.progress(number / len(lesson.cards), text=t("{n} of {all}", n=number, all=len(lesson.cards)))
    at_card = chosen_for(chosen, card)
    truth = truth_of(at_card, card) if guess is not None or _is_asked_of_model(card) else None
    if guess is None or truth is None:
        _show_text(card)
        if guess is None and card.question is not None:
            _ask(lesson, number, card, truth)
        _walk(lesson, number, done=False)
    else:
        _reveal(at_card, lesson, number, truth, guess)
    if number == len(lesson.cards) and guess is not None:
        where_next(page_entry("comece_aqui"))
    else:
        st.caption(t("The link of this page holds your card and your guesses: keep it to come back."))


def _is_asked_of_model(card: LessonCard) -> bool:
    """Whether the question itself needs the model: its words, its heads, or a weight that is told beforehand."""
    question = card.question
    of_rest = isinstance(question, NumberQuestion) and isinstance(question.answer, WeightOn)
    return of_rest or isinstance(question, WordQuestion | HeadQuestion)


def _show_text(card: LessonCard) -> None:
    st.subheader(markdown(card.title), anchor=False)
    st.markdown(with_terms(markdown(card.text)))


def _ask(lesson: Lesson, number: int, card: LessonCard, truth: Truth | None) -> None:
    """The question, by its kind."""
    question, key = card.question, f"guess_{card.code}"
    keep = partial(keep_guess, lesson, number)
    if isinstance(question, NumberQuestion) and isinstance(truth, NumberTruth):
        _show_known(question, truth)
    st.markdown(f"**{markdown(question.ask)}**")
    if isinstance(question, WordQuestion) and isinstance(truth, WordTruth):
        ask_word(question, truth, keep, key=key)
    elif isinstance(question, ChoiceQuestion):
        ask_choice(question, keep, key=key)
    elif isinstance(question, NumberQuestion):
        ask_number(question, keep, key=key)
    elif isinstance(question, HeadQuestion) and isinstance(truth, HeadTruth):
        ask_head(question, truth.layers, truth.heads, keep, key=key)
    offer_to_show(keep, key=key)


def _show_known(question: NumberQuestion, truth: NumberTruth) -> None:
    """What a question about the rest of a row takes as known."""
    if isinstance(question.answer, WeightOn) and question.answer.others and truth.value is not None:
        st.markdown(
            t(
                "“{word}” → “{to}”: **{share}**",
                word=plain(question.answer.word),
                to=plain(question.answer.to),
                share=number_text(100 - truth.value, question),
            )
        )


def _reveal(chosen: Chosen, lesson: Lesson, number: int, truth: Truth, guess: Guess) -> None:
    """Words, picture, and what comes after: one below the other, or, where there is room, the picture beside both
    (``.st-key-card`` in assets/frame.css).
    """
    card = lesson.cards[number - 1]
    question = card.question
    with st.container(key="card"):
        with st.container(key="card_words"):
            st.subheader(markdown(card.title), anchor=False)
            if isinstance(question, NumberQuestion) and isinstance(truth, NumberTruth):
                _show_known(question, truth)
            st.markdown(markdown(question.ask))
            st.markdown(takeaway(guess, truth, question))
            if question.reveal is not None:
                st.markdown(markdown(question.reveal))
        with st.container(key="card_picture"):
            show_picture(chosen, card, truth, guess)
        with st.container(key="card_after"):
            if card.attempt is not None:
                st.markdown(f"**{t('Try it')}.** {markdown(card.attempt)}")
            entry = page_entry(card.state.page)
            st.link_button(
                t("Open this on the page {page} (new tab)", page=error_text(entry.title)),
                page_address(entry.slug, {name: values_of(card, name) for name in dict(card.state.parameters)}),
            )
    _walk(lesson, number, done=True)


def values_of(card: LessonCard, name: str) -> list[str]:
    """Every value of a parameter of a card's link, in order."""
    return [value for key, value in card.state.parameters if key == name]


def _walk(lesson: Lesson, number: int, *, done: bool) -> None:
    """Back and on."""
    last = number == len(lesson.cards)
    with st.container(key="card_walk", horizontal=True):
        st.button(
            t("Back"), key="card_back", disabled=number == 1, on_click=go_to, args=(number - 1,), shortcut="Shift+B"
        )
        if last:
            st.button(t("Begin again"), key="card_again", on_click=begin_again)
        else:
            st.button(
                t("Next"),
                key="card_next",
                on_click=go_to,
                args=(number + 1,),
                shortcut="Shift+N",
                type="primary" if done else "secondary",
            )
