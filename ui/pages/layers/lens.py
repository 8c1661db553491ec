"""The logit lens of the page "Layers": its table, the curve of one piece, and since which layer the answer is settled.

Not here: the lens itself (core/analyses/logit_lens.py, cached by results.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from core.analyses.logit_lens import Lens, by_layer, entry_of
from core.analyses.score import first_place
from core.figures.lens import Cell, lens_table, piece_curve
from core.models.loading import LanguageModel
from core.text.tokens import Tokens
from core.text.vocabulary import vocabulary
from core.tracing.trace import Trace

from ...explorer.edited_sentence import behind_mask
from ...explorer.explain import explain
from ...explorer.token_pickers import pick_token, window
from ...serving import cache
from ...shell.charts import chart, look
from ...shell.frame import beside_title, picture_beside_words
from ...shell.locale import percent, plain, t
from ...shell.numbers import exact, thousands
from ...shell.state import Chosen, publish, settle
from ...shell.tables import show_table
from .link import pick_piece
from .results import lens

_LEVELS, _HIDES = "levels", "hide"
_MOST_LEVELS = 5
"""Layers beside the embeddings that a narrow screen shows without squeezing them."""


def show_lens(chosen: Chosen, trace: Trace) -> None:
    """Let the visitor choose a position and a piece, and draw the lens."""
    model = cache.language_model(chosen)
    tokens = trace.target or trace.tokens
    with beside_title():
        position = pick_token(
            tokens,
            t("Position"),
            default=first_place(tokens, model.tokenizer.mask_token_id, writes=model.kind != "encoder"),
        )
        hidden = tokens.pieces[position]
        trace, position = _run_with_mask(chosen, trace, position)
    logit_lens = lens(chosen, trace)
    if logit_lens is None:
        return
    names = LensLabels(model, trace, logit_lens, trace.target or trace.tokens)
    if names.tokens is not tokens:
        names.rows[position] = f"{names.rows[position]} ({hidden})"
    with beside_title():
        piece, index = _pick_piece(model, logit_lens, names, position)
    left, right = picture_beside_words()
    with left:
        _table(logit_lens, names, position)
    with right:
        _say_answer(logit_lens, names, position)
        _curve(model, logit_lens, names, position, piece, index)
    _say_limits(model, trace)


def _run_with_mask(chosen: Chosen, trace: Trace, position: int) -> tuple[Trace, int]:
    """(trace, position) as the model is asked: a masked model with the word hidden, unless the visitor wants to see it
    repeat the word, or hides words of the text by hand.
    """
    masked = cache.language_model(chosen).tokenizer.mask_token_id in trace.tokens.ids
    hidden_run = (trace, position) if masked else behind_mask(chosen, trace, position)
    if hidden_run[0] is trace:
        return hidden_run
    hides = st.toggle(t("Hide this word"), value=True, key=_HIDES, bind="query-params", persist_state="session")
    return hidden_run if hides else (trace, position)


def explain_lens() -> None:
    """Explain the logit lens in four parts."""
    explain(
        t(
            "Every layer leaves a vector at every position. Here each one goes through the model's own last "
            "step, as if the model stopped there: the token it would answer, the darker the more probable."
        ),
        t(
            "Hover a cell for the five most probable tokens. Choose a position, then a token, or type one: the "
            "curve shows its probability by layer."
        ),
        t(
            "Where a row stops changing, the most probable token stays the same to the end; its probability "
            "may still move. The last column is the model's real answer; that it repeats it exactly was "
            "checked just now."
        ),
        t(
            "That an early layer “thinks” this token: the last step was trained on the last layer only "
            "(nostalgebraist 2020). Nor why the answer changes: that needs an experiment."
        ),
    )


class LensLabels:
    """How rows, layers and pieces are written."""

    def __init__(self, model: LanguageModel, trace: Trace, logit_lens: Lens, tokens: Tokens) -> None:
        self.tokens, self.writes = tokens, model.kind != "encoder"
        self.rows = [f"{piece} →" if self.writes else piece for piece in tokens.pieces]
        self.layers = [t("input"), *(f"{t('L')}{layer + 1}" for layer in range(logit_lens.layers))]
        self._entries = vocabulary(model.tokenizer, target=trace.target is not None)

    def pieces(self, ids: Sequence[int] | np.ndarray) -> list[str]:
        """Labels of vocabulary entries."""
        return [entry.label for entry in self._entries.entries([int(index) for index in ids])]


def _settled_level(logit_lens: Lens, position: int) -> int:
    """The first level from which the final answer stays on top: 0 (the input) … layers."""
    best = logit_lens.ids[:, position, 0]
    changes = np.flatnonzero(best != best[-1])
    return int(changes[-1]) + 1 if len(changes) else 0


def _say_answer(logit_lens: Lens, names: LensLabels, position: int) -> None:
    """Say the answer at the position and since which layer it is settled; then how it is over all positions."""
    (piece,), since = names.pieces(logit_lens.ids[-1, position, :1]), _settled_level(logit_lens, position)
    where = (
        t("After “{token}”", token=plain(names.tokens.pieces[position]))
        if names.writes
        else t("In the place of “{token}”", token=plain(names.rows[position]))
    )
    level = (
        t("from the input on")
        if since == 0
        else t("only at the last layer")
        if since == logit_lens.layers
        else t("from layer {n} of {all} on", n=since, all=logit_lens.layers)
    )
    rows = [i for i, special in enumerate(names.tokens.special) if names.writes or not special]
    early = [
        float(np.mean([logit_lens.ids[layer, i, 0] == logit_lens.ids[-1, i, 0] for i in rows]))
        for layer in range(logit_lens.layers)
    ]
    st.markdown(
        t(
            "{where} the model answers **“{token}”** ({share}); it is on top {level}.",
            where=where,
            token=plain(piece),
            share=percent(float(logit_lens.shares[-1, position, 0])),
            level=level,
        )
        + " "
        + t(
            "Over the whole sentence (n = {n} positions), {half} of the answers are already on top halfway, "
            "{last} one layer before the end.",
            n=len(rows),
            half=percent(early[logit_lens.layers // 2]),
            last=percent(early[-1]),
        )
    )


def _say_limits(model: LanguageModel, trace: Trace) -> None:
    """Say the known limits of the lens on this model and this sentence."""
    if model.kind == "encoder-decoder":
        st.caption(t("Shown: the decoder's side, which writes. The encoder predicts no words."))
    if model.kind != "encoder":
        st.caption(
            t(
                "Each row reads up to its token and guesses the next one. The last step was trained on the "
                "last layer only: a strange token early on may be the lens's, not the model's."
            )
        )
        return
    st.caption(
        t(
            "Early layers of a masked model are not calibrated for its last step, which was trained on the "
            "last one only: a strange token early on may be the lens's, not the model's."
        )
    )
    mask = model.tokenizer.mask_token
    if mask and model.tokenizer.mask_token_id not in trace.tokens.ids:
        st.caption(
            t(
                "No word is hidden here: the model sees each word that it is asked for, and most rows "
                "repeat it. Write {mask} in the place of a word to make it guess.",
                mask=plain(mask),
            )
        )


def _table(logit_lens: Lens, names: LensLabels, position: int) -> None:
    """Draw the table of answers as a figure and, folded, its numbers."""
    drawn_rows = window(names.tokens, position)
    levels = _levels(logit_lens.layers)
    cells = [
        [Cell(names.pieces(logit_lens.ids[level, row]), logit_lens.shares[level, row].tolist()) for level in levels]
        for row in drawn_rows
    ]
    figure = lens_table(
        cells,
        [names.rows[row] for row in drawn_rows],
        [names.layers[level] for level in levels],
        chosen=position - drawn_rows.start if position in drawn_rows else None,
        look=look(),
        asks=t("stopped after"),
    )
    chart(figure, key="lens_table")
    with st.expander(t("Table: the best token of every position and layer, with its probability")):
        frame = pd.DataFrame(
            [
                [
                    names.rows[row],
                    *(_written(logit_lens, names, level, row) for level in range(logit_lens.layers + 1)),
                ]
                for row in drawn_rows
            ],
            columns=[t("Position"), *names.layers],
        )
        show_table(frame, title=t("Table: the best token of every position and layer, with its probability"))


def _levels(layers: int) -> list[int]:
    """The levels drawn: all of a small model; of a deep one those that the visitor chooses.

    They are evenly spaced ones, the last among them, or a few in a row.
    """
    if layers <= _MOST_LEVELS:
        return list(range(layers + 1))
    rows = {
        f"{first}-{min(first + _MOST_LEVELS - 1, layers)}": list(range(first, min(first + _MOST_LEVELS, layers + 1)))
        for first in range(1, layers + 1, _MOST_LEVELS)
    }
    settle(_LEVELS, ("even", *rows), "even")
    chosen = st.selectbox(
        t("Layers shown"),
        ("even", *rows),
        key=_LEVELS,
        persist_state="session",
        format_func=lambda name: t("evenly spaced") if name == "even" else name.replace("-", "–"),
        width=180,
    )
    publish(_LEVELS, chosen, "even")
    if chosen != "even":
        return rows[chosen]
    st.caption(
        t("Shown: {n} of {all} layers, evenly spaced; the table below has them all.", n=_MOST_LEVELS, all=layers)
    )
    return [0, *sorted({round(step * layers / _MOST_LEVELS) for step in range(1, _MOST_LEVELS + 1)})]


def _pick_piece(model: LanguageModel, logit_lens: Lens, names: LensLabels, position: int) -> tuple[str, int | None]:
    """A piece and its id, None where it is not in the vocabulary.

    It is one of those on the row's hovers, last layer first, or one that the visitor types.
    """
    ids = list(dict.fromkeys(int(index) for level in reversed(logit_lens.ids[:, position]) for index in level))
    listed: dict[str, int] = {}
    for index, piece in zip(ids, names.pieces(ids), strict=True):
        listed.setdefault(piece, index)
    piece = pick_piece(list(listed), t("Token"))
    return piece, listed[piece] if piece in listed else entry_of(model, piece)


def _curve(
    model: LanguageModel, logit_lens: Lens, names: LensLabels, position: int, piece: str, index: int | None
) -> None:
    """Draw the probability of one piece, layer by layer."""
    if index is None:
        st.info(
            t(
                "“{token}” is not one token of this model's vocabulary, so it has no probability of its own. "
                "Choose one of the list.",
                token=plain(piece),
            )
        )
        return
    probabilities = by_layer(model, logit_lens, position)
    rank = int((probabilities[-1] > probabilities[-1, index]).sum()) + 1
    chart(
        piece_curve(
            probabilities[:, index],
            names.layers,
            look=look(),
            piece=piece,
            y_title=t("probability of “{token}”", token=piece),
        ),
        key="lens_curve",
    )
    st.caption(
        t(
            "At the end: {share}, place {rank} of {all} tokens.",
            share=exact(float(probabilities[-1, index])),
            rank=thousands(rank),
            all=thousands(probabilities.shape[1]),
        )
    )


def _written(logit_lens: Lens, names: LensLabels, level: int, row: int) -> str:
    return f"{names.pieces(logit_lens.ids[level, row, :1])[0]} · {exact(float(logit_lens.shares[level, row, 0]))}"
