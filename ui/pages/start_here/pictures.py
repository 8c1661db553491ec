"""The picture of a card after the guess, drawn as the page that its link opens draws it, with the guess marked in it.

``show_picture`` finds the picture by the page of the card's link. Not here: the sentence above it (takeaways.py), the
computing (bundled.py)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st

from core.axes import Kind, head_name
from core.classroom.answers import ChoiceTruth, NumberTruth, Truth, WordTruth, first_pairs, place_of
from core.classroom.guesses import Guess
from core.classroom.lesson import LessonCard
from core.classroom.questions import CutChangesMost, HeadsThatLookMost, NumberQuestion, PairsMoved
from core.figures.bars import NullMarks, bars
from core.figures.grid import grid
from core.figures.guess_line import LineMark, MarkKind, guess_line
from core.figures.probabilities import probability_bars
from core.figures.theme import label
from core.figures.vector_strips import vector_strips
from core.figures.word_cells import word_cells

from ...components.attention import attention_explorer
from ...components.selection import Selection
from ...explorer.view_options import budget_names
from ...explorer.word_names import position_named, word_name
from ...serving import cache
from ...shell.charts import chart as full_chart, look
from ...shell.locale import percent, plain, t
from ...shell.numbers import decimal, exact
from ...shell.state import Chosen
from .bundled import markdown, vectors_trace
from .takeaways import number_text

_HEIGHT, _BELOW_A_LINE = 400, 300  # pixels of a map, alone and below the line that marks a guess
chart = partial(full_chart, tools=False)


def show_picture(chosen: Chosen, card: LessonCard, truth: Truth, guess: Guess) -> None:
    """Draw the picture of a card."""
    if isinstance(card.question, NumberQuestion) and isinstance(truth, NumberTruth):
        _show_line(card, card.question, truth, guess)
    of_heads = isinstance(getattr(card.question, "answer", None), HeadsThatLookMost)
    draw = _show_heads if of_heads else _PICTURES.get(card.state.page, _show_nothing)
    draw(chosen, card, truth, guess)


def _marked_on_line(card: LessonCard) -> bool:
    """Whether the guess is marked on a line above the picture, which then gets less of the screen's height."""
    return isinstance(card.question, NumberQuestion) or card.state.page == "traduzir"


def _show_nothing(chosen: Chosen, card: LessonCard, truth: Truth, guess: Guess) -> None:
    """A page whose picture no card of ours shows: its link is below."""


def _show_line(card: LessonCard, question: NumberQuestion, truth: NumberTruth, guess: Guess) -> None:
    """The guess on a line beside the answer, chance and the untrained twin."""
    if truth.value is None:
        return
    marks = [LineMark("truth", t("the model"), truth.value, number_text(truth.value, question))]
    if guess.kind == "number":
        marks.append(LineMark("guess", t("you"), guess.value, number_text(guess.value, question)))
    if truth.twin is not None:
        marks.append(LineMark("twin", t("without training"), truth.twin, number_text(truth.twin, question)))
    if truth.chance is not None:
        name = t("a coin") if isinstance(question.answer, PairsMoved) else t("blind choice")
        marks.append(LineMark("chance", name, truth.chance, number_text(truth.chance, question)))
    chart(guess_line(marks, question.least, question.most, look=look()), key=f"line_{card.code}")


def _show_map(chosen: Chosen, card: LessonCard, truth: Truth, guess: Guess) -> None:
    """The head of the link, the word that looks held, and the cell of the guess held in its row."""
    _explore(chosen, card, truth, guess, None, "matrix")


def _show_alignment(chosen: Chosen, card: LessonCard, truth: Truth, guess: Guess) -> None:
    """The lines between two languages, below the guess on a line: nothing in that picture could mark it."""
    if isinstance(truth, WordTruth) and truth.values is not None and truth.even is not None and truth.right:
        marks = [_share_mark("truth", min(truth.right), truth)]
        if guess.kind == "word" and guess.index < len(truth.labels):
            marks.append(_share_mark("guess", guess.index, truth))
        marks.append(LineMark("chance", t("shared evenly"), 100 * truth.even, percent(truth.even)))
        chart(guess_line(marks, 0, 100, look=look()), key=f"line_{card.code}")
    _explore(chosen, card, truth, guess, "cross", "lines")


