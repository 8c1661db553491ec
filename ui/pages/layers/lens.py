"""The logit lens on a page: the table, the curve of one piece, the sentence that says when the answer is settled."""

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

from ...explorer.token_pickers import pick_token, window
from ...serving import cache
from ...shell.charts import chart, look
from ...shell.explain import explain
from ...shell.locale import percent, plain, t
from ...shell.numbers import exact
from ...shell.state import Chosen, publish, settle
from .link import pick_piece
from .results import lens

LEVELS = "levels"
MOST = 5  # layers beside the embeddings that a narrow screen shows without squeezing


def show_lens(chosen: Chosen, trace: Trace) -> None:
    """Everything below the choice of picture."""
    model = cache.language_model(chosen)
    tokens = trace.target or trace.tokens
    found = lens(chosen, trace)
    if found is None:
        return
    names = Names(model, trace, found, tokens)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = pick_token(
            tokens,
            t("Position"),
            default=first_place(tokens, model.tokenizer.mask_token_id, writes=model.kind != "encoder"),
        )
        piece, index = _pick_piece(model, found, names, place)
    say(found, names, place)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _table(found, names, place)
    with right:
        _curve(model, found, names, place, piece, index)
    warn(model, trace)


def explain_lens() -> None:
    """The four parts of the lens."""
    explain(
        t(
            "Every layer leaves a vector at every position. Here each one goes through the model's own last "
            "step, as if the model stopped there: the piece it would answer, the darker the more probable."
        ),
        t(
            "Hover a cell for the five most probable pieces. Choose a position, then a piece, or type one: "
            "the curve shows its probability by layer."
        ),
        t(
            "Where a row stops changing, the later layers only confirm. The last column is the model's real "
            "answer; that it repeats it exactly was checked just now."
        ),
        t(
            "Not that an early layer “thinks” this piece: the last step was trained on the last layer only "
            "(nostalgebraist 2020). And not why the answer changes: that needs an experiment."
        ),
    )


class Names:
    """How rows, layers and pieces are written."""

    def __init__(self, model: LanguageModel, trace: Trace, found: Lens, tokens: Tokens) -> None:
        self.tokens, self.writes = tokens, model.kind != "encoder"
        self.rows = [f"{piece} →" if self.writes else piece for piece in tokens.pieces]
        self.layers = [t("input"), *(f"{t('L')}{layer + 1}" for layer in range(found.layers))]
        self._entries = vocabulary(model.tokenizer, target=trace.target is not None)

    def pieces(self, ids: Sequence[int] | np.ndarray) -> list[str]:
        """Labels of vocabulary entries."""
        return [entry.label for entry in self._entries.entries([int(index) for index in ids])]


def settled(found: Lens, place: int) -> int:
    """The first level from which the final answer stays on top: 0 (the input) … layers."""
    best = found.ids[:, place, 0]
    changes = np.flatnonzero(best != best[-1])
    return int(changes[-1]) + 1 if len(changes) else 0


