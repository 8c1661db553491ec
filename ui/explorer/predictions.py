"""What the model expects at the words of the explorer.

Behind its masks, or, in a model that reads from left to right, after the held word.
"""

from __future__ import annotations

import streamlit as st

from core.figures.probabilities import prediction_bars
from core.predictions.top import Prediction, position_of, top
from core.text.tokens import Tokens, shifted_by_one
from core.text.vocabulary import visible
from core.tracing.trace import Trace
from core.views.view import View

from ..components.selection import Selection
from ..serving import cache
from ..serving.forward_slots import whole_page
from ..shell.charts import chart, look
from ..shell.frame import heeding
from ..shell.locale import plain, t
from ..shell.state import SENTENCE, Chosen
from .edited_sentence import put

_MAX_MASKS, _PIECES_SHOWN = 3, 6  # masked places beside each other, pieces at each


def predictions(trace: Trace, view: View, selection: Selection, chosen: Chosen, columns: int = 2) -> None:
    """One small bar chart per place, in at least so many columns.

    Nothing where the model predicts nothing that is not before its eyes.
    """
    model = cache.language_model(chosen)
    if trace.logits is None:
        return
    places = _masks(trace, model.tokenizer.mask_token_id) if model.kind == "encoder" else _next(trace, view, selection)
    if not places:
        return
    for column, (position, title) in zip(st.columns(max(columns, len(places))), places, strict=False):
        with column:
            st.markdown(title)
            best = top(model.tokenizer, trace, position, _PIECES_SHOWN)
            chart(
                prediction_bars([(prediction.piece, prediction.probability) for prediction in best], look=look()),
                key=f"predicted_{position}",
            )
            _take(best, trace, position, chosen)


def _take(best: list[Prediction], trace: Trace, position: int, chosen: Chosen) -> None:
    """A piece to put behind the mask, or to write on with: one step of generation, chosen by hand."""
    behind = cache.language_model(chosen).kind == "encoder"
    texts = [prediction.text for prediction in best if prediction.text and prediction.text.strip()]
    if not texts or trace.target is not None or not (behind or position == len(trace.tokens) - 1):
        return
    key = f"take_{position}"
    st.pills(
        t("Put in its place") if behind else t("Write on with"),
        texts,
        key=key,
        format_func=lambda text: plain(visible(text.strip())),
        on_change=heeding(whole_page(_put)),
        args=(key, trace.tokens.word_of[position] if behind else None, chosen),
    )


def _put(key: str, word: int | None, chosen: Chosen) -> None:
    """Callback: the chosen piece becomes part of the sentence."""
    text = st.session_state.get(key)
    st.session_state[key] = None
    if text is not None and word is not None:
        put(word, text.strip(), chosen)
    elif text is not None:
        st.session_state[SENTENCE] = chosen.sentence.rstrip() + text


def _masks(trace: Trace, mask_id: int) -> list[tuple[int, str]]:
    """Positions of the masks and what stands above their bars."""
    places = [i for i, id_ in enumerate(trace.tokens.ids) if id_ == mask_id]
    several = len(places) > 1
    return [
        (
            position,
            t("Behind mask {n} the model expects", n=number) if several else t("Behind the mask the model expects"),
        )
        for number, position in enumerate(places[:_MAX_MASKS], 1)
    ]


def _next(trace: Trace, view: View, selection: Selection) -> list[tuple[int, str]]:
    """After the held word of the side that writes; after the last one where none is held.

    A row named by what it writes: in its place.
    """
    tokens = trace.target or trace.tokens
    held = selection.query if selection.direction == "query" and view.kind in ("self", "decoder", "cross") else None
    if held is None or held >= len(view.query):
        position = len(tokens) - 1
    elif view.rows == "written":
        return [_written(tokens, view, held)]
    else:
        position = position_of(tokens, view.query.positions[held], words=view.words)
    word = tokens.words[tokens.word_of[position]]
    return [(position, t("After “{word}” the model expects", word=plain(word)))]


def _written(tokens: Tokens, view: View, held: int) -> tuple[int, str]:
    """The position that writes the first piece of a row's word."""
    row, coming = view.query.positions[held], shifted_by_one(tokens)
    position = coming.word_of.index(row) if view.words else row
    return position, t("In the place of “{word}” the model expected", word=plain(view.query.labels[held]))