def _share_mark(kind: MarkKind, word: int, truth: WordTruth) -> LineMark:
    """What a word gets of the row, and whose word it is."""
    share = float(truth.values[word])
    name = f"{truth.labels[word]} ({t('you') if kind == 'guess' else t('the model')})"
    return LineMark(kind, name, 100 * share, percent(share))


def _explore(chosen: Chosen, card: LessonCard, truth: Truth, guess: Guess, kind: Kind | None, picture: str) -> None:
    trace = cache.trace(chosen, chosen.sentence)
    rows = "written" if kind == "cross" else "read"
    view = cache.view(trace, kind or trace.kinds[0], words=True, specials=True, renormalise=False, rows=rows)
    layer, head = int(card.state.first("layer", "1")) - 1, int(card.state.first("head", "1")) - 1
    held = guess.index if guess.kind == "word" and guess.index < len(view.key) else None
    query = position_named(card.state.first("token"), view.query.labels)
    attention_explorer(
        view,
        Selection(layer, head, query=query, key=held, picture=picture),
        key=f"card_{card.code}",
        mode="matrix",
        names=budget_names(trace, view),
        height=_BELOW_A_LINE if _marked_on_line(card) else _HEIGHT,
    )


def _show_vectors(chosen: Chosen, card: LessonCard, truth: Truth, guess: Guess) -> None:
    """The numbers that stand for the tokens of the link, as the first layer reads them."""
    trace = vectors_trace(chosen)
    named = [value for name, value in card.state.parameters if name == "token"]
    places = [position for name in named if (position := position_named(name, trace.tokens.pieces)) is not None]
    if trace.hidden is None or not places:
        return
    names = [trace.tokens.pieces[position] for position in places]
    chart(vector_strips(trace.hidden[0, places], names, look=look()), key=f"vectors_{card.code}")
    st.caption(t("Each thin bar is one of the {n} numbers: up positive, down negative.", n=trace.hidden.shape[-1]))


def _show_heads(chosen: Chosen, card: LessonCard, truth: Truth, guess: Guess) -> None:
    """Every head as a cell with the word at which it looks most, in the colour of its weight."""
    question = card.question
    if not isinstance(truth, NumberTruth) or truth.values is None or not isinstance(question, NumberQuestion):
        return
    trace = cache.trace(chosen, chosen.sentence)
    view = cache.view(trace, trace.kinds[0], words=True, specials=True, renormalise=False)
    looker = place_of(question.answer.word, view.query.labels)
    favourites = truth.values.astype(int)
    weights = np.array(
        [
            [view.head(layer, head)[looker, favourites[row, head]] for head in range(view.heads)]
            for row, layer in enumerate(view.attending)
        ]
    )
    words = [[truth.labels[word] for word in row] for row in favourites]
    names = [[head_name(layer, head, t("L")) for head in range(view.heads)] for layer in view.attending]
    target = place_of(question.answer.to, view.key.labels)
    chart(
        word_cells(
            weights.T,
            np.array(words).T.tolist(),
            [t("head {n}", n=head + 1) for head in range(view.heads)],
            [t("layer {n}", n=layer + 1) for layer in view.attending],
            look=look(),
            hover=np.array(
                [
                    [
                        label(f"{name}: {view.query.labels[looker]} → {word} {percent(float(weight))}")
                        for name, word, weight in zip(*row, strict=True)
                    ]
                    for row in zip(names, words, weights, strict=True)
                ]
            ).T.tolist(),
            framed=[(int(head), int(row)) for row, head in np.argwhere(favourites == target)],
        ),
        key=f"heads_{card.code}",
    )
    st.caption(
        t(
            "In each head, the word at which “{word}” looks most; the stronger the colour, the more.",
            word=plain(view.query.labels[looker]),
        )
    )