def say(found: Lens, names: Names, place: int) -> None:
    """The takeaway: the answer at the position and since when it is settled; and over all positions."""
    (piece,), since = names.pieces(found.ids[-1, place, :1]), settled(found, place)
    where = (
        t("After “{token}”", token=plain(names.tokens.pieces[place]))
        if names.writes
        else t("In the place of “{token}”", token=plain(names.tokens.pieces[place]))
    )
    level = (
        t("from the input on")
        if since == 0
        else t("only at the last layer")
        if since == found.layers
        else t("from layer {n} of {all} on", n=since, all=found.layers)
    )
    rows = [i for i, special in enumerate(names.tokens.special) if names.writes or not special]
    early = [
        float(np.mean([found.ids[layer, i, 0] == found.ids[-1, i, 0] for i in rows])) for layer in range(found.layers)
    ]
    st.markdown(
        t(
            "{where} the model answers **“{piece}”** ({share}); it is on top {level}.",
            where=where,
            piece=plain(piece),
            share=percent(float(found.shares[-1, place, 0])),
            level=level,
        )
        + " "
        + t(
            "Over the whole sentence (n = {n} positions), {half} of the answers are already on top halfway, "
            "{last} one layer before the end.",
            n=len(rows),
            half=percent(early[found.layers // 2]),
            last=percent(early[-1]),
        )
    )


def warn(model: LanguageModel, trace: Trace) -> None:
    """The known limits of the lens on this model and this sentence."""
    if model.kind == "encoder-decoder":
        st.caption(t("Shown: the decoder's side, which writes. The encoder predicts no words."))
    if model.kind != "encoder":
        st.caption(
            t(
                "Each row reads up to its token and guesses the next one. The head was trained on the last "
                "layer only: a strange piece early on may be the lens's, not the model's."
            )
        )
        return
    st.caption(
        t(
            "Early layers of a masked model are not calibrated for its head, which was trained on the last "
            "one only: a strange piece early on may be the lens's, not the model's."
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


def _table(found: Lens, names: Names, place: int) -> None:
    """The picture and, folded, its numbers."""
    shown = window(names.tokens, place)
    levels = _levels(found.layers)
    cells = [
        [Cell(names.pieces(found.ids[level, row]), found.shares[level, row].tolist()) for level in levels]
        for row in shown
    ]
    figure = lens_table(
        cells,
        [names.rows[row] for row in shown],
        [names.layers[level] for level in levels],
        chosen=place - shown.start if place in shown else None,
        look=look(),
        asks=t("stopped after"),
    )
    chart(figure, key="lens_table")
    with st.expander(t("Table: the best piece of every position and layer, with its probability")):
        frame = pd.DataFrame(
            [
                [names.rows[row], *(_written(found, names, level, row) for level in range(found.layers + 1))]
                for row in shown
            ],
            columns=[t("Position"), *names.layers],
        )
        st.dataframe(
            frame, hide_index=True, alt=t("Table: the best piece of every position and layer, with its probability")
        )


def _levels(layers: int) -> list[int]:
    """The levels drawn: all of a small model; of a deep one evenly spaced ones, the last among them, or a few in a row,
    as chosen.
    """
    if layers <= MOST:
        return list(range(layers + 1))
    rows = {
        f"{first}-{min(first + MOST - 1, layers)}": list(range(first, min(first + MOST, layers + 1)))
        for first in range(1, layers + 1, MOST)
    }
    settle(LEVELS, ("even", *rows), "even")
    chosen = st.selectbox(
        t("Layers shown"),
        ("even", *rows),
        key=LEVELS,
        persist_state="session",
        format_func=lambda name: t("evenly spaced") if name == "even" else name.replace("-", "–"),
        width=180,
    )
    publish(LEVELS, chosen, "even")
    if chosen != "even":
        return rows[chosen]
    st.caption(t("Shown: {n} of {all} layers, evenly spaced; the table below has them all.", n=MOST, all=layers))
    return [0, *sorted({round(step * layers / MOST) for step in range(1, MOST + 1)})]


def _pick_piece(model: LanguageModel, found: Lens, names: Names, place: int) -> tuple[str, int | None]:
    """A piece and its id: one of those that stand in the row's hovers, last layer first, or one typed; None where it is
    not in the vocabulary.
    """
    ids = list(dict.fromkeys(int(index) for level in reversed(found.ids[:, place]) for index in level))
    listed: dict[str, int] = {}
    for index, piece in zip(ids, names.pieces(ids), strict=True):
        listed.setdefault(piece, index)
    piece = pick_piece(list(listed), t("Piece"))
    return piece, listed[piece] if piece in listed else entry_of(model, piece)


def _curve(model: LanguageModel, found: Lens, names: Names, place: int, piece: str, index: int | None) -> None:
    """The probability of one piece, layer by layer."""
    if index is None:
        st.info(
            t(
                "“{piece}” is not one piece of this model's vocabulary, so it has no probability of its "
                "own. Choose one of the list.",
                piece=plain(piece),
            )
        )
        return
    every = by_layer(model, found, place)
    rank = int((every[-1] > every[-1, index]).sum()) + 1
    chart(
        piece_curve(
            every[:, index], names.layers, look=look(), piece=piece, y_title=t("probability of “{piece}”", piece=piece)
        ),
        key="lens_curve",
    )
    st.caption(
        t(
            "At the end: {share}, place {rank} of {all} pieces.",
            share=exact(float(every[-1, index])),
            rank=rank,
            all=every.shape[1],
        )
    )


def _written(found: Lens, names: Names, level: int, row: int) -> str:
    return f"{names.pieces(found.ids[level, row, :1])[0]} · {exact(float(found.shares[level, row, 0]))}"