def _show_changes(chosen: Chosen, card: LessonCard, truth: Truth, guess: Guess) -> None:
    """How far each word's vector has moved, as each layer reads it."""
    if not isinstance(truth, NumberTruth) or truth.values is None:
        return
    layers = truth.values[:-1]
    names = [t("layer {n} reads", n=n + 1) for n in range(len(layers))]
    words = [i for i, word in enumerate(truth.labels) if not word.startswith("[")]
    values = layers[:, words]
    hover = [
        [label(f"{name} · {truth.labels[i]}: {decimal(float(layers[row, i]), 4)}") for i in words]
        for row, name in enumerate(names)
    ]
    chart(
        grid(
            values,
            names,
            [word_name(truth.labels, i) for i in words],
            look=look(),
            hover=hover,
            reach=float(np.sort(values, axis=None)[-len(layers) - 1]) or 1.0,
            percent=False,
            scale=False,
        ),
        key=f"grid_{card.code}",
    )
    st.caption(
        t(
            "Each cell: how far the vector of a word, as that layer reads it, differs between the two sentences (0: "
            "not at all). The strongest column is the word that was replaced."
        )
    )


def _show_next(chosen: Chosen, card: LessonCard, truth: Truth, guess: Guess) -> None:
    """The options with their probabilities, and how much goes elsewhere."""
    if not isinstance(truth, ChoiceTruth) or truth.shares is None:
        return
    question = card.question
    names = [markdown(option) for option in question.options]
    marked = [
        f"{name} ({t('you')})" if guess.kind == "choice" and guess.index == position else name
        for position, name in enumerate(names)
    ]
    known = [share for share in truth.shares if share is not None]
    chart(
        probability_bars(
            dict(zip(marked, truth.shares, strict=True)) | {t("all other words"): max(0.0, 1 - sum(known))},
            right=[] if truth.right is None else [marked[truth.right]],
            look=look(),
            right_note=t("expected most"),
            unknown_note=t("not one token in this vocabulary"),
        ),
        key=f"next_{card.code}",
    )


def _show_cuts(chosen: Chosen, card: LessonCard, truth: Truth, guess: Guess) -> None:
    """Where one head looks, beside what is lost when a word may not be looked at."""
    if not isinstance(truth, WordTruth) or truth.values is None:
        return
    words = [*truth.offered]
    names = [
        word_name(truth.labels, i) + (f" ({t('you')})" if guess.kind == "word" and guess.index == i else "")
        for i in words
    ]
    strong = [row for row, i in enumerate(words) if i in truth.right]
    asked_of = card.question.answer
    left, right = st.columns(2)
    if truth.beside is not None and isinstance(asked_of, CutChangesMost):
        name = head_name(asked_of.layer - 1, asked_of.head - 1, t("L"))
        shares = truth.beside[words]
        with left:
            st.markdown(t("**Where it looks** · {name}", name=name))
            chart(
                bars(
                    shares,
                    names,
                    look=look(),
                    hover=[label(f"{n}: {percent(float(share))}") for n, share in zip(names, shares, strict=True)],
                    strong=strong,
                    percent=True,
                ).update_xaxes(
                    range=[0, 1.1], tickvals=[0, 0.5, 1], ticktext=[percent(n / 2) for n in range(3)], tickangle=0
                ),
                key=f"looks_{card.code}",
            )
    after = truth.values[words]
    with right:
        st.markdown(t("**The answer without it**"))
        chart(
            bars(
                after,
                names,
                look=look(),
                hover=[label(f"{n}: {exact(float(share), 1)}") for n, share in zip(names, after, strict=True)],
                marks=[NullMarks(t("with all words"), [truth.even or 0.0] * len(words))],
                strong=strong,
                percent=True,
            ).update_xaxes(nticks=3, tickangle=0),
            key=f"cuts_{card.code}",
        )


def _show_pair(chosen: Chosen, card: LessonCard, truth: Truth, guess: Guess) -> None:
    """One of the pairs that were asked, as the model reads it."""
    if isinstance(answer := getattr(card.question, "answer", None), PairsMoved):
        first, second = first_pairs(answer.condition)[0]
        st.markdown(t("One of the pairs, as it is asked (the model fills the gap):"))
        for item in (first, second):
            st.markdown("- " + plain((item.question or item.text).replace("[MASK]", "___")))


_PICTURES: dict[str, Callable[[Chosen, LessonCard, Truth, Guess], None]] = {
    "passo_a_passo": _show_vectors,
    "explorar": _show_map,
    "comparar": _show_changes,
    "gerar": _show_next,
    "traduzir": _show_alignment,
    "causa": _show_cuts,
    "jarra_e_copo": _show_pair,
}
